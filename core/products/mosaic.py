"""Several probability rasters as one: put on one grid, and where they overlap, decided pixel by pixel."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType

import numpy as np
from numpy.typing import NDArray
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.warp import transform_bounds
from scipy.ndimage import distance_transform_edt

from ..errors import ScarpError
from ..reporter import Reporter
from ..scene import gdal
from ..scene.grid import Bounds, Grid, Window, crs_name
from ..scene.raster import Raster
from ..scene.source import Source

FloatArray = NDArray[np.float32]
BoolArray = NDArray[np.bool_]

REACH = 64
"""How far ``best`` looks for clouds and edges, pixels: farther away, one is as good as the other."""

_SPREAD = 50  # times the pixels of all rasters: a mosaic larger than that is of places far apart
_DENSIFY = 21  # points on each edge of an extent that is brought to another CRS
_SLACK = 1e-3  # pixels by which extents may miss the lattice; and how far resampled probabilities leave 0 to 1


class Mosaic:
    """Probability rasters on the grid of the first, as a context.

    Args:
        rasters: Single-band rasters of probabilities, open; they stay so.
        reporter: Told the grid, and what is resampled.

    Attributes:
        grid: CRS and cells of the first raster, as far as all of them reach.

    Raises:
        ScarpError: One cannot be brought to the CRS of the first, or they are too far apart.
    """

    def __init__(self, rasters: Sequence[Raster], reporter: Reporter) -> None:
        boxes = [_bounds(raster, rasters[0].grid) for raster in rasters]
        self.grid = _union(rasters[0].grid, boxes)
        _check_size(self.grid, rasters)
        self._stack = ExitStack()
        self._layers: list[_Layer] = []
        with ExitStack() as stack:
            stack.enter_context(gdal.limits())
            for raster, box in zip(rasters, boxes):
                source = Source(raster, [raster.data_bands[0]], self.grid, Resampling.bilinear, margin=REACH)
                stack.callback(source.close)
                if source.warped:
                    reporter.info(f"'{raster.name}' ({crs_name(raster.grid.crs)}) is resampled to the grid (bilinear).")
                self._layers.append(_Layer(source, _window(self.grid, box)))
            self._stack = stack.pop_all()
        reporter.info(
            f"Grid: {self.grid.width} x {self.grid.height} cells in {crs_name(self.grid.crs)}, those of "
            f"'{rasters[0].name}'."
        )

    def read(self, window: Window, method: str, order: Sequence[int]) -> tuple[FloatArray, BoolArray]:
        """The mosaic in a window of its grid.

        Args:
            window: Inside the grid.
            method: ``first`` (the first in ``order`` that is valid there), ``mean`` or ``max`` of those that are, or
                ``best``: the one that lies farthest from its next invalid pixel, be it a cloud or the scene's edge,
                up to `REACH` pixels; where several do, the first.
            order: Numbers of the rasters.

        Returns:
            Probability float32 [h, w], 0 where not valid, and validity bool [h, w].

        Raises:
            ScarpError: A valid value is no probability.
        """
        total, count = np.zeros(window.shape, np.float32), np.zeros(window.shape, np.float32)
        for number in order:
            layer = self._layers[number]
            if window.intersect(layer.window).empty:
                continue
            values, valid = layer.read(window, REACH if method == "best" else 0)
            if method == "mean":
                total[valid] += values[valid]
                count += valid
            elif method == "max":
                np.maximum(total, np.where(valid, values, 0), out=total)
                count[valid] = 1
            else:
                # What counts so far: 0 nothing, else how good it is. "first" is never bettered.
                quality = layer.quality(window) if method == "best" else valid.astype(np.float32)
                better = valid & (quality > count)
                total[better], count[better] = values[better], quality[better]
        known = count > 0
        if method == "mean":
            np.divide(total, count, out=total, where=known)
        return total, known

    def __enter__(self) -> Mosaic:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()


@dataclass
class _Layer:
    """One raster: how it is read, and the part of the grid where it is."""

    source: Source
    window: Window
    _reachable: BoolArray | None = None

    def read(self, window: Window, halo: int) -> tuple[FloatArray, BoolArray]:
        """Values float32 [h, w] and validity; what lies within ``halo`` is kept for `quality`."""
        wide = window.grow(halo)
        values = self.source.read(wide)[0]
        valid = np.isfinite(values)
        self._reachable = valid
        inside = window.slices(wide)
        values, valid = values[inside], valid[inside]
        low, high = (float(f(values, where=valid, initial=i)) for f, i in ((np.min, 0.0), (np.max, 1.0)))
        if low < -_SLACK or high > 1 + _SLACK:
            raise ScarpError(
                f"PROBABILITIES: '{self.source.raster.path}' holds values from {low:g} to {high:g}; probabilities lie "
                "between 0 and 1. Give the probability rasters that scarp:detect wrote."
            )
        return np.clip(values, 0, 1), valid

    def quality(self, window: Window) -> FloatArray:
        """Distance from each pixel of the window that was read last to the next invalid one, pixels, up to `REACH`."""
        valid = self._reachable
        if valid is None or valid.all():
            return np.full(window.shape, REACH, np.float32)
        distance = distance_transform_edt(valid)[window.slices(window.grow(REACH))]
        capped: FloatArray = np.minimum(distance, REACH).astype(np.float32)
        return capped


def _bounds(raster: Raster, grid: Grid) -> Bounds:
    """The extent of a raster in the CRS of ``grid``."""
    if raster.grid.crs == grid.crs:
        return raster.grid.bounds
    try:
        box = transform_bounds(raster.grid.crs, grid.crs, *raster.grid.bounds, densify_pts=_DENSIFY)
    except RasterioError as error:
        raise ScarpError(
            f"PROBABILITIES: '{raster.path}' cannot be brought from {crs_name(raster.grid.crs)} to "
            f"{crs_name(grid.crs)}: {gdal.short(error)}. Check its CRS."
        ) from error
    if not all(map(math.isfinite, box)):
        raise ScarpError(
            f"PROBABILITIES: '{raster.path}' lies outside of what {crs_name(grid.crs)} covers, the CRS of the first "
            "raster. Mosaic fewer of them, or put another one first."
        )
    return float(box[0]), float(box[1]), float(box[2]), float(box[3])


def _window(grid: Grid, box: Bounds) -> Window:
    """The cells of a grid that an extent touches; they may lie outside of it."""
    t = grid.transform
    col, row = math.floor((box[0] - t.c) / t.a + _SLACK), math.floor((box[3] - t.f) / t.e + _SLACK)
    right, bottom = math.ceil((box[2] - t.c) / t.a - _SLACK), math.ceil((box[1] - t.f) / t.e - _SLACK)
    return Window(row, col, bottom - row, right - col)


def _union(grid: Grid, boxes: Sequence[Bounds]) -> Grid:
    """The grid, as far as all extents reach."""
    windows = [_window(grid, box) for box in boxes]
    row, col = min(window.row for window in windows), min(window.col for window in windows)
    bottom = max(window.row + window.height for window in windows)
    right = max(window.col + window.width for window in windows)
    return grid.part(Window(row, col, bottom - row, right - col))


def _check_size(grid: Grid, rasters: Sequence[Raster]) -> None:
    given = sum(raster.grid.width * raster.grid.height * (raster.grid.gsd / grid.gsd) ** 2 for raster in rasters)
    if grid.width * grid.height > _SPREAD * given:
        raise ScarpError(
            f"PROBABILITIES lie so far apart that a mosaic of {grid.width} x {grid.height} cells would be nearly "
            "empty. Mosaic rasters of one event, and check their CRS."
        )
