"""Change against the pre-event image, and what it is where that is unknown."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scarp.core.errors import ScarpError
from scarp.core.features import FeatureReader, compute, required, resolve
from scarp.core.scene.grid import Window

from .test_reader import MemoryScene

BANDS = ("B02", "B03", "B04", "B08")
BEFORE = (*("PRE_" + name for name in BANDS), "PRE_VALID")
NAMES = (*BANDS, *BEFORE)


@pytest.fixture
def arrays():
    rng = np.random.default_rng(4)
    now, then = rng.uniform(100, 4000, (2, 4, 40, 50)).astype(np.float32)
    known = np.zeros((40, 50), bool)
    known[:, 20:] = True
    return now, then, known


def stack(now, then, known):
    return np.concatenate([now, np.where(known, then, 0), known[None]]).astype(np.float32)


def test_change_is_what_the_channel_is_now_minus_what_it_was(arrays):
    now, then, known = arrays
    channels = ("b04", "ndvi", "gray")
    values, names = compute(stack(*arrays), NAMES, "change_b04,change_ndvi,change_gray,change_valid")
    after, before = (compute(bands, BANDS, channels)[0] for bands in (now, then))
    np.testing.assert_allclose(values[:3, known], (after - before)[:, known], rtol=1e-4, atol=2e-4)
    assert (values[:3, ~known] == 0).all()
    np.testing.assert_array_equal(values[3], known)
    assert set(required(names, NAMES)) == {*NAMES}


def test_pixels_known_in_part_are_unknown_and_invalid_ones_stay_invalid(arrays):
    bands = stack(*arrays)
    bands[-1, 5, 30] = 0.98  # resampled at the edge of the image
    valid = np.ones((40, 50), bool)
    valid[:3] = False
    values, _ = compute(bands, NAMES, "change_b02,change_valid", valid=valid)
    assert (values[:, 5, 30] == 0).all()
    assert (values[:, :3] == 0).all()
    assert (values[1, 6:, 25:] == 1).all()


def test_auto_and_change_take_what_both_images_have():
    channels = ("change_b02", "change_b03", "change_b04", "change_b08", "change_ndvi", "change_gray", "change_valid")
    assert resolve("change", NAMES) == channels
    assert resolve("auto", NAMES)[-7:] == channels
    assert resolve("change", (*BANDS, "DEM", "PRE_B04", "PRE_VALID")) == ("change_b04", "change_valid")
    assert resolve("auto", ("R", "G", "B", "PRE_R", "PRE_G", "PRE_B", "PRE_VALID"))[-5:] == (
        "change_red", "change_green", "change_blue", "change_gray", "change_valid",
    )  # fmt: skip
    assert not any(channel.startswith("change") for channel in resolve("auto", BANDS))
    for features in ("change", "b04,change_ndvi"):
        with pytest.raises(ScarpError, match=r"none was given\. Give it as PRE_BANDS"):
            resolve(features, BANDS)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 99), st.integers(0, 130), st.integers(0, 130))
def test_windows_see_the_same_change_as_the_whole(seed, row, col):
    rng = np.random.default_rng(seed)
    known = rng.random((150, 160)) < 0.6
    bands = stack(*rng.uniform(1, 5000, (2, 4, 150, 160)), known)
    scene = MemoryScene(bands, np.ones(known.shape, bool), NAMES)
    whole, _ = compute(bands, NAMES, "b04,blur,change")
    window = Window(row, col, min(40, 150 - row), min(70, 160 - col))
    part, _ = FeatureReader(scene, "b04,blur,change").read(window)
    np.testing.assert_allclose(part, whole[:, row : row + window.height, col : col + window.width], rtol=0, atol=1e-6)
