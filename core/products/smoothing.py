"""Outlines in pixel coordinates made smoother or simpler than the pixel edges they follow."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

Shapes = NDArray[np.object_]
FloatArray = NDArray[np.float64]

#: Corners are cut where the half of a pixel's edge ends: no outline moves by more than 0.36 px.
_HALF = 0.5
#: Share of its area that a body may gain or lose.
_AREA_SHARE = 0.01
_ROUNDS = 3


def cut_corners(shapes: Shapes, distance: float | NDArray[np.float64] = _HALF) -> Shapes:
    """Cut each corner of outlines along pixel edges, ``distance`` px before and behind it.

    Half a pixel joins the middles of the edges: stairs become straight lines. Outlines that shared an edge still do,
    and none overlap: what one body loses at a corner, its neighbour gains.

    Args:
        shapes: (Multi)polygons [n] with integer coordinates and no vertex inside a straight edge.
        distance: In pixels, at most 0.5; one for all, or one a shape [n].
    """
    parts, of_shape = shapely.get_parts(shapes, return_index=True)
    rings, of_part = shapely.get_rings(parts, return_index=True)
    corners, of_ring = shapely.get_coordinates(rings, return_index=True)
    by: FloatArray = np.broadcast_to(np.asarray(distance, np.float64), len(shapes))[of_shape[of_part[of_ring]]][:, None]

    points, of_point = _cut(corners, of_ring, by)
    made = shapely.polygons(shapely.linearrings(points, indices=of_point), indices=of_part)
    # Corners half a pixel apart leave the same point twice, and stairs leave points on straight lines.
    return shapely.simplify(shapely.multipolygons(made, indices=of_shape), 0)  # type: ignore[no-any-return]


def cut_points(shapes: Shapes) -> tuple[FloatArray, NDArray[np.int64]]:
    """The vertices [m, 2] of shapes [n] whose corners are cut half a pixel off, and the shape of each, int64 [m]."""
    parts, of_shape = shapely.get_parts(shapes, return_index=True)
    rings, of_part = shapely.get_rings(parts, return_index=True)
    corners, of_ring = shapely.get_coordinates(rings, return_index=True)
    points, of_point = _cut(corners, of_ring, np.full((len(corners), 1), _HALF))
    return points, of_shape[of_part[of_point]]


def _cut(corners: FloatArray, of_ring: NDArray[np.int64], by: FloatArray) -> tuple[FloatArray, NDArray[np.int64]]:
    """Two points for each corner of rings, and the ring of each: ``by`` [n, 1] px before it and behind it."""
    # The last vertex of a ring is its first.
    count = int(of_ring.max(initial=-1)) + 1
    first = np.searchsorted(of_ring, np.arange(count))
    last = np.searchsorted(of_ring, np.arange(count), side="right") - 1
    before, after = np.roll(corners, 1, axis=0), np.roll(corners, -1, axis=0)
    before[first], after[last] = corners[last - 1], corners[first + 1]
    points = np.stack([corners + by * np.sign(before - corners), corners + by * np.sign(after - corners)], axis=1)
    points[last] = points[first]
    # The second point of the closing vertex would go on into the second round.
    kept = np.ones(points.shape[:2], bool)
    kept[last, 1] = False
    return points[kept], np.repeat(of_ring, 2)[kept.ravel()]


def smooth(shapes: Shapes, body: NDArray[np.int64]) -> Shapes:
    """Cut the corners of outlines without changing the area of any by more than 1 %.

    A body's outline is moved outwards by what the corners took (less than 0.15 px). Parts of one body share outlines,
    which must stay shared: there less is cut instead, as much as the smallest part bears.

    Args:
        shapes: MultiPolygons [n] as `cut_corners` takes them.
        body: The body that each is part of, int64 [n]; all parts of a body must be there. Negative: to be left alone.

    Returns:
        Valid MultiPolygons [n] that overlap nowhere.
    """
    left = body < 0
    if left.all():
        return shapes
    if left.any():
        made = shapes.copy()
        made[~left] = smooth(shapes[~left], body[~left])
        return made
    area = shapely.area(shapes)
    loss = np.abs(area - shapely.area(cut_corners(shapes)))
    bearable = np.sqrt(np.minimum(1, 0.99 * _AREA_SHARE * area / np.maximum(loss, 1e-9)))
    _, index, parts = np.unique(body, return_inverse=True, return_counts=True)
    least = np.ones(len(parts))
    np.minimum.at(least, index, bearable)
    alone = parts[index] == 1
    smoothed = cut_corners(shapes, np.where(alone, _HALF, _HALF * least[index]))
    smoothed[alone] = _grown(smoothed[alone], area[alone])
    return multi(smoothed)


def _grown(shapes: Shapes, area: NDArray[np.float64]) -> Shapes:
    """Outlines moved outwards or inwards until they enclose ``area``."""
    distance = np.zeros(len(shapes))
    grown = shapes
    for _ in range(_ROUNDS):
        distance += (area - shapely.area(grown)) / shapely.length(grown)
        grown = shapely.buffer(shapes, distance, join_style="mitre")
    return grown  # type: ignore[no-any-return]


def simplify(shapes: Shapes, cell: tuple[float, float], tolerance: float) -> Shapes:
    """Drop vertices that deviate by less than ``tolerance`` metres (Douglas and Peucker 1973); MultiPolygons [n].

    Args:
        shapes: MultiPolygons [n], pixel coordinates.
        cell: Width and height of a pixel, metres.
        tolerance: Metres.
    """
    metres = np.array(cell)
    simple = shapely.simplify(shapely.transform(shapes, lambda pixel: pixel * metres), tolerance)
    return shapely.transform(multi(simple), lambda xy: xy / metres)  # type: ignore[no-any-return]


def multi(shapes: Shapes) -> Shapes:
    """Valid MultiPolygons of what may be single, or broken; lines and points that a repair leaves are dropped."""
    made = shapes.copy()
    broken = ~shapely.is_valid(made)
    made[broken] = shapely.make_valid(made[broken])
    for i in np.flatnonzero(shapely.get_type_id(made) != shapely.GeometryType.MULTIPOLYGON):
        parts = shapely.get_parts(shapely.get_parts(made[i]))
        made[i] = shapely.MultiPolygon(list(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]))
    return made
