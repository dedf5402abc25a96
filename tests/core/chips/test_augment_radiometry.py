"""Jitter, the change from L1C to L2A, and missing bands."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from chip_standins import BANDS14, RGB, Source, equal
from scarp.core.chips.augment import OPTIONAL, optional, parse
from scarp.core.chips.augment.jitter import jitter
from scarp.core.chips.augment.level import atmosphere, level
from scarp.core.chips.augment.missing import drop
from scarp.core.chips.chip import Chip
from scarp.core.features import CHANNELS


def rng(seed):
    return np.random.default_rng(seed)


def test_jitter_keeps_the_contrast_of_photographs_of_sixteen_bits():
    source = Source(RGB, radiometry="dn", holes=False)  # 300 to 3000
    chip = source[0]
    for seed in range(20):
        found = jitter(chip, rng(seed), source)
        assert np.corrcoef(found.bands.ravel(), chip.bands.ravel())[0, 1] > 0.95


def test_jitter_is_linear_in_each_band_leaves_slope_alone_and_shifts_elevation():
    source = Source()
    gains = []
    for seed in range(60):
        chip = source[0]
        found = jitter(chip, rng(seed), source)
        for before, after in zip(chip.bands[:12], found.bands[:12]):
            gain, offset = np.polyfit(before[chip.valid], after[chip.valid], 1)
            np.testing.assert_allclose(after[chip.valid], before[chip.valid] * gain + offset, rtol=1e-4)
            gains.append(gain)
            assert abs(offset) < 700
        np.testing.assert_array_equal(found.bands[12], chip.bands[12])
        shift = (found.bands[13] - chip.bands[13])[chip.valid]
        assert 0 < abs(shift.mean()) < 150
        assert np.ptp(shift) < 1e-3
        np.testing.assert_array_equal(found.label, chip.label)
    assert 0.05 < np.std(gains) < 0.2
    assert np.mean(gains) == pytest.approx(1, abs=0.05)


def test_photographs_stay_within_0_and_255_and_brighter_stays_brighter():
    source = Source(RGB, radiometry="raw", holes=False)
    for seed in range(20):
        chip = source[0]
        found = jitter(chip, rng(seed), source)
        assert found.bands.min() >= 0
        assert found.bands.max() <= 255
        order = np.argsort(chip.bands[0], axis=None)
        assert (np.diff(found.bands[0].ravel()[order]) >= -1e-3).all()


def test_the_image_before_the_event_has_a_light_of_its_own():
    source = Source(("B02", "PRE_B02", "PRE_VALID"), holes=False)
    ratios = []
    for seed in range(30):
        chip = source[0]
        found = jitter(chip, rng(seed), source)
        ratios.append(found.bands[:2].mean((1, 2)) / chip.bands[:2].mean((1, 2)))
        np.testing.assert_array_equal(found.bands[2], chip.bands[2])
    assert abs(np.corrcoef(np.transpose(ratios))[0, 1]) < 0.6


def test_clear_air_scatters_blue_light_and_hardly_any_infrared():
    # Rayleigh reflectance of a dark surface at sea level under a sun at 30 degrees: about 0.08 at 443 nm.
    path, passed = zip(*(atmosphere(band, 30, 0.0) for band in ("B01", "B02", "B03", "B04", "B08", "B12")))
    assert list(path) == sorted(path, reverse=True)
    assert list(passed) == sorted(passed)
    assert 700 < path[0] < 1000
    assert path[-1] < 5
    assert passed[-1] > 0.99


def test_level_covers_what_real_products_differ_by(shared_data):
    """L1C and L2A of one scene on two days: the ratio of the medians of each band is one that ``level`` draws."""
    folder, side = shared_data / "sentinel2-crops", 24
    names = BANDS14[:12]
    kept = [number for number, name in enumerate(names) if name != "B10"]
    for day in ("20170703", "20190723"):
        found = {}
        for kind in ("TOA", "BOA"):
            with rasterio.open(next(folder.glob(f"*_{day}_*_{kind}_10.tif"))) as file:
                found[kind] = file.read().astype(np.float32)[:, :side, :side]
        chip = Chip(found["TOA"], np.zeros((side, side), np.uint8), day, np.ones((side, side), bool))
        before = np.median(chip.bands, (1, 2))
        drawn = [level(chip, rng(seed), Source(names)) for seed in range(400)]
        ratios = [np.median(one.bands, (1, 2)) / before for one in drawn if one.missing]
        low, high = np.min(ratios, 0)[kept], np.max(ratios, 0)[kept]
        real = np.median(found["BOA"], (1, 2)) / before[kept]
        assert ((real >= low) & (real <= high)).all(), dict(zip(np.array(names)[kept], zip(low, real, high)))


def test_level_takes_b10_away_and_leaves_half_of_the_chips_alone():
    source, changed = Source(), 0
    for seed in range(200):
        chip = source[0]
        found = level(chip, rng(seed), source)
        if equal(found, chip):
            continue
        changed += 1
        assert found.missing == {"B10"}
        np.testing.assert_array_equal(found.bands[12:], chip.bands[12:])
    assert 70 < changed < 130


def test_groups_are_missing_as_a_whole_and_each_at_times():
    source, seen = Source(), set()
    for seed in range(300):
        missing = drop(source[0], rng(seed), source).missing
        groups = [group for group in optional(BANDS14) if group & missing]
        assert missing == frozenset().union(*groups)
        seen.update(groups)
    assert seen == {*optional(BANDS14)} == {frozenset(group) & {*BANDS14} for group in OPTIONAL}


def test_what_may_be_missing_leaves_something_to_see():
    assert optional(("B10", "SLOPE")) == ()
    assert optional(RGB) == ()
    assert optional((*RGB, "DEM")) == (frozenset({"DEM"}),)
    assert optional(("B02", "B10", "PRE_B10")) == (frozenset({"B10", "PRE_B10"}),)
    assert parse("drop").optional(("B02", "B10", "SLOPE", "DEM")) == ("B10", "SLOPE", "DEM")
    assert parse("level,flips").optional(("B02", "B10", "SLOPE")) == ("B10",)
    assert parse("jitter").optional(BANDS14) == ()


def test_only_its_own_channel_needs_a_band_that_may_be_missing():
    """`scarp.core.card.absent` relies on it."""
    every = {name for group in OPTIONAL for name in group}
    for channel, alternatives in CHANNELS.items():
        for inputs in alternatives:
            if every & set(inputs):
                assert channel.removeprefix("change_").upper() in every
