"""Chips lit by a sun over hills that are not there."""

from __future__ import annotations

import numpy as np
import pytest
from chip_standins import RGB, Source
from scarp.core.chips.augment.relief import LIT, STEEPNESS, hills, relief


def rng(seed):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("names", [None, RGB])
def test_light_changes_all_bands_alike_and_nothing_else(names):
    source = Source() if names is None else Source(names, radiometry="raw")
    lit, spreads = 0, []
    for seed in range(40):
        chip = source[0]
        found = relief(chip, rng(seed), source)
        np.testing.assert_array_equal(found.label, chip.label)
        np.testing.assert_array_equal(found.valid, chip.valid)
        assert not found.bands[:, ~chip.valid].any()
        if found is chip:
            continue
        lit += 1
        assert np.isfinite(found.bands).all()
        assert found.bands.min() >= 0
        spectral = [n for n, name in enumerate(source.names) if name not in ("B10", "SLOPE", "DEM")]
        for number in set(range(len(source.names))) - set(spectral):
            np.testing.assert_array_equal(found.bands[number], chip.bands[number])
        ends = [1, 11] if names is None else [2, 0]  # blue, and the longest wavelength
        bright = chip.valid & (chip.bands[ends] > np.median(chip.bands[ends])).all(0)
        gains = [np.log(found.bands[n][bright] / chip.bands[n][bright]) for n in ends]
        # Hills are the same in all bands; red and infrared see more of them than blue, which the sky lights as well.
        spreads.append([gain.std() for gain in gains])
        assert np.corrcoef(*gains)[0, 1] > 0.8
    blue, red = np.array(spreads).T
    assert (blue < red).mean() > 0.8
    assert 0.35 * 40 < lit < 0.85 * 40
    assert pytest.approx(0.6) == LIT


def test_hills_are_as_steep_as_asked_and_do_not_repeat():
    for seed in range(10):
        east, south = hills(rng(seed), 64)
        steep = np.sqrt((east**2 + south**2).mean())
        assert STEEPNESS[0] <= steep <= STEEPNESS[1]
        assert abs(east.mean()) < 0.05
    assert not np.allclose(hills(rng(1), 64)[0], hills(rng(2), 64)[0])
