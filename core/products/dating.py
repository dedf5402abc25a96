"""The day on which the scene of a product was taken: from the run record, where it can be told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

# As in S2A_MSIL2A_20180908T012651 and in T54TWN_20180908T012651_B04: the first is when it was taken.
_DAY = re.compile(r"(?<!\d)(19[89]\d|20\d\d)-?([01]\d)-?([0-3]\d)(?=T\d|\D|$)")
_TERRAIN = {"DEM", "SLOPE"}


def scene_day(record: Mapping[str, Any], path: str) -> tuple[date | None, str]:
    """When a product's scene was taken.

    In this order: the names of the bands that the run record lists, the product's own name, the date of the event.

    Args:
        record: The run record; empty where there is none.
        path: The product's.

    Returns:
        The day and where it was found; None and an empty text where nothing tells.
    """
    for source in record.get("sources") or []:
        if isinstance(source, Mapping) and not source.get("image") and not _TERRAIN.issuperset(source.get("bands", ())):
            for key in ("name", "path"):
                day = _day_in(Path(str(source.get(key, ""))).name)
                if day:
                    return day, f"the name of '{source.get('name')}'"
    day = _day_in(Path(path).stem)
    if day:
        return day, "its own name"
    event = str((record.get("parameters") or {}).get("event_date") or "")
    day = _day_in(event)
    return (day, "the date of the event") if day else (None, "")


def _day_in(text: str) -> date | None:
    for year, month, day in _DAY.findall(text):
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            continue
    return None
