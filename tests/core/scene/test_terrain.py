from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scarp.core.scene import terrain
from scipy.ndimage import gaussian_filter

SIGMA = (1.5, 1.5)


def plane(dx, dy, x_size, y_size, shape=(40, 50)):
    rows, cols = np.mgrid[: shape[0], : shape[1]]
    return (500 + dx * cols * x_size + dy * rows * y_size).astype(np.float32)


def sizes(x, y, rows=40):
    return np.full(rows, float(x)), np.full(rows, float(y))


@given(st.floats(-2, 2), st.floats(-2, 2), st.floats(5, 30), st.floats(5, 30), st.booleans())
@settings(max_examples=30, deadline=None)
def test_a_plane_has_its_slope_everywhere_also_beside_nodata(dx, dy, x, y, holes):
    dem = plane(dx, dy, x, y)
    dem[[0, -1]], dem[:, [0, -1]] = np.nan, np.nan
    if holes:
        dem[10:14, 20:29] = np.nan
    degrees = terrain.slope(dem, *sizes(x, y), SIGMA)
    expected = np.degrees(np.arctan(np.hypot(dx, dy)))
    np.testing.assert_allclose(degrees[np.isfinite(dem)], expected, atol=0.02)
    assert np.isnan(degrees[np.isnan(dem)]).all()


def test_inside_it_is_horns_formula_on_the_smoothed_dem():
    dem = np.random.default_rng(3).normal(300, 40, (40, 50)).astype(np.float32)
    z, x, y = gaussian_filter(dem.astype(float), SIGMA), 7.4, 10.0
    a, b, c = z[:-2, :-2], z[:-2, 1:-1], z[:-2, 2:]
    d, f = z[1:-1, :-2], z[1:-1, 2:]
    g, h, i = z[2:, :-2], z[2:, 1:-1], z[2:, 2:]
    east = ((c + 2 * f + i) - (a + 2 * d + g)) / (8 * x)
    south = ((g + 2 * h + i) - (a + 2 * b + c)) / (8 * y)
    expected = np.degrees(np.arctan(np.hypot(east, south)))
    halo = terrain.halo(SIGMA)
    inner = (slice(halo, -halo), slice(halo, -halo))
    np.testing.assert_allclose(
        terrain.slope(dem, *sizes(x, y), SIGMA)[inner],
        expected[halo - 1 : 1 - halo, halo - 1 : 1 - halo],
        rtol=1e-5,
        atol=1e-5,
    )


def test_high_mountains_cost_no_digits():
    dem = np.random.default_rng(5).integers(0, 200, (40, 50)).astype(np.float32)
    np.testing.assert_array_equal(
        terrain.slope(dem, *sizes(10, 10), SIGMA)[8:-8, 8:-8],
        terrain.slope(dem + 8000, *sizes(10, 10), SIGMA)[8:-8, 8:-8],
    )


@pytest.mark.parametrize("seed", range(3))
def test_beside_nodata_blocks_are_not_seen(seed):
    """What is computed block by block is what the whole array would give at once."""
    rng = np.random.default_rng(seed)
    dem = rng.normal(300, 5, (150, 190)).astype(np.float32)
    dem[rng.random(dem.shape) < 3e-4] = np.nan
    found = terrain.slope(dem, *sizes(10, 10, 150), SIGMA)
    known = np.isfinite(dem)
    down, across = terrain._horn_beside_nodata(np.where(known, dem, 0).astype(float), known.astype(float), SIGMA)
    expected = np.degrees(np.arctan(np.hypot(down, across) / 10))
    expected[~known] = np.nan
    inner = (slice(8, -8), slice(8, -8))
    np.testing.assert_allclose(found[inner], expected[inner], rtol=1e-5, atol=1e-4)


def test_nodata_far_away_changes_nothing_nearby():
    dem = np.random.default_rng(4).normal(300, 40, (40, 50)).astype(np.float32)
    whole = terrain.slope(dem, *sizes(10, 10), SIGMA)
    dem[:, :10] = np.nan
    halo = terrain.halo(SIGMA)
    np.testing.assert_allclose(
        terrain.slope(dem, *sizes(10, 10), SIGMA)[halo:-halo, 10 + halo : -halo],
        whole[halo:-halo, 10 + halo : -halo],
        rtol=1e-5,
    )


def test_smoothing_is_15_metres_whatever_the_cell():
    assert terrain.smoothing_sigma((10, 10)) == (1.5, 1.5)
    assert terrain.smoothing_sigma((7.5, 10)) == (1.5, 2.0)
    assert terrain.halo((1.5, 1.5)) == 7


def test_a_dem_without_a_valid_pixel_has_no_slope():
    assert np.isnan(terrain.slope(np.full((5, 5), np.nan, np.float32), *sizes(10, 10, 5), SIGMA)).all()


def test_a_lone_pixel_has_no_slope():
    dem = np.full((30, 30), np.nan, np.float32)
    dem[15, 15] = 100
    assert np.isnan(terrain.slope(dem, *sizes(10, 10, 30), SIGMA)).all()


def test_slope_is_degrees():
    assert terrain.slope(plane(1, 0, 10, 10), *sizes(10, 10), SIGMA)[20, 25] == pytest.approx(45, abs=0.01)
