"""One raster file as it is: where it lies, what its bands are called, and a bounded sample of its values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
from rasterio.enums import ColorInterp, MaskFlags
from rasterio.errors import RasterioError

from ..assign import texts
from ..errors import ScarpError
from . import gdal
from .grid import Grid, Window
from .product_metadata import Facts

FloatArray = npt.NDArray[np.float32]

_SAMPLES = 6  # a lattice of so many by so many windows
_SAMPLE_SIDE = 64  # pixels


class Raster:
    """An opened raster file.

    Attributes:
        path: As it was given.
        name: The layer's name, else the file's.
        dataset: Rasterio's.
        grid: Its own grid.
        facts: Metadata of the Sentinel-2 product that it belongs to, where it was opened as a part of one.

    Raises:
        ScarpError: It cannot be opened, has no CRS or position, is rotated, or holds complex numbers.
    """

    facts: Facts | None = None

    def __init__(self, path: str, name: str = "") -> None:
        self.path = path
        self.name = name or Path(path).stem
        self.dataset = gdal.open_raster(path)
        try:
            self.grid = self._grid()
        except ScarpError:
            self.dataset.close()
            raise

    def _grid(self) -> Grid:
        dataset = self.dataset
        transform = dataset.transform
        if not dataset.crs:
            raise ScarpError(
                f"'{self.name}' ({self.path}) has no CRS, so its place on the ground is unknown. Assign the right one "
                "(Raster > Projections > Assign projection), then try again."
            )
        if transform.is_identity:
            raise ScarpError(
                f"'{self.name}' ({self.path}) has a CRS but no position (no geotransform). Georeference it first "
                "(Layer > Georeferencer)."
            )
        if transform.b != 0 or transform.d != 0 or transform.a <= 0 or transform.e >= 0:
            raise ScarpError(
                f"'{self.name}' ({self.path}) is rotated or flipped (geotransform {tuple(transform)[:6]}); a north-up "
                "raster is needed. Warp it first (Raster > Projections > Warp), then try again."
            )
        if any(np.dtype(kind).kind == "c" for kind in dataset.dtypes):
            raise ScarpError(f"'{self.name}' ({self.path}) holds complex numbers. Give real-valued bands.")
        return Grid(dataset.crs, transform, dataset.width, dataset.height)

    def texts(self, band: int) -> tuple[str, ...]:
        """What may tell which band this is: its description and, for single bands, layer name and file name."""
        description = self.dataset.descriptions[band - 1] or ""
        return texts(description, self.name, self.path, alone=len(self.data_bands) == 1)

    @property
    def count(self) -> int:
        """How many bands it has, alpha included."""
        return int(self.dataset.count)

    def kind(self, band: int) -> str:
        """Name of the type of the stored values: ``uint8``."""
        return str(self.dataset.dtypes[band - 1])

    def colour(self, band: int) -> str:
        """``red``, ``green`` or ``blue`` where the file says so, else anything."""
        return str(self.dataset.colorinterp[band - 1].name)

    @cached_property
    def data_bands(self) -> tuple[int, ...]:
        """Numbers of the bands that are no alpha."""
        interpretation = self.dataset.colorinterp
        return tuple(i for i in self.dataset.indexes if interpretation[i - 1] is not ColorInterp.alpha)

    def dtype(self, band: int) -> np.dtype[np.generic]:
        """Of the stored values."""
        kind: np.dtype[np.generic] = np.dtype(self.dataset.dtypes[band - 1])
        return kind

    def scaling(self, band: int) -> tuple[float, float]:
        """Scale and offset that the file declares: value = stored * scale + offset."""
        return self.dataset.scales[band - 1], self.dataset.offsets[band - 1]

    def read(self, bands: Sequence[int], window: Window, out: FloatArray | None = None) -> FloatArray:
        """Stored values as float32 [len(bands), h, w], NaN where invalid; the window must lie in the file's grid.

        ``out``, of this shape and contiguous, is where to read them to; None: a new array.
        """
        values: FloatArray = np.empty((len(bands), *window.shape), np.float32) if out is None else out
        with gdal.reading(self.path):
            self.dataset.read(list(bands), window=window.to_rasterio(), out=values)
            for i, band in enumerate(bands):
                flags = self._flags[band - 1]
                if flags == [MaskFlags.nodata]:
                    values[i][values[i] == np.float32(self.dataset.nodatavals[band - 1])] = np.nan
                elif MaskFlags.all_valid not in flags:
                    values[i][self.dataset.read_masks(band, window=window.to_rasterio()) == 0] = np.nan
        if any(self.dtype(band).kind == "f" for band in bands):
            values[np.isinf(values)] = np.nan
        return values

    def always_valid(self, band: int) -> bool:
        """Whether no value of a band can be invalid: integers without nodata value, mask or alpha."""
        return self.dtype(band).kind in "iub" and self._flags[band - 1] == [MaskFlags.all_valid]

    @cached_property
    def _flags(self) -> list[list[MaskFlags]]:
        return list(self.dataset.mask_flag_enums)

    @cached_property
    def samples(self) -> dict[int, FloatArray]:
        """Valid stored values of each data band from all over the file, 1-D; bounded whatever its size.

        From an overview where there is a small one (JPEG 2000 decodes nothing else quickly), else from small windows.
        """
        shape = self._overview_shape()
        if shape is not None:
            parts = [self._decimated(shape)]
        else:
            parts = [self.read(self.data_bands, window) for window in self._sample_windows()]
        return {
            band: np.concatenate([part[i][np.isfinite(part[i])] for part in parts])
            for i, band in enumerate(self.data_bands)
        }

    def _overview_shape(self) -> tuple[int, int] | None:
        height, width = self.grid.shape
        shapes = [(height // f, width // f) for f in self.dataset.overviews(self.data_bands[0])]
        fitting = [shape for shape in shapes if min(shape) >= _SAMPLE_SIDE and shape[0] * shape[1] <= 2**20]
        return fitting[-1] if fitting else None

    def _decimated(self, shape: tuple[int, int]) -> FloatArray:
        bands = list(self.data_bands)
        with gdal.reading(self.path):
            values: FloatArray = self.dataset.read(bands, out_shape=(len(bands), *shape)).astype(np.float32)
            values[self.dataset.read_masks(bands, out_shape=(len(bands), *shape)) == 0] = np.nan
        return values

    def _sample_windows(self) -> Iterator[Window]:
        side = _SAMPLE_SIDE
        rows, cols = (sorted({int(v) for v in np.linspace(0, max(n - side, 0), _SAMPLES)}) for n in self.grid.shape)
        for row in rows:
            for col in cols:
                yield Window(row, col, side, side).clip(*self.grid.shape)

    def has_valid(self, band: int) -> bool:
        """Whether any pixel is valid; reads block by block until one is found."""
        if self.samples[band].size:
            return True
        height, width = self.dataset.block_shapes[band - 1]
        height, width = max(height, _SAMPLE_SIDE), max(width, _SAMPLE_SIDE)
        for row in range(0, self.grid.height, height):
            for col in range(0, self.grid.width, width):
                window = Window(row, col, height, width).clip(*self.grid.shape)
                if np.isfinite(self.read([band], window)).any():
                    return True
        return False

    def close(self) -> None:
        """Close the file."""
        try:
            self.dataset.close()
        except RasterioError as error:
            raise ScarpError(f"'{self.path}' could not be closed: {gdal.short(error)}.") from error
