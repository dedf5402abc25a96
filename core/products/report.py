"""The report of an assessment: HTML in one file, for a reader who did not make it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ..scene.grid import crs_name
from .assessment import Assessment
from .comparison import FALSE_NEGATIVE, FALSE_POSITIVE, TRUE_NEGATIVE, TRUE_POSITIVE
from .pictures import curves_picture, error_picture
from .record import to_json

_TEMPLATES = Path(__file__).parents[2] / "resources" / "templates"

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
    environment = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined)
    environment.filters["figure"] = _figure
    comparison, objects = assessment.comparison, assessment.objects
    counts = comparison.confusion
    curves = ""
    if comparison.histogram is not None and comparison.histogram.positive.any():
        curves = curves_picture(comparison.histogram, assessment.threshold or 0.0)
    html = environment.get_template("evaluate.html").render(
        meaning=MEANING,
        figures=assessment.figures,
        pixels={"tp": counts.tp, "fp": counts.fp, "fn": counts.fn, "tn": counts.tn},
        hectares={
            name: comparison.area_m2[code] / 1e4
            for name, code in zip(
                ("tp", "fp", "fn", "tn"), (TRUE_POSITIVE, FALSE_POSITIVE, FALSE_NEGATIVE, TRUE_NEGATIVE)
            )
        },
        objects=objects,
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


def _figure(value: float) -> str:
    return "undefined" if math.isnan(value) else f"{value:.3f}"
