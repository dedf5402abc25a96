"""Chip mode against references written from the formulas with numpy, scipy and scikit-image, on real chips."""

from __future__ import annotations

import cv2
import h5py
import numpy as np
import pytest
from scarp.core.errors import ScarpError
from scarp.core.features import compute, filters
from scipy import ndimage
from skimage.util import view_as_windows

NAMES = ["B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B09", "B10", "B11", "B12", "SLOPE", "DEM"]
L4S = np.array(
    [1111.81236406, 824.63171476, 663.41636217, 445.17289745, 645.8582926, 1547.73508126, 1960.44401001,
     1941.32229668, 674.07572865, 9.04787384, 1113.98338755, 519.90397929, 20.29228266, 772.83144788]
)  # fmt: skip
BLUE_FIRST = ("B02", "B03", "B04")
EVERYTHING = "bands26,global,gaussian,contrast,colours"


@pytest.fixture(scope="module", params=[1, 28, 45, 150, 300, 800])
def chip(request, shared_data):
    with h5py.File(shared_data / f"landslide4sense-14band/img/image_{request.param}.h5") as file:
        bands = np.moveaxis(file["img"][:], -1, 0) * L4S[:, None, None]
    bands[:12] = np.rint(bands[:12])
    return bands


def minmax(x):
    return (x - x.min()) / (x.max() - x.min())


def index(a, b):
    return (a - b) / np.maximum(a + b, 1e-8)


def reference(bands):
    """The published definitions (arXiv 2312.16717), in float64."""
    blue, green, red, nir = bands[1], bands[2], bands[3], bands[7]
    gray = (blue + green + red) / 3
    u8 = (255 * minmax(gray)).astype(np.uint8)
    windows = view_as_windows(np.pad(u8.astype(int), ((5, 4), (5, 4)), mode="reflect"), (10, 10))
    smooth, derive = [1, 4, 6, 4, 1], [-1, -2, 0, 2, 1]

    def sobel(axis):
        return ndimage.correlate1d(
            ndimage.correlate1d(minmax(gray), derive, axis, mode="mirror"), smooth, 1 - axis, mode="mirror"
        )

    kernel = np.exp(-(np.arange(-5, 6) ** 2) / 8)
    gaussian = minmax(gray)
    for axis in (0, 1):
        gaussian = ndimage.correlate1d(gaussian, kernel / kernel.sum(), axis, mode="mirror")
    return {
        **dict(zip([name.lower() for name in NAMES], bands)),
        **{"red_local": minmax(red), "green_local": minmax(green), "blue_local": minmax(blue)},
        **{"ndvi": index(nir, red), "nbr": index(nir, bands[11]), "ndmi": index(nir, bands[10])},
        "gray": gray,
        "blur": np.floor(windows.sum((2, 3)) / 100 + 0.5) / 255,
        "median": ndimage.median_filter(u8, 15, mode="nearest") / 255,
        "gradient_x": sobel(1) / 27.32001,
        "gradient_y": sobel(0) / 27.32001,
        "edge": cv2.Canny(u8, 150, 227) / 255,
        **dict(zip(("red_global", "green_global", "blue_global"), np.clip([red / 6e3, green / 6e3, blue / 6e3], 0, 1))),
        "gaussian": gaussian,
        **{f"{name}_contrast": (x - x.mean()) / x.std() for name, x in zip(("red", "green", "blue"), bands[3:0:-1])},
        **{"ngrdi": index(green, red), "ngbdi": index(green, blue)},
    }


def test_chip_mode_is_the_papers(chip):
    array, names = compute(chip.astype(np.float32), NAMES, EVERYTHING, mode="chip")
    expected = reference(chip)
    assert list(names) == list(expected)
    assert array.dtype == np.float32
    for channel, values in zip(names, array):
        kept = np.clip(expected[channel], -10, 10) if channel.endswith("contrast") else expected[channel]
        np.testing.assert_allclose(values, kept, rtol=2e-6, atol=2e-6, err_msg=channel)


def test_a_scene_of_one_cell_is_a_chip(chip):
    bands = chip.astype(np.float32)
    np.testing.assert_array_equal(compute(bands, NAMES, EVERYTHING)[0], compute(bands, NAMES, EVERYTHING, "chip")[0])


def test_contrast_is_blind_to_gain_and_offset_of_each_band(chip):
    gain, offset = (np.array(v, np.float32)[:, None, None] for v in ([0.3, 1.0, 2.5], [-200, 40, 1000]))
    low = chip[1:4].astype(np.float32)
    plain, changed = (compute(b, BLUE_FIRST, "contrast")[0] for b in (low, low * gain + offset))
    np.testing.assert_allclose(changed, plain, rtol=1e-3, atol=2e-3)


def test_ndvi_is_physical(chip):
    # On the released, mean-divided values NDVI hovers around 0 even in forest.
    assert np.median(compute(chip.astype(np.float32), NAMES, "ndvi")[0]) > 0.3


@pytest.mark.parametrize("mode", ["scene", "chip"])
def test_constant_chip_is_finite_and_unstretched(mode):
    array, names = compute(np.full((14, 40, 50), 700, np.float32), NAMES, EVERYTHING, mode=mode)
    assert np.isfinite(array).all()
    stretched = [names.index(n) for n in ("red_local", "blur", "median", "gradient_x", "edge", "gaussian")]
    assert not array[stretched].any()


@pytest.mark.parametrize("mode", ["scene", "chip"])
@pytest.mark.parametrize("poison", [np.nan, np.inf, -9999.0, 65535.0])
def test_invalid_pixels_are_zero_and_disturb_nothing(chip, mode, poison):
    valid = np.ones((128, 128), bool)
    valid[:40, 100:] = valid[64, 64] = False
    clean, spoilt = chip.astype(np.float32), chip.astype(np.float32)
    spoilt[:, ~valid] = poison
    array, _ = compute(spoilt, NAMES, EVERYTHING, mode=mode, valid=valid)
    np.testing.assert_array_equal(array, compute(clean, NAMES, EVERYTHING, mode=mode, valid=valid)[0])
    assert not array[:, ~valid].any()


def test_filters_ignore_invalid_pixels():
    rng = np.random.default_rng(5)
    bands = rng.uniform(100, 1000, (3, 60, 60)).astype(np.float32)
    valid = np.ones((60, 60), bool)
    valid[:, 30:] = False
    array, _names = compute(bands, ["R", "G", "B"], "gray,blur,gaussian,median", mode="chip", valid=valid)
    gray, blur, gaussian, median = array
    reach = gray[valid].min(), gray[valid].max()
    level = (gray - reach[0]) / (reach[1] - reach[0])
    # Averages next to the hole stay averages of valid pixels instead of fading to 0.
    for smooth in (blur, gaussian, median):
        assert abs(smooth[10:50, 29].mean() - level[10:50, 20:30].mean()) < 0.05
    assert blur[30, 29] == pytest.approx(np.floor(255 * level[25:35, 24:30]).mean() / 255, abs=0.51 / 255)


def test_nan_without_a_mask_is_nodata():
    bands = np.random.default_rng(0).uniform(0, 255, (3, 20, 20)).astype(np.float32)
    bands[1, 3, 4] = np.nan
    array, _ = compute(bands, ["R", "G", "B"], "auto")
    assert np.isfinite(array).all()
    assert not array[:, 3, 4].any()


def test_negative_dn_keep_indices_within_bounds():
    bands = np.array([-5, 3], np.float32)[:, None, None] * np.ones((2, 4, 4), np.float32)
    assert np.abs(compute(bands, ["B08", "B04"], "ndvi")[0]).max() <= 1


@pytest.mark.parametrize(
    ("shape", "mode", "valid", "words"),
    [
        ((2, 5, 5), "scene", None, "found .2, 5, 5."),
        ((3, 5), "scene", None, "found .3, 5."),
        ((3, 0, 5), "scene", None, "found"),
        ((3, 5, 5), "tile", None, "Choose one of scene, chip"),
        ((3, 5, 5), "chip", np.ones((4, 5), bool), "mask of .5, 5."),
    ],
)
def test_wrong_arrays_are_refused(shape, mode, valid, words):
    with pytest.raises(ScarpError, match=words):
        compute(np.ones(shape, np.float32), ["R", "G", "B"], "rgb3", mode, valid=valid)


@pytest.mark.parametrize("shape", [(128, 128), (412, 1948), (1100, 520), (1024, 1030)])
def test_the_median_is_the_same_by_whichever_method_a_size_is_filtered(shape):
    image = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)
    np.testing.assert_array_equal(filters.median(image), cv2.medianBlur(image, 15))
