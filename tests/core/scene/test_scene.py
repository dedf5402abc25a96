"""Reading: one grid, any window, true validity."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
import rasterio
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.enums import Resampling
from rasterio.warp import reproject, transform_bounds
from scarp.core.errors import ScarpError
from scarp.core.jobs import SceneInputs
from scarp.core.reporter import Reporter
from scarp.core.scene import Window, open_scene
from scipy.ndimage import map_coordinates

SIZE = (90, 110)


@pytest.fixture(scope="module")
def mixed(tmp_path_factory, dn, write_raster):
    """10 m band, 20 m band half a cell off, DEM on a geographic grid with a hole, SCL-like mask at 20 m."""
    folder = tmp_path_factory.mktemp("mixed")
    rng = np.random.default_rng(1)
    b04 = dn(SIZE)
    b04[:, :3] = 0
    b11 = dn((50, 60), 1)
    west, south, east, north = transform_bounds("EPSG:32654", "EPSG:4326", 499900, 4699000, 501200, 4700100)
    dem = rng.normal(300, 30, (60, 70)).astype(np.float32)
    dem[20:23, 30:34] = -9999
    scl = rng.choice([4, 5, 9], (45, 55), p=[0.5, 0.45, 0.05]).astype("uint8")
    return SceneInputs(
        bands=[
            write_raster(folder / "B04.tif", b04, nodata=0),
            write_raster(folder / "B11.tif", b11, cell=20, corner=(499995, 4700005)),
        ],
        dem=write_raster(
            folder / "dem.tif",
            dem,
            crs="EPSG:4326",
            corner=(west, north),
            cell=((east - west) / 70, (north - south) / 60),
            nodata=-9999,
        ),
        valid_mask=write_raster(folder / "SCL.tif", scl, cell=20),
        radiometry="dn",
    )


@pytest.fixture(scope="module")
def whole(mixed):
    with open_scene(mixed, Reporter()) as scene:
        return scene.read(scene.grid.window, scene.names)


def test_the_finest_band_gives_the_grid_and_what_is_resampled_is_said(mixed, log):
    with open_scene(mixed, log) as scene:
        assert (scene.grid.shape, scene.grid.gsd) == (SIZE, 10)
        assert scene.names == ("B04", "B11", "SLOPE", "DEM")
        assert [source["resampling"] for source in scene.sources if "bands" in source] == [
            "bilinear",
            "none",
            "bilinear",
        ]
    assert "B11 from 'B11' (20 m, EPSG:32654) is resampled" in log.text("info")
    assert "B04 from" not in log.text("info")


@given(st.integers(0, 88), st.integers(0, 108), st.integers(1, 60), st.integers(1, 60))
@settings(max_examples=40, deadline=None)
def test_any_window_is_a_slice_of_the_whole(mixed, whole, row, col, height, width):
    window = Window(row, col, height, width).clip(*SIZE)
    with open_scene(mixed, Reporter()) as scene:
        values, valid = scene.read(window, scene.names)
    inside = window.slices(Window(0, 0, *SIZE))
    np.testing.assert_array_equal(valid, whole[1][inside])
    np.testing.assert_allclose(values, whole[0][(slice(None), *inside)], rtol=1e-6, atol=1e-5)


def test_a_large_warped_dem_is_the_same_in_every_window(make, dn, opened):
    """GDAL alone is not: it places the pixels of each request anew, within its tolerance."""
    dem = np.random.default_rng(0).normal(300, 100, (150, 260)).astype(np.float32)
    dem = make("dem.tif", dem, crs="EPSG:4326", corner=(140.99, 42.46), cell=0.0005)
    scene = opened(bands=[make("B04.tif", dn((500, 1100)))], dem=dem, radiometry="dn")
    whole, valid = scene.read(scene.window, ["SLOPE", "DEM"])
    assert valid.mean() > 0.8
    for window in (Window(3, 5, 490, 1), Window(100, 400, 60, 700), Window(127, 511, 2, 2)):
        inside = (slice(None), *window.slices(scene.window))
        np.testing.assert_allclose(scene.read(window, ["SLOPE", "DEM"])[0], whole[inside], rtol=1e-6, atol=1e-6)


def test_warping_on_one_crs_is_rasterios_own_reproject(mixed, whole):
    with rasterio.open(mixed.bands[0].path) as grid, rasterio.open(mixed.bands[1].path) as dataset:
        expected = np.full(SIZE, np.nan, np.float32)
        reproject(
            dataset.read(1).astype(np.float32),
            expected,
            src_transform=dataset.transform,
            src_crs=dataset.crs,
            dst_transform=grid.transform,
            dst_crs=grid.crs,
            dst_nodata=np.nan,
            resampling=Resampling.bilinear,
        )
    values, valid = whole
    np.testing.assert_allclose(values[1][valid], expected[valid], rtol=1e-5)


def test_warping_between_crs_is_bilinear_at_the_exact_place(mixed, whole):
    """Closer than `rasterio.warp.reproject`, which places pixels to 1/8 of one only."""
    cols, rows = np.meshgrid(np.arange(SIZE[1]) + 0.5, np.arange(SIZE[0]) + 0.5)
    to_degrees = pyproj.Transformer.from_crs(32654, 4326, always_xy=True)
    x, y = to_degrees.transform(500000 + 10 * cols, 4700000 - 10 * rows)
    with rasterio.open(mixed.dem) as dataset:
        t, dem = dataset.transform, dataset.read(1).astype(float)
    dem[dem == -9999] = np.nan
    expected = map_coordinates(dem, [(y - t.f) / t.e - 0.5, (x - t.c) / t.a - 0.5], order=1)
    known = whole[1] & np.isfinite(expected)
    assert known.mean() > 0.8
    np.testing.assert_allclose(whole[0][3][known], expected[known], atol=0.05)


def test_validity_is_that_of_every_input_asked_for_or_not(mixed, whole):
    with open_scene(mixed, Reporter()) as scene:
        values, valid = scene.read(scene.window, ["B04"])
        none, same = scene.read(scene.window, [])
    np.testing.assert_array_equal(valid, whole[1])
    np.testing.assert_array_equal(same, whole[1])
    assert none.shape == (0, *SIZE)
    assert not valid[:, :3].any(), "nodata of B04"
    with rasterio.open(mixed.valid_mask) as dataset:
        cloud = np.kron(dataset.read(1) == 9, np.ones((2, 2), bool))
    assert not valid[cloud].any()
    assert 0.5 < valid.mean() < 0.97
    assert (values[:, ~valid] == 0).all()


def test_resolution_regrids_and_antialiases(make, opened, log):
    stored = np.zeros((60, 80), np.uint16)
    stored[::2] = 2000
    stored[1::2] = 1000
    scene = opened(bands=[make("B04.tif", stored)], radiometry="dn", resolution=40)
    assert scene.grid.shape == (15, 20)
    values, valid = scene.read(scene.window, ["B04"])
    assert valid.all()
    np.testing.assert_allclose(values[0, 2:-2], 1500, atol=1)
    assert "RESOLUTION 40 m" in log.text("info")


def test_resolution_of_the_grid_itself_changes_nothing(make, dn, opened):
    scene = opened(bands=[make("B04.tif", dn((20, 20)))], radiometry="dn", resolution=10)
    np.testing.assert_array_equal(scene.read(scene.window, ["B04"])[0][0], dn((20, 20)))


def test_extent_selects_a_window_of_the_same_grid(make, dn, opened):
    scene = opened(bands=[make("B04.tif", dn((50, 60)))], radiometry="dn", extent=[500100, 4699700, 500200, 4699900])
    assert (scene.grid.shape, scene.window) == ((50, 60), Window(10, 10, 20, 10))
    halo = scene.read(scene.window.grow(5), ["B04"])[0][0]
    np.testing.assert_array_equal(halo, dn((50, 60))[5:35, 5:25])


def test_shifted_and_smaller_rasters_on_one_lattice_are_not_resampled(make, dn, opened):
    scene = opened(
        bands=[make("B04.tif", dn((30, 30))), make("B03.tif", dn((10, 12), 1), corner=(500050, 4699900))],
        radiometry="dn",
    )
    values, valid = scene.read(scene.window, ["B03"])
    np.testing.assert_array_equal(values[0, 10:20, 5:17], dn((10, 12), 1))
    assert valid.sum() == 120


def test_zero_in_all_bands_is_nodata_but_a_dark_pixel_is_not(make, dn, opened):
    b03, b04 = dn((20, 20), 1), dn((20, 20), 2)
    b03[0], b04[0], b04[5] = 0, 0, 0
    scene = opened(bands=[make("B03.tif", b03), make("B04.tif", b04)], radiometry="dn")
    _, valid = scene.read(scene.window, ["B03"])
    assert not valid[0].any()
    assert valid[1:].all()


def test_undeclared_zeros_do_not_bleed_into_resampled_bands(make, dn, opened):
    fine, coarse = dn((40, 40)), np.full((20, 20), 3000, np.uint16)
    fine[:, :10], coarse[:, :5] = 0, 0
    scene = opened(bands=[make("B04.tif", fine), make("B11.tif", coarse, cell=20)], radiometry="dn")
    values, valid = scene.read(scene.window, ["B11"])
    assert not valid[:, :10].any()
    assert valid[:, 10:].all()
    np.testing.assert_array_equal(values[0, :, 10:], 3000)


def test_nan_and_infinite_pixels_are_invalid(make, opened):
    stored = np.full((20, 20), 0.3, np.float32)
    stored[3, 4], stored[5, 6], stored[7, 8] = np.nan, np.inf, -np.inf
    scene = opened(bands=[make("B04.tif", stored)])
    values, valid = scene.read(scene.window, ["B04"])
    assert sorted(zip(*np.nonzero(~valid))) == [(3, 4), (5, 6), (7, 8)]
    assert np.isfinite(values).all()


def test_a_mask_band_is_honoured(make, dn, opened):
    path = make("B04.tif", dn((20, 20)))
    with rasterio.open(path, "r+") as dataset:
        dataset.write_mask(np.arange(400).reshape(20, 20) % 3 > 0)
    _, valid = (scene := opened(bands=[path], radiometry="dn")).read(scene.window, ["B04"])
    np.testing.assert_array_equal(valid.ravel(), np.arange(400) % 3 > 0)


def test_a_given_slope_is_used_and_undeclared_nodata_found(make, dn, opened, log):
    slope = np.full((20, 20), 12.5, np.float32)
    slope[:4] = -9999
    scene = opened(bands=[make("B04.tif", dn((20, 20)))], slope=make("s.tif", slope), radiometry="dn")
    values, valid = scene.read(scene.window, ["SLOPE"])
    assert scene.names == ("B04", "SLOPE")
    np.testing.assert_array_equal(valid[:, 0], np.arange(20) >= 4)
    assert (values[0][valid] == 12.5).all()
    assert "-9999 without declaring it" in log.text("warning")


def test_slope_of_a_tilted_plane_on_a_geographic_grid(make, dn, opened):
    degree = 8.983152841195215e-05
    where = {"crs": "EPSG:4326", "corner": (141.89, 42.77), "cell": degree}
    x, y = opened(bands=[make("B04.tif", dn((40, 40)), **where)], radiometry="dn").grid.cell_size(20)
    rows, cols = np.mgrid[:40, :40]
    dem = (400 + 0.3 * cols * x - 0.4 * rows * y).astype(np.float32)
    scene = opened(bands=[make("B03.tif", dn((40, 40)), **where)], dem=make("dem.tif", dem, **where), radiometry="dn")
    values, valid = scene.read(scene.window, ["SLOPE", "DEM"])
    assert valid.all()
    np.testing.assert_allclose(values[0], np.degrees(np.arctan(0.5)), atol=0.01)
    np.testing.assert_array_equal(values[1], dem)


def test_a_14_band_stack_brings_its_own_slope_and_dem(make, opened):
    stored = np.random.default_rng(0).uniform(300, 3000, (3, 20, 20)).astype(np.float32)
    stored[1] /= 100
    scene = opened(bands=[make("s.tif", stored)], band_map="B04=1,SLOPE=2,DEM=3", radiometry="dn")
    values, _ = scene.read(scene.window, ["B04", "SLOPE", "DEM"])
    np.testing.assert_array_equal(values, stored)


def test_real_event_with_a_dem_on_another_grid(post, hokkaido, opened, log):
    scene = opened(bands=post, dem=str(hokkaido / "AW3D30_DSM.tif"))
    assert (scene.names, scene.grid.shape) == (("B02", "B03", "B04", "SLOPE", "DEM"), (970, 900))
    values, valid = scene.read(scene.window, ["B04", "SLOPE", "DEM"])
    assert valid.all()
    with rasterio.open(post[2]) as dataset:
        np.testing.assert_array_equal(values[0], dataset.read(1))
    assert 5 < values[1].mean() < 20
    assert values[1].max() < 60
    pre = opened(bands=[str(hokkaido / "pre" / f"S2_pre_B{n}.tif") for n in (2, 3, 4)])
    assert pre.read(pre.window, [])[1].mean() == pytest.approx(0.6, abs=0.1)


def test_nothing_usable_is_warned_about_at_the_end(make, dn, log):
    bands = [make("B04.tif", dn((20, 20)))]
    mask = make("cloud.tif", np.zeros((20, 20), np.uint8))
    with open_scene(SceneInputs(bands=bands, valid_mask=mask, radiometry="dn"), log) as scene:
        scene.read(Window(0, 0, 5, 5), ["B04"])
    assert "Not one pixel that was read is usable" in log.text("warning")


def test_asking_for_what_is_not_there(make, dn, opened):
    scene = opened(bands=[make("B04.tif", dn((20, 20)))], radiometry="dn")
    with pytest.raises(ScarpError, match=r"no B08, DEM\. It has B04"):
        scene.read(scene.window, ["B08", "DEM"])
    with pytest.raises(ValueError, match="not inside"):
        scene.read(Window(0, 0, 21, 20), ["B04"])
