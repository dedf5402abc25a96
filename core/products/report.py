"""The report of an assessment: HTML in one file, for a reader who did not make it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..scene.grid import crs_name
from ..training.metrics import Confusion
from .assessment import Assessment
from .comparison import FALSE_NEGATIVE, FALSE_POSITIVE, SLOPE_CLASSES, TRUE_NEGATIVE, TRUE_POSITIVE, Comparison
from .objects import SIZE_CLASSES
from .page import render
from .pictures import curves_picture, error_picture
from .record import to_json

#: Group, then figure and what it says.
MEANING = {
    "Landslide class": {
        "f1_landslide": "harmonic mean of precision and recall",
        "iou_landslide": "share of the area in either map that is landslide in both",
        "precision": "share of the mapped landslide pixels that are right",
        "recall": "share of the true landslide pixels that were found",
    },
    "Mean of landslide and background (macro)": {
        "f1_macro": "mean of the F1 of both classes; background, being easy, lifts it",
        "miou": "mean of the IoU of both classes",
        "accuracy": "share of all pixels that are right; high wherever landslides are rare",
    },
    "Probability, whatever the threshold": {
        "auprc": "area under the precision-recall curve (average precision)",
        "auroc": "area under the ROC curve: a landslide pixel outranks a background pixel with this probability",
        "ece": "expected calibration error: how far probabilities are from the shares they promise",
    },
    "Whole landslides": {
        "object_precision": "share of the mapped bodies that match one of the reference",
        "object_recall": "share of the bodies of the reference that were found",
        "object_f1": "harmonic mean of both",
    },
}
#: Every figure and what it says.
FIGURES = {name: text for group in MEANING.values() for name, text in group.items()}


def write_report(
    path: str | Path,
    assessment: Assessment,
    error_map_path: str | Path,
    inputs: Mapping[str, str],
    record: Mapping[str, Any],
) -> None:
    """Write the report.

    Args:
        path: HTML file to write.
        assessment: What was found.
        error_map_path: The error map, for the picture.
        inputs: What was compared, as the reader knows it: name to source.
        record: The run record.
    """
    comparison, bodies = assessment.comparison, assessment.bodies
    counts = comparison.confusion
    curves = ""
    if comparison.histogram is not None and comparison.histogram.positive.any():
        curves = curves_picture(comparison.histogram, assessment.threshold or 0.0)
    html = render(
        "evaluate.html",
        meaning=MEANING,
        figures=assessment.figures,
        pixels={"tp": counts.tp, "fp": counts.fp, "fn": counts.fn, "tn": counts.tn},
        hectares={
            name: comparison.area_m2[code] / 1e4
            for name, code in zip(
                ("tp", "fp", "fn", "tn"), (TRUE_POSITIVE, FALSE_POSITIVE, FALSE_NEGATIVE, TRUE_NEGATIVE)
            )
        },
        intervals=assessment.intervals,
        block=assessment.block,
        blocks=len(comparison.blocks),
        objects=bodies.objects,
        by_size=[
            (name, counts)
            for name, counts in zip(_classes(SIZE_CLASSES, "m²"), bodies.by_size)
            if counts.referenced or counts.predicted
        ],
        by_slope=_by_slope(comparison),
        boundary=bodies.boundary,
        threshold=assessment.threshold,
        min_area=assessment.min_area,
        cell=assessment.grid.cell_size(assessment.grid.height // 2),
        crs=crs_name(assessment.grid.crs),
        map_picture=error_picture(error_map_path, comparison.scored),
        curves_picture=curves,
        inputs=inputs,
        record=json.dumps(json.loads(to_json(record)), indent=2),
        date=record.get("date", ""),
    )
    Path(path).write_text(html, encoding="utf-8")


def _classes(classes: Sequence[tuple[float, float]], unit: str) -> list[str]:
    """What classes (from, below) are called."""
    return [
        f"from {low:,.0f} {unit}" if math.isinf(high) else f"{low:,.0f} to {high:,.0f} {unit}" for low, high in classes
    ]


def _by_slope(comparison: Comparison) -> list[tuple[str, Confusion]]:
    """Name and pixels of each class of slope that has any."""
    if comparison.by_slope is None:
        return []
    names = [*_classes(SLOPE_CLASSES, "°"), "unknown"]
    order = [TRUE_POSITIVE, FALSE_POSITIVE, FALSE_NEGATIVE]
    return [
        (name, Confusion(*map(int, counts[order]))) for name, counts in zip(names, comparison.by_slope) if counts.any()
    ]
