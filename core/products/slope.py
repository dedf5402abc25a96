"""Slope of a DEM on the grid of a product."""

from __future__ import annotations

from contextlib import ExitStack, closing
from types import TracebackType

import numpy as np
from numpy.typing import NDArray
from rasterio.enums import Resampling

from ..errors import ScarpError
from ..scene import gdal, terrain
from ..scene.grid import Grid, Window
from ..scene.raster import Raster
from ..scene.source import Source


class Slope:
    """Slope as scenes compute it (`scarp.core.scene.terrain`), in windows of any grid, as a context.

    Args:
        dem: Raster of elevations in metres, on any grid that overlaps.
        grid: The grid that windows refer to.

    Raises:
        ScarpError: The DEM cannot be read, or does not overlap the grid.
    """

    def __init__(self, dem: str, grid: Grid) -> None:
        self._grid = grid
        self._sigma = terrain.smoothing_sigma(grid.cell_size(grid.height // 2))
        with ExitStack() as stack:
            stack.enter_context(gdal.limits())
            try:
                raster = stack.enter_context(closing(Raster(dem)))
                margin = terrain.halo(self._sigma)
                self._dem = stack.enter_context(
                    closing(Source(raster, raster.data_bands[:1], grid, Resampling.bilinear, margin=margin))
                )
            except ScarpError as error:
                raise ScarpError(f"DEM: {error}") from error
            self._scale, self._offset = raster.scaling(raster.data_bands[0])
            self._stack = stack.pop_all()

    def read(self, window: Window) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Slope in degrees, float32 [h, w] (0 where unknown), and where it is known, bool [h, w]."""
        wide = window.grow(self._dem.margin)
        height = self._dem.read(wide)[0] * np.float32(self._scale) + np.float32(self._offset)
        x_size, y_size = self._grid.cell_sizes(np.arange(wide.row, wide.row + wide.height))
        degrees = terrain.slope(height, x_size, y_size, self._sigma)[window.slices(wide)]
        known = np.isfinite(degrees)
        return np.where(known, degrees, np.float32(0)), known

    def __enter__(self) -> Slope:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()
