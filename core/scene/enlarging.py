"""Bilinear interpolation onto finer cells of the same CRS, where rows and columns can be taken one after the other.

GDAL's warper gives the same values to the last bit but one, and takes ten times as long: it places and weighs every
pixel by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rasterio.enums import MaskFlags

from .grid import Grid, Window
from .raster import FloatArray, Raster

_FINE = 0.95  # cells of the target in one of the source, from which GDAL weighs four neighbours and no more
_NUDGE = 1e-10  # pixels by which GDAL moves a centre on before it looks up the cell that it lies in, if it is in any
_ROWS = 32  # interpolated at a time, so that they stay in the processor's cache

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True)
class _Axis:
    """Where pixels lie along one axis of the source.

    Attributes:
        low, high: The neighbours on both sides, counted from the first that is needed.
        after: Weight of ``high``, 0 to 1.
        nearest: The one that the pixel's centre lies in.
        inside: Whether the pixel's centre lies in the source.
        start, stop: What is needed of the source.
    """

    low: npt.NDArray[np.intp]
    high: npt.NDArray[np.intp]
    after: Doubles
    nearest: npt.NDArray[np.intp]
    inside: npt.NDArray[np.bool_]
    start: int
    stop: int


def enlarges(raster: Raster, bands: Sequence[int], grid: Grid) -> bool:
    """Whether `Enlarged` can stand for GDAL: one CRS, cells no coarser, and validity told by values alone."""
    s, t = raster.grid.transform, grid.transform
    simple = ([MaskFlags.all_valid], [MaskFlags.nodata])
    return (
        raster.grid.crs == grid.crs
        and min(s.a / t.a, s.e / t.e) >= _FINE
        and all(raster.dataset.mask_flag_enums[band - 1] in simple for band in bands)
    )


class Enlarged:
    """Bands of a raster on a finer grid of its CRS.

    Args:
        raster: The file.
        bands: Numbers of its bands, from 1.
        grid: The grid to read on.
        nodata: A stored value that means nodata although the file does not say so.
    """

    def __init__(self, raster: Raster, bands: Sequence[int], grid: Grid, nodata: float | None) -> None:
        self._raster, self._bands, self._nodata = raster, tuple(bands), nodata
        s, t = raster.grid.transform, grid.transform
        # First pixel's corner and step, in pixels of the source.
        self._rows = (t.f - s.f) / s.e, t.e / s.e
        self._columns = (t.c - s.c) / s.a, t.a / s.a

    def read(self, window: Window) -> FloatArray:
        """Stored values as float32 [bands, h, w], NaN where invalid or outside the file; any window of the grid.

        As GDAL has it for files of one band: where the cell that a pixel's centre lies in is valid, the pixel is the
        weighted mean of those of its four neighbours that are there and valid.
        """
        height, width = self._raster.grid.shape
        rows = _axis(*self._rows, window.row, window.height, height)
        columns = _axis(*self._columns, window.col, window.width, width)
        result: FloatArray = np.full((len(self._bands), *window.shape), np.nan, np.float32)
        if not rows.inside.any() or not columns.inside.any():
            return result
        needed = Window(rows.start, columns.start, rows.stop - rows.start, columns.stop - columns.start)
        stored = self._raster.read(self._bands, needed)
        if self._nodata is not None:
            stored[stored == np.float32(self._nodata)] = np.nan
        for band, out in zip(stored, result):
            known = np.isfinite(band)
            if known.all():
                _interpolate(band.astype(np.float64), rows, columns, out)
            else:
                _interpolate_known(band, known, rows, columns, out)
        result[:, ~rows.inside] = np.nan
        result[:, :, ~columns.inside] = np.nan
        return result

    def close(self) -> None:
        """Nothing is held but the raster, which stays open."""


def _axis(corner: float, step: float, first: int, count: int, length: int) -> _Axis:
    centres = corner + step * (np.arange(first, first + count) + 0.5)
    before = np.floor(centres - 0.5)
    low, high = (np.clip(before + side, 0, length - 1).astype(np.intp) for side in (0, 1))
    start = int(low.min())
    nearest = np.clip(np.floor(centres + _NUDGE), 0, length - 1).astype(np.intp)
    inside = (centres >= 0) & (centres + _NUDGE <= length)
    after = centres - 0.5 - before
    return _Axis(low - start, high - start, after, nearest - start, inside, start, int(high.max()) + 1)


def _interpolate(band: Doubles, rows: _Axis, columns: _Axis, out: npt.NDArray[np.floating]) -> None:
    """Interpolate between pixels that are all valid, in double precision as GDAL does."""
    # Not by an index in brackets, which would lay out the result column by column.
    across = np.take(band, columns.low, axis=1)
    across *= 1 - columns.after
    across += np.take(band, columns.high, axis=1) * columns.after
    room: Doubles = np.empty((2, min(_ROWS, len(out)), out.shape[1]))
    for row in range(0, len(out), _ROWS):
        part = slice(row, min(row + _ROWS, len(out)))
        above, below = room[:, : part.stop - part.start]
        after = rows.after[part, None]
        np.take(across, rows.low[part], axis=0, out=above, mode="clip")
        np.take(across, rows.high[part], axis=0, out=below, mode="clip")
        above *= 1 - after
        below *= after
        np.add(above, below, out=out[part], casting="same_kind")


def _interpolate_known(
    band: FloatArray, known: npt.NDArray[np.bool_], rows: _Axis, columns: _Axis, out: FloatArray
) -> None:
    total, weight = np.empty(out.shape), np.empty(out.shape)
    _interpolate(np.where(known, band, np.float32(0)).astype(np.float64), rows, columns, total)
    _interpolate(known.astype(np.float64), rows, columns, weight)
    valid = known[rows.nearest][:, columns.nearest]
    np.divide(total, weight, out=total, where=valid)
    out[:] = np.where(valid, total, np.nan)
