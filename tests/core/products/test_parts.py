from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.crs import CRS
from rasterio.transform import Affine
from scarp.core.errors import ScarpError
from scarp.core.products.components import Components
from scarp.core.products.layers import probability_layer
from scarp.core.products.parts import Parts
from scarp.core.products.probability import Probability
from scarp.core.products.splitting import split_bodies
from scarp.core.reporter import Reporter
from scarp.core.scene.grid import Grid
from scipy import ndimage
from skimage import morphology, segmentation

QUIET = Reporter()


def bodies_of(mask, rows):
    return Components(lambda row, height: mask[row : row + height], *mask.shape, rows=rows)


def divided(mask, field, rows=512, depth=0.0, min_area=0.0):
    """Parts by a field [h, w], and their labels."""
    inside = np.pad(np.where(mask, field, -np.inf).astype(np.float32), ((1, 1), (0, 0)), constant_values=-np.inf)
    parts = Parts(
        bodies_of(mask, rows),
        lambda row, height: inside[row + 1 : row + 1 + height].copy(),
        depth=depth,
        pixel_areas=np.ones(len(mask)),
        min_area=min_area,
        width=mask.shape[1],
        reporter=QUIET,
    )
    return parts, np.concatenate([labels for _, labels in parts.strips()])


def same_partition(a, b):
    pairs = np.unique(np.stack([a.ravel(), b.ravel()]), axis=1)
    return len(np.unique(pairs[0])) == len(np.unique(pairs[1])) == pairs.shape[1]


def random_field(seed, shape=(60, 45)):
    rng = np.random.default_rng(seed)
    field = ndimage.gaussian_filter(rng.random(shape), 1.5)
    field = ((field - field.min()) / np.ptp(field)).astype(np.float32)
    return field, ndimage.gaussian_filter(rng.random(shape), 2.5) > 0.49


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10**6), rows=st.integers(1, 70), depth=st.sampled_from([0.0, 0.1, 0.3]))
def test_parts_do_not_depend_on_the_strips_and_fill_their_bodies(seed, rows, depth):
    field, mask = random_field(seed)
    field = np.round(field, 1)  # plateaus
    parts, labels = divided(mask, field, rows, depth)
    np.testing.assert_array_equal(labels > 0, mask)
    assert same_partition(labels, divided(mask, field, 512, depth)[1])
    assert parts.count == labels.max(initial=0)
    numbers = np.arange(1, parts.count + 1)
    for part, box in zip(numbers, ndimage.find_objects(labels)):
        assert (parts.first_row[part], parts.last_row[part] + 1) == (box[0].start, box[0].stop)
        assert (parts.first_col[part], parts.last_col[part] + 1) == (box[1].start, box[1].stop)
        assert ndimage.label(labels == part, np.ones((3, 3)))[1] == 1
    whole = np.concatenate([body for _, body in bodies_of(mask, 512).strips()])
    of_pixel = np.r_[0, parts.body_of(numbers)][labels]
    assert same_partition(of_pixel, whole)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("depth", [0.05, 0.2])
def test_what_divides_is_the_h_maxima_of_scikit_image(seed, depth):
    field, mask = random_field(seed)
    _, labels = divided(mask, field, 13, depth)
    inside = np.where(mask, field, -1.0)
    peaks = ndimage.label(morphology.h_maxima(inside, depth, footprint=np.ones((3, 3))) & mask, np.ones((3, 3)))[0]
    # One summit in each part, and as many parts.
    found = np.unique(np.stack([labels[peaks > 0], peaks[peaks > 0]]), axis=1)
    assert found.shape[1] == peaks.max() == labels.max()
    flooded = segmentation.watershed(-inside, peaks, connectivity=2, mask=mask)
    agree = np.mean([np.bincount(flooded[labels == n]).max() / np.sum(labels == n) for n in range(1, labels.max() + 1)])
    assert agree > 0.9  # pixels climb here, and are flooded there: they differ on slopes between two summits


def test_small_parts_join_the_neighbour_over_the_highest_saddle():
    field = np.array([[5, 1, 3, 2, 9, 9, 9]], np.float32)
    mask = np.ones_like(field, bool)
    assert divided(mask, field)[1].tolist() == [[1, 1, 2, 3, 3, 3, 3]] or divided(mask, field)[0].count == 3
    _, labels = divided(mask, field, min_area=2)
    assert labels[0, 2] == labels[0, 6] != labels[0, 0]
    assert divided(mask, field, min_area=99)[0].count == 1


@pytest.fixture
def two():
    """Two slides of 80 x 250 m that meet at a neck 20 m wide, and a bar that is one."""
    mask = np.zeros((60, 60), bool)
    mask[5:30, 5:13] = mask[5:30, 20:28] = True
    mask[16:18, 13:20] = True
    mask[40:48, 5:50] = True
    return mask


GRID = Grid(CRS.from_epsg(32654), Affine(10, 0, 570000, 0, -10, 4730000), 60, 60)


def split(bodies, kind, probability=None, grid=GRID):
    return split_bodies(bodies, grid, kind, probability, min_area=400.0, reporter=QUIET)


def test_slides_part_at_a_neck_and_a_bar_stays_whole(two):
    bodies = bodies_of(two, 512)
    parts = split(bodies, "shape")
    labels = next(parts.strips())[1]
    assert parts.count == 3
    assert len(np.unique(labels[40:48, 5:50])) == 1
    assert labels[10, 8] != labels[10, 24]
    assert parts.body_of(np.array([labels[10, 8]])) == parts.body_of(np.array([labels[10, 24]]))
    assert (parts.ends[labels[10, 8]], parts.last_row[labels[10, 8]]) == (29, 29)


def test_slides_part_where_the_probability_falls(two, raster):
    values = np.where(two, 0.9, 0.1).astype(np.float32)
    values[40:48, 24:30] = 0.55  # a valley in the bar, none in the neck
    values[two & (np.arange(60)[:, None] < 35)] = 0.9
    with Probability(raster(values)) as probability:
        parts = split(bodies_of(two, 512), "probability", probability_layer(probability))
        labels = next(parts.strips())[1]
    assert labels[44, 8] != labels[44, 45]
    with pytest.raises(ScarpError, match="SPLIT is 'probability', but there is no probability"):
        split(bodies_of(two, 512), "probability")


def test_thickness_is_measured_across_the_strips():
    tall = np.zeros((700, 40), bool)
    tall[450:580, 5:30] = True  # across the cut at row 512
    tall[580:584, 15:18] = tall[584:650, 5:30] = True
    grid = Grid(GRID.crs, GRID.transform, 40, 700)
    cut, whole = (
        np.concatenate([labels for _, labels in split(bodies_of(tall, rows), "shape", grid=grid).strips()])
        for rows in (512, 700)
    )
    assert cut.max() == 2
    assert same_partition(cut, whole)
