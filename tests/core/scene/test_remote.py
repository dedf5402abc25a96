"""Outputs in an object store: whole or not at all, and refused before any work where they cannot be written."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin
from scarp.core import run
from scarp.core.cluster.fresh import is_done
from scarp.core.errors import ScarpError
from scarp.core.jobs import PolygonizeJob
from scarp.core.outputs import RASTER, VECTOR, Outputs


@pytest.fixture
def bucket(tmp_path, monkeypatch):
    """The folder in which the objects lie."""
    folder = tmp_path / "objects"
    folder.mkdir()
    program = [sys.executable, str(Path(__file__).with_name("bucket.py")), str(folder)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as server:
        settings = {
            "AWS_S3_ENDPOINT": f"127.0.0.1:{server.stdout.readline().strip()}",
            "AWS_HTTPS": "NO",
            "AWS_VIRTUAL_HOSTING": "FALSE",
            "AWS_NO_SIGN_REQUEST": "YES",
            "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
            "NO_PROXY": "127.0.0.1",
            "no_proxy": "127.0.0.1",
        }
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        yield folder
        server.kill()


def write(path):
    values = np.random.default_rng(0).random((1, 300, 400), np.float32)
    profile = {"driver": "GTiff", "count": 1, "height": 300, "width": 400, "dtype": "float32", "nodata": -9999}
    place = {"crs": "EPSG:32654", "transform": from_origin(500000, 4740000, 10, 10)}
    with rasterio.open(path, "w", **profile, **place) as raster:
        raster.write(values)
    return values[0]


def test_a_job_reads_from_and_writes_to_a_bucket(bucket, tmp_path):
    with Outputs() as outputs:
        values = write(outputs.stage("/vsis3/bucket/maps/p.tif", RASTER))
        assert list(bucket.iterdir()) == []  # nothing shows before the job has succeeded
    assert [path.name for path in bucket.iterdir()] == ["_bucket_maps_p_tif"]  # the probe is gone
    job = PolygonizeJob(probability="/vsis3/bucket/maps/p.tif", mask="/vsis3/bucket/maps/m.tif", min_area=0)
    assert not is_done(job)
    assert run(job, log=lambda *_: None)["MASK"] == job.mask
    with rasterio.open(job.mask) as mask:
        np.testing.assert_array_equal(mask.read(1), values >= 0.5)
    assert is_done(job)


def test_what_fails_leaves_nothing_in_the_bucket_and_on_this_machine(bucket, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)

    def fail(outputs):
        write(outputs.stage("/vsis3/bucket/p.tif", RASTER))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), Outputs() as outputs:
        fail(outputs)
    assert list(bucket.iterdir()) == []
    assert [path.name for path in tmp_path.iterdir()] == ["objects"]


def test_what_cannot_be_written_is_refused_before_any_work(bucket):
    with pytest.raises(ScarpError, match="credentials"), Outputs() as outputs:
        outputs.stage("/vsis3/bucket/denied/p.tif", RASTER)
    with pytest.raises(ScarpError, match="GeoTIFF alone"), Outputs() as outputs:
        outputs.stage("/vsis3/bucket/p.gpkg", VECTOR)
    with pytest.raises(ScarpError, match="unsupported format"), Outputs() as outputs:
        outputs.stage("/vsis3/bucket/p.png", RASTER)
    with pytest.raises(ScarpError, match="cannot be written"), Outputs() as outputs:
        outputs.stage("/vsicurl/http://127.0.0.1:9/p.tif", RASTER)
