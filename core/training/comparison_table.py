"""A comparison as a table: a row a training, and mean and standard deviation over the seeds of a configuration."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from typing import Any

from ..products.report import FIGURES
from .comparison import Outcome

_COUNTS = ("tp", "fp", "fn", "tn")
_WAY = ("network", "head", "features", "loss", "optimizer")
_WITH_INTERVAL = ("f1_landslide", "iou_landslide")
_ENDS = ("low", "high")
#: Columns of the table.
COLUMNS = (
    *("network", "head", "features", "channels", "loss", "optimizer", "seed", "parameters"),
    *("epochs", "best_epoch", "chips_shown", "seconds", "threshold"),
    *(column for name in FIGURES for column in (name, *(f"{name}_{end}" for end in _ENDS if name in _WITH_INTERVAL))),
    *_COUNTS,
    "problem",
)


def rows(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """A row an outcome, with the figures of the test part; one that failed has its problem instead."""
    return [_row(outcome) for outcome in outcomes]


def summary_rows(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """``mean`` and ``std`` (in the column ``seed``) of each configuration, over its trainings that did not fail.

    The standard deviation divides by the number of trainings; of a single one there is none.
    """
    found = []
    for way in dict.fromkeys(_way(row) for row in rows):
        own = [row for row in rows if _way(row) == way and not row["problem"]]
        if not own:
            continue
        names = dict(zip(_WAY, way))
        values = {name: [row[name] for row in own if not math.isnan(row[name])] for name in ("seconds", *FIGURES)}
        mean = {name: statistics.fmean(held) if held else math.nan for name, held in values.items()}
        std = {name: statistics.pstdev(held) if len(held) > 1 else math.nan for name, held in values.items()}
        found += [{**names, "seed": "mean", **mean}, {**names, "seed": "std", **std}]
    return found


def _row(outcome: Outcome) -> dict[str, Any]:
    cell, card, note = outcome.cell, outcome.card, outcome.note
    own: dict[str, Any] = {"network": cell.architecture, **{name: getattr(cell, name) for name in (*_WAY[1:], "seed")}}
    if card is None:
        return {**own, "problem": outcome.problem}
    figures = card.metrics[next(name for name in card.metrics if name.startswith("test"))]
    ends = {
        f"{name}_{end}": _number(value) for name in _WITH_INTERVAL for end, value in zip(_ENDS, note["intervals"][name])
    }
    return {
        **own,
        "channels": len(card.features),
        "parameters": note["parameters"],
        "epochs": card.training["epochs_done"],
        "best_epoch": card.training["best_epoch"],
        "chips_shown": note["chips_shown"],
        "seconds": float(card.training["seconds"]),
        "threshold": card.threshold,
        **{name: _number(figures.get(name)) for name in FIGURES},
        **ends,
        **{name: int(figures[name]) for name in _COUNTS},
        "problem": "",
    }


def _way(row: dict[str, Any]) -> tuple[str, ...]:
    return tuple(row[name] for name in _WAY)


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)
