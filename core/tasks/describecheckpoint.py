"""Describe a checkpoint: its card as a page, and its main numbers."""

from __future__ import annotations

from typing import Any

from ... import models
from .. import card as cards
from .. import checkpoint
from ..jobs import DescribeCheckpointJob
from ..outputs import REPORT, Outputs
from ..products.record import sha256
from ..reporter import Reporter
from ..training import report

_FIGURES = ("f1_landslide", "iou_landslide", "f1_macro", "miou")


def perform(job: DescribeCheckpointJob, reporter: Reporter) -> dict[str, Any]:
    """Check a checkpoint wholly (card and tensors), and describe it.

    Returns:
        ``REPORT`` where it was asked for, ``ARCHITECTURE``, ``PARAMETERS``, ``FEATURES`` (comma separated), ``GSD``
        (metres), ``THRESHOLD``, and the figures of the card's main split, named ``SPLIT``.

    Raises:
        ScarpError: The file is no checkpoint, or its tensors do not fit its card.
    """
    path = cards.find(job.checkpoint)
    with Outputs() as outputs:
        page = outputs.stage(job.report, REPORT) if job.report else None
        model, card = checkpoint.load(path)
        parameters = models.count_parameters(model)
        split = next((name for name in card.metrics if name.startswith("test")), next(iter(card.metrics), ""))
        figures = card.metrics.get(split, {})
        cards.introduce(card, reporter)
        reporter.info(
            f"{path.name}: {card.network}, {parameters:,} parameters, needs {', '.join(card.bands_required)}"
            + (f" (optional: {', '.join(card.bands_optional)})" if card.bands_optional else "")
            + f"; threshold {card.threshold:g}. "
            + (f"{split}: " + ", ".join(f"{name} {figures[name]:.3f}" for name in _FIGURES if figures.get(name)))
        )
        if page:
            html = report.checkpoint_page(card, path.name, sha256(path), parameters, path.stat().st_size / 1e6)
            page.write_text(html, encoding="utf-8")
    return {
        **{key.upper(): target for key, target in job.outputs().items()},
        "ARCHITECTURE": card.architecture,
        "PARAMETERS": parameters,
        "FEATURES": ",".join(card.features),
        "GSD": card.gsd,
        "THRESHOLD": card.threshold,
        "SPLIT": split,
        **{name.upper(): figures.get(name) for name in _FIGURES},
    }
