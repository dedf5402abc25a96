"""What holds for every augmentation, and for those that move pixels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from chip_standins import BANDS14, RGB, SIDE, Source, equal
from hypothesis import given, settings
from hypothesis import strategies as st
from scarp.core.chips.augment import NAMES, Augmentation, fitting, parse
from scarp.core.chips.augment.geometry import scale, turned
from scarp.core.chips.chip import NOT_SCORED, Chip
from scarp.core.errors import ScarpError
from scarp.core.jobs import AUGMENTATIONS
from scarp.core.reporter import Reporter
from scarp.core.training.losses import distance_to_other_class
from scipy import ndimage

EVERYTHING = Augmentation(NAMES)


def draw(seed):
    return np.random.default_rng(seed)


def test_names():
    assert parse("none") == parse("") == Augmentation()
    assert parse(" Flips ,rotations") == Augmentation(("rotations", "flips"))
    assert tuple(AUGMENTATIONS) == NAMES
    with pytest.raises(ScarpError, match="no 'mosaic'"):
        parse("flips,mosaic")


@pytest.mark.parametrize(("names", "radiometry"), [(BANDS14, "dn"), (RGB, "raw"), ((*RGB, "DEM"), "raw")])
@pytest.mark.parametrize("name", NAMES)
def test_a_chip_stays_a_chip_and_what_was_read_is_not_written_into(name, names, radiometry):
    source, changed = Source(names, radiometry=radiometry), 0
    for seed in range(40):
        chip, before = source[0], source[0]
        result = Augmentation((name,))(chip, draw(seed), source)
        assert equal(chip, before)
        assert (result.bands.dtype, result.label.dtype, result.valid.dtype) == (np.float32, np.uint8, bool)
        assert result.bands.shape == before.bands.shape
        assert result.bands.flags.c_contiguous
        assert np.isfinite(result.bands).all()
        assert set(np.unique(result.label)) <= {0, 1, NOT_SCORED}
        assert (result.label[~result.valid] == NOT_SCORED).all()
        assert (result.bands[:, ~result.valid] == 0).all()
        assert equal(result, Augmentation((name,))(source[0], draw(seed), source))
        changed += not equal(result, before)
    assert changed >= 3 or (name in ("level", "drop") and radiometry == "raw")


@given(st.integers(0, 3), st.booleans())
@settings(deadline=None)
def test_turning_back_is_the_identity(quarters, flip):
    chip = Source()[1]
    there = turned(chip, quarters, flip)
    # A mirrored turn undoes itself when it is done in the same order again.
    back = turned(there, quarters, True) if flip else turned(there, -quarters, False)
    assert equal(back, chip)


@given(st.integers(-4, 7), st.booleans(), st.booleans())
@settings(deadline=None)
def test_a_turn_is_that_of_numpy(quarters, flip, holes):
    chip = Source(holes=holes)[1]
    found = turned(chip, quarters, flip)
    for name in ("bands", "label", "valid"):
        expected = np.rot90(getattr(chip, name), quarters, (-2, -1))
        np.testing.assert_array_equal(getattr(found, name), expected[..., ::-1] if flip else expected)


def test_flips_and_rotations_move_everything_together_in_all_eight_ways():
    label = np.arange(16, dtype=np.uint8).reshape(4, 4)
    chip = Chip(np.stack([label, label + 1]).astype(np.float32), label, "a", label > 3)
    rng, seen = draw(0), set()
    for _ in range(200):
        changed = parse("flips,rotations")(chip, rng, Source(("B02", "B03")))
        assert np.array_equal(changed.bands[0], changed.label)
        assert np.array_equal(changed.bands[1], changed.label + 1)
        assert np.array_equal(changed.valid, changed.label > 3)
        seen.add(changed.label.tobytes())
    assert len(seen) == 8


@given(st.integers(0, 10**6))
@settings(deadline=None, max_examples=30)
def test_distances_move_with_the_chip_and_are_those_of_scipy(seed):
    rng = draw(seed)
    label = (ndimage.gaussian_filter(rng.random((SIDE, SIDE)), 3) > rng.uniform(0.45, 0.55)).astype(np.uint8)
    label[rng.random(label.shape) < 0.02] = NOT_SCORED
    chip = replace(Source()[0], label=label)
    moved = parse("flips,rotations")(replace(chip, bands=distance_to_other_class(label)[None]), rng, Source(("B02",)))
    again = distance_to_other_class(moved.label)
    np.testing.assert_allclose(moved.bands[0], again, rtol=1e-6)
    reference = np.zeros(label.shape)
    if (moved.label == 1).any() and (moved.label == 0).any():
        for own, other in ((0, 1), (1, 0)):
            here = moved.label == own
            reference[here] = ndimage.distance_transform_edt(moved.label != other)[here]
    np.testing.assert_allclose(again, reference, rtol=1e-6)


def test_zooming_keeps_a_slope_straight_and_its_steepness_tells_the_zoom():
    row, col = np.mgrid[:SIDE, :SIDE].astype(np.float32)
    chip = Chip(np.stack([col, row]), np.zeros((SIDE, SIDE), np.uint8), "plane", np.ones((SIDE, SIDE), bool))
    zooms = set()
    for seed in range(60):
        found = scale(chip, draw(seed), Source(("B02", "B03")))
        steps = np.diff(found.bands[0, SIDE // 2, SIDE // 4 : -SIDE // 4])
        # Where it is zoomed out the edge is mirrored, so that a part of it may run backwards.
        zooms.add(round(1 / float(np.median(np.abs(steps))), 3))
        assert found.valid.all()
    assert 0.79 <= min(zooms) < 0.85
    assert 1.2 < max(zooms) <= 1.26
    assert 1.0 in zooms


def test_zooming_mixes_no_invalid_or_unscored_pixel_in():
    source, wide = Source(), 0
    for seed in range(40):
        chip = source[0]
        chip.bands[:, chip.valid] = 1000
        found = scale(chip, draw(seed), source)
        np.testing.assert_allclose(found.bands[:, found.valid], 1000, rtol=1e-6)
        wide += (found.valid & (found.label == NOT_SCORED)).sum() > 0
    assert wide


def test_the_pre_event_image_is_unknown_where_it_was_mixed_with_unknown():
    names = ("B02", "PRE_B02", "PRE_VALID")
    known = np.zeros((SIDE, SIDE), np.float32)
    known[:, :31] = 1
    chip = Chip(
        np.stack([known * 0 + 900, np.where(known, 500, 70), known]).astype(np.float32),
        *(np.zeros((SIDE, SIDE), np.uint8), "", np.ones((SIDE, SIDE), bool)),
    )
    for seed in range(20):
        found = scale(chip, draw(seed), Source(names)).bands
        assert set(np.unique(found[2])) == {0, 1}
        np.testing.assert_allclose(found[1][found[2] == 1], 500)


@pytest.mark.parametrize(
    ("source", "inputs", "left", "said"),
    [
        (Source(), BANDS14, NAMES, 0),
        (Source(), ("B02", "B03", "B04"), tuple(n for n in NAMES if n != "drop"), 1),
        (Source(RGB, radiometry="raw"), RGB, tuple(n for n in NAMES if n not in ("drop", "level")), 2),
        (Source(("SLOPE", "DEM")), ("SLOPE", "DEM"), tuple(n for n in NAMES if n not in ("drop", "level")), 2),
    ],
)
def test_what_means_nothing_for_the_chips_is_left_out_and_said(source, inputs, left, said):
    warned = []
    found = fitting(EVERYTHING, source, inputs, Reporter(log=lambda level, text: warned.append((level, text))))
    assert found.names == left
    assert [level for level, _ in warned] == ["warning"] * said


def test_chips_of_l2a_are_not_corrected_again():
    source, warned = Source(), []
    source.product = "L2A"
    assert fitting(parse("level"), source, BANDS14, Reporter(log=lambda *line: warned.append(line))) == Augmentation()
    assert "L2A already" in warned[0][1]
