"""Polygons of their corners: all bodies at once, without a step in Python for any of them."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from .components import join
from .corners import Corners

IntArray = NDArray[np.int64]


def polygons_of(corners: Corners) -> NDArray[np.object_]:
    """The bodies that have these corners, in the order of their numbers.

    Edges of the pixels are followed from corner to corner, with the pixels of a body joined over their edges alone.

    Args:
        corners: All corners of some bodies, in any order.

    Returns:
        Valid MultiPolygons, pixel coordinates (x = column, y = row), integers, no vertex inside a straight edge.
    """
    _, body = np.unique(corners.body, return_inverse=True)
    following = _following(corners, body)
    start, ring, rank = _walk(following)
    order = np.lexsort((rank, ring))
    x, y = corners.col[order].astype(np.float64), corners.row[order].astype(np.float64)
    first = np.searchsorted(ring[order], np.arange(len(start)))
    length = np.diff(first, append=len(order))

    # Twice the signed area: outlines that run around a body one way run around its holes the other way.
    after = np.arange(1, len(order) + 1)
    after[first + length - 1] = first
    signed = np.add.reduceat(x * y[after] - x[after] * y, first)
    of_body, hole = body[order][first], signed < 0
    part = _parts(of_body, hole, np.abs(signed), corners.take(start), (x, y, np.repeat(np.arange(len(start)), length)))

    # The outline of each part comes first, then its holes.
    sequence = np.lexsort((hole, part))
    place = np.empty_like(sequence)
    place[sequence] = np.arange(len(sequence))
    placed = np.repeat(place, length)
    ordered = np.argsort(placed, kind="stable")
    rings = shapely.linearrings(np.stack([x, y], axis=1)[ordered], indices=placed[ordered])
    polygons = shapely.polygons(rings, indices=part[sequence])
    made: NDArray[np.object_] = shapely.multipolygons(polygons, indices=of_body[sequence][~hole[sequence]])
    return made


def _following(corners: Corners, body: IntArray) -> IntArray:
    """The corner after each, int64 [n]: along the row or the column, with the body on the right hand."""
    row, col = (values.astype(np.int64) - int(values.min()) for values in (corners.row, corners.col))
    rows, cols = int(row.max()) + 1, int(col.max()) + 1
    along_row = _partners(((body * rows + row) * cols + col) * 2 + corners.east)
    along_col = _partners(((body * cols + col) * rows + row) * 2 + corners.south)
    following = np.where(corners.leaves_along_row, along_row, along_col)

    # An outline that meets itself at a vertex is divided there: a hole that touches the outside by a corner is a hole.
    vertex = (body * rows + row) * cols + col
    order = np.argsort(vertex, kind="stable")
    twice = np.flatnonzero(vertex[order[1:]] == vertex[order[:-1]])
    one, other = order[twice], order[twice + 1]
    ring = _rings(following)
    same = ring[one] == ring[other]
    one, other = one[same], other[same]
    following[one], following[other] = following[other], following[one]
    return following


def _partners(key: IntArray) -> IntArray:
    """The other end of each corner's edge: in the order of their line, an edge begins, then it ends."""
    order = np.argsort(key, kind="stable")
    partner = np.empty_like(order)
    partner[order[::2]], partner[order[1::2]] = order[1::2], order[::2]
    return partner


def _rings(following: IntArray) -> IntArray:
    """The ring of each corner, int64 [n], from 0."""
    return join(np.stack([np.arange(len(following)), following], axis=1) + 1, len(following)).astype(np.int64) - 1


def _walk(following: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """First corner of each ring, and the ring and the place in it of each corner: list ranking by pointer jumping."""
    ring = _rings(following)
    _, start = np.unique(ring, return_index=True)
    # Steps to the end of the ring: the corner before its first.
    at_start = np.zeros(len(ring), bool)
    at_start[start] = True
    ends = at_start[following]
    ahead = np.where(ends, np.arange(len(ring)), following)
    steps = np.where(ends, 0, 1)
    moving = np.flatnonzero(~ends)
    while len(moving):
        target = ahead[moving]
        gained, further = steps[target], ahead[target]
        steps[moving] += gained
        ahead[moving] = further
        moving = moving[~ends[further]]
    return start, ring, steps.max(initial=0) - steps


def _parts(
    of_body: IntArray,
    hole: NDArray[np.bool_],
    size: NDArray[np.float64],
    starts: Corners,
    outlines: tuple[NDArray[np.float64], NDArray[np.float64], IntArray],
) -> IntArray:
    """The part that each ring belongs to, numbered body by body: a hole to the smallest outline of its body around it.

    Args:
        of_body: Body of each ring, int64 [rings].
        hole: Whether it is a hole.
        size: What it encloses.
        starts: A corner of each.
        outlines: x, y and ring of all corners, ring by ring.
    """
    shells = np.flatnonzero(~hole)
    shells = shells[np.argsort(of_body[shells], kind="stable")]
    part = np.full(len(of_body), -1)
    part[shells] = np.arange(len(shells))
    holes = np.flatnonzero(hole)
    several = np.bincount(of_body[shells]) > 1
    first = np.searchsorted(of_body[shells], of_body[holes])
    part[holes] = first  # right where a body has one outline
    holes = holes[several[of_body[holes]]]
    if len(holes):
        around = np.sort(shells[several[of_body[shells]] & np.isin(of_body[shells], of_body[holes])])
        x, y, ring = outlines
        wanted = np.isin(ring, around)
        areas = shapely.polygons(
            shapely.linearrings(x[wanted], y[wanted], indices=np.searchsorted(around, ring[wanted]))
        )
        points = shapely.points(*_inside(starts, holes))
        shell, point = shapely.STRtree(points).query(areas, predicate="contains")
        own = of_body[around[shell]] == of_body[holes[point]]
        shell, point = around[shell[own]], point[own]
        order = np.argsort(-size[shell], kind="stable")  # the smallest is written last
        part[holes[point[order]]] = part[shell[order]]
    return part


def _inside(starts: Corners, rings: IntArray) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The middle of a pixel of each hole that touches its outline: x, y."""
    corner = starts.take(rings)
    # Three pixels of the body leave the fourth to the hole; beside a single one, the hole is where the edge comes in.
    alone = corner.leaves_along_row == (corner.east == corner.south)
    east = corner.east ^ (alone & corner.leaves_along_row)
    south = corner.south ^ (alone & ~corner.leaves_along_row)
    return corner.col - 0.5 + east, corner.row - 0.5 + south
