from __future__ import annotations

import numpy as np
import pytest
import rasterio
from rasterio.transform import Affine

UTM = ("EPSG:32654", Affine(10, 0, 570000, 0, -10, 4730000))
DEGREES = ("EPSG:4326", Affine(9e-5, 0, 141.9, 0, -9e-5, 42.7))


def write_raster(path, array, grid=UTM, nodata=None, **options):
    array = np.asarray(array)
    stack = array if array.ndim == 3 else array[None]
    profile = {
        "driver": "GTiff",
        "count": len(stack),
        "height": stack.shape[1],
        "width": stack.shape[2],
        "dtype": stack.dtype,
        "crs": grid[0],
        "transform": grid[1],
        "nodata": nodata,
        **options,
    }
    with rasterio.open(path, "w", **profile) as raster:
        raster.write(stack)
    return str(path)


@pytest.fixture
def raster(tmp_path):
    """Writes an array as a GeoTIFF of 10 m in UTM, or on another grid, and gives its path."""

    def write(array, name="raster.tif", **options):
        return write_raster(tmp_path / name, array, **options)

    return write


@pytest.fixture
def degrees():
    """A geographic grid whose cells are 7.4 x 10 m."""
    return DEGREES
