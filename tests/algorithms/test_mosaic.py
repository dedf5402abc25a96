"""scarp:mosaic under qgis_process: files become one raster, in the order in which they were given."""

from __future__ import annotations

import json

import numpy as np
import pytest
from osgeo import gdal, osr

gdal.UseExceptions()


def write(path, value, x):
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(32654)
    raster = gdal.GetDriverByName("GTiff").Create(str(path), 60, 40, 1, gdal.GDT_Float32)
    raster.SetProjection(reference.ExportToWkt())
    raster.SetGeoTransform((x, 10, 0, 4740000, 0, -10))
    raster.GetRasterBand(1).SetNoDataValue(-9999)
    raster.GetRasterBand(1).WriteArray(np.full((40, 60), value, np.float32))
    return str(path)


@pytest.fixture
def paths(tmp_path):
    return [write(tmp_path / "a.tif", 0.2, 500000), write(tmp_path / "b.tif", 0.8, 500400)]


@pytest.mark.parametrize(("method", "middle"), [("max", 0.8), ("mean", 0.5), ("first", 0.2), ("latest", 0.8)])
def test_rasters_are_put_together(qgis_process, worker_python, paths, tmp_path, method, middle):
    output = str(tmp_path / "mosaic.tif")
    dates = "2018-09-08,2018-09-13" if method == "latest" else ""
    answer = qgis_process.run("mosaic", PROBABILITIES=paths, METHOD=method, DATES=dates, OUTPUT=output)
    assert answer.code == 0, answer.log
    assert answer.results["VALID_SHARE"] == 1
    raster = gdal.Open(output)
    values = raster.ReadAsArray()
    assert values.shape == (40, 100)
    np.testing.assert_allclose(values[0, [0, 50, 99]], [0.2, middle, 0.8], atol=1e-6)
    assert json.loads(raster.GetMetadata()["SCARP_RUN"])["job"] == "mosaic"


def test_what_is_wrong_is_said_before_a_worker_starts(qgis_process, paths, tmp_path):
    answer = qgis_process.run("mosaic", PROBABILITIES=paths, DATES="2018-09-08", OUTPUT=str(tmp_path / "m.tif"))
    assert answer.code != 0
    assert "DATES holds 1 dates, PROBABILITIES 2 rasters" in answer.log
    assert not (tmp_path / "m.tif").exists()
