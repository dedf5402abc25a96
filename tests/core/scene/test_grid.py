from __future__ import annotations

import numpy as np
import pyproj
import pytest
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st
from rasterio.crs import CRS
from rasterio.warp import transform_bounds
from scarp.core.errors import ScarpError
from scarp.core.scene.grid import Grid, Window

GEOD = pyproj.Geod(ellps="WGS84")
DEGREE = 8.983152841195215e-05
UTM = Grid(CRS.from_epsg(32654), Affine(10, 0, 500000, 0, -10, 4700000), 300, 200)
GEOGRAPHIC = Grid(CRS.from_epsg(4326), Affine(DEGREE, 0, 141.89, 0, -DEGREE, 42.77), 900, 970)

windows = st.builds(Window, st.integers(-50, 50), st.integers(-50, 50), st.integers(0, 60), st.integers(0, 60))


@given(windows, windows)
def test_intersection_is_what_both_hold(a, b):
    def pixels(w):
        return {(r, c) for r in range(w.row, w.row + w.height) for c in range(w.col, w.col + w.width)}

    assert pixels(a.intersect(b)) == pixels(a) & pixels(b)


@given(windows, st.integers(0, 9))
def test_a_window_is_found_again_in_its_halo(window, pixels):
    wide = window.grow(pixels)
    rows, cols = np.mgrid[wide.row : wide.row + wide.height, wide.col : wide.col + wide.width]
    inner = window.slices(wide)
    assert rows[inner].shape == window.shape
    if not window.empty:
        assert rows[inner][0, 0] == window.row
        assert cols[inner][0, 0] == window.col


def test_geographic_cells_are_as_long_as_on_the_ellipsoid():
    for row in (0, 485, 969):
        x, y = GEOGRAPHIC.cell_size(row)
        latitude = 42.77 - DEGREE * (row + 0.5)
        assert x == pytest.approx(GEOD.inv(141.9, latitude, 141.9 + DEGREE, latitude)[2], rel=1e-7)
        assert y == pytest.approx(GEOD.inv(141.9, latitude - DEGREE / 2, 141.9, latitude + DEGREE / 2)[2], rel=1e-7)
    assert GEOGRAPHIC.gsd == pytest.approx((7.357 + 9.979) / 2, abs=2e-3)


def test_projected_cells_are_metres_in_every_unit():
    assert UTM.cell_size(7) == (10.0, 10.0)
    feet = Grid(CRS.from_epsg(2263), Affine(10, 0, 1e6, 0, -10, 2e5), 50, 50)
    assert feet.cell_size(0) == pytest.approx((10 * 1200 / 3937,) * 2, rel=1e-9)


def test_web_mercator_does_not_fool_the_cell_size():
    x, y = pyproj.Transformer.from_crs(4326, 3857, always_xy=True).transform(141.9, 42.7)
    size = Grid(CRS.from_epsg(3857), Affine(10, 0, x, 0, -10, y), 10, 10).cell_size(0)
    assert size == pytest.approx((7.36, 7.34), abs=0.02)


def test_part_keeps_every_pixel_where_it_was():
    part = UTM.part(Window(20, 30, 40, 50))
    assert (part.transform.c, part.transform.f) == (500300, 4699800)
    assert (part.height, part.width) == (40, 50)
    assert UTM.part(Window(-5, -5, 10, 10)).bounds == (499950, 4699950, 500050, 4700050)


def test_resolution_keeps_the_corner_and_covers_the_grid():
    coarse = GEOGRAPHIC.resampled(30)
    assert coarse.cell_size(coarse.height // 2) == pytest.approx((30, 30), rel=1e-4)
    assert (coarse.transform.c, coarse.transform.f) == (141.89, 42.77)
    assert coarse.bounds[1] <= GEOGRAPHIC.bounds[1]
    assert coarse.bounds[2] >= GEOGRAPHIC.bounds[2]


@given(st.integers(0, 199), st.integers(0, 299), st.integers(1, 200), st.integers(1, 300))
def test_the_extent_of_a_window_selects_that_window(row, col, height, width):
    window = Window(row, col, height, width).clip(*UTM.shape)
    assert UTM.window_of(UTM.part(window).bounds) == window


def test_an_extent_in_another_crs_covers_at_least_what_was_asked():
    asked = Window(50, 60, 80, 90)
    extent = transform_bounds(UTM.crs, "EPSG:4326", *UTM.part(asked).bounds)
    found = UTM.window_of(extent, "EPSG:4326")
    assert found.intersect(asked) == asked
    assert found.height <= asked.height + 4


def test_an_extent_outside_is_refused_with_both_boxes():
    with pytest.raises(ScarpError, match=r"EXTENT lies outside.*10, 20, 30, 40.*500000, 4698000.*EPSG:32654"):
        UTM.window_of((10, 20, 30, 40))
    with pytest.raises(ScarpError, match="EXTENT lies outside"):
        UTM.window_of((1.0, 42.0, 1.1, 42.1), "EPSG:4326")
    with pytest.raises(ScarpError, match="CRS of EXTENT"):
        UTM.window_of((500000, 4699000, 500100, 4699100), "EPSG:999999")
