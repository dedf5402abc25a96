from __future__ import annotations

import numpy as np
import pytest
from scarp.core.jobs import RADIOMETRIES

L2A_2023 = "S2A_MSIL2A_20230703T101559_N0509_R065_T32TNS.SAFE"


def read(scene):
    return scene.read(scene.window, ["B04"])[0][0]


def haze(dn, **options):
    return dn((30, 30), low=1100, high=4000, **options)


@pytest.mark.parametrize("kind", RADIOMETRIES[1:])
def test_what_the_user_says_is_done(make, dn, opened, kind):
    stored = haze(dn)
    values = read(opened(bands=[make("B04.tif", stored)], radiometry=kind))
    gain, bias = {"reflectance": (10000, 0), "dn_offset1000": (1, -1000)}.get(kind, (1, 0))
    np.testing.assert_array_equal(values, stored.astype(np.float32) * gain + bias)


def test_real_scenes_are_plain_dn(hokkaido, post, opened, log):
    pre = [str(hokkaido / "pre" / f"S2_pre_B{n}.tif") for n in (2, 3, 4)]
    for bands in (post, pre):
        assert opened(bands=bands).radiometry == "dn"
    assert "no offset was added" in log.text("info")


def test_values_that_fit_both_are_refused_with_all_choices(make, dn, refused):
    message = refused(bands=[make("B04.tif", haze(dn))])
    assert "ambiguous" in message
    assert all(f"RADIOMETRY={kind}" in message for kind in RADIOMETRIES[1:])
    assert "20230911" in refused(bands=[make("T54_20230911T012345_B04.tif", haze(dn))])


def test_an_image_older_than_the_offset_is_plain_dn_with_a_warning(make, dn, opened, log):
    assert opened(bands=[make("T54TWP_20180911_B04.tif", haze(dn))]).radiometry == "dn"
    assert "20180911" in log.text("warning")


@pytest.mark.parametrize(
    "tags",
    [{"BOA_ADD_OFFSET": "-1000"}, {"RADIO_ADD_OFFSET_B4": "-1000.0"}, {"PROCESSING_BASELINE": "05.09"},
     {"PRODUCT_URI": L2A_2023}],
)  # fmt: skip
def test_metadata_tells_the_offset(make, dn, opened, tags):
    stored = haze(dn)
    scene = opened(bands=[make("B04.tif", stored, tags=tags)])
    assert scene.radiometry == "dn_offset1000"
    np.testing.assert_array_equal(read(scene), stored.astype(np.float32) - 1000)


@pytest.mark.parametrize("tags", [{"BOA_ADD_OFFSET": "0"}, {"PROCESSING_BASELINE": "02.06"}])
def test_metadata_tells_that_there_is_none(make, dn, opened, tags):
    assert opened(bands=[make("B04.tif", haze(dn), tags=tags)]).radiometry == "dn"


def test_the_folder_of_the_product_tells(tmp_path, make, dn, opened):
    (tmp_path / L2A_2023).mkdir()
    scene = opened(bands=[make(f"{L2A_2023}/T32TNS_B04_10m.tif", haze(dn))])
    assert (scene.radiometry, scene.product) == ("dn_offset1000", "L2A")


def test_metadata_that_the_values_contradict(make, dn, refused):
    message = refused(bands=[make("B04.tif", dn((30, 30)), tags={"PROCESSING_BASELINE": "05.09"})])
    assert "baseline 05.09" in message
    assert "negative reflectance" in message


def test_bands_that_disagree(make, dn, refused):
    bands = [
        make("B04.tif", haze(dn), tags={"BOA_ADD_OFFSET": "0"}),
        make("B03.tif", haze(dn), tags={"BOA_ADD_OFFSET": "-1000"}),
    ]
    assert "disagree" in refused(bands=bands)


def test_reflectance_by_its_range(make, dn, opened):
    stored = (dn((30, 30)) / 10000).astype(np.float32)
    scene = opened(bands=[make("B04.tif", stored)])
    assert scene.radiometry == "reflectance"
    np.testing.assert_allclose(read(scene), stored * 10000, rtol=1e-6)


def test_scale_and_offset_of_the_file_count(make, dn, opened):
    import rasterio

    stored, path = haze(dn), make("B04.tif", haze(dn))
    with rasterio.open(path, "r+") as dataset:
        dataset.scales, dataset.offsets = (0.0001,), (-0.1,)
    np.testing.assert_allclose(read(opened(bands=[path])), stored.astype(float) - 1000, atol=1e-2)


def test_dn_as_float_are_dn(make, dn, opened):
    assert opened(bands=[make("B04.tif", dn((30, 30)).astype(np.float32))]).radiometry == "dn"


def test_divided_values_of_landslide4sense_are_refused(make, dn, refused):
    stored = (dn((30, 30)) / 445.17).astype(np.float32)
    assert "ambiguous" in refused(bands=[make("B04.tif", stored)])


def test_8_bit_bands_are_refused_with_both_ways_out(make, refused, opened):
    stored = np.random.default_rng(0).integers(0, 256, (30, 30)).astype(np.uint8)
    path = make("B04.tif", stored)
    message = refused(bands=[path])
    assert "BAND_MAP=R=1" in message
    assert "RADIOMETRY=raw" in message
    np.testing.assert_array_equal(read(opened(bands=[path], radiometry="raw")), stored)


def test_mixed_units_are_refused(make, dn, refused):
    bands = [make("B04.tif", dn((30, 30))), make("B03.tif", (dn((30, 30)) / 1e4).astype(np.float32))]
    message = refused(bands=bands)
    assert "neither all DN nor all reflectance" in message
    assert "B03 0.0101 to 0.3992" in message


def test_nothing_valid_to_look_at(make, refused):
    assert "No valid pixel" in refused(bands=[make("B04.tif", np.zeros((30, 30), np.uint16))])
