"""A raster of one band, whoever made it, read window by window on its own grid or on another."""

from __future__ import annotations

import math
from contextlib import ExitStack, closing
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, MaskFlags, Resampling
from rasterio.vrt import WarpedVRT

from ..errors import ScarpError
from ..scene.gdal import limits, reading
from ..scene.grid import Grid, Window
from ..scene.raster import Raster

_Band = TypeVar("_Band", bound="Band")

_TOLERANCE = 0.01  # pixels by which GDAL may approximate a transformation


class Band:
    """A single-band raster, as a context. Values keep their own type, unlike those of a scene.

    Args:
        path: The raster.
        role: What the user calls it, for messages: ``PROBABILITY``, ``REFERENCE``, ...
        onto: Read it on this grid (nearest neighbour) instead of its own.

    Attributes:
        grid: The grid that windows refer to.
        dtype: NumPy type of the values.
        nodata: The value that means nodata, None where there is none.
        tags: The raster's GDAL metadata.

    Raises:
        ScarpError: It cannot be read, has several bands, no coordinate reference system, or is rotated.
    """

    def __init__(self, path: str | Path, role: str, onto: Grid | None = None) -> None:
        self.path, self.role = str(path), role
        with ExitStack() as stack:
            stack.enter_context(limits())
            try:
                raster = stack.enter_context(closing(Raster(self.path)))
            except ScarpError as error:
                raise ScarpError(f"{role}: {error}") from error
            if len(raster.data_bands) != 1:
                raise ScarpError(
                    f"{role}: '{path}' has {len(raster.data_bands)} bands, expected one. "
                    "Save the band that is meant as a raster of its own (Raster > Conversion > Translate)."
                )
            self.dtype = raster.dtype(1)
            self.nodata: float | None = raster.dataset.nodata
            self.tags: dict[str, str] = raster.dataset.tags()
            self.grid = onto or raster.grid
            self._dataset: Any = raster.dataset if onto is None else stack.enter_context(_warped(raster, onto))
            # Nodata is left to `read`, so that whoever knows better can change it.
            flags = set(self._dataset.mask_flag_enums[0])
            self._masked = not flags & {MaskFlags.nodata, MaskFlags.all_valid}
            self._stack = stack.pop_all()

    def read(self, window: Window) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        """The values [h, w] in the raster's own type, and where they are known: no nodata, not masked, finite."""
        with reading(self.path):
            values = self._dataset.read(1, window=window.to_rasterio())
            valid = np.ones(window.shape, bool)
            if self._masked:
                valid = self._dataset.read_masks(1, window=window.to_rasterio()) > 0
        if self.nodata is not None and not math.isnan(self.nodata):
            valid &= values != self.nodata
        if self.dtype.kind == "f":
            valid &= np.isfinite(values)
        return values, valid

    def __enter__(self: _Band) -> _Band:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()


def _warped(raster: Raster, grid: Grid) -> WarpedVRT:
    """The raster on another grid; what it does not cover is transparent."""
    return WarpedVRT(
        raster.dataset,
        crs=grid.crs,
        transform=grid.transform,
        width=grid.width,
        height=grid.height,
        resampling=Resampling.nearest,
        src_nodata=None,
        nodata=None,
        add_alpha=ColorInterp.alpha not in raster.dataset.colorinterp,
        tolerance=_TOLERANCE,
    )
