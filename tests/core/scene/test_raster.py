"""Samples: bounded, and true enough to decide by."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from rasterio.enums import Resampling
from scarp.core.scene.raster import Raster


@pytest.fixture
def large(make):
    rows, cols = np.mgrid[:1500, :1400]
    values = (rows + cols).astype(np.uint16)
    values[:, 700:] = 0
    return make("large.tif", np.stack([values, values + 7 * (values > 0)]).astype(np.uint16), nodata=0)


@pytest.mark.parametrize("overviews", [False, True])
def test_a_sample_is_small_spread_out_and_valid(large, overviews):
    if overviews:
        with rasterio.open(large, "r+") as dataset:
            dataset.build_overviews([2, 4, 8], Resampling.nearest)
    raster = Raster(large)
    samples = raster.samples
    raster.close()
    assert list(samples) == [1, 2]
    for band, values in samples.items():
        assert 0 < values.size < 200_000
        assert values.min() > 0
        assert values.min() < 200
        assert values.max() > 1900
        assert np.median(values) == pytest.approx(1100 + 7 * (band == 2), abs=120)


def test_one_valid_pixel_anywhere_is_found(make):
    values = np.zeros((700, 700), np.uint16)
    raster = Raster(make("empty.tif", values, nodata=0))
    assert not raster.has_valid(1)
    raster.close()
    values[111, 93] = 5
    raster = Raster(make("one.tif", values, nodata=0))
    assert raster.has_valid(1)
    raster.close()


def test_nodata_outside_the_dtype_is_harmless(make, tmp_path):
    path = make("a.vrt.tif", np.full((8, 8), 3, np.uint8))
    vrt = tmp_path / "a.vrt"
    vrt.write_text(
        '<VRTDataset rasterXSize="8" rasterYSize="8"><SRS>EPSG:32654</SRS>'
        "<GeoTransform>500000,10,0,4700000,0,-10</GeoTransform>"
        '<VRTRasterBand dataType="Byte" band="1"><NoDataValue>-9999</NoDataValue>'
        f"<SimpleSource><SourceFilename>{path}</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>"
    )
    raster = Raster(str(vrt))
    assert (raster.read([1], raster.grid.window) == 3).all()
    raster.close()
