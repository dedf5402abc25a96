"""Compare a landslide map with a reference: figures, error map and report."""

from __future__ import annotations

import math
import tempfile
import time
from pathlib import Path
from typing import Any

from ..jobs import EvaluateJob
from ..outputs import RASTER, REPORT, Outputs
from ..products.assessment import assess
from ..products.record import run_record, tag_raster
from ..products.report import write_report
from ..reporter import Reporter


def perform(job: EvaluateJob, reporter: Reporter) -> dict[str, Any]:
    """Run the job.

    Returns:
        The outputs that were asked for, and in capitals (NaN where undefined) every figure (CONTRIBUTING.md, Figures),
        the ends of the 95 % intervals of two of them (``F1_LANDSLIDE_LOW``, ...), and how far outlines of matched
        bodies lie apart, in metres (``OUTLINE_MEAN_M``, ``OUTLINE_P95_M``).

    Raises:
        ScarpError: An input is unusable, or they do not overlap.
    """
    start = time.monotonic()
    with Outputs() as outputs, tempfile.TemporaryDirectory(prefix="scarp-") as scratch:
        error_map = outputs.stage(job.error_map, RASTER) if job.error_map else Path(scratch) / "errors.tif"
        report = outputs.stage(job.report, REPORT) if job.report else None
        assessment = assess(
            job.prediction,
            job.reference,
            area=job.area,
            threshold=job.threshold,
            min_area=job.min_area,
            dem=job.dem,
            block=job.block,
            resamples=job.resamples,
            error_map_path=error_map,
            reporter=reporter.part(0.0, 0.95),
        )
        figures = assessment.figures
        record = run_record(
            job,
            threshold=assessment.threshold,
            figures=figures,
            intervals=assessment.intervals,
            seconds=round(time.monotonic() - start, 1),
        )
        if job.error_map:
            tag_raster(error_map, record)
        if report:
            inputs = {"Map": job.prediction, "Reference": job.reference, "Area": job.area or "everywhere"}
            write_report(report, assessment, error_map, inputs, record)
        reporter.progress(1.0, "Done")
    reporter.info(
        f"f1_landslide {figures['f1_landslide']:.3f}, iou_landslide {figures['iou_landslide']:.3f}, "
        f"f1_macro {figures['f1_macro']:.3f}, miou {figures['miou']:.3f}, object_f1 {figures['object_f1']:.3f}"
    )
    named = {"ERROR_MAP": job.error_map, "REPORT": job.report}
    return {
        **{name: path for name, path in named.items() if path},
        **{name.upper(): value for name, value in figures.items()},
        **_ends(assessment.intervals),
        "OUTLINE_MEAN_M": assessment.bodies.boundary.mean,
        "OUTLINE_P95_M": assessment.bodies.boundary.p95,
    }


def _ends(intervals: dict[str, tuple[float, float]]) -> dict[str, float]:
    ends = {}
    for name in ("f1_landslide", "iou_landslide"):
        ends[f"{name.upper()}_LOW"], ends[f"{name.upper()}_HIGH"] = intervals.get(name, (math.nan, math.nan))
    return ends
