"""Products as downloaded, sound ones and those that users really have."""

from __future__ import annotations

import re
import shutil
import zipfile

import numpy as np
import pytest
import rasterio
from hypothesis import given
from hypothesis import strategies as st
from product_standin import STAMP, make_product, stored, write_jp2, zipped
from rasterio.enums import Resampling
from rasterio.warp import reproject
from scarp.core import run
from scarp.core.bands import BANDS
from scarp.core.errors import Cancelled, ScarpError
from scarp.core.jobs import ImportProductJob, SceneInputs
from scarp.core.reporter import Reporter
from scarp.core.scene import open_scene
from scarp.core.scene.product import open_product
from scarp.core.scene.product_metadata import parse
from scarp.core.sentinel import find_product, is_product


@pytest.fixture(scope="module")
def l1c(tmp_path_factory):
    return make_product(tmp_path_factory.mktemp("l1c"))


@pytest.fixture(scope="module")
def l2a(tmp_path_factory):
    return make_product(tmp_path_factory.mktemp("l2a"), level="L2A")


@pytest.fixture
def imported(tmp_path, log):
    """Import a product and return (values by band, profile, tags); ``clouds`` goes to MASK."""

    def run_import(product, clouds="", **options):
        target = tmp_path / "out" / "stack.tif"
        job = ImportProductJob(product=str(product), output=str(target), mask=str(clouds), **options)
        result = run(job, log=lambda level, message: log.lines.append((level, message)))
        assert result["OUTPUT"] == str(target)
        with rasterio.open(target) as dataset:
            values = dict(zip(dataset.descriptions, dataset.read()))
            return values, dataset.profile, dataset.tags()

    return run_import


def warped(array, cell, size):
    """A coarse band on the 10 m grid by GDAL's own warper, in one piece: 0 and 65535 are nodata; NaN where nodata."""
    source = array.astype(np.float32)
    source[(array == 0) | (array == 65535)] = np.nan
    target = np.full((size, size), np.nan, np.float32)
    place = {"src_crs": "EPSG:32654", "dst_crs": "EPSG:32654", "src_nodata": np.nan, "dst_nodata": np.nan}
    reproject(
        source,
        target,
        src_transform=rasterio.Affine(cell, 0, 0, 0, -cell, 0),
        dst_transform=rasterio.Affine(10, 0, 0, 0, -10, 0),
        resampling=Resampling.bilinear,
        **place,
    )
    return target


def test_every_band_is_reflectance_x_10000(l1c, imported):
    values, profile, tags = imported(l1c)
    assert tuple(values) == BANDS
    assert (profile["dtype"], profile["nodata"], profile["transform"].a) == ("int16", -32768, 10)
    for name in ("B02", "B04", "B08"):
        array = stored(name, offset=1000).astype(int)
        expected = np.where((array == 0) | (array == 65535), -32768, array - 1000)
        np.testing.assert_array_equal(values[name], expected)
    for name, cell in (("B11", 20), ("B09", 60)):
        expected = warped(stored(name, offset=1000), cell, 96) - 1000
        valid = values[name] != -32768
        np.testing.assert_array_equal(valid, np.isfinite(expected))
        assert np.abs(values[name] - expected)[valid].max() <= 0.51  # rounded to whole DN
    assert tags["PROCESSING_LEVEL"] == "Level-1C"
    assert tags["RADIO_ADD_OFFSET"] == "0"


def test_zip_folder_and_metadata_file_are_the_same_product(l2a, imported, tmp_path):
    folder, *_ = imported(l2a)
    archive = zipped(l2a, tmp_path / "a product (1).zip")
    deflated = zipped(l2a, tmp_path / "deflated.zip", zipfile.ZIP_DEFLATED)
    inside = f"/vsizip/{archive}/{l2a.name}"
    granule = next((l2a / "GRANULE").iterdir())
    plain = (archive, deflated, l2a.parent, l2a / "MTD_MSIL2A.xml", granule)
    for given_path in (*plain, inside, f"{inside}/MTD_MSIL2A.xml"):
        assert is_product(str(given_path))
        other, *_ = imported(given_path)
        assert list(other) == list(folder)
        assert all((other[name] == folder[name]).all() for name in folder), given_path


def test_the_imported_stack_is_the_scene_of_the_product(l2a, imported, opened, log, tmp_path):
    imported(l2a, clouds=tmp_path / "scl.tif")
    direct = opened(bands=[str(l2a)])
    stack = opened(bands=[str(tmp_path / "out" / "stack.tif")], valid_mask=str(tmp_path / "scl.tif"))
    assert (direct.names, direct.product) == (stack.names, stack.product)
    assert (stack.product, stack.radiometry, direct.radiometry) == ("L2A", "dn", "dn_offset1000")
    (one, valid), (other, same) = (scene.read(scene.window, scene.names) for scene in (direct, stack))
    np.testing.assert_array_equal(valid, same)
    assert 0.5 < valid.mean() < 0.8  # clouds in the upper quarter, nodata on the left, a saturated pixel
    assert not valid[40, 50]
    assert np.abs(one - other)[:, valid].max() <= 0.51


def test_a_part_of_some_bands(l1c, imported):
    whole, profile, _ = imported(l1c)
    x, y = profile["transform"].c, profile["transform"].f
    box = [x + 200, y - 500, x + 600, y - 100]
    part, cropped, _ = imported(l1c, bands_wanted="B11, b4", extent=box, extent_crs="EPSG:32654")
    assert list(part) == ["B04", "B11"]
    assert (cropped["width"], cropped["height"]) == (40, 40)
    for name, values in part.items():
        np.testing.assert_array_equal(values, whole[name][10:50, 20:60])
    coarse, profile, _ = imported(l1c, bands_wanted="B11")
    np.testing.assert_array_equal(coarse["B11"], whole["B11"])


def test_before_the_offset_dark_pixels_are_no_nodata(tmp_path, imported, opened):
    product = make_product(tmp_path / "old", baseline="02.06", offset=None, uri="")
    granule = next((product / "GRANULE").iterdir())
    dark = stored("B02")
    dark[60, 60] = 0
    write_jp2(granule / "IMG_DATA" / f"T54TWN_{STAMP}_B02.jp2", dark, 10)
    values, *_ = imported(product)
    assert values["B02"][60, 60] == 0
    assert (values["B02"][:, :6] == -32768).all()
    np.testing.assert_array_equal(values["B08"][:, 6:], stored("B08")[:, 6:])
    scene = opened(bands=[str(product)])
    assert scene.radiometry == "dn"
    found, valid = scene.read(scene.window, ["B02"])
    assert (found[0, 60, 60], valid[60, 60]) == (0, True)
    assert not valid[:, :6].any()


def test_a_product_before_the_event_brings_its_own_clouds(l2a, l1c, opened, log):
    scene = opened(bands=[str(l1c)], pre_bands=[str(l2a)])
    known = scene.read(scene.window, ["PRE_VALID"])[0][0]
    assert known[:20].max() == 0
    assert known[40:, 12:].mean() > 0.9
    assert "L2A product, the scene a L1C product" in log.text("warning")


def test_a_mask_of_the_users_wins(l2a, make, opened, log):
    mask = make("mask.tif", np.ones((96, 96), np.uint8))
    scene = opened(bands=[str(l2a)], valid_mask=mask)
    assert scene.read(scene.window, ["B02"])[1][:20, 12:].all()
    assert "VALID_MASK is used, not the scene classification" in log.text("info")


def test_a_radiometry_that_contradicts_the_product_is_said(l2a, opened, log):
    assert opened(bands=[str(l2a)], radiometry="dn").radiometry == "dn"
    assert "overrules what the product says: L2A" in log.text("warning")


def test_l2a_without_classification_warns_and_refuses_a_mask(tmp_path, opened, log, imported):
    product = make_product(tmp_path, level="L2A", scl=False)
    opened(bands=[str(product)])
    assert "no scene classification" in log.text("warning")
    with pytest.raises(ScarpError, match="Leave MASK unset"):
        imported(product, clouds=tmp_path / "scl.tif")
    assert not (tmp_path / "out").exists()


def test_a_missing_image_is_an_error_of_the_import_and_a_warning_of_a_scene(tmp_path, opened, log, imported):
    product = make_product(tmp_path)
    next(product.rglob("*_B11.jp2")).unlink()
    with pytest.raises(ScarpError, match=r"no image of B11; it has B01.*or name the bands"):
        imported(product)
    assert "B11" not in opened(bands=[str(product)]).names
    assert "lacks the images of B11" in log.text("warning")
    assert len(imported(product, bands_wanted="B02,B03")[0]) == 2
    with pytest.raises(ScarpError, match="Correct BANDS_WANTED"):
        imported(make_product(tmp_path / "b", level="L2A"), bands_wanted="B10")


def test_cancel_leaves_nothing(l1c, tmp_path):
    seen = []
    job = ImportProductJob(product=str(l1c), output=str(tmp_path / "new" / "stack.tif"))
    with pytest.raises(Cancelled):
        run(job, progress=lambda share, text: seen.append(text), cancelled=lambda: len(seen) > 5)
    assert not list(tmp_path.iterdir())


def no_metadata(product):
    (product / "MTD_MSIL1C.xml").unlink()
    return product


def cut_metadata(product):
    file = product / "MTD_MSIL1C.xml"
    file.write_text(file.read_text()[:400])
    return product


def bomb(product):
    file = product / "MTD_MSIL1C.xml"
    file.write_text('<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><x>&c;</x>')
    return product


def cut_zip(product):
    file = zipped(product, product.parent / "cut.zip")
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    return file


def two_granules(product):
    granule = next((product / "GRANULE").iterdir())
    shutil.copytree(granule, granule.with_name("L1C_T54TXN_A016784_20180908T012653"))
    return product


def two_products(product):
    make_product(product.parent, level="L2A", bands=["B02"])
    return product.parent


def no_images(product):
    shutil.rmtree(product / "GRANULE")
    return product


def replaced(old, new):
    def change(product):
        file = product / "MTD_MSIL1C.xml"
        text = file.read_text()
        assert re.search(old, text)
        file.write_text(re.sub(old, new, text))
        return product

    return change


def renamed(name, *files):
    def change(product):
        shutil.rmtree(product)
        folder = product.with_name(name)
        folder.mkdir()
        for file in files:
            (folder / file).touch()
        return folder

    return change


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (no_metadata, "lacks its metadata file.*Download the product again"),
        (cut_metadata, "metadata.*is damaged"),
        (bomb, "metadata.*is damaged"),
        (cut_zip, "damaged or not complete.*Download it again"),
        (two_granules, "2 granules.*give the folder of one granule"),
        (two_products, "holds 2 products.*Give one of them"),
        (no_images, "no GRANULE folder"),
        (replaced("Sentinel-2A", "LANDSAT-8"), "product of LANDSAT-8. Expected: a product of Sentinel-2"),
        (replaced("<QUANT.*?/QUANTIFICATION_VALUE>", ""), "lacks QUANTIFICATION_VALUE"),
        (replaced("<Offsets.*</Offsets_List>", ""), "baseline 05.00 but lacks RADIO_ADD_OFFSET"),
        (replaced('band_id="11"', 'band_id="77"'), "RADIO_ADD_OFFSET that cannot be read"),
        (renamed("S1A_IW_GRDH_1SDV.SAFE", "manifest.safe"), "product of Sentinel-1"),
        (renamed("LC08_L1TP_107030_20180908", "LC08_B4.TIF"), "product of Landsat"),
        (renamed("S2A_OPER_PRD_MSIL1C_PDMC_2015.SAFE", "S2A_OPER_MTD.xml"), "format used until 2016"),
        (renamed("holiday", "beach.jpg"), "holds no Sentinel-2 product. Expected: a folder"),
    ],
)
def test_what_is_wrong_with_a_product_is_said_with_the_fix(tmp_path, harm, words, refused):
    product = harm(make_product(tmp_path, bands=["B02", "B11"]))
    with pytest.raises(ScarpError, match=words):
        open_product(str(product))
    assert re.search(words, refused(bands=[str(product)]))


def test_the_granule_of_several_can_be_chosen(tmp_path, imported):
    product = two_granules(make_product(tmp_path, bands=["B02"]))
    granule = sorted((product / "GRANULE").iterdir())[1]
    assert find_product(str(granule)).granule == granule.name
    assert list(imported(granule)[0]) == ["B02"]


def test_a_truncated_image_names_the_file(tmp_path, imported):
    product = make_product(tmp_path, bands=["B02", "B03"])
    image = next(product.rglob("*_B03.jp2"))
    image.write_bytes(image.read_bytes()[:3000])
    with pytest.raises(ScarpError, match=r"_B03\.jp2.*again"):
        imported(product)


def test_an_early_product_with_another_quantification(tmp_path, imported):
    product = replaced(">10000<", ">1000<")(make_product(tmp_path, bands=["B02"], baseline="02.00", offset=None))
    values, *_ = imported(product)
    np.testing.assert_array_equal(values["B02"][:, 6:], np.minimum(stored("B02")[:, 6:].astype(int) * 10, 32767))


@given(offsets=st.lists(st.integers(-2000, 0), min_size=13, max_size=13), quantification=st.integers(1, 20000))
def test_the_offset_of_each_band_id_is_that_of_its_band(offsets, quantification):
    items = "".join(f'<RADIO_ADD_OFFSET band_id="{n}">{value}</RADIO_ADD_OFFSET>' for n, value in enumerate(offsets))
    text = (
        f"<a><SPACECRAFT_NAME>Sentinel-2C</SPACECRAFT_NAME><QUANTIFICATION_VALUE>{quantification}"
        f"</QUANTIFICATION_VALUE>{items}</a>"
    )
    facts = parse(text.encode(), "L1C", "x")
    order = ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B09", "B10", "B11", "B12")
    for name, offset in zip(order, offsets):
        gain, bias = facts.linear(name)
        assert (5000 * gain + bias) / 10000 == pytest.approx((5000 + offset) / quantification)


def test_folders_that_are_no_products_stay_rasters(tmp_path):
    grid = tmp_path / "grid"
    grid.mkdir()
    (grid / "hdr.adf").touch()
    for path in (grid, tmp_path / "B04.tif", tmp_path / "none", f"/vsizip/{tmp_path}/scene.zip/B04.tif"):
        assert not is_product(str(path))
    with (
        pytest.raises(ScarpError, match="does not exist"),
        open_scene(SceneInputs(bands=[str(tmp_path / "gone.SAFE")]), Reporter()),
    ):
        pass
