"""Outlines of labelled bodies along pixel edges, strip by strip, in pixel coordinates (x = column, y = row)."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.features import shapes
from rasterio.transform import Affine
from shapely.geometry import shape


class Outlines:
    """Collects the pieces of bodies from strips, and gives a body out when its last row has been seen.

    Args:
        last_row: The last row of each body, int64 [count + 1] (`Components.last_row`).
    """

    def __init__(self, last_row: NDArray[np.int64]) -> None:
        self._last_row = last_row
        self._open: dict[int, list[shapely.Polygon]] = defaultdict(list)

    def add(self, row: int, labels: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
        """Add the strip that starts at ``row``; the bodies that end in it come back.

        Args:
            row: First row of the strip.
            labels: int32 [h, width], 0 or the number of the body.

        Returns:
            The numbers of the finished bodies, rising, int64 [n], and their outlines [n]: valid MultiPolygons with
            integer coordinates and no vertex inside a straight edge.
        """
        # Pieces are traced 4-connected: an 8-connected trace would cross itself at corners.
        traced = shapes(labels, mask=labels > 0, connectivity=4, transform=Affine.translation(0, row))
        for geometry, number in traced:
            self._open[int(number)].append(shape(geometry))
        end = row + labels.shape[0]
        numbers = np.array(sorted(n for n in self._open if self._last_row[n] < end), np.int64)
        pieces = [self._open.pop(n) for n in numbers]
        return numbers, _bodies(pieces)


def _bodies(pieces: list[list[shapely.Polygon]]) -> NDArray[np.object_]:
    bodies: NDArray[np.object_] = np.empty(len(pieces), object)
    for i, of_body in enumerate(pieces):
        bodies[i] = of_body[0] if len(of_body) == 1 else shapely.union_all(of_body)
    # A piece may touch itself at a corner.
    broken = ~shapely.is_valid(bodies)
    bodies[broken] = shapely.make_valid(bodies[broken])
    # The cuts between strips leave vertices on straight edges.
    bodies = shapely.simplify(bodies, 0)
    single = shapely.get_type_id(bodies) == shapely.GeometryType.POLYGON
    bodies[single] = [shapely.MultiPolygon([body]) for body in bodies[single]]
    return bodies
