"""The manifest of a folder of chips: what the chips are, and where in their scene each of them lies."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from ..errors import ScarpError

FACTS, ROWS = "manifest.json", "manifest.csv"
VERSION = 1


@dataclass(frozen=True)
class Facts:
    """What all chips of a folder have in common.

    Attributes:
        names: Bands in the order of the files. units: of each. chip: side, pixels. stride: distance of neighbours.
        gsd: Metres. radiometry: what the scene's files held, as `Scene` says it. product: ``L1C``, ``L2A`` or empty.
        offset_subtracted: The values are DN without the offset of newer products, whatever ``radiometry`` is.
        scene: A name for people. grid: CRS (WKT) and affine transform that rows and columns count in; two folders with
            the same grid show the same place.
        attribution: Of the data. versions: of the software. record: the run that cut the chips.
    """

    names: tuple[str, ...]
    units: dict[str, str]
    chip: int
    stride: int
    gsd: float
    radiometry: str
    product: str
    scene: str
    grid: str
    offset_subtracted: bool = True
    attribution: str = ""
    versions: dict[str, str] = field(default_factory=dict)
    record: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """One chip: files relative to the folder, its upper left pixel, shares of its pixels (0 to 1).

    ``landslide_share`` and ``scored_share`` are for people and for choosing; the masks decide.
    """

    id: str
    image: str
    mask: str
    row: int
    column: int
    landslide_share: float
    scored_share: float
    region: str
    scene: str


def write(folder: Path, facts: Facts, rows: Sequence[Row]) -> None:
    """Write both files of a manifest.

    Raises:
        OSError: The disk is full, or the folder is gone.
    """
    with open(folder / ROWS, "w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, [f.name for f in fields(Row)])
        table.writeheader()
        table.writerows(asdict(row) for row in rows)
    text = json.dumps({"version": VERSION, "chips": len(rows), **asdict(facts)}, indent=1, ensure_ascii=False)
    (folder / FACTS).write_text(text + "\n", encoding="utf-8")


def read_facts(folder: Path) -> Facts:
    """Read what the chips of a folder are.

    Raises:
        ScarpError: The file is damaged, or of a newer version.
    """
    path = folder / FACTS
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        if said.get("version") != VERSION:
            raise ScarpError(
                f"'{path}' is a manifest of version {said.get('version')}; this Scarp reads version {VERSION}. "
                "Cut the chips again, or use the Scarp that wrote them."
            )
        known = {f.name: said[f.name] for f in fields(Facts) if f.name in said}
        found = Facts(**{**known, "names": tuple(known["names"])})
        if not found.names or not all(isinstance(name, str) for name in found.names):
            raise ValueError("no band names")
        if found.chip < 1 or found.gsd < 0:
            raise ValueError("chip or gsd is no size")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ScarpError(f"'{path}' cannot be read as a manifest ({error}). Cut the chips again.") from error
    return found


def read_rows(folder: Path) -> tuple[list[dict[str, str]], list[str]]:
    """Read the table of chips, with all of its columns, also those that somebody added.

    Returns:
        A dict a row, values as text; and the names of the columns.

    Raises:
        ScarpError: The table is missing, cannot be read or lacks a column.
    """
    path = folder / ROWS
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            text = file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise ScarpError(
            f"'{path}' cannot be read ({error}). It must lie beside {FACTS}, as UTF-8: cut the chips again."
        ) from error
    # Spreadsheets of some languages save with semicolons.
    header = text.partition("\n")[0]
    table = csv.DictReader(text.splitlines(), delimiter=";" if header.count(";") > header.count(",") else ",")
    columns = list(table.fieldnames or [])
    missing = [name for name in ("id", "image", "mask", "row", "column") if name not in columns]
    if missing:
        raise ScarpError(f"'{path}' has no column {', '.join(missing)}; found: {', '.join(columns) or 'nothing'}.")
    return [{key: value or "" for key, value in row.items() if key} for row in table], columns
