"""Whatever is chosen for the user: no two chips of different parts touch, or come nearer than the gap."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scarp.core.chips.leaks import Footprints, away_from, leaks, too_near
from scarp.core.chips.spatial import chip_blocks, gaps, split_chips
from scarp.core.chips.splits import fold, own_blocks, split_ids

SIDE = 32


def brute(first, second, gap):
    """Pairs by the definition, pixel by pixel of the distance."""
    found = set()
    for i, (place, (row, col, height, width)) in enumerate(zip(first.places, first.boxes)):
        for j, (other, (r, c, h, w)) in enumerate(zip(second.places, second.boxes)):
            between = max(r - (row + height), row - (r + h), c - (col + width), col - (c + w))
            if place == other and between < gap:
                found.add((i, j))
    return found


def lattice(rows, cols, stride, place="a"):
    corners = np.array([(r * stride, c * stride) for r in range(rows) for c in range(cols)])
    return Footprints.of_squares([place] * len(corners), corners, SIDE)


boxes = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 60), st.integers(0, 60), st.integers(1, 20), st.integers(1, 20)),
    min_size=1,
    max_size=12,
)


@settings(max_examples=150, deadline=None)
@given(boxes, boxes, st.integers(0, 30))
def test_pairs_that_are_too_near_are_those_of_the_definition(one, two, gap):
    first, second = (Footprints(np.array([b[0] for b in side]), np.array([b[1:] for b in side])) for side in (one, two))
    assert {tuple(pair) for pair in too_near(first, second, gap).tolist()} == brute(first, second, gap)


def test_a_split_that_leaks_is_caught():
    footprints = lattice(6, 6, SIDE)
    halves = [np.arange(18), np.arange(18, 36)]
    assert len(leaks(footprints, halves, 1)) == 6 * 3 - 2  # neighbours across the border, corners too
    assert not len(leaks(footprints, halves, 0))
    checkerboard = np.arange(36)[(np.arange(36) + np.arange(36) // 6) % 2 == 0]
    others = np.setdiff1d(np.arange(36), checkerboard)
    assert len(leaks(footprints, [checkerboard, others], 1))
    ids = Footprints.of_ids([""] * 100, np.arange(100))
    rng = np.random.default_rng(0).permutation(100)
    assert len(leaks(ids, [rng[:80], rng[80:]], 1))
    paper = [np.setdiff1d(np.arange(100), fold([""] * 100, 2)), fold([""] * 100, 2)]
    assert len(leaks(ids, paper, 1)) == 2  # the paper's folds touch at both ends, and are called so


scenes = st.lists(
    st.tuples(st.integers(1, 12), st.integers(1, 12), st.sampled_from([8, 20, SIDE, SIDE + 1, 50])),
    min_size=1,
    max_size=3,
)


def several(sizes, seed):
    """Chips of several places, some of them missing, in any order; and landslide shares."""
    rng = np.random.default_rng(seed)
    parts = [lattice(rows, cols, stride) for rows, cols, stride in sizes]
    places = np.concatenate([np.full(len(part), number) for number, part in enumerate(parts)])
    order = rng.permutation(len(places))[: max(1, int(0.9 * len(places)))]
    footprints = Footprints(places, np.concatenate([part.boxes for part in parts])).take(order)
    return footprints, np.where(rng.random(len(order)) < 0.3, rng.random(len(order)), 0)


@settings(max_examples=150, deadline=None)
@given(scenes, st.integers(0, 2**31))
def test_spatial_splits_keep_their_gap(sizes, seed):
    footprints, shares = several(sizes, seed)
    parts = split_chips(footprints, shares)
    assert not set(parts.train) & set(parts.validation)
    assert parts.gap in gaps(SIDE)
    assert not len(leaks(footprints, [parts.train, parts.validation], parts.gap))
    assert len(parts.train)


@settings(max_examples=100, deadline=None)
@given(scenes, st.integers(0, 2**31), st.integers(2, 7))
def test_our_blocks_test_every_chip_once_and_keep_their_gap(sizes, seed, count):
    footprints, shares = several(sizes, seed)
    blocks = chip_blocks(footprints, count)
    assert np.array_equal(np.sort(np.concatenate(blocks)), np.arange(len(footprints)))
    for block in blocks:
        rest = np.setdiff1d(np.arange(len(footprints)), block)
        left = away_from(footprints, rest, block, gaps(SIDE), 0.5)
        inner = split_chips(footprints.take(left.train), shares[left.train]) if len(left.train) else None
        if inner is None:
            continue
        sides = [left.train[inner.train], left.train[inner.validation], block]
        assert not len(leaks(footprints, sides, min(left.gap, inner.gap)))
        assert min(left.gap, inner.gap) >= 1


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 3000), min_size=20, max_size=300, unique=True), st.integers(2, 7), st.integers(0, 2**31))
def test_our_blocks_of_ids_keep_their_gap(numbers, count, seed):
    numbers = np.sort(np.array(numbers))
    groups = ["one"] * (len(numbers) // 2) + ["two"] * (len(numbers) - len(numbers) // 2)
    shares = np.random.default_rng(seed).random(len(numbers))
    footprints = Footprints.of_ids(groups, numbers)
    blocks = own_blocks(groups, count)
    assert np.array_equal(np.sort(np.concatenate(blocks)), np.arange(len(numbers)))
    for block in blocks:
        rest = np.setdiff1d(np.arange(len(numbers)), block)
        left = away_from(footprints, rest, block, range(40, -1, -1), 0.5)
        inner = split_ids([groups[i] for i in left.train], numbers[left.train], shares[left.train])
        sides = [left.train[inner.train], left.train[inner.validation], block]
        assert not len(leaks(footprints, sides, min(left.gap, inner.gap)))


def test_a_scene_of_fair_size_keeps_a_whole_chip_and_a_fair_share():
    footprints = lattice(12, 9, SIDE)
    shares = np.random.default_rng(1).random(108) * (np.arange(108) % 3 == 0)
    parts = split_chips(footprints, shares)
    assert parts.gap == SIDE
    assert 0.15 <= len(parts.validation) / 108 <= 0.25
    assert len(parts.train) >= 0.5 * 108
    assert abs(shares[parts.validation].mean() - shares.mean()) < 0.05


@pytest.mark.parametrize(("rows", "cols"), [(1, 1), (1, 2), (2, 2)])
def test_places_too_small_to_cut_go_to_one_side_as_a_whole(rows, cols):
    many = [lattice(rows, cols, SIDE) for _ in range(10)]
    places = np.repeat(np.arange(10), rows * cols)
    footprints = Footprints(places, np.concatenate([one.boxes for one in many]))
    parts = split_chips(footprints, np.ones(len(footprints)))
    assert not set(places[parts.train]) & set(places[parts.validation])
    assert len(set(places[parts.validation])) == 2
