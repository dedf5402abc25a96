"""What shape a body has: its extent down and across the slope, elongation and compactness."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from ..scene.grid import Grid
from .smoothing import cut_points

FloatArray = NDArray[np.float64]


def extents(outlines: NDArray[np.object_], grid: Grid, east: FloatArray, north: FloatArray) -> dict[str, FloatArray]:
    """Horizontal extents of bodies from the middles of their pixel edges, which are right to about a pixel.

    Args:
        outlines: MultiPolygons [n] along pixel edges, pixel coordinates.
        grid: Their grid; a body is measured with the cell size at its middle.
        east: Mean downslope direction, float64 [n] each; of any length but 0, NaN where there is none.
        north: See ``east``.

    Returns:
        ``length_m`` along the direction and ``width_m`` across it (NaN without one), and ``elongation``, the long by
        the short side of the smallest rectangle around the body in any direction.
    """
    if not len(outlines):
        return {name: np.zeros(0) for name in ("length_m", "width_m", "elongation")}
    bounds = shapely.bounds(outlines)
    rows = np.clip((bounds[:, 1] + bounds[:, 3]) // 2, 0, grid.height - 1).astype(np.int64)
    cell = np.stack(grid.cell_sizes(rows), axis=1)
    points, of_body = cut_points(outlines)
    points = points * cell[of_body] * (1, -1)
    starts = np.searchsorted(of_body, np.arange(len(outlines)))

    with np.errstate(divide="ignore", invalid="ignore"):
        direction = np.stack([east, north], axis=1) / np.hypot(east, north)[:, None]
    across = direction[:, ::-1] * (1, -1)
    return {
        "length_m": _extent(points, of_body, starts, direction),
        "width_m": _extent(points, of_body, starts, across),
        "elongation": _elongation(points, of_body, len(outlines)),
    }


def compactness(area: FloatArray, perimeter: FloatArray) -> FloatArray:
    """4 pi area / perimeter² (Polsby and Popper 1991): 1 for a circle, pi / 4 for a square."""
    return 4 * np.pi * area / perimeter**2


def _extent(
    points: FloatArray, of_body: NDArray[np.int64], starts: NDArray[np.int64], direction: FloatArray
) -> FloatArray:
    along = (points * direction[of_body]).sum(axis=1)
    result: FloatArray = np.maximum.reduceat(along, starts) - np.minimum.reduceat(along, starts)
    return result


def _elongation(points: FloatArray, of_body: NDArray[np.int64], count: int) -> FloatArray:
    boxes = shapely.oriented_envelope(shapely.linestrings(points, indices=of_body))
    corners = shapely.get_coordinates(boxes).reshape(count, 5, 2)
    sides = np.hypot(*np.moveaxis(np.diff(corners[:, :3], axis=1), 2, 0))
    return sides.max(axis=1) / sides.min(axis=1)  # type: ignore[no-any-return]
