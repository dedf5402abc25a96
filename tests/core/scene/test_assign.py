from __future__ import annotations

import re

import numpy as np
import pytest
from rasterio.enums import ColorInterp
from scarp.core.jobs import Layer

L4S = "BAND_MAP=B01=1,B02=2,B03=3,B04=4,B05=5,B06=6,B07=7,B08=8,B09=9,B10=10,B11=11,B12=12"
L2A = "BAND_MAP=B01=1,B02=2,B03=3,B04=4,B05=5,B06=6,B07=7,B08=8,B09=9,B11=10,B12=11"


def test_files_layer_names_and_descriptions_mix(make, dn, opened):
    stack = make("stack.tif", dn((3, 20, 20)), names=("B8, central wavelength 842 nm", "QA60", "swir2"))
    scene = opened(
        bands=[make("x_B04_10m.tif", dn((20, 20))), Layer(make("1.tif", dn((20, 20))), "post B2"), stack],
        radiometry="dn",
    )
    assert scene.names == ("B02", "B04", "B08", "B12")
    window = scene.window
    values, _ = scene.read(window, ["B12", "B08"])
    np.testing.assert_array_equal(values, dn((3, 20, 20))[[2, 0]])


def test_an_unnamed_stack_is_never_guessed_and_the_message_is_what_to_type(crops, refused, opened):
    for name, suggestion in (
        ("S2A1C_20170703_022_Barbellino_TOA_10", L4S),
        ("S2A2A_20190723_022_Barbellino_BOA_10", L2A),
    ):
        path = str(crops / f"{name}.tif")
        message = refused(bands=[path])
        assert f"type {suggestion} (" in message
        assert name in message
        typed = re.search(r"BAND_MAP=(\S+)", message)[1]
        scene = opened(bands=[path], band_map=typed)
        assert len(scene.names) == typed.count("=")
        assert scene.product == ("L1C" if "TOA" in name else "L2A")


def test_the_numbers_to_type_count_the_bands_of_all_rasters(make, dn, refused, opened):
    named, unnamed = make("B08.tif", dn((20, 20))), make("stack.tif", dn((3, 20, 20), 5))
    message = refused(bands=[named, unnamed])
    assert "BAND_MAP=B04=2,B03=3,B02=4" in message
    assert "'stack' (stack.tif, bands 1 to 3) names none" in message
    assert "Found: B08 in 'B08' (B08.tif)" in message
    scene = opened(bands=[named, unnamed], band_map="B04=2,B03=3,B02=4", radiometry="dn")
    assert scene.names == ("B02", "B03", "B04", "B08")
    np.testing.assert_array_equal(scene.read(scene.window, ["B04"])[0][0], dn((3, 20, 20), 5)[0])


def test_band_map_overrules_names_and_takes_raster_names(make, dn, opened, log):
    bands = [make("pre_B4.tif", dn((20, 20), 1)), make("post_B4.tif", dn((20, 20), 2)), make("x.tif", dn((20, 20), 3))]
    scene = opened(bands=bands, band_map="B04=post_B4,B03=3", radiometry="dn")
    assert scene.names == ("B03", "B04")
    np.testing.assert_array_equal(scene.read(scene.window, ["B04"])[0][0], dn((20, 20), 2))
    assert "'pre_B4': band 1 is not used" in log.text("info")


@pytest.mark.parametrize(
    ("band_map", "found"),
    [
        ("B04=7", "band 7.*BANDS holds 2"),
        ("B04=nope", "name of no raster.*a_B3, b"),
        ("B04=2,B03=b", "both B04 and B03"),
    ],
)
def test_a_band_map_that_points_nowhere(make, dn, refused, band_map, found):
    bands = [make("a_B3.tif", dn((20, 20))), make("b.tif", dn((20, 20)))]
    assert re.search(found, refused(bands=bands, band_map=band_map))


def test_the_same_band_twice_lists_both_places(post, hokkaido, refused, opened):
    pre = [str(hokkaido / "pre" / f"S2_pre_B{n}.tif") for n in (2, 3, 4)]
    message = refused(bands=post + pre)
    assert "B04 in 'S2_post_B4' (S2_post_B4.tif) and 'S2_pre_B4' (S2_pre_B4.tif)" in message
    typed = re.search(r"BAND_MAP=(\S+)\.$", message)[1]
    assert opened(bands=post + pre, band_map=typed).names == ("B02", "B03", "B04")


def test_names_that_contradict_each_other(make, dn, refused):
    path = make("x_B4.tif", dn((20, 20)), names=("B2",))
    assert re.search("Cannot tell.*say B02 and B04", refused(bands=[path]))


def test_the_same_file_twice(make, dn, refused):
    path = make("B04.tif", dn((20, 20)))
    assert "same file twice" in refused(bands=[path, path])


def test_dem_twice(make, dn, refused):
    stack = make("stack.tif", dn((2, 20, 20)), names=("B04", "DEM"))
    dem = make("other.tif", dn((20, 20)))
    assert re.search("DEM was found twice.*other.tif.*stack", refused(bands=[stack], dem=dem, radiometry="dn"))


@pytest.mark.parametrize("role", ["dem", "slope"])
def test_a_band_given_as_terrain(make, dn, refused, role):
    red, other = make("S2_B04.tif", dn((20, 20))), make("S2_B12_20m.tif", dn((20, 20)))
    assert f"{role.upper()} is 'S2_B12_20m', which is band B12" in refused(bands=[red], **{role: other})
    assert "one of BANDS" in refused(
        bands=[make("photo.tif", dn((20, 20)))], band_map="B04=1", **{role: make("photo.tif", dn((20, 20)))}
    )


def test_terrain_alone_is_no_scene(make, dn, refused):
    assert "no Sentinel-2 band and no colour" in refused(bands=[make("dem.tif", dn((20, 20)))])


def test_a_photograph_is_r_g_b_and_its_alpha_is_validity(make, opened, log):
    picture = np.random.default_rng(0).integers(0, 256, (4, 20, 30)).astype(np.uint8)
    picture[3] = 255
    picture[3, :5] = 0
    picture[:3, 10, 10] = 0
    # Stored blue first: the colour interpretation decides, not the order.
    order = [ColorInterp.blue, ColorInterp.green, ColorInterp.red, ColorInterp.alpha]
    path = make("ortho.tif", picture, photometric="RGB", alpha="yes")
    import rasterio

    with rasterio.open(path, "r+") as dataset:
        dataset.colorinterp = order
    scene = opened(bands=[path])
    assert (scene.names, scene.radiometry) == (("R", "G", "B"), "raw")
    values, valid = scene.read(scene.window, scene.names)
    np.testing.assert_array_equal(values[:, 5:], picture[[2, 1, 0], 5:])
    assert not valid[:5].any()
    assert valid[5:].all(), "black is a colour"
    assert "photograph" in log.text("info")


def test_a_picture_without_colours_is_taken_in_order_and_said(make, opened, log):
    picture = np.arange(3 * 20 * 20).reshape(3, 20, 20).astype(np.uint8)
    scene = opened(bands=[make("p.tif", picture, photometric="minisblack")])
    np.testing.assert_array_equal(scene.read(scene.window, ["R", "G", "B"])[0], picture)
    assert "in this order" in log.text("warning")


def test_the_red_of_a_picture_is_no_b04(make, opened):
    picture = np.ones((3, 20, 20), np.uint8)
    assert opened(bands=[make("p.tif", picture, names=("Red", "Green", "Blue"))]).names == ("R", "G", "B")


def test_16_bit_colours_are_asked_about(make, dn, refused):
    path = make("p.tif", dn((3, 20, 20)), photometric="RGB")
    assert "BAND_MAP=B04=1,B03=2,B02=3" in refused(bands=[path])


def test_alpha_stays_validity_when_a_picture_is_resampled(make, opened):
    picture = np.full((4, 60, 60), 90, np.uint8)
    picture[3] = 255
    picture[:, :20] = 0
    scene = opened(bands=[make("ortho.tif", picture, photometric="RGB", alpha="yes", cell=5)], resolution=10)
    values, valid = scene.read(scene.window, ["R"])
    np.testing.assert_array_equal(valid[:, 5], np.arange(30) >= 10)
    assert (values[0][valid] == 90).all()
