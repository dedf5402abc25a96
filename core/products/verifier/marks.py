"""Which polygons are known to be right or wrong: marked by the analyst, or compared with a reference."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.crs import CRS
from rasterio.transform import from_bounds

from ...errors import ScarpError
from ...reporter import Reporter
from ...scene.grid import Grid
from ...scene.vectors import open_polygons
from .table import Table

#: Of each kind, to learn from.
FEWEST = 10
RIGHT, WRONG, UNKNOWN = 1, 0, -1

_WORDS = {
    **dict.fromkeys(("right", "correct", "yes", "true", "landslide", "1", "1.0"), RIGHT),
    **dict.fromkeys(("wrong", "incorrect", "no", "false", "no landslide", "0", "0.0"), WRONG),
    **dict.fromkeys(("", "unsure", "none", "nan", "null"), UNKNOWN),
}
_INSIDE = 0.5


def from_field(table: Table, field: str) -> NDArray[np.int8]:
    """What the analyst has marked, int8 [n]: 1 right, 0 wrong, -1 neither.

    Args:
        table: The polygons.
        field: The field with the marks: ``right``, ``wrong`` or ``unsure``; yes and no, true and false, 1 and 0 do too.

    Raises:
        ScarpError: There is no such field, or it holds other words.
    """
    if field not in table.columns:
        raise ScarpError(
            f"FIELD: the layer '{table.source}' has no field '{field}' (it has {', '.join(table.columns) or 'none'}). "
            "Mark polygons as right or wrong in a text field, 'reviewed' in the polygons of Scarp, or give REFERENCE."
        )
    words = [_word(value) for value in table.columns[field].tolist()]
    strange = Counter(word for word in words if word not in _WORDS)
    if strange:
        listed = ", ".join(f"'{word}'" for word, _ in strange.most_common(5))
        raise ScarpError(f"FIELD: '{field}' holds {listed}. Write right, wrong or unsure, or leave it empty.")
    return np.array([_WORDS[word] for word in words], np.int8)


def from_reference(table: Table, reference: str, area: str, share: float, reporter: Reporter) -> NDArray[np.int8]:
    """What a reference says, int8 [n]: right where it covers enough of a polygon.

    Args:
        table: The polygons.
        reference: Polygons of true landslides, in any CRS.
        area: Polygons where the reference is complete; others than those with half their area in it are not judged.
            Empty: everywhere.
        share: Share of a polygon that must be covered.
        reporter: Told what was repaired.

    Raises:
        ScarpError: A layer cannot be used.
    """
    left, bottom, right, top = shapely.total_bounds(table.shapes)
    grid = Grid(CRS.from_wkt(_wkt(table)), from_bounds(left, bottom, right, top, 1000, 1000), 1000, 1000)
    true = open_polygons(reference, grid, what="REFERENCE", reporter=reporter)
    marks = np.where(_covered(table.shapes, true.geometries) >= share, RIGHT, WRONG).astype(np.int8)
    if area:
        limits = open_polygons(area, grid, what="AREA", reporter=reporter)
        marks[_covered(table.shapes, limits.geometries) < _INSIDE] = UNKNOWN
    return marks


def check_enough(marks: NDArray[np.int8]) -> None:
    """Raise a `ScarpError` where too few are marked to learn from."""
    right, wrong = int(np.sum(marks == RIGHT)), int(np.sum(marks == WRONG))
    if min(right, wrong) < FEWEST:
        raise ScarpError(
            f"{right} polygons are marked as right and {wrong} as wrong; at least {FEWEST} of each are needed to learn "
            "from. Mark more of them, from all over the map (also small ones and doubtful ones), give a REFERENCE, or "
            "a VERIFIER that has learned elsewhere."
        )


def _covered(shapes: NDArray[np.object_], others: list[Any]) -> NDArray[np.float64]:
    """Share of each shape that the others cover together, float64 [n]."""
    valid = shapely.make_valid(shapes)
    pieces: NDArray[np.object_] = np.array(others, object)
    mine, theirs = shapely.STRtree(pieces).query(valid, predicate="intersects")
    shares = np.zeros(len(shapes))
    for index in np.unique(mine):
        together = shapely.union_all(pieces[theirs[mine == index]])
        shares[index] = shapely.area(shapely.intersection(valid[index], together)) / shapely.area(valid[index])
    return shares


def _word(value: Any) -> str:
    return "" if value is None else str(value).strip().lower()


def _wkt(table: Table) -> str:
    return str(CRS.from_user_input(table.wkt).to_wkt())
