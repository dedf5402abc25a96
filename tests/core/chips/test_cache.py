from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scarp.core.chips.cache import MOST, ChipCache, budget
from scarp.core.chips.chip import Chip

values = st.one_of(
    st.integers(-40_000, 70_000).map(float), st.floats(-1e6, 1e6, width=32), st.sampled_from([0.0, 255.0, 65535.0, 0.5])
)


@settings(max_examples=60, deadline=None)
@given(arrays.arrays(np.float32, (3, 4, 5), elements=values), arrays.arrays(bool, (4, 5)))
def test_what_comes_out_is_what_went_in(bands, valid):
    bands[:, ~valid] = 0
    chip = Chip(bands, np.where(valid, 1, 255).astype(np.uint8), "a", valid)
    cache = ChipCache(10**6)
    cache.add(3, chip)
    back = cache.get(3)
    assert np.array_equal(back.bands, bands)
    assert np.array_equal(back.label, chip.label)
    assert np.array_equal(back.valid, valid)
    assert (back.bands.dtype, back.valid.dtype, back.id) == (np.float32, bool, "a")


def test_types_are_as_small_as_they_can_be_and_the_limit_holds():
    side = 16
    bands = np.stack([np.full((side, side), value, np.float32) for value in (200, 3000, -5, 0.25)])
    chip = Chip(bands, np.zeros((side, side), np.uint8), "a", np.ones((side, side), bool))
    cache = ChipCache(3 * (1 + 2 + 2 + 4 + 1) * side**2)
    for number in range(5):
        cache.add(number, chip)
    assert len(cache) == 3
    assert cache.size == cache.limit
    assert cache.get(4) is None
    cache.keep([2, 4, 0])
    assert (cache.get(0) is None, cache.get(1) is None, cache.get(2) is None) == (False, True, False)
    assert cache.size == cache.limit // 3 * 2


def test_the_budget_is_bounded(monkeypatch):
    from scarp.core.chips import cache

    for free, expected in ((100 * 2**30, MOST), (2**30, 2**28), (None, 2**29)):
        monkeypatch.setattr(cache, "memory", lambda free=free: {"total": 4 * 2**30, "free": free})
        assert budget() == expected
