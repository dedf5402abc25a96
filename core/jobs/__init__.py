"""What can be asked of Scarp: one dataclass a job, plain paths and numbers, to and from JSON.

A field is named as the parameter of the Processing algorithm, in lower case. Standard library only:
QGIS's Python builds these, another Python runs them.
"""

from __future__ import annotations

import json
from dataclasses import fields

from ..errors import ScarpError
from ..job import RADIOMETRIES, Job, Layer, SceneInputs
from .comparison import COMBINATIONS, VARIED, CompareJob
from .mapping import OCCLUSIONS, PRECISIONS, TEST_TIME_AUGMENTATIONS, DetectJob, ExplainJob
from .postprocessing import MORPHOLOGIES, SLOPE_RULES, SPLITS, PostProcessing
from .products import METHODS, EvaluateJob, MosaicJob, PolygonizeJob, VerifyJob
from .runtime import CheckRuntimeJob, DescribeCheckpointJob
from .scenes import BuildBandsJob, DemoSceneJob, ImportProductJob, MakeChipsJob
from .training import (
    AUGMENTATIONS,
    CALIBRATIONS,
    FOLD_KINDS,
    HEADS,
    PICTURES,
    CrossValidateJob,
    EvaluateCheckpointJob,
    TrainJob,
)

__all__ = [
    "AUGMENTATIONS",
    "CALIBRATIONS",
    "COMBINATIONS",
    "FOLD_KINDS",
    "HEADS",
    "KINDS",
    "METHODS",
    "MORPHOLOGIES",
    "OCCLUSIONS",
    "PICTURES",
    "PRECISIONS",
    "RADIOMETRIES",
    "SLOPE_RULES",
    "SPLITS",
    "TEST_TIME_AUGMENTATIONS",
    "VARIED",
    "BuildBandsJob",
    "CheckRuntimeJob",
    "CompareJob",
    "CrossValidateJob",
    "DemoSceneJob",
    "DescribeCheckpointJob",
    "DetectJob",
    "EvaluateCheckpointJob",
    "EvaluateJob",
    "ExplainJob",
    "ImportProductJob",
    "Job",
    "Layer",
    "MakeChipsJob",
    "MosaicJob",
    "PolygonizeJob",
    "PostProcessing",
    "SceneInputs",
    "TrainJob",
    "VerifyJob",
    "from_json",
]  # fmt: skip

KINDS: dict[str, type[Job]] = {
    job.KIND: job
    for job in (
        BuildBandsJob,
        DetectJob,
        ExplainJob,
        TrainJob,
        CrossValidateJob,
        CompareJob,
        EvaluateJob,
        EvaluateCheckpointJob,
        PolygonizeJob,
        MosaicJob,
        VerifyJob,
        ImportProductJob,
        DemoSceneJob,
        MakeChipsJob,
        DescribeCheckpointJob,
        CheckRuntimeJob,
    )
}


def from_json(text: str) -> Job:
    """Read a job from JSON and check it.

    Raises:
        ScarpError: The text is no JSON object, the job or one of its fields is unknown, or a value is refused.
    """
    try:
        data = json.loads(text)
    except ValueError as error:
        raise ScarpError(f"The job is not valid JSON: {error}.") from error
    kind = data.pop("job", None) if isinstance(data, dict) else None
    if kind not in KINDS:
        raise ScarpError(f"Unknown job '{kind}'. Known: {', '.join(KINDS)}.")
    job_class = KINDS[kind]
    known = {f.name for f in fields(job_class)}
    unknown = sorted(set(data) - known)
    if unknown:
        raise ScarpError(f"{kind}: unknown {', '.join(unknown)}. Known: {', '.join(sorted(known))}.")
    try:
        job = job_class(**data)
        job.check()
    except (TypeError, ValueError) as error:
        raise ScarpError(f"{kind}: a value has the wrong type: {error}.") from error
    return job
