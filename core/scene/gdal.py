"""The one place that sets up GDAL: its cache is capped, and what it cannot open is explained."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import rasterio
from rasterio.errors import NotGeoreferencedWarning, RasterioError, RasterioIOError
from rasterio.io import DatasetReader

from ..errors import ScarpError

CACHE_BYTES = 96 * 2**20  # rasterio takes bytes; by itself GDAL would take 5 % of the machine's memory


_cache = CACHE_BYTES


@contextmanager
def limits(cache: int | None = None) -> Iterator[None]:
    """Cap GDAL's block cache inside this context, at ``cache`` bytes or what was said last.

    It nests: scenes and writers enter it as well, and leave the cap as they find it.
    """
    global _cache  # noqa: PLW0603 - GDAL has one cache a process
    before = _cache
    _cache = before if cache is None else cache
    try:
        # With several threads GDAL's JPEG 2000 driver passes a damaged image off as a sound one (GDAL 3.10).
        with rasterio.Env(GDAL_CACHEMAX=_cache, GDAL_NUM_THREADS=1):
            yield
    finally:
        _cache = before


def open_raster(path: str) -> DatasetReader:
    """Open a raster for reading.

    Raises:
        ScarpError: It is missing, damaged, no raster, or a container whose layers must be chosen.
    """
    if not path:
        raise ScarpError("A raster without a path was given: save the layer to a file first.")
    if not _is_virtual(path) and not Path(path).exists():
        raise ScarpError(f"The raster '{path}' does not exist. Was it moved or deleted? Choose it again.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)  # no CRS is an error of ours, said once
            dataset = rasterio.open(path)
    except RasterioIOError as error:
        raise ScarpError(
            f"'{path}' cannot be read as a raster ({short(error)}). Give a GeoTIFF, JPEG 2000 or another raster "
            "that GDAL reads; if it is one, it is damaged: copy or download it again."
        ) from error
    if dataset.count == 0:
        inside = dataset.subdatasets[:3]
        dataset.close()
        listed = f", such as {', '.join(inside)}" if inside else ""
        raise ScarpError(f"'{path}' holds no raster bands itself. Add the layers inside it{listed}.")
    return dataset


@contextmanager
def reading(path: str) -> Iterator[None]:
    """Turn what GDAL raises in the middle of a read into a `ScarpError` that names the file."""
    try:
        yield
    except RasterioError as error:
        raise ScarpError(
            f"'{path}' could not be read to its end ({short(error)}). The file is truncated or damaged: "
            "copy, download or export it again."
        ) from error


@contextmanager
def writing(path: str | Path) -> Iterator[None]:
    """Turn what goes wrong in writing into a `ScarpError`."""
    try:
        yield
    except RasterioError as error:
        raise ScarpError(
            f"'{path}' could not be written ({short(error)}). Is the disk full, or the folder read-only? "
            "Free some space or choose another folder."
        ) from error


def short(error: BaseException) -> str:
    """GDAL's own words, which rasterio keeps in the cause, on one line."""
    cause = error.__cause__ or error
    return re.sub(r"\s+", " ", str(cause)).strip().rstrip(".")[:200]


def _is_virtual(path: str) -> bool:
    return path.startswith(("/vsi", "<")) or ("://" in path) or (":" in path and not os.path.splitdrive(path)[0])
