"""The pre-event image: on the scene's grid, in its own units, known in a part of it."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from scarp.core import run
from scarp.core.errors import ScarpError
from scarp.core.jobs import BuildBandsJob, SceneInputs
from scarp.core.scene.grid import Window

NAMES = ("B03", "B04")
PRE = ("PRE_B03", "PRE_B04", "PRE_VALID")


@pytest.fixture
def now(make, dn):
    return [make("now.tif", dn((2, 60, 80)), names=NAMES)]


def test_what_is_unknown_before_stays_valid(now, make, dn, opened, log):
    then = dn((2, 60, 80), seed=1)
    then[:, :20] = 0
    then[0, 40] = 0  # dark in one band is no nodata
    then = then.astype(np.uint16)
    scene = opened(bands=now, pre_bands=[make("then.tif", then, names=NAMES)], radiometry="dn", pre_radiometry="dn")
    assert scene.names == (*NAMES, *PRE)
    values, valid = scene.read(scene.window, ("B04", *PRE))
    assert valid.all()
    np.testing.assert_array_equal(values[3], np.arange(60)[:, None].repeat(80, 1) >= 20)
    np.testing.assert_array_equal(values[1:3], then)
    assert "Pre-event image: B03, B04 are compared" in log.text()
    assert [record.get("image") for record in scene.sources] == [None, "pre-event"]
    assert scene.read(Window(5, 5, 1, 1), ("B04",))[1].all()


def test_it_has_units_mask_grid_and_band_map_of_its_own(now, make, opened):
    then = np.full((3, 30, 40), 1500, np.uint16)  # 20 m, baseline 04.00
    then[2] = 3000
    mask = np.ones((30, 40), np.uint8)
    mask[:, 20:] = 0
    scene = opened(
        bands=now,
        radiometry="dn",
        pre_bands=[make("then.tif", then, cell=20.0)],
        pre_band_map="PRE_B03=1,B04=3",
        pre_radiometry="dn_offset1000",
        pre_valid_mask=make("mask.tif", mask, cell=20.0),
    )
    values, valid = scene.read(scene.window, PRE)
    assert valid.all()
    assert (values[0, :, :38] == 500).all()
    assert (values[1, :, :38] == 2000).all()
    assert (values[:, :, 42:] == 0).all()
    assert set(np.unique(values[2])) == {0, 1}


def test_pictures_are_compared_with_pictures(make, opened, refused):
    photo = np.random.default_rng(0).integers(0, 255, (3, 40, 40)).astype(np.uint8)
    after, before = (make(f"{name}.tif", photo, photometric="RGB") for name in ("after", "before"))
    scene = opened(bands=[after], pre_bands=[before])
    assert scene.names == ("R", "G", "B", "PRE_R", "PRE_G", "PRE_B", "PRE_VALID")
    assert (scene.read(scene.window, ("PRE_VALID",))[0] == 1).all()
    plain = make("plain.tif", photo.astype(np.uint16) * 9, names=("B02", "B03", "B04"))
    message = refused(bands=[plain], radiometry="dn", pre_bands=[before], pre_band_map="B02=1,B03=2,B04=3",
                      pre_radiometry="raw")  # fmt: skip
    assert "PRE_RADIOMETRY is raw, that of the scene dn" in message


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"pre_bands": ["now.tif"]}, "B03 in 'now' (now.tif, band 1) is the scene's own band"),
        ({"pre_bands": ["other.tif"]}, "PRE_BANDS holds B08, the scene B03, B04"),
        ({"pre_bands": ["far.tif"]}, "does not overlap the scene"),
        ({"pre_bands": ["nameless.tif"]}, "type PRE_BAND_MAP=B04=1"),
        ({"pre_bands": ["missing.tif"]}, "missing.tif"),
        ({"pre_bands": [], "pre_band_map": "B04=1"}, "PRE_BAND_MAP describe the pre-event image"),
        ({"pre_bands": ["then.tif"], "band_map": "PRE_B04=2"}, "has its own PRE_BAND_MAP"),
        ({"pre_bands": ["then.tif"], "pre_radiometry": "nice"}, "PRE_RADIOMETRY is 'nice'"),
    ],
)
def test_what_cannot_be_compared_is_refused(now, make, dn, refused, tmp_path, change, words):
    make("then.tif", dn((2, 60, 80)), names=NAMES)
    make("other.tif", dn((1, 60, 80)), names=("B08",))
    make("far.tif", dn((2, 60, 80)), names=NAMES, corner=(700000.0, 4700000.0))
    make("nameless.tif", dn((60, 80)))
    change["pre_bands"] = [str(tmp_path / name) for name in change["pre_bands"]]
    message = refused(bands=now, radiometry="dn", **{"pre_radiometry": "dn", **change})
    assert words in message


def test_a_product_of_another_level_is_warned_of(make, dn, opened, log):
    after = make("S2A_MSIL1C_B04.tif", dn((40, 40)))
    opened(bands=[after], radiometry="dn", pre_bands=[make("S2A_MSIL2A_B04.tif", dn((40, 40)))], pre_radiometry="dn")
    assert "Pre-event image: it is a Sentinel-2 L2A product" in log.text("warning")


def test_no_output_replaces_it(now, make, dn):
    then = make("then.tif", dn((2, 60, 80)), names=NAMES)
    with pytest.raises(ScarpError, match="same file as PRE_BANDS"):
        BuildBandsJob(bands=now, pre_bands=[then], features="change", output=then).check_files()
    assert SceneInputs(bands=now, pre_bands=[{"path": then, "name": "x"}]).pre_bands[0].name == "x"


def test_buildbands_writes_change(now, make, dn, tmp_path, opened):
    then = dn((2, 60, 80), seed=1)
    then[:, :20] = 0
    target = str(tmp_path / "out.tif")
    run(
        BuildBandsJob(
            bands=now,
            radiometry="dn",
            pre_bands=[make("then.tif", then, names=NAMES)],
            pre_radiometry="dn",
            features="b04,change",
            output=target,
        )
    )
    with rasterio.open(target) as file:
        assert file.descriptions == ("b04", "change_b03", "change_b04", "change_valid")
        values = file.read()
    assert (values[1:, :20] == 0).all()
    np.testing.assert_array_equal(values[2, 20:], values[0, 20:] - then[1, 20:])
    scene = opened(bands=[target])
    assert (scene.engineered, scene.mode) == (True, "scene")
