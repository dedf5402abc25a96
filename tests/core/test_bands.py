from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scarp.core import bands
from scarp.core.errors import ScarpError


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("B4", "B04"),
        ("b04", "B04"),
        ("download.B4.tif", "B04"),
        ("T54TWP_20180911_B8A", "B8A"),
        ("T32TNS_20230703T101559_B04_10m.jp2", "B04"),
        ("S2_post_B2", "B02"),
        ("S2_post_B12.tif", "B12"),
        ("B8, central wavelength 842 nm", "B08"),
        ("red", "B04"),
        ("NIR", "B08"),
        ("swir 1", "B11"),
        ("rededge2", "B06"),
        ("post_nir_10m", "B08"),
        ("slope", "SLOPE"),
        ("AW3D30_DSM", "DEM"),
        ("my dem.tif", "DEM"),
        ("G", "G"),
    ],
)
def test_names_in_use_are_recognised(text, name):
    assert bands.recognise(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Band 1",
        "B13",
        "B0",
        "stack_B2_B3_B4",
        "S2B_MSIL1C_20180911",
        "AB4",
        "B4x",
        "SCL",
        "TCI",
        "redwood",
        "area_b",
    ],
)
def test_what_names_no_single_band_is_left_alone(text):
    assert bands.recognise(text) is None


@given(
    st.sampled_from(bands.BANDS),
    st.sampled_from(["{}", "T54_{}", "x.{}.tif", "a-{}-10m", "({})"]),
    st.booleans(),
    st.booleans(),
)
def test_every_spelling_of_a_code_gives_its_canonical_name(name, pattern, lower, short):
    text = "B" + name[1:].lstrip("0") if short else name
    assert bands.recognise(pattern.format(text.lower() if lower else text)) == name


def test_band_map_takes_numbers_names_and_any_spelling():
    text = " B2=1, b8a=2;dem = my dem\nSLOPE=4 "
    assert bands.parse_band_map(text) == {"B02": 1, "B8A": 2, "DEM": "my dem", "SLOPE": 4}
    assert bands.parse_band_map("") == {}


@given(st.lists(st.sampled_from(bands.CANONICAL), unique=True), st.integers(1, 50))
def test_band_map_reads_back_what_it_writes(names, first):
    text = bands.format_band_map(tuple(names), first)
    assert bands.parse_band_map(text) == {name: first + i for i, name in enumerate(names)}


@pytest.mark.parametrize(
    ("text", "found"),
    [("B02", "'B02' is not"), ("B02=", "not NAME"), ("X=1", "'X' is no band"), ("B2=1,B02=2", "B02 twice"),
     ("B02=0", "from 1"), ("B02=-3", "from 1"), ("B02=1,B03=1", "both B02 and B03")],
)  # fmt: skip
def test_band_map_errors_say_what_is_wrong(text, found):
    with pytest.raises(ScarpError, match=found):
        bands.parse_band_map(text)
