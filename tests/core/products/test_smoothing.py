from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scarp.core.products.components import Components
from scarp.core.products.outlines import Outlines
from scarp.core.products.smoothing import cut_corners, smooth
from skimage import measure

MASKS = hnp.arrays(bool, hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=20))


def outlines_of(labels):
    bodies = np.unique(labels[labels > 0])
    last = np.zeros(bodies.max(initial=0) + 1, np.int64)
    return next(Outlines(last).add(0, labels.astype(np.int32)))[1] if len(bodies) else np.array([], object)


def traced(mask):
    found = Components(lambda row, height: mask[row : row + height], *mask.shape)
    given = Outlines(found.last_row).add(0, next(found.strips())[1])
    return next(given, (np.zeros(0, np.int64), np.array([], object)))


def test_stairs_become_a_straight_line():
    mask = np.tri(6, dtype=bool)
    (triangle,) = cut_corners(traced(mask)[1])
    assert shapely.get_num_coordinates(triangle) == 7
    assert triangle.area == pytest.approx(21 - 4 / 8)


def test_outlines_are_the_contours_of_scikit_image():
    mask = np.zeros((9, 9), bool)
    mask[2:7, 2:5] = mask[4, 5:7] = True
    mask[4, 3] = False
    cut = cut_corners(traced(mask)[1])[0]
    # Marching squares at the middle between pixel centres, which lie half a pixel inwards.
    outer, hole = sorted(
        (shapely.Polygon(c[:, ::-1] + 0.5) for c in measure.find_contours(mask, 0.5)), key=lambda p: -p.area
    )
    assert cut.equals(outer.difference(hole))


@settings(deadline=None, max_examples=150)
@given(mask=MASKS)
def test_every_area_is_kept_within_a_hundredth_and_nothing_overlaps(mask):
    numbers, exact = traced(mask)
    shapes = smooth(exact, numbers)
    assert shapely.is_valid(shapes).all()
    assert set(shapely.get_type_id(shapes)) <= {6}
    np.testing.assert_allclose(shapely.area(shapes), shapely.area(exact), rtol=0.01)
    assert not shapely.STRtree(shapes).query(shapes, predicate="overlaps").size
    for before, after in zip(exact, shapes):
        assert shapely.hausdorff_distance(before, after) < 0.71


@settings(deadline=None, max_examples=150)
@given(
    labels=hnp.arrays(
        np.int8, hnp.array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=14), elements=st.integers(0, 3)
    )
)
def test_parts_that_share_an_outline_neither_overlap_nor_gape(labels):
    exact = outlines_of(labels)
    if not len(exact):
        return
    shapes = smooth(exact, np.ones(len(exact), np.int64))
    assert shapely.is_valid(shapes).all()
    np.testing.assert_allclose(shapely.area(shapes), shapely.area(exact), rtol=0.01)
    assert shapely.union_all(shapes).area == pytest.approx(shapely.area(shapes).sum(), rel=1e-9)
