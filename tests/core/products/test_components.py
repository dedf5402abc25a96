from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scarp.core.products.components import Components
from scipy import ndimage

EIGHT = np.ones((3, 3))
MASKS = hnp.arrays(bool, hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=24))


def components(mask, **options):
    return Components(lambda row, height: mask[row : row + height], *mask.shape, **options)


def assembled(found):
    return np.concatenate([labels for _, labels in found.strips()])


def same_partition(a, b):
    """Two labellings that differ in the numbers at most."""
    pairs = np.unique(np.stack([a.ravel(), b.ravel()]), axis=1)
    return len(np.unique(pairs[0])) == len(np.unique(pairs[1])) == pairs.shape[1] and np.array_equal(a > 0, b > 0)


@settings(deadline=None, max_examples=200)
@given(mask=MASKS, rows=st.integers(1, 30))
def test_strips_of_any_height_give_the_bodies_of_scipy(mask, rows):
    expected, count = ndimage.label(mask, EIGHT)
    found = components(mask, rows=rows)
    labels = assembled(found)
    assert found.count == count
    assert same_partition(labels, expected)
    np.testing.assert_array_equal(found.pixels[1:], np.bincount(labels.ravel(), minlength=count + 1)[1:])
    for body in range(1, count + 1):
        assert found.last_row[body] == np.nonzero((labels == body).any(axis=1))[0].max()


def test_a_spiral_across_many_cuts_is_one_body():
    mask = np.zeros((41, 41), bool)
    for ring in range(0, 20, 2):
        mask[ring, ring : -ring or None] = mask[-1 - ring, ring : -ring or None] = True
        mask[ring : -ring or None, ring] = mask[ring : -ring or None, -1 - ring] = True
        mask[ring + 1, ring + 1] = True  # a corner joins each ring to the next
    assert components(mask, rows=3).count == 1


@settings(deadline=None)
@given(mask=MASKS, rows=st.integers(1, 30), minimum=st.integers(0, 30))
def test_small_bodies_go_by_their_true_area(mask, rows, minimum):
    heights = np.linspace(1, 3, mask.shape[0])
    expected, count = ndimage.label(mask, EIGHT)
    area = ndimage.sum_labels(np.broadcast_to(heights[:, None], mask.shape), expected, np.arange(1, count + 1))
    found = components(mask, rows=rows, pixel_areas=heights)
    np.testing.assert_allclose(np.sort(found.area[1:]), np.sort(area))

    found.drop_smaller(minimum)
    kept = np.isin(expected, 1 + np.nonzero(area >= minimum * 0.995)[0])
    assert same_partition(assembled(found), np.where(kept, expected, 0))
    assert len(found.area) == len(found.last_row) == found.count + 1

    at_once = components(mask, rows=rows, pixel_areas=heights, min_area=minimum)
    np.testing.assert_array_equal(assembled(at_once), assembled(found))
    for name in ("area", "pixels", "first_row", "last_row", "first_col", "last_col"):
        np.testing.assert_allclose(getattr(at_once, name)[1:], getattr(found, name)[1:])


@pytest.mark.parametrize("shape", [(1, 1), (1, 50), (50, 1)])
def test_thin_and_empty_masks(shape):
    assert components(np.zeros(shape, bool)).count == 0
    assert components(np.ones(shape, bool), rows=7).count == 1
