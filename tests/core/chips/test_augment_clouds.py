"""Clouds over chips: what they hide, what they leave, and that they are drawn as often as said."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from chip_standins import BANDS14, RGB, Source
from scarp.core.chips.augment.clouds import CLOUDY, COVER, clouds
from scarp.core.chips.chip import NOT_SCORED


def rng(seed):
    return np.random.default_rng(seed)


def cloudy(source, chip, seeds=200):
    found = [clouds(chip, rng(seed), source) for seed in range(seeds)]
    return [one for one in found if one is not chip]


@pytest.mark.parametrize(("names", "radiometry"), [(BANDS14, "dn"), (RGB, "raw")])
def test_a_quarter_of_the_chips_gets_clouds_and_nodata_terrain_and_cirrus_stay(names, radiometry):
    source = Source(names, radiometry=radiometry)
    chip = source[0]
    found = cloudy(source, chip)
    assert CLOUDY - 0.1 < len(found) / 200 < CLOUDY + 0.1
    kept = [number for number, name in enumerate(names) if name in ("B10", "SLOPE", "DEM")]
    for one in found:
        np.testing.assert_array_equal(one.bands[kept], chip.bands[kept])
        np.testing.assert_array_equal(one.valid, chip.valid)
        assert not one.bands[:, ~chip.valid].any()
        assert one.bands.min() >= 0
        if radiometry == "raw":
            assert one.bands.max() <= 255


def test_under_a_cloud_is_no_landslide_and_what_was_not_scored_is_not_scored():
    source = Source(RGB, radiometry="dn", holes=False)
    colours = np.array([400, 500, 600], np.float32)[:, None, None]
    unscored = np.arange(64)[:, None] + np.zeros((64, 64)) < 16
    label = np.where(unscored, NOT_SCORED, 1).astype(np.uint8)
    # Ground as dark as the air has no shadows: what rises is under a cloud.
    chip = replace(source[0], bands=source[0].bands * 0 + colours, label=label)
    shares = []
    for one in cloudy(source, chip):
        assert (one.label[unscored] == NOT_SCORED).all()
        rise = one.bands[0] - chip.bands[0]
        order = np.argsort(rise[~unscored], kind="stable")
        by_opacity = one.label[~unscored][order].astype(int)  # 1, then not scored, then 0
        assert (np.diff(np.select([by_opacity == 1, by_opacity == 0], [0, 2], 1)) >= 0).all()
        hidden = one.label == 0
        assert (np.ptp(one.bands[:, hidden], axis=0) <= 0.5 * 200 + 0.01).all()  # white: colours are half gone
        shares.append((rise > 0.01).mean())
    assert COVER[0] - 0.01 <= min(shares) < max(shares) <= COVER[1] + 0.01


def test_shadows_darken_bright_ground_and_leave_the_landslides_in_them():
    source = Source(RGB, radiometry="dn", holes=False)
    chip = replace(source[0], label=np.ones_like(source[0].label))
    shaded = 0
    for one in cloudy(source, chip):
        darker = (one.bands < chip.bands - 1).all(0)
        shaded += darker.mean() > 0.005
        assert (one.label[darker] != 0).all()
    assert shaded > 20


def test_clouds_before_the_event_are_others_and_change_no_label():
    source = Source(("B02", "PRE_B02", "PRE_VALID"), holes=False)
    chip = source[0]
    now, then = 0, 0
    for one in cloudy(source, chip):
        changed = [not np.array_equal(after, before) for after, before in zip(one.bands, chip.bands)]
        assert not changed[2]
        if not changed[0]:
            np.testing.assert_array_equal(one.label, chip.label)
        now, then = now + changed[0], then + changed[1]
    assert now > 20
    assert then > 20
