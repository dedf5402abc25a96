"""The figures of all folds as a table: a row each, their mean and standard deviation, and all pixels together."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from typing import Any

from ..card import Card
from ..products.report import FIGURES
from .metrics import Confusion

_COUNTS = ("tp", "fp", "fn", "tn")
#: Columns of the table.
COLUMNS = ("fold", "test", "threshold", "temperature", "best_epoch", "seconds", *FIGURES, *_COUNTS)


def fold_rows(cards: Mapping[int, Card]) -> list[dict[str, Any]]:
    """A row a fold with the figures of its test part, from the card of its network; an undefined one is NaN."""
    rows = []
    for number, card in cards.items():
        split = next(name for name in card.metrics if name.startswith("test"))
        figures = card.metrics[split]
        facts = {name: card.training.get(name) for name in ("best_epoch", "seconds")}
        own = {"fold": number, "test": split, "threshold": card.threshold, "temperature": card.temperature, **facts}
        counts = {name: int(figures[name]) for name in _COUNTS}
        rows.append({**own, **{name: _number(figures.get(name)) for name in FIGURES}, **counts})
    return rows


def summary_rows(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """``mean`` and ``std`` of each figure over the folds where it is defined, and ``pooled``: of all pixels together.

    The standard deviation divides by the number of folds, as the published one does.
    """
    defined = {name: [row[name] for row in rows if not math.isnan(row[name])] for name in FIGURES}
    mean = {name: statistics.fmean(values) if values else math.nan for name, values in defined.items()}
    std = {name: statistics.pstdev(values) if values else math.nan for name, values in defined.items()}
    counts = {name: sum(row[name] for row in rows) for name in _COUNTS}
    pooled = {**Confusion(*counts.values()).scores(), **counts}
    return [{"fold": "mean", **mean}, {"fold": "std", **std}, {"fold": "pooled", **pooled}]


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)
