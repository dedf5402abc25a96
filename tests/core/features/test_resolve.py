"""Names, groups, presets and what they need."""

from __future__ import annotations

import pytest
from scarp.core.errors import ScarpError
from scarp.core.features import CHANNELS, PRESETS, required, resolve

L4S = ["B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B09", "B10", "B11", "B12", "SLOPE", "DEM"]


@pytest.mark.parametrize("preset", PRESETS)
def test_presets_have_as_many_channels_as_they_say(preset):
    count = int("".join(c for c in preset.replace("rgb4dem", "4") if c.isdigit()))
    available = [*L4S, "R", "G", "B"] if preset.startswith("rgb") else L4S
    channels = resolve(preset, available)
    assert len(channels) == len(set(channels)) == count
    assert set(required(channels, available)) <= set(available)


VISIBLE = ("red_local", "green_local", "blue_local", "gray", "blur", "median")


def test_order_of_the_paper():
    computed = "red_local green_local blue_local ndvi nbr ndmi gray blur median gradient_x gradient_y edge"
    assert " ".join(resolve("bands26", L4S)) == " ".join(L4S).lower() + " " + computed


@pytest.mark.parametrize(
    ("available", "expected"),
    [
        (L4S, PRESETS["bands23"]),
        (["B02", "B03", "B04"], ("b02", "b03", "b04", *VISIBLE)),
        (["R", "G", "B"], ("red", "green", "blue", *VISIBLE)),
        (["R", "G", "B", "DEM"], ("red", "green", "blue", "dem", *VISIBLE)),
        (["B04", "B08", "SLOPE"], ("b04", "b08", "slope", "red_local", "ndvi")),
        (["DEM"], ("dem",)),
    ],
)
def test_auto_takes_what_is_there(available, expected):
    assert resolve("auto", available) == expected


@pytest.mark.parametrize(
    ("text", "available", "expected"),
    [
        ("B04, ndvi ,b04,VI", L4S, "b04 ndvi ndmi"),
        ("indices,terrain", L4S, "ndvi nbr ndmi slope dem"),
        ("bands", ["B8A", "B02", "DEM"], "b02 b8a"),
        (["rgb3", "dem"], ["B04", "B03", "B02", "DEM"], "b04 b03 b02 dem"),
        ("rgb4dem", ["R", "G", "B", "DEM"], "red green blue dem"),
        ("rgb9", ["B04", "B03", "B02"], "b04 b03 b02 red_local green_local blue_local "
         "red_global green_global blue_global"),
    ],
)  # fmt: skip
def test_lists_and_groups(text, available, expected):
    assert resolve(text, available) == tuple(expected.split())


@pytest.mark.parametrize(
    ("text", "available", "words"),
    [
        ("bands23", ["B04", "B03", "B02", "B08", "DEM"], "needs B01, B05, .*B12, SLOPE, which"),
        ("ndvi,moisture", L4S, "Unknown feature 'moisture'.*bands23"),
        (" , ", L4S, "FEATURES is empty"),
        ("auto", [], "needs .* it has nothing"),
        ("bands", ["R", "G", "B"], "needs B01"),
        ("rgb3", ["R", "G"], "needs B, which"),
    ],
)
def test_what_cannot_be_had_is_named(text, available, words):
    with pytest.raises(ScarpError, match=words):
        resolve(text, available)


def test_required_lists_inputs_once():
    assert required(("ndvi", "nbr", "red_local", "b04")) == ("B08", "B04", "B12")
    assert required(("gray", "dem"), ("R", "G", "B", "DEM")) == ("R", "G", "B", "DEM")
    assert required(tuple(CHANNELS))[:3] == ("B01", "B02", "B03")
    with pytest.raises(ScarpError, match="Unknown feature"):
        required(("b13",))
