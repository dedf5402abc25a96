from __future__ import annotations

import resource
import signal

import numpy as np
import pytest
import rasterio
from affine import Affine
from rasterio.crs import CRS
from scarp.core.errors import ScarpError
from scarp.core.scene.gdal import CACHE_BYTES, limits
from scarp.core.scene.grid import Grid, Window
from scarp.core.scene.writers import RasterWriter

GRID = Grid(CRS.from_epsg(32654), Affine(10, 0, 500000, 0, -10, 4700000), 600, 520)


def test_what_is_written_is_read_back_and_the_rest_is_nodata(tmp_path):
    array = np.random.default_rng(0).normal(size=(2, 100, 600)).astype(np.float32)
    path = tmp_path / "out.tif"
    with RasterWriter(path, GRID, ["ndvi", "blur"], "float32", -9999, tags={"SCARP_RUN": "{}"}) as writer:
        writer.write(Window(300, 0, 100, 600), array)
        writer.tag(LATER="yes")
    with rasterio.open(path) as dataset:
        np.testing.assert_array_equal(dataset.read()[:, 300:400], array)
        assert (dataset.read()[:, :300] == -9999).all()
        assert dataset.descriptions == ("ndvi", "blur")
        assert (dataset.crs, dataset.transform, dataset.nodata) == (GRID.crs, GRID.transform, -9999)
        assert dataset.profile["tiled"]
        assert dataset.compression.value == "DEFLATE"
        assert {"SCARP_RUN": "{}", "LATER": "yes"}.items() <= dataset.tags().items()


def test_a_mask_has_its_colours_and_categories(tmp_path):
    path = tmp_path / "mask.tif"
    colours = {0: (255, 255, 255, 255), 1: (200, 30, 30, 255)}
    with RasterWriter(path, GRID, ["mask"], "uint8", 255, colormap=colours, categories={1: "landslide"}) as writer:
        writer.write(Window(0, 0, 2, 2), np.array([[0, 1], [1, 255]], np.uint8))
    with rasterio.open(path) as dataset:
        assert {k: v for k, v in dataset.colormap(1).items() if k in colours} == colours
        assert dataset.tags(1)["CATEGORY_1"] == "landslide"
        np.testing.assert_array_equal(dataset.read(1, window=((0, 2), (0, 2))), [[0, 1], [1, 255]])


def test_a_shape_that_does_not_fit_is_a_defect(tmp_path):
    with RasterWriter(tmp_path / "x.tif", GRID, ["a"], "uint8", None) as writer, pytest.raises(ValueError, match="fit"):
        writer.write(Window(0, 0, 2, 2), np.zeros((2, 3), np.uint8))


def test_a_folder_that_is_not_there(tmp_path):
    with (
        pytest.raises(ScarpError, match=r"x\.tif' could not be written"),
        RasterWriter(tmp_path / "no" / "x.tif", GRID, ["a"], "uint8", None),
    ):
        pass


@pytest.mark.parametrize("share", [0.1, 0.5, 0.97])
def test_a_full_disk_never_passes_for_success(tmp_path, share, capfd):
    """GDAL itself says nothing when the blocks that it kept back find no room."""

    def write(path):
        array = np.random.default_rng(0).random((520, 600), dtype=np.float32)
        with RasterWriter(path, GRID, ["a"], "float32", -9999) as writer:
            writer.write(GRID.window, array)

    write(tmp_path / "whole.tif")
    room = int((tmp_path / "whole.tif").stat().st_size * share)
    old, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, old[1]))
    try:
        with pytest.raises(ScarpError, match="Is the disk full"):
            write(tmp_path / "cut.tif")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
        signal.signal(signal.SIGXFSZ, handler)


def test_an_error_of_the_caller_comes_through(tmp_path):
    with pytest.raises(KeyError), RasterWriter(tmp_path / "x.tif", GRID, ["a"], "uint8", None):
        raise KeyError


def test_the_cache_is_capped_and_restored():
    from rasterio._env import get_gdal_config

    before = get_gdal_config("GDAL_CACHEMAX")
    with limits():
        with limits():
            pass
        assert get_gdal_config("GDAL_CACHEMAX") == CACHE_BYTES
    assert get_gdal_config("GDAL_CACHEMAX") == before
