"""Folders with a manifest as a layout: one of them, or several side by side."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

from ..errors import ScarpError
from . import manifest
from .entry import Entry, Layout, Spot
from .manifest import Facts

# Pixel sizes within this factor are one data set without a word, as for a scene and a checkpoint.
_ALIKE = 1.5


def read_catalogue(folder: Path, parts: list[Path]) -> Layout:
    """The chips of one folder with a manifest, or of all sub-folders that have one.

    Raises:
        ScarpError: A manifest cannot be read, or their chips do not go together.
    """
    parts = parts[:1] if parts[0] == folder else parts
    facts = [manifest.read_facts(part) for part in parts]
    kinds = [(found.names, found.chip, found.radiometry == "raw") for found in facts]
    for part, found, kind in zip(parts, facts, kinds):
        if kind != kinds[0]:
            one, other = (
                f"'{name}' ({f.chip} px, {f.radiometry}: {', '.join(f.names)})"
                for name, f in ((parts[0].name, facts[0]), (part.name, found))
            )
            raise ScarpError(
                f"The chips in {one} and {other} do not go together. Cut them with the same bands and CHIP, or use "
                "one folder alone."
            )
    sizes = [found.gsd for found in facts]
    note = f"The chips' pixels are {min(sizes):g} to {max(sizes):g} m: cut chips with the same RESOLUTION."
    entries, problems = [], []
    for part, found in zip(parts, facts):
        rows, wrong = _rows(part, found, "" if part == folder else f"{part.name}/")
        entries += rows
        problems += wrong
    products, radiometries = {found.product for found in facts}, {found.radiometry for found in facts}
    common = replace(
        facts[0],
        product=facts[0].product if len(products) == 1 else "",
        radiometry=facts[0].radiometry if len(radiometries) == 1 else "dn",
        scene=", ".join(sorted({found.scene for found in facts})),
        attribution="; ".join(sorted({found.attribution for found in facts} - {""})),
    )
    alike = max(sizes) <= _ALIKE * min(sizes)
    return Layout("manifest", entries, problems, () if alike else (note,), common)


def _rows(folder: Path, facts: Facts, prefix: str) -> tuple[list[Entry], list[str]]:
    rows, _ = manifest.read_rows(folder)
    twice = Counter(row["id"] for row in rows)
    entries, problems = [], []
    for row in rows:
        name = f"{prefix}{row['id']}"
        image, mask = folder / row["image"], folder / row["mask"]
        try:
            spot = Spot(facts.grid, int(row["row"]), int(row["column"]))
        except ValueError:
            problems.append(f"{name}: its row and column are '{row['row']}' and '{row['column']}', no whole numbers")
            continue
        missing = next((path for path in (image, mask) if not path.is_file()), None)
        if twice[row["id"]] > 1:
            problems.append(f"{name}: the manifest has this id {twice[row['id']]} times")
        elif missing is not None:
            problems.append(f"{name}: {missing.parent.name}/{missing.name} is in the manifest but not in the folder")
        else:
            numbers = re.findall(r"\d+", row["id"])
            number = int(numbers[-1]) if numbers and not prefix else None
            entries.append(Entry(name, prefix.rstrip("/"), number, image, mask, None, "", spot, row))
    return entries, problems
