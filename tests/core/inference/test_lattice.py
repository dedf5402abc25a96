"""The lattice covers every pixel once, at positions that depend on nothing but the grid."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scarp.core.inference.lattice import Axis

tiles = st.integers(1, 8).map(lambda n: 32 * n)


@st.composite
def axes(draw):
    tile = draw(tiles)
    overlap = 32 * draw(st.integers(0, tile // 32 - 1))
    margin = draw(st.sampled_from([0, -(-overlap // 64) * 32]))
    return Axis(draw(st.integers(1, 1500)), tile, overlap, margin)


@settings(deadline=None, max_examples=150)
@given(axes())
def test_weights_sum_to_one_at_every_pixel(axis):
    total = np.zeros(axis.length)
    for index in range(axis.count):
        weights, start = axis.weights(index), axis.start(index)
        assert start % 32 == 0
        assert weights.min() >= 0
        low, high = max(start, 0), min(start + axis.tile, axis.length)
        total[low:high] += weights[low - start : high - start]
        outside = np.flatnonzero(weights) + start
        assert outside.size
        kept = axis.kept(index)
        assert kept[0] <= outside.min()
        assert outside.max() < kept[1]
    np.testing.assert_allclose(total, 1, atol=1e-6)


@settings(deadline=None, max_examples=100)
@given(axes(), st.data())
def test_touching_finds_exactly_the_tiles_that_count(axis, data):
    low = data.draw(st.integers(0, axis.length - 1))
    high = data.draw(st.integers(low + 1, axis.length))
    counts = {
        index
        for index in range(axis.count)
        for pixel in np.flatnonzero(axis.weights(index)) + axis.start(index)
        if low <= pixel < high
    }
    assert counts <= set(axis.touching(low, high))
    assert len(axis.touching(low, high)) <= len(counts) + 2


@given(axes())
def test_context_around_every_pixel_that_counts(axis):
    """No pixel counts nearer to a tile's edge than what is discarded, or the margin where that is the grid's edge."""
    for index in range(axis.count):
        used = np.flatnonzero(axis.weights(index))
        assert used.min() >= (axis.discard if index else axis.margin)
        last = index == axis.count - 1
        assert used.max() < axis.tile - (min(axis.margin, axis.overlap // 2) if last else axis.discard)


@given(st.integers(1, 60), st.integers(-200, 0), st.integers(1, 300))
def test_mirrored_equals_numpy(length, low, beyond):
    axis = Axis(length, 32, 0, 0)
    expected = np.pad(np.arange(length), (-low, beyond), mode="reflect" if length > 1 else "edge")
    np.testing.assert_array_equal(axis.mirrored(low, length + beyond), expected)
