"""Reading the files of a chip: Landslide4Sense's HDF5, PNG and TIFF."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable

import cv2
import h5py
import numpy as np
import rasterio
from numpy.typing import NDArray

from .. import bands as band_names

# Landslide4Sense stores each band divided by one constant (raw value over stored value in the released files).
L4S_NAMES = ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B09", "B10", "B11", "B12", "SLOPE", "DEM")
L4S_SCALES = (
    *(1111.81236406, 824.63171476, 663.41636217, 445.17289745, 645.8582926, 1547.73508126, 1960.44401001),
    *(1941.32229668, 674.07572865, 9.04787384, 1113.98338755, 519.90397929, 20.29228266, 772.83144788),
)
_L4S_SPECTRAL = 12


class ChipFileError(Exception):
    """One file of a data set cannot be used; the text says why. Collected into one message for the user."""


def read_h5_image(path: Path) -> NDArray[np.float32]:
    """A Landslide4Sense image as float32 [14, h, w]: whole-number DN, then degrees and metres."""
    stored = _dataset(path, "img", 3, lambda data: np.asarray(data[...], np.float64))
    if stored.shape[2] != len(L4S_NAMES):
        raise ChipFileError(f"{stored.shape[2]} bands instead of {len(L4S_NAMES)}")
    raw = stored * np.asarray(L4S_SCALES)
    raw[..., :_L4S_SPECTRAL] = np.rint(raw[..., :_L4S_SPECTRAL])
    return np.ascontiguousarray(raw.transpose(2, 0, 1), np.float32)


def h5_image_shape(path: Path) -> tuple[int, ...]:
    """[h, w, bands] of a Landslide4Sense image, without reading its pixels."""
    shape: tuple[int, ...] = _dataset(path, "img", 3, lambda data: tuple(data.shape))
    return shape


def read_h5_mask(path: Path) -> NDArray[np.uint8]:
    """A Landslide4Sense mask as uint8 [h, w], 0 or 1."""
    return _binary(_dataset(path, "mask", 2, lambda data: np.asarray(data[...])))


def picture_names(path: Path) -> tuple[tuple[str, ...], str]:
    """Canonical band names of a PNG or TIFF, and its radiometry: ``raw`` for photographs, else ``dn``."""
    if path.suffix.lower() == ".png":
        return band_names.RGB, "raw"
    with _open_raster(path) as source:
        count, is_photograph = source.count, source.dtypes[0] == "uint8" and source.count in (3, 4)
        names = [band_names.recognise(text or "") for text in source.descriptions]
    if is_photograph:
        return band_names.RGB, "raw"
    found = tuple(name for name in names if name)
    if len(set(found)) == count:
        return found, "dn"
    raise ChipFileError(
        f"{count} bands without names; describe each (B02, B03...), or use 8-bit pictures of red, green and blue"
    )


def read_picture(path: Path, count: int) -> NDArray[np.float32]:
    """The first ``count`` bands of a PNG or TIFF, float32 [count, h, w], as stored (red first); nodata is NaN."""
    if path.suffix.lower() == ".png":
        image = _decode(path, cv2.IMREAD_COLOR)
        return np.ascontiguousarray(image[..., ::-1].transpose(2, 0, 1)[:count], np.float32)
    with _open_raster(path) as source:
        if source.count < count:
            raise ChipFileError(f"{source.count} bands instead of {count}")
        return _measurements(source, list(range(1, count + 1)))


def read_picture_mask(path: Path) -> NDArray[np.uint8]:
    """A mask of two values (0 and anything else) as uint8 [h, w], 0 or 1."""
    return _binary(_single(path))


def read_dem(path: Path) -> NDArray[np.float32]:
    """Elevation as float32 [h, w], metres."""
    if path.suffix.lower() == ".png":
        return _single(path).astype(np.float32)
    with _open_raster(path) as source:
        return _measurements(source, 1)


def _single(path: Path) -> NDArray[Any]:
    if path.suffix.lower() == ".png":
        image = _decode(path, cv2.IMREAD_UNCHANGED)
        return image if image.ndim == 2 else image[..., 0]
    with _open_raster(path) as source:
        return _pixels(source, 1)


def _decode(path: Path, mode: int) -> NDArray[Any]:
    # Reading the bytes ourselves keeps non-ASCII paths working on Windows.
    image = cv2.imdecode(np.fromfile(path, np.uint8), mode) if path.stat().st_size else None
    if image is None:
        raise ChipFileError("it is damaged or no PNG")
    return image


def _open_raster(path: Path) -> rasterio.DatasetReader:
    try:
        return rasterio.open(path)
    except rasterio.errors.RasterioIOError as error:
        raise ChipFileError("it is damaged or no TIFF") from error


def _measurements(source: rasterio.DatasetReader, indexes: int | list[int]) -> NDArray[np.float32]:
    """Pixels as float32, NaN where they are nodata."""
    pixels = _pixels(source, indexes)
    values = pixels.astype(np.float32)
    if source.nodata is not None:
        values[pixels == source.nodata] = np.nan
    return values


def _pixels(source: rasterio.DatasetReader, indexes: int | list[int]) -> NDArray[Any]:
    try:
        pixels: NDArray[Any] = source.read(indexes)
    except rasterio.errors.RasterioIOError as error:
        raise ChipFileError("it is cut off or damaged") from error
    return pixels


def _dataset(path: Path, key: str, dimensions: int, read: Callable[[h5py.Dataset], Any]) -> Any:
    try:
        with h5py.File(path, "r") as file:
            if key not in file:
                raise ChipFileError(f"no data set '{key}' in it (found: {', '.join(file) or 'nothing'})")
            data = file[key]
            if data.ndim != dimensions:
                raise ChipFileError(f"'{key}' has {data.ndim} dimensions instead of {dimensions}")
            return read(data)
    except OSError as error:
        raise ChipFileError("it is cut off, damaged or no HDF5 file") from error


def _binary(mask: NDArray[Any]) -> NDArray[np.uint8]:
    values = np.unique(mask)
    if len(values) > 2 or (len(values) == 2 and values[0] != 0):
        raise ChipFileError(f"the mask holds {len(values)} values; 0 and one other are expected")
    binary: NDArray[np.uint8] = (mask > 0).astype(np.uint8)
    return binary
