from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scarp.core.chips.blocks import GAP, spatial_block
from scarp.core.chips.splits import ID_GAP, fold, id_blocks, id_ranges, require_landslides, split_ids
from scarp.core.errors import ScarpError


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 4000), min_size=5, max_size=400, unique=True), st.integers(0, 2**31))
def test_blocks_of_ids_keep_their_gap(numbers, seed):
    numbers = np.sort(np.array(numbers))
    shares = np.random.default_rng(seed).random(len(numbers)) ** 4
    parts = id_blocks(numbers, shares)
    distance = np.abs(numbers[parts.train][:, None] - numbers[parts.validation])
    assert distance.min() > parts.gap
    assert parts.gap <= ID_GAP
    assert np.array_equal(parts.validation, np.arange(parts.validation[0], parts.validation[-1] + 1))
    assert abs(len(parts.validation) - len(numbers) / 5) <= 1


def test_a_full_data_set_keeps_the_whole_gap_and_a_fair_share():
    rng = np.random.default_rng(0)
    shares = np.clip(0.05 * np.sin(np.arange(3799) / 300) + 0.03 + 0.02 * rng.standard_normal(3799), 0, 1)
    parts = id_blocks(np.arange(1, 3800), shares)
    assert parts.gap == ID_GAP
    assert abs(shares[parts.validation].mean() - shares.mean()) < 0.005


def test_rare_landslides_are_found_by_the_block():
    shares = np.zeros(200)
    shares[[10, 120]] = 0.3
    parts = id_blocks(np.arange(200), shares)
    assert shares[parts.validation].sum() > 0
    assert shares[parts.train].sum() > 0


def test_groups_are_split_each_for_itself():
    groups = ["landslide"] * 50 + ["non-landslide"] * 30
    numbers = np.r_[np.arange(50), np.arange(30)]
    parts = split_ids(groups, numbers, np.r_[np.full(50, 0.2), np.zeros(30)])
    assert (parts.validation < 50).sum() == 10
    assert (parts.validation >= 50).sum() == 6
    assert not set(parts.train) & set(parts.validation)


def test_the_papers_folds():
    cut = [fold([""] * 3799, number) for number in range(1, 6)]
    assert cut[0][-1] == 3798  # fold 1 is the last fifth
    assert cut[4][0] == 0  # fold 5 the first
    assert np.array_equal(np.sort(np.concatenate(cut)), np.arange(3799))
    assert {len(part) for part in cut} == {759, 760}


@settings(max_examples=80, deadline=None)
@given(st.integers(60, 400), st.integers(60, 400), st.integers(0, 2**31))
def test_spatial_blocks_hold_landslides_on_both_sides_of_the_gap(height, width, seed):
    rng = np.random.default_rng(seed)
    scored = rng.random((height, width)) < 0.9
    landslide = scored & (rng.random((height, width)) < 0.01)
    profiles = [(mask.sum(1), mask.sum(0)) for mask in (scored, landslide)]
    try:
        block = spatial_block(*profiles, 32)
    except ScarpError:
        assert max(height, width) < 150
        return
    role = np.zeros((height, width), int)
    role[block.validation.slices(type(block.validation)(0, 0, height, width))] = 1
    for rectangle in block.training:
        assert min(rectangle.height, rectangle.width) >= 32
        part = role[rectangle.slices(type(rectangle)(0, 0, height, width))]
        assert (part == 0).all()
        part[...] = 2
        apart = (rectangle.row - block.validation.row, rectangle.col - block.validation.col)
        ends = (
            block.validation.row - rectangle.row - rectangle.height,
            block.validation.col - rectangle.col - rectangle.width,
        )
        assert max(apart[0] - block.validation.height, apart[1] - block.validation.width, *ends) >= GAP
    assert landslide[role == 1].any()
    assert landslide[role == 2].any()
    assert 0.15 < scored[role == 1].sum() / scored.sum() < 0.25


def test_what_cannot_be_split_is_refused_with_the_fix():
    def profiles(mask):
        return mask.sum(1), mask.sum(0)

    scored = np.ones((300, 200), bool)
    landslide = np.zeros_like(scored)
    landslide[100:102, 50:52] = True
    with pytest.raises(ScarpError, match="close together"):
        spatial_block(profiles(scored), profiles(landslide), 128)
    with pytest.raises(ScarpError, match="too small for chips of 128 px"):
        spatial_block(profiles(scored[:150, :140]), profiles(landslide[:150, :140]), 128)
    with pytest.raises(ScarpError, match="no landslide pixel"):
        require_landslides(0, 0, "x")
    with pytest.raises(ScarpError, match="validation block holds none"):
        require_landslides(5, 0, "x")


def test_ids_can_be_split_by_hand():
    numbers = np.array([1, 5, 9, 20, 21, 40])
    parts = id_ranges("train=1-9, validate = 20-21,test=30-50", numbers)
    assert {name: list(part) for name, part in parts.items()} == {"train": [0, 1, 2], "validate": [3, 4], "test": [5]}
    parts = id_ranges("train=1-5, validate=9-9, train=20-50", numbers)
    assert {name: list(part) for name, part in parts.items()} == {"train": [0, 1, 3, 4, 5], "validate": [2]}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("train=1-9", "needs train and validate"),
        ("train=1-9, validate=9-20", "share the ids 9 to 9"),
        ("train=1-9, validate=22-30", "no chip has an id of validate; ids run from 1 to 40"),
        ("train=1-9, validate=x", "write SPLIT like"),
        ("train=1-9, train=50-40, validate=20-30", "'train=50-40' ends before it begins"),
        ("train=1-9, train=9-20, validate=40-50", "train and train share the ids 9 to 9"),
    ],
)
def test_a_split_by_hand_that_cannot_be_used_says_why(text, words):
    with pytest.raises(ScarpError, match=words):
        id_ranges(text, np.array([1, 5, 9, 20, 21, 40]))
