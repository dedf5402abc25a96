"""Each step against an independent one on the whole array; masks are taller than the strips they are worked in."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from scarp.core.products import cleaning
from scarp.core.products.cleaning import Cleaning, Steps
from scarp.core.products.components import Components
from scarp.core.products.raster import mask_from_probability
from scarp.core.products.scratch import ScratchMask
from scarp.core.reporter import Reporter
from scarp.core.scene.grid import Grid
from scipy import ndimage
from skimage import filters, measure, morphology

ROWS = 24
EIGHT = np.ones((3, 3), bool)
GRID = Grid(None, None, 50, 130)
QUIET = Reporter()


@pytest.fixture(autouse=True)
def low_strips(monkeypatch):
    monkeypatch.setattr(cleaning, "STRIP_ROWS", ROWS)
    monkeypatch.setattr(cleaning, "Components", lambda *args, **options: Components(*args, rows=ROWS, **options))


@pytest.fixture(params=range(3))
def smooth(request):
    """A smooth random field, 0 to 1."""
    field = ndimage.gaussian_filter(np.random.default_rng(request.param).random(GRID.shape), 1.2)
    return (field - field.min()) / np.ptp(field)


@pytest.fixture
def start(tmp_path):
    """Steps on a valid mask, and functions that store and fetch a mask."""

    def begin(valid):
        store = ScratchMask(tmp_path / "valid.bits", *GRID.shape)
        store.append(valid)
        return Steps(GRID, store, tmp_path, np.full(GRID.height, 100.0))

    return begin


def stored(steps, mask):
    made = steps.new()
    for row in range(0, GRID.height, 17):
        made.append(mask[row : row + 17])
    return made


def whole(mask):
    return mask.read(0, GRID.height)


def test_a_scratch_mask_gives_back_its_rows_and_nothing_beyond(start, smooth):
    mask = stored(start(smooth >= 0), smooth > 0.5)
    np.testing.assert_array_equal(whole(mask), smooth > 0.5)
    np.testing.assert_array_equal(mask.read(-3, 10), np.pad(smooth > 0.5, ((3, 0), (0, 0)))[:10])
    np.testing.assert_array_equal(mask.read(125, 9), np.pad(smooth > 0.5, ((0, 9), (0, 0)))[125:134])


@pytest.mark.parametrize("connectivity", [4, 8])
def test_bodies_that_hold_a_seed_are_those_of_scikit_image(smooth, connectivity):
    bodies = Components(
        lambda row, height: (smooth >= 0.5)[row : row + height], *GRID.shape, connectivity=connectivity, rows=ROWS
    )
    bodies.keep(bodies.reaching(lambda row, height: (smooth >= 0.7)[row : row + height]))
    found = np.concatenate([labels for _, labels in bodies.strips()]) > 0
    # scikit-image's hysteresis joins over edges alone; over corners too, it is a reconstruction.
    expected = filters.apply_hysteresis_threshold(smooth, 0.5, 0.7 - 1e-12)
    if connectivity == 8:
        expected = morphology.reconstruction(smooth >= 0.7, smooth >= 0.5, footprint=EIGHT) > 0
    np.testing.assert_array_equal(found, expected)
    assert bodies.count == measure.label(found, connectivity=connectivity // 4).max()
    for region, body in zip(measure.regionprops(np.concatenate([b for _, b in bodies.strips()])), range(1, 99)):
        box = bodies.first_row[body], bodies.first_col[body], bodies.last_row[body] + 1, bodies.last_col[body] + 1
        assert box == region.bbox


def test_growing_is_hysteresis_over_corners(start, smooth):
    steps = start(smooth >= 0)
    grown = steps.grow(stored(steps, smooth >= 0.5), stored(steps, smooth >= 0.75), QUIET)
    expected = morphology.reconstruction(smooth >= 0.75, smooth >= 0.5, footprint=EIGHT) > 0
    np.testing.assert_array_equal(whole(grown), expected)


@pytest.mark.parametrize("kind", ["opening", "closing"])
def test_opening_and_closing_are_those_of_scipy(start, smooth, kind):
    mask = smooth > 0.5
    steps = start(np.ones_like(mask))
    found = whole(steps.morphology(stored(steps, mask), kind, QUIET))
    # Beyond the raster lies what neither takes from a body nor adds to it.
    if kind == "opening":
        expected = ndimage.binary_opening(np.pad(mask, 8, constant_values=True), np.ones((4, 4)))[8:-8, 8:-8] & mask
    else:
        wide = ndimage.binary_dilation(np.pad(mask, 8), np.ones((4, 4)))
        wide[:8], wide[-8:], wide[:, :8], wide[:, -8:] = True, True, True, True
        expected = ndimage.binary_erosion(wide, np.ones((4, 4)))[8:-8, 8:-8] | mask
    np.testing.assert_array_equal(found, expected)
    assert found.sum() != mask.sum()


@pytest.mark.parametrize("kind", ["opening", "closing"])
def test_opening_takes_closing_adds_and_neither_touches_nodata(start, smooth, kind):
    mask, valid = (smooth > 0.5), smooth[::-1] > 0.2
    steps = start(valid)
    once = steps.morphology(stored(steps, mask & valid), kind, QUIET)
    assert not (whole(once) & ~valid).any()
    if kind == "opening":
        assert not (whole(once) & ~mask).any()
    else:
        assert not (mask & valid & ~whole(once)).any()
    np.testing.assert_array_equal(whole(steps.morphology(once, kind, QUIET)), whole(once))


def test_holes_are_filled_below_a_size_and_only_where_they_are_enclosed_and_mapped(start, smooth):
    mask = (smooth < 0.4) | (smooth > 0.5)
    valid = np.ones_like(mask)
    valid[40:60, 10:20] = False
    steps = start(valid)
    found = whole(steps.fill_holes(stored(steps, mask & valid), 1000.0, QUIET))
    labels, count = ndimage.label(~(mask & valid))
    expected = mask & valid
    for hole in range(1, count + 1):
        where = labels == hole
        touches = where[0].any() or where[-1].any() or where[:, 0].any() or where[:, -1].any()
        if where.sum() < 10 and not touches and not (where & ~valid).any():
            expected = expected | where
    assert expected.sum() > (mask & valid).sum()
    np.testing.assert_array_equal(found, expected)


def slope_of(field):
    """A layer of slope; NaN in one corner."""
    values = field.astype(np.float32)
    values[:10, :10] = np.nan
    return lambda window: {"slope": values[window.row : window.row + window.height, window.col :][:, : window.width]}


def mean_of(values):
    known = values[np.isfinite(values)]
    return known.mean() if len(known) else np.nan


@pytest.mark.parametrize("rule", ["pixel", "body"])
def test_flat_ground_is_left_out_where_the_slope_is_known(raster, tmp_path, smooth, rule):
    slope = 60 * ndimage.gaussian_filter(smooth[:, ::-1], 3)
    path = tmp_path / "m.tif"
    options = Cleaning(0.6, min_slope=30, slope_rule=rule)
    result = mask_from_probability(raster(smooth.astype(np.float32)), path, options, QUIET, layers=[slope_of(slope)])
    with_gap = slope_of(slope)(GRID.window)["slope"]
    mask = smooth.astype(np.float32) >= np.float32(0.6)
    if rule == "pixel":
        expected = mask & ~(with_gap < 30)
    else:
        labels, count = ndimage.label(mask, EIGHT)
        flat = [n for n in range(1, count + 1) if mean_of(with_gap[labels == n]) < 30]
        expected = mask & ~np.isin(labels, flat)
        assert result["count"] == count - len(flat)
        assert 0 < len(flat) < count
    with rasterio.open(path) as written:
        np.testing.assert_array_equal(written.read(1) == 1, expected)
