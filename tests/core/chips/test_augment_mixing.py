"""Paste and CutMix: what comes from the other chip, and what stays."""

from __future__ import annotations

import numpy as np
import pytest
from chip_standins import BANDS14, SIDE, Source, equal
from scarp.core.chips.augment.mixing import LARGEST_BOX, cutmix, paste
from scarp.core.chips.chip import NOT_SCORED


def draws(seed, source):
    """Chips that ``paste`` draws for a seed, as it documents: how many, then which."""
    rng = np.random.default_rng(seed)
    return rng.integers(len(source), size=int(rng.integers(3)))


@pytest.mark.parametrize("seed", range(12))
def test_the_mask_is_the_union_and_nothing_else_is_touched(seed):
    source = Source()
    chip, donors = source[0], [source[int(i)] for i in draws(seed, source)]
    found = paste(chip, np.random.default_rng(seed), source)
    pasted = np.zeros(chip.label.shape, bool)
    for donor in donors:
        pasted |= donor.label == 1
    open_to_it = chip.valid & (chip.label != NOT_SCORED)
    pasted &= open_to_it
    np.testing.assert_array_equal(found.label == 1, (chip.label == 1) | pasted)
    np.testing.assert_array_equal(found.label == NOT_SCORED, chip.label == NOT_SCORED)
    np.testing.assert_array_equal(found.valid, chip.valid)
    np.testing.assert_array_equal(found.bands[:, ~pasted], chip.bands[:, ~pasted])
    if donors:
        last = (donors[-1].label == 1) & open_to_it
        assert last.any()
        copied = [name != "DEM" for name in BANDS14]
        np.testing.assert_array_equal(found.bands[copied][:, last], donors[-1].bands[copied][:, last])
    np.testing.assert_array_equal(found.bands[13], chip.bands[13])


def test_nothing_is_pasted_once_and_twice_about_equally_often():
    source = Source()
    counts = []
    for seed in range(300):
        source.read.clear()
        paste(source[0], np.random.default_rng(seed), source)
        counts.append(len(source.read) - 1)
    assert set(counts) == {0, 1, 2}
    assert np.bincount(counts).min() > 70


def test_a_pasted_landslide_was_not_there_before_the_event():
    source = Source(("B02", "PRE_B02", "PRE_VALID"))
    for seed in range(10):
        chip = source[0]
        found = paste(chip, np.random.default_rng(seed), source)
        np.testing.assert_array_equal(found.bands[1:], chip.bands[1:])


def test_the_box_has_bands_labels_and_validity_of_the_other_chip():
    source = Source(names=BANDS14, seed=3)
    areas = []
    for seed in range(200):
        chip = source[0]
        source.read.clear()
        found = cutmix(chip, np.random.default_rng(seed), source)
        if not source.read:
            assert equal(found, chip)
            continue
        donor = source[source.read[0]]
        if equal(donor, chip):
            continue
        other = (found.bands != chip.bands).any(0)
        rows, cols = np.flatnonzero(other.any(1)), np.flatnonzero(other.any(0))
        box = np.zeros_like(other)
        box[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1] = True
        for name in ("bands", "label", "valid"):
            mine, theirs, mixed = (getattr(one, name) for one in (chip, donor, found))
            np.testing.assert_array_equal(mixed, np.where(box, theirs, mine))
        areas.append(box.sum() / SIDE**2)
    assert 60 < len(areas) < 120
    assert max(areas) <= LARGEST_BOX * 1.05
    # Shares are uniform from 0 to a half.
    assert np.mean(areas) == pytest.approx(LARGEST_BOX / 2, abs=0.05)
