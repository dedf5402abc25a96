"""Bands of one raster, read on another grid: directly where the cells coincide, else resampled lazily.

GDAL warps; bilinear interpolation to finer cells of the same CRS, by far the commonest case, is our own.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.vrt import WarpedVRT
from rasterio.warp import transform_bounds

from ..errors import ScarpError
from . import gdal
from .enlarging import Enlarged, enlarges
from .grid import Grid, Window, crs_name
from .raster import FloatArray, Raster

_TOLERANCE = 1e-3  # of a source pixel: how well GDAL places pixels between CRS
_WARP_MEMORY = 64  # MB
_WINDOW_ROWS = 768  # of the windows that inference reads, about


class Source:
    """Some bands of a raster on the grid of a scene.

    Args:
        raster: The file.
        bands: Numbers of its bands, from 1.
        grid: The grid to read on.
        resampling: Where the cells do not coincide.
        margin: Pixels beyond the grid that `read` may ask for.
        nodata: A stored value that means nodata although the file does not say so.

    Raises:
        ScarpError: The raster does not overlap the grid.
    """

    def __init__(
        self,
        raster: Raster,
        bands: Sequence[int],
        grid: Grid,
        resampling: Resampling,
        *,
        margin: int = 0,
        nodata: float | None = None,
    ) -> None:
        self.raster, self.bands, self.grid = raster, tuple(bands), grid
        self.resampling, self.margin = resampling, margin
        self.nodata = nodata
        self._check_overlap()
        self.offset = aligned(raster.grid, grid)
        self._resampled: WarpedVRT | Enlarged | None = None
        if self.offset is None:
            own = resampling is Resampling.bilinear and enlarges(raster, self.bands, grid)
            self._resampled = Enlarged(raster, self.bands, grid, nodata) if own else self._warp()

    @property
    def warped(self) -> bool:
        """Whether values are resampled."""
        return self._resampled is not None

    @property
    def row_bytes(self) -> int:
        """Bytes of the blocks that a row of windows may touch over the width of the file.

        A cache for less serves nothing: what the next row of windows needs is dropped just before.
        """
        height, width = self.raster.grid.shape
        total = 0
        for band in self.bands:
            block = self.raster.dataset.block_shapes[band - 1][0]
            rows = (-(-_WINDOW_ROWS // block) + 1) * block  # as many as fit in, and a part on each side
            total += min(rows, height) * width * self.raster.dtype(band).itemsize
        return total

    def _check_overlap(self) -> None:
        here, there = self.grid.bounds, self.raster.grid.bounds
        box = there
        if self.raster.grid.crs != self.grid.crs:
            try:
                box = transform_bounds(self.raster.grid.crs, self.grid.crs, *there)
            except RasterioError as error:
                crs = f"from {crs_name(self.raster.grid.crs)} to {crs_name(self.grid.crs)}"
                raise ScarpError(
                    f"'{self.raster.name}' ({self.raster.path}) cannot be brought {crs}: {gdal.short(error)}. "
                    "Check its CRS."
                ) from error
        if not (box[0] < here[2] and here[0] < box[2] and box[1] < here[3] and here[1] < box[3]):
            found, scene = (", ".join(f"{v:.8g}" for v in b) for b in (box, here))
            raise ScarpError(
                f"'{self.raster.name}' ({self.raster.path}) does not overlap the scene: it covers {found}, the scene "
                f"{scene} (xmin, ymin, xmax, ymax in {crs_name(self.grid.crs)}). Give rasters of one place, or check "
                "their CRS."
            )

    def _warp(self) -> WarpedVRT:
        target = self.grid.part(self.grid.window.grow(self.margin))
        # The share of a target cell in a source cell, fixed: GDAL would guess it anew for each window.
        source, cell = self.raster.grid, self.grid.cell_size(self.grid.height // 2)
        native = source.cell_size(source.height // 2)
        with gdal.reading(self.raster.path):
            return WarpedVRT(
                self.raster.dataset,
                src_nodata=self.raster.dataset.nodata if self.nodata is None else self.nodata,
                crs=target.crs,
                transform=target.transform,
                width=target.width,
                height=target.height,
                resampling=self.resampling,
                dtype="float32",
                nodata=np.nan,
                tolerance=_TOLERANCE,
                warp_mem_limit=_WARP_MEMORY,
                UNIFIED_SRC_NODATA="NO",
                XSCALE=repr(native[0] / cell[0]),
                YSCALE=repr(native[1] / cell[1]),
            )

    def read(self, window: Window, out: FloatArray | None = None) -> FloatArray:
        """Stored values as float32 [len(bands), h, w], NaN where invalid or outside the file.

        Args:
            window: In the scene's grid, at most ``margin`` pixels beyond it.
            out: Where they may be read to, of this shape and contiguous, to save a copy; they need not be.
        """
        if isinstance(self._resampled, Enlarged):
            return self._resampled.read(window)
        if self._resampled is not None:
            values = np.full((len(self.bands), *window.shape), np.nan, dtype=np.float32)
            self._read_warped(self._resampled, window.shift(self.margin, self.margin), values)
            return values
        moved = window.shift(*(self.offset or (0, 0)))
        inside = moved.clip(*self.raster.grid.shape)
        if inside.empty:
            return np.full((len(self.bands), *window.shape), np.nan, dtype=np.float32)
        part = self.raster.read(self.bands, inside, out if inside == moved else None)
        if self.nodata is not None:
            part[part == np.float32(self.nodata)] = np.nan
        if inside == moved:
            return part
        values = np.full((len(self.bands), *window.shape), np.nan, dtype=np.float32)
        values[(slice(None), *inside.slices(moved))] = part
        return values

    def always_valid(self, window: Window) -> bool:
        """Whether no pixel of a window can be invalid, so that nobody has to look."""
        if self._resampled is not None or self.nodata is not None:
            return False
        moved = window.shift(*(self.offset or (0, 0)))
        inside = moved.clip(*self.raster.grid.shape) == moved
        return inside and all(self.raster.always_valid(band) for band in self.bands)

    def _read_warped(self, vrt: WarpedVRT, window: Window, values: FloatArray) -> None:
        # Within its tolerance GDAL places pixels anew for each request: asking for whole blocks only makes every
        # window see the same pixels.
        height, width = vrt.block_shapes[0]
        for row in range(window.row // height * height, window.row + window.height, height):
            for col in range(window.col // width * width, window.col + window.width, width):
                block = Window(row, col, height, width).clip(*vrt.shape)
                part = block.intersect(window)
                with gdal.reading(self.raster.path):
                    stored = vrt.read(list(self.bands), window=block.to_rasterio(), out_dtype="float32")
                values[(slice(None), *part.slices(window))] = stored[(slice(None), *part.slices(block))]
        values[np.isinf(values)] = np.nan

    def close(self) -> None:
        """Drop the warped view; the raster stays open."""
        if self._resampled is not None:
            self._resampled.close()


def aligned(source: Grid, target: Grid) -> tuple[int, int] | None:
    """Row and column of ``target``'s first cell in ``source`` when their cells coincide (to 1/100 px), else None."""
    if source.crs != target.crs:
        return None
    s, t = source.transform, target.transform
    down, across = (t.f - s.f) / s.e, (t.c - s.c) / s.a
    row, col = round(down), round(across)
    # What a shift and a difference in cell size add up to at the far corner, in pixels.
    worst = max(
        abs(across - col) + abs(t.a / s.a - 1) * target.width, abs(down - row) + abs(t.e / s.e - 1) * target.height
    )
    return (row, col) if worst < 0.01 else None
