"""True areas and perimeters on the ellipsoid, whatever the coordinate reference system."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer


class Ruler:
    """Measures shapes given in one coordinate reference system (Karney's geodesic polygons, by pyproj).

    A system without an ellipsoid (a local engineering grid) is measured in its plane, in its own unit.

    Args:
        wkt: The coordinate reference system.
    """

    def __init__(self, wkt: str) -> None:
        crs = CRS.from_user_input(wkt)
        self._geod = crs.get_geod()
        self._unit = 1.0
        self._to_degrees: Transformer | None = None
        if self._geod is None or crs.geodetic_crs is None:
            self._geod = None
            self._unit = crs.axis_info[0].unit_conversion_factor if crs.axis_info else 1.0
        else:
            self._to_degrees = Transformer.from_crs(crs, crs.geodetic_crs.to_2d(), always_xy=True)

    def polygons(self, geometries: NDArray[np.object_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Area in m² and perimeter in m (holes included, as in QGIS) of (multi)polygons, float64 [n] each."""
        parts, of_geometry = shapely.get_parts(geometries, return_index=True)
        rings, of_part = shapely.get_rings(parts, return_index=True)
        coordinates, of_ring = shapely.get_coordinates(rings, return_index=True)
        x, y = self._degrees(coordinates[:, 0], coordinates[:, 1])
        bounds = np.searchsorted(of_ring, np.arange(len(rings) + 1))
        measured = [self._ring(x[start:end], y[start:end]) for start, end in zip(bounds[:-1], bounds[1:])]
        area, perimeter = np.array(measured).reshape(-1, 2).T
        hole = np.diff(of_part, prepend=-1) == 0
        area = np.where(hole, -np.abs(area), np.abs(area))
        index, count = of_geometry[of_part], len(geometries)
        area = np.bincount(index, area, minlength=count).astype(np.float64)
        return area, np.bincount(index, perimeter, minlength=count).astype(np.float64)

    def pixel_areas(self, transform: tuple[float, ...], width: int, height: int) -> NDArray[np.float64]:
        """Area in m² of the middle pixel of each row of a grid without rotation, float64 [height].

        Args:
            transform: The grid's affine transform (a, b, c, d, e, f): x = a col + c, y = e row + f.
            width: Columns of the grid.
            height: Rows of the grid.
        """
        a, _, c, _, e, f = transform[:6]
        left = c + a * (width // 2)
        edges = f + e * np.arange(height + 1)
        x, y = self._degrees(np.tile([left, left + a], height + 1), np.repeat(edges, 2))
        corners = np.array([0, 1, 3, 2, 0])
        return np.array([abs(self._ring(x[2 * row + corners], y[2 * row + corners])[0]) for row in range(height)])

    def _degrees(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
        if self._to_degrees is None:
            return x * self._unit, y * self._unit
        return self._to_degrees.transform(x, y)  # type: ignore[no-any-return]

    def _ring(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[float, float]:
        if self._geod is not None:
            return self._geod.polygon_area_perimeter(x, y)  # type: ignore[no-any-return]
        return float(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1])) / 2, float(np.hypot(np.diff(x), np.diff(y)).sum())
