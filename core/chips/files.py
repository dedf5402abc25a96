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
    """A Landslide4Sense image as float32 [14, h, w]: whole-number DN, then degrees and metres; all finite."""
    stored = _dataset(path, "img", 3, lambda data: np.asarray(data[...], np.float64))
    if stored.shape[2] != len(L4S_NAMES):
        raise ChipFileError(f"{stored.shape[2]} bands instead of {len(L4S_NAMES)}")
    _require_finite(stored)
    raw = stored * np.asarray(L4S_SCALES)
    raw[..., :_L4S_SPECTRAL] = np.rint(raw[..., :_L4S_SPECTRAL])
    return np.ascontiguousarray(raw.transpose(2, 0, 1), np.float32)


def read_h5_mask(path: Path) -> NDArray[np.uint8]:
    """A Landslide4Sense mask as uint8 [h, w], 0 or 1."""
    return _binary(_dataset(path, "mask", 2, lambda data: np.asarray(data[...])))


def picture_names(path: Path) -> tuple[tuple[str, ...], str]:
    """Canonical band names of a PNG or TIFF, and its radiometry: ``raw`` for photographs, else ``dn``."""
    if path.suffix.lower() == ".png":
        return band_names.RGB, "raw"
    with _open_raster(path) as source:
        count, is_photograph = source.count, source.dtypes[0] == "uint8" and source.count in (3, 4)
        names = [band_names.described(text or "") for text in source.descriptions]
    if is_photograph:
        return band_names.RGB, "raw"
    found = tuple(name for name in names if name)
    if len(set(found)) == count:
        return found, "dn"
    raise ChipFileError(
        f"{count} bands without names; describe each (B02, B03...), or use 8-bit pictures of red, green and blue"
    )


def read_named(path: Path, names: tuple[str, ...]) -> NDArray[np.float32]:
    """A TIFF whose bands are described as ``names``, word for word; as `read_picture`."""
    with _open_raster(path) as source:
        found = tuple(text or "nameless" for text in source.descriptions)
        if found != names:
            raise ChipFileError(f"bands {', '.join(found)}, but the manifest says {', '.join(names)}")
        return _measurements(source, list(source.indexes))


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
    """A mask of 0 and 1, or of 0 and 255, as uint8 [h, w], 0 or 1."""
    return _binary(_single(path))


def read_label(path: Path) -> NDArray[np.uint8]:
    """A label that Scarp wrote, uint8 [h, w]: 0, 1 or 255 (not scored)."""
    label = _single(path)
    _require_values(label, (0, 1, 255), "0, 1 and 255 (not scored)")
    return label.astype(np.uint8)


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
    _require_finite(values, or_nan=True)
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
    high = 255 if (mask == 255).any() else 1
    _require_values(mask, (0, high), "0 and 1, or 0 and 255,")
    binary: NDArray[np.uint8] = (mask == high).astype(np.uint8)
    return binary


def _require_values(mask: NDArray[Any], allowed: tuple[int, ...], text: str) -> None:
    values = np.unique(mask)
    wrong = values[~np.isin(values, allowed)]
    if len(wrong):
        found = ", ".join(f"{value:g}" for value in values[:4])
        found += f", ... ({len(values)} values)" if len(values) > 4 else ""
        raise ChipFileError(f"the mask holds {found}; {text} are expected")


def _require_finite(values: NDArray[Any], *, or_nan: bool = False) -> None:
    wrong = np.isinf(values) if or_nan else ~np.isfinite(values)
    if wrong.any():
        raise ChipFileError(f"{np.count_nonzero(wrong)} of its values are {'infinite' if or_nan else 'not finite'}")
