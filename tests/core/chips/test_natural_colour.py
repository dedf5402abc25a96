"""Landslide4Sense in natural colours, read as Sentinel-2 bands of unknown brightness."""

from __future__ import annotations

import numpy as np
import pytest
from scarp.core.card import Card
from scarp.core.chips.files import ChipFileError, read_h5_image, read_picture
from scarp.core.chips.folder import ChipFolder
from scarp.core.chips.natural_colour import BRIGHTNESS, as_bands, check_channels, choose
from scarp.core.errors import ScarpError
from scarp.core.features import compute
from scarp.core.reporter import Reporter

NAMES = ("B04", "B03", "B02")


@pytest.mark.parametrize("number", [1, 2, 27, 45])
def test_the_bands_are_those_of_the_original_but_for_one_factor(shared_data, number):
    path = shared_data / "landslide4sense-rgb" / "image" / f"image_{number}.png"
    if not path.is_file():
        pytest.skip(f"chip {number} is not among the pictures")
    bands = as_bands(read_picture(path, 3), ("R", "G", "B"))
    original = read_h5_image(shared_data / "landslide4sense-14band" / "img" / f"image_{number}.h5")[[3, 2, 1]]
    factor = original.sum() / bands.sum()
    # A pixel was cut to one of 256 steps of the brightest value.
    step = (original / np.array([445.17289745, 663.41636217, 824.63171476])[:, None, None]).max() / 255
    steps = step * np.array([445.17, 663.42, 824.63])[:, None, None]
    assert (np.abs(bands * factor - original) <= 1.6 * steps + 2).all()
    assert bands[2].mean() == pytest.approx(BRIGHTNESS, rel=1e-3)
    for features in ("colours", "contrast"):
        found, expected = (compute(b.astype(np.float32), NAMES, features)[0] for b in (bands, original))
        assert np.corrcoef(found.ravel(), expected.ravel())[0, 1] > 0.97, features


def test_a_folder_is_read_as_what_it_is_said_to_be(shared_data):
    folder = ChipFolder(shared_data / "landslide4sense-rgb", Reporter(), pictures="landslide4sense")
    assert (folder.names, folder.radiometry, folder.product, folder.gsd) == (NAMES, "relative", "L1C", 10.0)
    assert "Ghorbanzadeh" in folder.attribution
    assert len(folder) == 1744


def test_pictures_are_what_the_checkpoint_was_trained_on(shared_data):
    said = []
    reporter = Reporter(log=lambda level, text: said.append(text))
    relative, raw = (Card("unet", ["ngrdi"], [0.0], [1.0], radiometry=radiometry) for radiometry in ("relative", "raw"))
    pictures = shared_data / "landslide4sense-rgb"
    assert choose("auto", relative, pictures, reporter) == "landslide4sense"
    assert "PICTURES=photo" in said.pop()
    for card, folder in ((raw, pictures), (None, pictures), (relative, shared_data / "landslide4sense-14band")):
        assert choose("auto", card, folder, reporter) == "photo"
    assert choose("photo", relative, pictures, reporter) == "photo"
    assert not said


def test_what_is_no_such_picture_is_refused(shared_data):
    with pytest.raises(ChipFileError, match="8-bit pictures in red, green, blue"):
        as_bands(np.full((3, 4, 4), 300, np.float32), ("R", "G", "B"))
    assert not as_bands(np.zeros((3, 4, 4), np.float32), ("R", "G", "B")).any()
    with pytest.raises(ScarpError, match="PICTURES=landslide4sense is for folders of pictures"):
        ChipFolder(shared_data / "landslide4sense-14band", Reporter(), pictures="landslide4sense")
    check_channels(("red_contrast", "ngrdi", "blur"), "relative")
    check_channels(("b04", "gray"), "dn")
    with pytest.raises(ScarpError, match="on which b04, gray depend"):
        check_channels(("b04", "gray", "ndvi"), "relative")
