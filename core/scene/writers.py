"""Rasters that Scarp writes: tiled, compressed GeoTIFF, window by window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType

import numpy as np
import numpy.typing as npt
import rasterio
from rasterio.enums import ColorInterp
from rasterio.errors import RasterioError

from . import gdal
from .grid import Grid, Window

BLOCK = 256  # side of a tile in the file; windows aligned to it are written once


class RasterWriter:
    """A GeoTIFF being written, as a context; what is not written stays nodata.

    It is no more atomic than a file is: give it a path from `scarp.core.outputs.Outputs`.

    Args:
        path: The file, replaced when it exists.
        grid: Its grid; windows given to `write` are relative to it.
        names: One description a band.
        dtype: Of all bands.
        nodata: Of all bands; None: every value counts.
        tags: Metadata of the file.
        colormap: Value to (red, green, blue, alpha), for a single band of uint8.
        categories: Value to its meaning. GeoTIFF has no place of its own for it: stored as tags ``CATEGORY_n``.

    Raises:
        ScarpError: The file cannot be created or written (disk full), now or in `write` or at the end.
    """

    def __init__(
        self,
        path: str | Path,
        grid: Grid,
        names: Sequence[str],
        dtype: str,
        nodata: float | None,
        *,
        tags: Mapping[str, str] | None = None,
        colormap: Mapping[int, tuple[int, int, int, int]] | None = None,
        categories: Mapping[int, str] | None = None,
    ) -> None:
        self.path = Path(path)
        self.grid = grid
        self.names = tuple(names)
        floating = np.issubdtype(np.dtype(dtype), np.floating)
        self._profile = {
            "driver": "GTiff",
            "width": grid.width,
            "height": grid.height,
            "count": len(self.names),
            "dtype": dtype,
            "nodata": nodata,
            "crs": grid.crs,
            "transform": grid.transform,
            "tiled": True,
            "blockxsize": BLOCK,
            "blockysize": BLOCK,
            "compress": "deflate",
            # The last bits of floating-point values are noise: more effort takes twice as long and saves 2 %. Masks are
            # written twice as fast as well, and take a fiftieth of a byte a pixel more.
            "zlevel": 1 if floating or np.dtype(dtype).itemsize == 1 else 6,
            "predictor": 3 if floating else 2,
            "interleave": "band",
            "bigtiff": "IF_SAFER",
        }
        self._tags, self._colormap, self._categories = tags, colormap, categories
        self._stack = ExitStack()
        self._dataset: rasterio.io.DatasetWriter | None = None

    def __enter__(self) -> RasterWriter:
        with ExitStack() as stack:
            stack.enter_context(gdal.limits())
            with gdal.writing(self.path):
                self._dataset = stack.enter_context(rasterio.open(self.path, "w", **self._profile))
                self._describe(self._dataset)
            self._stack = stack.pop_all()
        return self

    def _describe(self, dataset: rasterio.io.DatasetWriter) -> None:
        if self._colormap:
            dataset.write_colormap(1, dict(self._colormap))  # GDAL takes it only before the first pixel
        else:
            dataset.colorinterp = [ColorInterp.gray] + [ColorInterp.undefined] * (len(self.names) - 1)
        dataset.descriptions = self.names
        if self._tags:
            dataset.update_tags(**self._tags)
        if self._categories:
            dataset.update_tags(1, **{f"CATEGORY_{value}": text for value, text in self._categories.items()})

    def write(self, window: Window, array: npt.NDArray[np.generic]) -> None:
        """Write [C,h,w] or, for one band, [h,w] at ``window`` of the writer's grid; cast to the file's dtype."""
        if self._dataset is None:
            raise ValueError("the writer is not open: use it in a with statement")
        stacked = array if array.ndim == 3 else array[None]
        if stacked.shape != (len(self.names), *window.shape):
            raise ValueError(f"array {array.shape} does not fit {len(self.names)} bands of {window}")
        with gdal.writing(self.path):
            self._dataset.write(stacked.astype(self._profile["dtype"], copy=False), window=window.to_rasterio())

    def tag(self, **tags: str) -> None:
        """Add metadata that is known only once the pixels are."""
        if self._dataset is None:
            raise ValueError("the writer is not open: use it in a with statement")
        self._dataset.update_tags(**tags)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._stack:
            dataset, self._dataset = self._dataset, None
            if dataset is None:
                return
            if kind is not None:
                with suppress(RasterioError):
                    dataset.close()
                return
            with gdal.writing(self.path):
                dataset.close()
                self._verify()

    def _verify(self) -> None:
        # GDAL writes late, and neither it nor rasterio says when the last blocks found the disk full.
        with rasterio.open(self.path) as dataset:
            for band in dataset.indexes:
                for row in range(0, dataset.height, BLOCK):
                    height = min(BLOCK, dataset.height - row)
                    dataset.read(band, window=Window(row, 0, height, dataset.width).to_rasterio())
