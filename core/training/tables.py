"""CSV tables of chips and of folds; a figure that is undefined is an empty cell."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from .chip_scores import ChipRow

_COLUMNS = (
    *("id", "group", "tp", "fp", "fn", "tn"),
    *("f1_landslide", "iou_landslide", "precision", "recall", "landslide_share", "mean_probability"),
)


def write_chips(path: str | Path, rows: Iterable[ChipRow]) -> None:
    """Write a row a chip: id, group, counts of pixels, figures, share of landslide and mean probability."""
    write(path, _COLUMNS, (_values(row) for row in rows))


def write(path: str | Path, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Write a table with a header; columns that a row does not have stay empty."""
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow({name: _text(value) for name, value in row.items()})


def _values(row: ChipRow) -> dict[str, Any]:
    figures = row.figures()
    own = ("id", "group", "tp", "fp", "fn", "tn", "landslide_share", "mean_probability")
    return {name: getattr(row, name) if name in own else figures[name] for name in _COLUMNS}


def _text(value: Any) -> Any:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return f"{value:.6g}" if isinstance(value, float) else value
