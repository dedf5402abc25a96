"""What cannot be used is refused with a sentence that names the file and the fix."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from affine import Affine
from scarp.core.errors import ScarpError


@pytest.fixture
def band(make, dn):
    return make("B04.tif", dn((40, 40)))


def test_missing_file(tmp_path, refused):
    path = str(tmp_path / "B04.tif")
    assert re.search(f"{path}' does not exist", refused(bands=[path]))


def test_not_a_raster(tmp_path, refused):
    path = tmp_path / "B04.tif"
    path.write_text("these are words")
    assert re.search("B04.tif' cannot be read as a raster.*damaged", refused(bands=[str(path)]))


def test_no_crs(make, dn, refused):
    assert re.search("B04.tif.*has no CRS.*Assign", refused(bands=[make("B04.tif", dn((40, 40)), crs=None)]))


def test_no_position(make, dn, refused):
    path = make("B04.tif", dn((40, 40)), transform=Affine.identity())
    assert re.search("no position|no CRS", refused(bands=[path]))


@pytest.mark.parametrize(
    "transform",
    [Affine(10, 2, 500000, 2, -10, 4700000), Affine(10, 0, 500000, 0, 10, 4700000)],
    ids=["rotated", "flipped"],
)
def test_not_north_up(make, dn, refused, transform):
    assert "rotated or flipped" in refused(bands=[make("B04.tif", dn((40, 40)), transform=transform)])


def test_inputs_of_different_places(make, dn, band, refused):
    elsewhere = make("B03.tif", dn((40, 40)), corner=(600000, 4700000))
    message = refused(bands=[band, elsewhere], radiometry="dn")
    assert "'B03'" in message
    assert "does not overlap" in message
    assert "600000" in message
    heights = make("heights.tif", dn((40, 40)), corner=(600000, 4700000))
    for role in ("dem", "valid_mask"):
        assert "does not overlap" in refused(bands=[band], radiometry="dn", **{role: heights})


@pytest.mark.parametrize("nodata", [-9999, np.nan])
def test_dem_all_nodata(make, band, refused, nodata):
    dem = make("dem.tif", np.full((300, 300), nodata, np.float32), nodata=nodata)
    assert re.search("DEM 'dem'.*nodata only", refused(bands=[band], dem=dem, radiometry="dn"))


def test_a_dem_with_one_valid_pixel_between_the_samples_is_accepted(make, band, opened):
    dem = np.full((900, 900), -9999, np.float32)
    dem[85, 85] = 100
    assert "DEM" in opened(bands=[band], dem=make("dem.tif", dem, nodata=-9999), radiometry="dn").names


@pytest.mark.parametrize("nodata", [None, -9999])
def test_slope_in_percent(make, band, refused, nodata):
    slope = make("s.tif", np.full((40, 40), 120.0), nodata=nodata)
    assert "degrees" in refused(bands=[band], slope=slope, radiometry="dn")


@pytest.mark.parametrize("shape", [(1, 40), (40, 1)])
def test_one_pixel_wide_scene(make, dn, refused, shape):
    assert re.search("40 x 1|1 x 40", refused(bands=[make("B04.tif", dn(shape))], radiometry="dn"))


def test_one_pixel_wide_extent(band, refused):
    assert "EXTENT is 1 x 40" in refused(bands=[band], radiometry="dn", extent=[500100, 4699600, 500110, 4700000])


def test_extent_outside_the_scene(band, refused):
    assert "EXTENT lies outside" in refused(bands=[band], radiometry="dn", extent=[0, 0, 100, 100])


def test_nothing_given(refused):
    assert "BANDS" in refused(bands=[])


def truncated(make, dn, name="B04.tif"):
    path = Path(make(name, dn((400, 400)), tiled=True, blockxsize=128, blockysize=128, compress="deflate"))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return str(path)


def test_truncated_geotiff_is_named_when_it_is_read(make, dn, opened):
    path = truncated(make, dn)
    with pytest.raises(ScarpError, match=r"B04\.tif' .*(truncated|damaged)"):  # noqa: PT012 - where it shows is GDAL's choice
        scene = opened(bands=[path], radiometry="dn")
        scene.read(scene.window, ["B04"])


def test_truncated_geotiff_is_named_when_it_is_warped(make, dn, band, opened):
    fine = make("B03.tif", dn((800, 800)), cell=5)
    with pytest.raises(ScarpError, match=r"B08\.tif' .*(truncated|damaged)"):  # noqa: PT012
        scene = opened(bands=[fine, truncated(make, dn, "B08.tif")], radiometry="dn")
        scene.read(scene.window, ["B08"])


def test_a_refused_scene_leaves_no_file_open(make, dn, refused, band):
    import gc

    import rasterio

    refused(bands=[band, make("x.tif", dn((40, 40)))])
    gc.collect()
    still = [o for o in gc.get_objects() if isinstance(o, rasterio.io.DatasetReader) and not o.closed]
    assert not [dataset for dataset in still if dataset.name == band]
