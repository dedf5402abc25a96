"""What can be asked of Scarp: one dataclass a job, plain paths and numbers, to and from JSON.

A field is named as the parameter of the Processing algorithm, in lower case. Standard library only:
QGIS's Python builds these, another Python runs them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from typing import ClassVar

from .errors import ScarpError
from .job import RADIOMETRIES, Job, Layer, SceneInputs, output

__all__ = [
    "HEADS",
    "KINDS",
    "PRECISIONS",
    "RADIOMETRIES",
    "TEST_TIME_AUGMENTATIONS",
    "BuildBandsJob",
    "CheckRuntimeJob",
    "DemoSceneJob",
    "DescribeCheckpointJob",
    "DetectJob",
    "EvaluateJob",
    "Job",
    "Layer",
    "PolygonizeJob",
    "SceneInputs",
    "TrainJob",
    "from_json",
]  # fmt: skip

PRECISIONS = ("auto", "fp32", "bf16", "fp16")
TEST_TIME_AUGMENTATIONS = ("none", "rotations", "all")
HEADS = ("single", "dual", "multires")


@dataclass
class BuildBandsJob(SceneInputs):
    """Write the engineered bands of a scene. ``features``: a preset or a comma-separated list."""

    KIND: ClassVar[str] = "buildbands"
    features: str = "auto"
    output: str = output()

    def check(self) -> None:
        """See `Job.check`."""
        self.check_scene()
        self.require("features", "output")


@dataclass
class DetectJob(SceneInputs):
    """Map landslides: probability, mask and polygons of a scene.

    Attributes:
        threshold: Probability from which a pixel is landslide; None: the card's.
        min_area: Smallest landslide kept, m². tta: one of `TEST_TIME_AUGMENTATIONS`.
        tile: Side of a tile in pixels, None: chosen. overlap: share of a tile, None: chosen. batch: None: chosen.
        event_date: ISO date, written to the polygons.
    """

    KIND: ClassVar[str] = "detect"
    checkpoint: str = ""
    threshold: float | None = None
    min_area: float = 400.0
    tta: str = "none"
    vote: bool = False
    device: str = "auto"
    tile: int | None = None
    overlap: float | None = None
    batch: int | None = None
    precision: str = "auto"
    event_date: str = ""
    probability: str = output()
    mask: str = output()
    polygons: str = output()
    uncertainty: str = output()
    presence: str = output()

    def check(self) -> None:
        """See `Job.check`."""
        self.check_scene()
        self.require("checkpoint")
        self.choice("tta", TEST_TIME_AUGMENTATIONS)
        self.choice("precision", PRECISIONS)
        self.within("threshold", 0, 1)
        self.within("min_area", 0, 1e9)
        self.within("overlap", 0, 0.75)
        self.within("tile", 32, 4096)
        self.within("batch", 1, 4096)
        self.is_date("event_date")
        if not self.outputs():
            raise ScarpError(
                "No output was asked for. Choose at least one of PROBABILITY, MASK, POLYGONS, UNCERTAINTY, PRESENCE."
            )


@dataclass
class TrainJob(SceneInputs):
    """Train a network on a folder of chips (``dataset``) or on polygons in a scene (``labels``, ``area``).

    Attributes:
        dataset: Folder of chips (Landslide4Sense as downloaded, or image and mask folders).
        labels: Landslide polygons, ``file.gpkg`` or ``file.gpkg|layername=x``; area: where they are complete
            (empty: the whole scene).
        alpha: Share of the first loss in combined losses; None: both with weight 1.
        schedule: ``cosine``, ``steps`` (the paper's) or ``constant``. batch: None: chosen.
        augment: ``none``, or a comma-separated list of ``flips``, ``rotations``.
        fold: 0, or 1 to 5: the paper's fold that is kept for the test (chip folders only).
        chip: Side of a training chip in pixels (scenes only; chip folders keep theirs).
        init: Checkpoint to start from. resume: state file written beside the checkpoint by a run that was stopped.
    """

    KIND: ClassVar[str] = "train"
    dataset: str = ""
    labels: str = ""
    area: str = ""
    architecture: str = "unet"
    head: str = "single"
    features: str = "auto"
    loss: str = "focal_iou"
    alpha: float | None = None
    optimizer: str = "adamw"
    schedule: str = "cosine"
    epochs: int = 30
    batch: int | None = None
    learning_rate: float = 1e-3
    augment: str = "flips,rotations"
    fold: int = 0
    seed: int = 0
    device: str = "auto"
    precision: str = "auto"
    chip: int = 128
    init: str = ""
    resume: str = field(default="", metadata={"role": "state"})
    checkpoint: str = output()
    report: str = output()

    def check(self) -> None:
        """See `Job.check`."""
        if bool(self.dataset) == bool(self.labels):
            raise ScarpError(
                "Give either DATASET (a folder of chips) or a scene with LABELS (landslide polygons), "
                f"not {'both' if self.dataset else 'neither'}."
            )
        if self.labels:
            self.check_scene()
        self.require("checkpoint", "architecture", "loss", "optimizer")
        self.choice("head", HEADS)
        self.choice("precision", PRECISIONS)
        self.within("alpha", 0, 1)
        self.within("epochs", 1, 10000)
        self.within("batch", 1, 4096)
        self.within("learning_rate", 1e-9, 10)
        self.within("fold", 0, 5)
        self.within("chip", 32, 1024)
        if self.chip % 32:
            raise ScarpError(f"CHIP is {self.chip} px; choose a multiple of 32.")


@dataclass
class EvaluateJob(Job):
    """Compare a mask, probability raster or polygons with a reference, inside ``area``.

    ``threshold``: for probability rasters; None: 0.5, said in the log. ``min_area``: m², for the object figures.
    """

    KIND: ClassVar[str] = "evaluate"
    prediction: str = ""
    reference: str = ""
    area: str = ""
    threshold: float | None = None
    min_area: float = 0.0
    error_map: str = output()
    report: str = output()

    def check(self) -> None:
        """See `Job.check`."""
        self.require("prediction", "reference")
        self.within("threshold", 0, 1)
        self.within("min_area", 0, 1e9)


@dataclass
class PolygonizeJob(Job):
    """Turn a probability raster into a mask and polygons; ``simplify``: tolerance in metres, 0 keeps pixel edges."""

    KIND: ClassVar[str] = "polygonize"
    probability: str = ""
    threshold: float = 0.5
    min_area: float = 400.0
    dem: str = ""
    simplify: float = 0.0
    event_date: str = ""
    mask: str = output()
    polygons: str = output()

    def check(self) -> None:
        """See `Job.check`."""
        self.require("probability")
        self.within("threshold", 0, 1)
        self.within("min_area", 0, 1e9)
        self.within("simplify", 0, 1e4)
        self.is_date("event_date")
        if not self.outputs():
            raise ScarpError("No output was asked for. Choose at least one of MASK and POLYGONS.")


@dataclass
class DemoSceneJob(Job):
    """Generate the demonstration scene. ``size``: width of the 10 m grid in pixels; its height is half of it."""

    KIND: ClassVar[str] = "demoscene"
    seed: int = 1
    size: int = 1024
    folder: str = output()

    def check(self) -> None:
        """See `Job.check`."""
        self.require("folder")
        self.within("size", 256, 10980)


@dataclass
class DescribeCheckpointJob(Job):
    """Describe a checkpoint's card in HTML."""

    KIND: ClassVar[str] = "describecheckpoint"
    checkpoint: str = ""
    report: str = output()

    def check(self) -> None:
        """See `Job.check`."""
        self.require("checkpoint")


@dataclass
class CheckRuntimeJob(Job):
    """Say what the worker's Python can do: versions, devices, memory, and what is missing."""

    KIND: ClassVar[str] = "checkruntime"
    device: str = "auto"


KINDS: dict[str, type[Job]] = {
    job.KIND: job
    for job in (
        BuildBandsJob,
        DetectJob,
        TrainJob,
        EvaluateJob,
        PolygonizeJob,
        DemoSceneJob,
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
