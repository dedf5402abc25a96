"""Judge a checkpoint on a folder of labelled chips: figures, a table of the chips, a report."""

from __future__ import annotations

import time
from typing import Any

from .. import card as cards
from .. import checkpoint
from ..chips import natural_colour
from ..chips.folder import ChipFolder
from ..inference.device import choose_device
from ..inference.predictor import Predictor, check_heads
from ..jobs import EvaluateCheckpointJob
from ..outputs import REPORT, TABLE, Outputs
from ..products.record import run_record
from ..reporter import Reporter
from ..training import report, tables
from ..training.chip_scores import ChipScores
from ..training.chips_assessment import assess_chips, check_chips
from ..training.examples import Examples


def perform(job: EvaluateCheckpointJob, reporter: Reporter) -> dict[str, Any]:
    """Run the job.

    Returns:
        The outputs that were asked for, every figure (CONTRIBUTING.md, Figures) in capitals (NaN where undefined), the
        ends of the 95 % interval of ``F1_LANDSLIDE`` and ``IOU_LANDSLIDE`` (``..._LOW``, ``..._HIGH``), ``THRESHOLD``
        and ``CHIPS``.

    Raises:
        ScarpError: The checkpoint cannot be read, or the chips do not fit it.
    """
    start = time.monotonic()
    path = cards.find(job.checkpoint)
    with Outputs() as outputs:
        page = outputs.stage(job.report, REPORT) if job.report else None
        table = outputs.stage(job.table, TABLE) if job.table else None
        model, card = checkpoint.load(path)
        check_heads(card.head, vote=job.vote)
        pictures = natural_colour.choose(job.pictures, card, job.dataset, reporter)
        source = ChipFolder(job.dataset, reporter.part(0.0, 0.1), pictures=pictures)
        check_chips(card, source, job.dataset, reporter)
        device = choose_device(job.device, reporter)
        predictor = Predictor(
            model,
            card,
            device,
            precision=job.precision,
            batch=job.batch,
            tta=job.tta,
            vote=job.vote,
            reporter=reporter,
        )
        threshold = card.threshold if job.threshold is None else job.threshold
        reporter.info(
            f"Threshold: {threshold:.4g}, " + ("as asked." if job.threshold is not None else "the checkpoint's.")
        )
        scores = ChipScores(threshold, job.min_pixels, Examples() if page else None)
        groups = [entry.part or entry.group for entry in source.entries]
        assess_chips(source, card, predictor, scores, reporter.part(0.1, 0.95), groups=groups)
        if table:
            tables.write_chips(table, scores.rows)
        intervals, figures = scores.intervals(job.seed), scores.figures()
        if page:
            record = run_record(
                job, checkpoint=str(path), device=str(device), seconds=round(time.monotonic() - start, 1)
            )
            inputs = {
                "Checkpoint": f"{path.name}: {card.architecture}, {len(card.features)} channels",
                "Chips": f"{job.dataset} ({source.kind}, {source.chip} px)",
                "Left out": f"{len(source.problems)} chips that cannot be used" if source.problems else "nothing",
                "Test-time augmentation": job.tta,
            }
            page.write_text(report.chips_page(card, scores, inputs, record), encoding="utf-8")
        reporter.progress(1.0, "Done")
    low, high = intervals["f1_landslide"]
    reporter.info(
        f"{len(scores.rows)} chips: f1_landslide {figures['f1_landslide']:.3f} "
        f"(95 % interval {low:.3f} to {high:.3f}), "
        + ", ".join(f"{name} {figures[name]:.3f}" for name in ("iou_landslide", "f1_macro", "miou", "object_f1", "ece"))
    )
    return {
        **{key.upper(): target for key, target in job.outputs().items()},
        **{name.upper(): value for name, value in figures.items()},
        **{
            f"{name.upper()}_{end}": value
            for name in ("f1_landslide", "iou_landslide")
            for end, value in zip(("LOW", "HIGH"), intervals[name])
        },
        "CHIPS": len(scores.rows),
    }
