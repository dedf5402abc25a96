"""Pages about a network, HTML in one file: its training, how it does on chips, and the description of a checkpoint."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..card import Card
from ..jobs import CrossValidateJob
from ..products.page import render
from ..products.pictures import curves_picture
from ..products.record import to_json
from ..products.report import FIGURES, MEANING
from . import published
from .chip_scores import ChipScores
from .pictures import course_picture, examples_picture, folds_picture

if TYPE_CHECKING:
    from .finishing import Result
    from .run import Run

_BEFORE = {"ece": {"ece_uncalibrated": "the same before the calibration"}}
_MEANING = {key: text for name in FIGURES for key, text in {name: FIGURES[name], **_BEFORE.get(name, {})}.items()}
# Settings that say where something lies, or that the card tells in better words.
_NOT_SHOWN = (
    "checkpoint",
    "report",
    "resume",
    "job",
    "bands",
    "band_map",
    "pre_bands",
    "pre_band_map",
    "pre_valid_mask",
    "dataset",
    "labels",
    "area",
    "dem",
    "slope",
    "table",
)


def training_page(run: Run, result: Result) -> str:
    """The report of a training that is finished.

    Args:
        run: The training.
        result: What was found of its best network.
    """
    card, validation, judged = result.card, next(iter(result.parts.values())), result.parts[result.split]
    background, landslide = run.state.chosen["pixels"]
    return _render(
        "training.html",
        card,
        split=result.split,
        parts={name: _facts(scores) for name, scores in result.parts.items()},
        training_share=landslide / max(background + landslide, 1),
        interval=judged.intervals()["f1_landslide"],
        history=run.state.history,
        best=run.state.best,
        last_kept=run.trainer.keep_last,
        twice=bool(card.training.get("trained_twice")),
        course=course_picture(run.state.history, run.state.best),
        curves=curves_picture(validation.histogram, validation.threshold, result.uncalibrated),
        settings=settings(run.state.job),
        **_examples(judged),
    )


def chips_page(card: Card, scores: ChipScores, inputs: Mapping[str, str], record: Mapping[str, Any]) -> str:
    """The report of a checkpoint on a folder of chips.

    Args:
        card: Of the checkpoint.
        scores: What was found.
        inputs: What was judged, as the reader knows it: name to text.
        record: The run record.
    """
    figures = scores.figures()
    has_landslides = scores.histogram.positive.any()
    return _render(
        "chips.html",
        card,
        groups=MEANING,
        figures=figures,
        intervals=scores.intervals(record["parameters"]["seed"]),
        facts=_facts(scores),
        scores=scores,
        objects=scores.objects,
        curves=curves_picture(scores.histogram, scores.threshold) if has_landslides else "",
        inputs=inputs,
        record=json.dumps(json.loads(to_json(record)), indent=2),
        date=record["date"],
        **_examples(scores),
    )


def folds_page(
    job: CrossValidateJob,
    cards: Sequence[Card],
    rows: Sequence[Mapping[str, Any]],
    summary: Sequence[Mapping[str, Any]],
    record: Mapping[str, Any],
) -> str:
    """The report of a cross-validation.

    Args:
        job: What was asked for.
        cards: Card of each fold's network.
        rows: Row of each fold, see `fold_table`.
        summary: Mean, standard deviation, pooled.
        record: The run record.
    """
    paper = job.fold_kind == "paper"
    beside = published.comparable(str(cards[0].training.get("data", "")), cards[0].architecture, paper)
    lines = {f"{published.AIT}, f1_macro": published.FOLDS} if paper and beside else {}
    return _render(
        "crossvalidation.html",
        cards[0],
        cards=cards,
        rows=rows,
        summary=summary,
        mean=summary[0],
        std=summary[1],
        paper=paper,
        published=beside,
        landslide_class=published.landslide_class,
        columns=[name for name in FIGURES if any(not math.isnan(row[name]) for row in rows)],
        picture=folds_picture(rows, lines),
        folder=Path(job.table).with_suffix(".folds").name,
        settings=settings(json.loads(job.to_json())),
        record=json.dumps(json.loads(to_json(record)), indent=2),
        date=record["date"],
    )


def checkpoint_page(card: Card, name: str, sha256: str, parameters: int, megabytes: float) -> str:
    """The description of a checkpoint file."""
    return _render("checkpoint.html", card, name=name, sha256=sha256, parameters=parameters, megabytes=megabytes)


def settings(job: Mapping[str, Any]) -> dict[str, Any]:
    """What a reader wants to know of the parameters of a job: neither paths nor what was left empty."""
    return {key: value for key, value in sorted(job.items()) if key not in _NOT_SHOWN and value}


def _facts(scores: ChipScores) -> dict[str, float]:
    """What the chips of a part hold."""
    counts = scores.confusion()
    pixels = counts.tp + counts.fp + counts.fn + counts.tn
    return {
        "chips": len(scores.rows),
        "with_landslides": sum(row.tp + row.fn > 0 for row in scores.rows),
        "pixels": pixels,
        "landslide_share": (counts.tp + counts.fn) / max(pixels, 1),
    }


def _examples(scores: ChipScores) -> dict[str, str]:
    """Pictures of the best and the worst chips; empty where there are none."""
    found = scores.examples
    kinds = {"best_chips": found.best if found else [], "worst_chips": found.worst if found else []}
    return {name: examples_picture(chips, scores.threshold) if chips else "" for name, chips in kinds.items()}


def _render(template: str, card: Card, **values: Any) -> str:
    shown = [name for name in _MEANING if any(name in figures for figures in card.metrics.values())]
    card_json = json.dumps(json.loads(card.to_json()), indent=2)
    return render(template, card=card, shown=shown, meaning=_MEANING, card_json=card_json, **values)
