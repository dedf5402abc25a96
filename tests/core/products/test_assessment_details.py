"""Intervals, sizes, slopes and outlines of an assessment."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from scarp.core.products.assessment import assess
from scarp.core.products.objects import SIZE_CLASSES
from scarp.core.reporter import Reporter
from scipy import ndimage, stats
from skimage import measure
from sklearn.metrics import f1_score

EIGHT = np.ones((3, 3), bool)


@pytest.fixture
def run(raster, tmp_path):
    def run(prediction, reference, **options):
        said = []
        found = assess(
            raster(prediction, "p.tif", **({"nodata": 255} if prediction.dtype == np.uint8 else {})),
            raster(reference, "r.tif"),
            area="",
            threshold=None,
            error_map_path=tmp_path / "errors.tif",
            reporter=Reporter(log=lambda level, text: said.append(text)),
            **{"min_area": 0.0, "resamples": 0, **options},
        )
        return found, said

    return run


def random_pair(seed, shape=(600, 90)):
    rng = np.random.default_rng(seed)
    true = ndimage.gaussian_filter(rng.random(shape), 2.5) > 0.51
    said = ndimage.shift(true.astype(float), (0.7, -0.4), order=1) + rng.normal(0, 0.1, shape) > 0.5
    said = said ^ (ndimage.gaussian_filter(rng.random(shape), 2) > 0.555)
    return said.astype(np.uint8), true.astype(np.uint8)


def test_blocks_hold_every_scored_pixel_once(run):
    said, true = random_pair(1)
    said[:130, :70] = 255
    found, _ = run(said, true, block=48)
    codes = np.array([[0, 3], [2, 1]])[np.minimum(said, 1), true]
    codes[said == 255] = 9
    expected = []
    for row in range(0, 600, 48):
        for col in range(0, 90, 48):
            block = codes[row : row + 48, col : col + 48]
            if (block < 9).any():
                expected.append([np.count_nonzero(block == code) for code in range(4)])
    np.testing.assert_array_equal(found.comparison.blocks, expected)


def test_intervals_are_those_of_scipys_bootstrap_over_blocks(run):
    said, true = random_pair(2)
    found, _ = run(said, true, block=30, resamples=2000)
    blocks = found.comparison.blocks
    assert len(blocks) == 60

    def f1(indices):
        _, tp, fp, fn = blocks[indices.astype(int)].sum(axis=0)
        return 2 * tp / (2 * tp + fp + fn)

    expected = stats.bootstrap(
        (np.arange(60),), f1, vectorized=False, method="percentile", n_resamples=2000, rng=np.random.default_rng(3)
    ).confidence_interval
    low, high = found.intervals["f1_landslide"]
    assert (low, high) == pytest.approx((expected.low, expected.high), abs=0.01)
    assert low < found.figures["f1_landslide"] < high
    assert found.figures["f1_landslide"] == pytest.approx(f1_score(true.ravel(), said.ravel()))


def test_an_interval_with_a_known_width(run):
    """Half of 100 blocks all right, half all wrong: the accuracy is a binomial share."""
    right = np.kron(np.random.default_rng(4).permutation(100).reshape(10, 10) < 50, np.ones((8, 8))).astype(np.uint8)
    found, _ = run(right, np.ones_like(right), block=8, resamples=4000)
    low, high = stats.binom.ppf((0.025, 0.975), 100, 0.5) / 100
    assert found.intervals["accuracy"] == pytest.approx((low, high), abs=0.011)


def test_too_few_blocks_give_no_interval_and_say_so(run):
    said, true = random_pair(5, (60, 60))
    found, log = run(said, true, block=32, resamples=100)
    assert found.intervals == {}
    assert any("only 4 blocks were scored, and 10 are needed" in text for text in log)


def test_bodies_by_size_are_those_of_scikit_image(run):
    said, true = random_pair(6)
    found, _ = run(said, true)
    labels = [measure.label(side, connectivity=2) for side in (said, true)]
    both = (labels[0] > 0) & (labels[1] > 0)
    pairs, shared = np.unique(np.stack([labels[0][both], labels[1][both]]), axis=1, return_counts=True)
    sizes = [np.bincount(side.ravel()) for side in labels]
    matched = pairs[:, shared / (sizes[0][pairs[0]] + sizes[1][pairs[1]] - shared) >= 0.3]
    for (low, high), counts in zip(SIZE_CLASSES, found.bodies.by_size):
        # A pixel of this grid has 100.08 m², so sizes are compared in pixels of that.
        in_class = [np.flatnonzero((size * 100.02 >= low) & (size * 100.02 < high)) for size in sizes]
        in_class = [numbers[numbers > 0] for numbers in in_class]
        assert (counts.predicted, counts.referenced) == tuple(map(len, in_class))
        assert (counts.confirmed, counts.found) == tuple(
            np.isin(numbers, side).sum() for numbers, side in zip(in_class, matched)
        )
    totals = found.bodies.objects
    assert totals.referenced == sum(counts.referenced for counts in found.bodies.by_size) > 20


def outline(mask):
    return mask & ~ndimage.binary_erosion(mask, border_value=1)


def test_outlines_are_as_far_apart_as_scipys_distance_transform_says(run):
    said, true = random_pair(7)
    found, _ = run(said, true)
    labels = [measure.label(side, connectivity=2) for side in (said, true)]
    both = (labels[0] > 0) & (labels[1] > 0)
    pairs, shared = np.unique(np.stack([labels[0][both], labels[1][both]]), axis=1, return_counts=True)
    sizes = [np.bincount(side.ravel()) for side in labels]
    matched = pairs[:, shared / (sizes[0][pairs[0]] + sizes[1][pairs[1]] - shared) >= 0.3]
    lines = [outline(side > 0) & np.isin(label, numbers) for side, label, numbers in zip((said, true), labels, matched)]
    distances = np.concatenate([10 * ndimage.distance_transform_edt(~lines[1 - side])[lines[side]] for side in (0, 1)])
    boundary = found.bodies.boundary
    assert boundary.pixels == len(distances)
    assert boundary.mean == pytest.approx(distances.mean(), rel=1e-3)
    assert boundary.p95 == pytest.approx(np.sort(distances)[int(np.ceil(0.95 * len(distances))) - 1], abs=0.11)


def test_a_square_shifted_by_a_pixel_and_one_that_is_the_same(run):
    true = np.zeros((1100, 40), np.uint8)
    true[500:530, 5:35] = 1  # across a cut between strips
    assert run(true, true)[0].bodies.boundary.mean == 0
    moved = np.roll(true, 1, axis=0)
    boundary = run(moved, true)[0].bodies.boundary
    # Of 116 outline pixels of each, the row that sticks out and the other one but for its ends lie a pixel off.
    assert boundary.pixels == 232
    assert boundary.p95 == pytest.approx(10, abs=0.1)
    assert boundary.mean == pytest.approx(10 * 58 / 116)
    far = np.roll(true, 35, axis=0)
    assert np.isnan(run(far, true)[0].bodies.boundary.mean)


def test_a_landslide_cut_off_by_the_scored_area_has_no_outline_there(run):
    true = np.ones((20, 20), np.uint8)
    said = true.copy()
    said[:, 10:] = 255
    assert run(said, true)[0].bodies.boundary.pixels == 0


def test_pixels_by_slope(run, raster):
    said, true = random_pair(8, (80, 90))
    _, x = np.mgrid[-20:100, -20:110]
    # Steeper and steeper to the east: the slope of a parabola.
    height = 0.5 * np.tan(np.radians(50)) / 900 * np.maximum(10 * x, 0) ** 2
    dem = height.astype(np.float32)
    dem[:, 80:] = np.nan
    place = ("EPSG:32654", rasterio.Affine(10, 0, 570000 - 200, 0, -10, 4730000 + 200))
    found, _ = run(said, true, dem=raster(dem, "dem.tif", grid=place))
    counts = found.comparison.by_slope
    codes = np.array([[0, 3], [2, 1]])[said, true]
    east = np.arange(90)
    slope = np.degrees(np.arctan(np.tan(np.radians(50)) / 900 * 10 * (east + 0.0)))
    slope[60:] = np.nan  # column 80 of the DEM
    assert counts[:, 0].sum() == 0
    assert counts[:, 1:].sum() == np.count_nonzero(codes)
    index = np.where(np.isnan(slope), 6, np.searchsorted([5, 15, 25, 35, 45], slope, side="right"))
    for number in range(7):
        # The smoothing of the slope moves the limits by less than a column.
        near = np.abs(slope[:, None] - [5, 15, 25, 35, 45]).min(axis=1) < 0.8
        sure = (index == number) & ~near
        unsure = near.sum() * 80
        here = [np.count_nonzero(codes[:, sure] == code) for code in (1, 2, 3)]
        assert (counts[number, 1:] >= here).all()
        assert counts[number, 1:].sum() <= sum(here) + unsure
