"""Rasters in object stores that GDAL writes to: ``/vsis3/bucket/map.tif`` and its likes."""

from __future__ import annotations

import uuid
from contextlib import suppress
from pathlib import Path

import pyogrio
import rasterio.shutil
from affine import Affine

# Rasterio does not export the class that all of GDAL's own errors have in common.
from rasterio._err import CPLE_BaseError
from rasterio.errors import RasterioError
from rasterio.io import MemoryFile

from ..errors import ScarpError
from . import gdal

_ERRORS = (RasterioError, CPLE_BaseError)


def check(target: str) -> None:
    """Prove that ``target`` can be written, by a small object beside it that is deleted again.

    Raises:
        ScarpError: It cannot.
    """
    probe = f"{target.rpartition('/')[0]}/.scarp-{uuid.uuid4().hex}.tif"
    place = {"crs": "EPSG:32601", "transform": Affine(1, 0, 1, 0, -1, 1)}
    with MemoryFile(ext=".tif") as small:
        with small.open(driver="GTiff", width=1, height=1, count=1, dtype="uint8", **place):
            pass
        _copy(small.name, probe, target)
    with suppress(OSError, ValueError):  # whoever may write need not be allowed to delete
        pyogrio.vsi_unlink(probe)


def copy(local: Path, target: str) -> None:
    """Copy a GeoTIFF of this machine to ``target``, which shows when it is whole.

    Raises:
        ScarpError: It cannot be written.
    """
    _copy(str(local), target, target)


def _copy(source: str, target: str, named: str) -> None:
    try:
        with gdal.limits():
            rasterio.shutil.copyfiles(source, target)
    except _ERRORS as error:
        raise ScarpError(
            f"'{named}' cannot be written ({gdal.short(error)}). Check the name of the bucket and that you may write "
            "to it: GDAL takes the credentials from the environment (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY "
            "for /vsis3/)."
        ) from error
