from __future__ import annotations

from unittest import mock

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from rasterio.features import rasterize
from scarp.core.products.components import Components
from scarp.core.products.outlines import Outlines

MASKS = hnp.arrays(bool, hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=20))


def trace(mask, rows):
    bodies = Components(lambda row, height: mask[row : row + height], *mask.shape, rows=rows)
    outlines = Outlines(bodies.last_row)
    traced = {}
    for row, labels in bodies.strips():
        for numbers, shapes in outlines.add(row, labels):
            traced.update(zip(numbers, shapes))
    return bodies, traced


@settings(deadline=None, max_examples=200)
@given(mask=MASKS, rows=st.integers(1, 25), batch=st.sampled_from([1, 30, 10**6]))
def test_outlines_are_valid_exact_and_one_a_body(mask, rows, batch):
    with mock.patch("scarp.core.products.outlines._BATCH", batch):
        bodies, traced = trace(mask, rows)
    assert sorted(traced) == list(range(1, bodies.count + 1))
    for body, outline in traced.items():
        assert outline.geom_type == "MultiPolygon"
        assert shapely.is_valid(outline)
        assert outline.area == bodies.pixels[body]
    if traced:
        burnt = rasterize([(outline, 1) for outline in traced.values()], mask.shape)
        np.testing.assert_array_equal(burnt.astype(bool), mask)


@settings(deadline=None, max_examples=100)
@given(mask=MASKS, rows=st.integers(1, 25))
def test_cuts_leave_no_trace(mask, rows):
    for geometry in trace(mask, rows)[1].values():
        for ring in shapely.get_rings(shapely.get_parts(geometry)):
            sides = np.diff(shapely.get_coordinates(ring), axis=0)
            following = np.roll(sides, -1, axis=0)
            turns = sides[:, 0] * following[:, 1] - sides[:, 1] * following[:, 0]
            assert (turns != 0).all()


def test_a_hole_that_touches_the_outside_at_a_corner_stays_a_hole():
    mask = np.array([[1, 1, 0], [1, 0, 1], [1, 1, 1]], bool)
    (outline,) = trace(mask, 3)[1].values()
    assert shapely.is_valid(outline)
    assert outline.area == 7
    assert not outline.covers(shapely.Point(1.5, 1.5))
