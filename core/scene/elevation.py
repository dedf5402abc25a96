"""A DEM on the grid of a scene or a product: heights, and the slope derived from them, window by window."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

import numpy as np
import numpy.typing as npt
from rasterio.enums import Resampling

from ..errors import ScarpError
from . import gdal, terrain
from .grid import Grid, Window
from .raster import Raster
from .source import Source

FloatArray = npt.NDArray[np.float32]

_PIECE = 1024  # columns at once: `terrain.slope` needs a dozen float64 arrays, and windows may be a tile wide


def margin(grid: Grid) -> int:
    """Pixels beyond a window that its slope depends on; the `Source` must be able to read them beyond the grid."""
    return terrain.halo(_sigma(grid))


class Elevation:
    """Heights and slope on a grid.

    Args:
        source: A DEM band on ``grid``, with `margin`.
        grid: What windows refer to.
    """

    def __init__(self, source: Source, grid: Grid) -> None:
        self._source, self._grid = source, grid
        self._sigma = _sigma(grid)
        self._scale, self._offset = source.raster.scaling(source.bands[0])

    def height(self, window: Window) -> FloatArray:
        """Metres, float32 [h,w], NaN where unknown; ``window`` may reach `margin` pixels beyond the grid."""
        metres: FloatArray = self._source.read(window)[0]
        if (self._scale, self._offset) != (1, 0):
            metres *= np.float32(self._scale)
            metres += np.float32(self._offset)
        return metres

    def slope(self, window: Window) -> FloatArray:
        """Degrees, float32 [h,w], NaN where unknown; see `terrain.slope`. ``window`` lies inside the grid."""
        return self.height_and_slope(window)[1]

    def height_and_slope(self, window: Window) -> tuple[FloatArray, FloatArray]:
        """Both at once, which needs the DEM only once."""
        metres, degrees = np.empty(window.shape, np.float32), np.empty(window.shape, np.float32)
        for col in range(0, window.width, _PIECE):
            piece = Window(window.row, window.col + col, window.height, min(_PIECE, window.width - col))
            wide = piece.grow(self._source.margin)
            x_size, y_size = self._grid.cell_sizes(np.arange(wide.row, wide.row + wide.height))
            height, inner = self.height(wide), piece.slices(wide)
            metres[:, col : col + piece.width] = height[inner]
            degrees[:, col : col + piece.width] = terrain.slope(height, x_size, y_size, self._sigma)[inner]
        return metres, degrees


@contextmanager
def open_elevation(dem: str, grid: Grid) -> Iterator[Elevation]:
    """Open a DEM for windows of ``grid``.

    Args:
        dem: Raster of elevations in metres, on any grid that overlaps.
        grid: The grid that windows refer to.

    Raises:
        ScarpError: The DEM cannot be read, or does not overlap the grid.
    """
    with ExitStack() as stack:
        stack.enter_context(gdal.limits())
        try:
            raster = stack.enter_context(closing(Raster(dem)))
            source = Source(raster, raster.data_bands[:1], grid, Resampling.bilinear, margin=margin(grid))
        except ScarpError as error:
            raise ScarpError(f"DEM: {error}") from error
        yield Elevation(stack.enter_context(closing(source)), grid)


def _sigma(grid: Grid) -> tuple[float, float]:
    return terrain.smoothing_sigma(grid.cell_size(grid.height // 2))
