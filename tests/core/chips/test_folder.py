from __future__ import annotations

import shutil

import cv2
import h5py
import numpy as np
import pytest
import rasterio
from scarp.core.chips.files import L4S_SCALES
from scarp.core.chips.folder import ChipFolder
from scarp.core.chips.layout import find_layout, natural_key
from scarp.core.errors import ScarpError
from scarp.core.reporter import Reporter


def pictures(root, count, image="image", mask="mask", size=32):
    for folder in (image, mask):
        (root / folder).mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(0)
    for number in range(1, count + 1):
        cv2.imwrite(str(root / image / f"image_{number}.png"), rng.integers(0, 255, (size, size, 3), np.uint8))
        truth = np.zeros((size, size), np.uint8)
        truth[:number, :5] = 255
        cv2.imwrite(str(root / mask / f"mask_{number}.png"), truth)
    return root


def open_folder(root, cache_bytes=None):
    """The folder, and what it warned of."""
    said = []
    reporter = Reporter(log=lambda level, text: said.append((level, text)))
    return ChipFolder(root, reporter, cache_bytes), [(level, text) for level, text in said if level == "warning"]


def test_natural_order():
    assert sorted(["image_10", "image_2", "image_1"], key=natural_key) == ["image_1", "image_2", "image_10"]


def test_real_landslide4sense_chips_are_whole_numbers_of_dn(shared_data, tmp_path):
    source = shared_data / "landslide4sense-14band"
    for kind, name in (("img", "image"), ("mask", "mask")):
        (tmp_path / "TrainData" / kind).mkdir(parents=True)
        for number in (1, 2, 27):
            shutil.copy(source / kind / f"{name}_{number}.h5", tmp_path / "TrainData" / kind)
    folder, said = open_folder(tmp_path)
    assert not said
    assert [entry.id for entry in folder.entries] == ["image_1", "image_2", "image_27"]
    chip = folder[1]
    assert (folder.chip, folder.gsd, folder.product, folder.radiometry) == (128, 10.0, "L1C", "dn")
    assert folder.names[7:] == ("B08", "B09", "B10", "B11", "B12", "SLOPE", "DEM")
    assert np.array_equal(chip.bands[:12], np.rint(chip.bands[:12]))
    with h5py.File(source / "img" / "image_2.h5") as file:
        stored = file["img"][...]
    # The released values are DN over a constant: ours must be the nearest whole numbers, and near them indeed.
    assert np.abs(stored[..., :12] * L4S_SCALES[:12] - chip.bands[:12].transpose(1, 2, 0)).max() < 1e-3
    assert 0 <= chip.bands[12].min() < chip.bands[12].max() < 90
    with h5py.File(source / "mask" / "mask_2.h5") as file:
        assert np.array_equal(chip.label, file["mask"][...])


def test_real_pictures_agree_with_the_14_band_chips(shared_data, tmp_path):
    for kind in ("image", "mask"):
        (tmp_path / kind).mkdir()
        shutil.copy(shared_data / "landslide4sense-rgb" / kind / f"{kind}_1.png", tmp_path / kind)
    chip = open_folder(tmp_path)[0][0]
    with h5py.File(shared_data / "landslide4sense-14band" / "img" / "image_1.h5") as file:
        stored = file["img"][...][..., [3, 2, 1]]
    assert np.abs(chip.bands - np.floor(255 * stored / stored.max()).transpose(2, 0, 1)).max() <= 1
    with h5py.File(shared_data / "landslide4sense-14band" / "mask" / "mask_1.h5") as file:
        assert np.array_equal(chip.label, file["mask"][...])


def test_bijie_chips_without_landslide_need_no_mask(shared_data, tmp_path):
    source = shared_data / "bijie128"
    for part in ("landslide/image", "landslide/mask", "non-landslide/image"):
        (tmp_path / part).mkdir(parents=True)
        for path in sorted((source / part).iterdir())[:3]:
            shutil.copy(path, tmp_path / part)
    folder, said = open_folder(tmp_path)
    assert not said
    assert [entry.group for entry in folder.entries] == ["landslide"] * 3 + ["non-landslide"] * 3
    assert (folder.shares[:3] > 0).all()
    assert not folder.shares[3:].any()
    assert not folder[5].label.any()


@pytest.mark.parametrize(("image", "mask"), [("images", "masks"), ("img", "mask")])
def test_other_folder_names_and_tiff_with_named_bands_and_dem(tmp_path, image, mask):
    pictures(tmp_path, 2, image, mask)
    for path in list((tmp_path / image).iterdir()):
        path.unlink()
    for number in (1, 2):
        profile = {"driver": "GTiff", "width": 32, "height": 32, "dtype": "uint16", "nodata": 0}
        with rasterio.open(tmp_path / image / f"image_{number}.tif", "w", count=2, **profile) as file:
            pixels = np.full((2, 32, 32), 700, np.uint16)
            pixels[0, 3, 4] = 0
            file.write(pixels)
            file.descriptions = ("B04", "B8A")
        (tmp_path / "dem").mkdir(exist_ok=True)
        with rasterio.open(
            tmp_path / "dem" / f"dem_{number}.tif", "w", count=1, **{**profile, "dtype": "float32"}
        ) as file:
            file.write(np.full((1, 32, 32), 1234.5, np.float32))
    folder, _ = open_folder(tmp_path)
    chip = folder[0]
    assert folder.names == ("B04", "B8A", "DEM")
    assert folder.radiometry == "dn"
    assert chip.bands[2, 0, 0] == 1234.5
    assert not chip.valid[3, 4]
    assert chip.label[3, 4] == 255
    assert chip.valid.sum() == 32 * 32 - 1


def test_everything_that_is_wrong_is_said_once_and_the_rest_is_used(tmp_path):
    pictures(tmp_path, 28)
    (tmp_path / "mask" / "mask_3.png").unlink()
    (tmp_path / "image" / "image_5.png").unlink()
    (tmp_path / "image" / "image_7.png").write_bytes((tmp_path / "image" / "image_7.png").read_bytes()[:60])
    cv2.imwrite(str(tmp_path / "image" / "image_8.png"), np.zeros((64, 64, 3), np.uint8))
    cv2.imwrite(str(tmp_path / "mask" / "mask_9.png"), np.arange(1024, dtype=np.uint8).reshape(32, 32))
    for kind, shape in (("image", (64, 64, 3)), ("mask", (64, 64))):
        cv2.imwrite(str(tmp_path / kind / f"{kind}_10.png"), np.ones(shape, np.uint8))
    (tmp_path / "image" / "image_11.png").write_bytes(b"")
    cv2.imwrite(str(tmp_path / "image" / "image_15.png"), np.zeros((32, 32, 3), np.uint8))
    cv2.imwrite(str(tmp_path / "mask" / "mask_16.png"), np.full((32, 32), 7, np.uint8))
    shutil.copy(tmp_path / "image" / "image_17.png", tmp_path / "image" / "img_17.png")
    shutil.copy(tmp_path / "mask" / "mask_18.png", tmp_path / "mask" / "label_18.png")
    folder, said = open_folder(tmp_path)
    assert [level for level, _ in said] == ["warning"]
    for text in (
        "image_3.png: it has no mask",
        "mask_5.png: it has no image",
        "image_7.png: it is damaged",
        "image_8.png: 64 x 64 px, but its mask has 32 x 32",
        "image_9.png: the mask holds 0, 1, 2, 3, ... (256 values); 0 and 1, or 0 and 255, are expected",
        "image_10.png: 64 x 64 instead of 32 x 32",
        "image_11.png: it is damaged",
        "image_15.png: all of its image is nodata (or 0)",
        "image_16.png: the mask holds 7;",
        "image_17.png: 2 images have its id (image_17.png, img_17.png)",
        "img_17.png: 2 images have its id",
        "image_18.png: 2 masks have its id (label_18.png, mask_18.png)",
        "12 cannot be used",
    ):
        assert text in said[0][1]
    assert [entry.number for entry in folder.entries] == [1, 2, 4, 6, 12, 13, 14, *range(19, 29)]
    assert len(folder.problems) == 12


def test_values_that_are_no_measurements_are_listed(tmp_path):
    for kind in ("img", "mask"):
        (tmp_path / kind).mkdir()
    for number in range(1, 6):
        image = np.full((32, 32, 14), 0.5)
        image[3, 4, number] = {1: np.nan, 2: np.inf}.get(number, 0.25)
        with h5py.File(tmp_path / "img" / f"image_{number}.h5", "w") as file:
            file["img"] = image
        with h5py.File(tmp_path / "mask" / f"mask_{number}.h5", "w") as file:
            file["mask"] = np.full((32, 32), 2 if number == 3 else 1, np.uint8)
    with pytest.raises(ScarpError) as caught:
        open_folder(tmp_path)
    for number in (1, 2):
        assert f"image_{number}.h5: 1 of its values are not finite" in str(caught.value)
    assert "image_3.h5: the mask holds 2;" in str(caught.value)


@pytest.mark.parametrize("masks", ["all", "valid", "none"])
def test_other_parts_of_landslide4sense_are_taken_where_they_have_masks(tmp_path, masks):
    for part, count in (("TrainData", 6), ("ValidData", 3), ("TestData", 2)):
        pictures(tmp_path / part, count, "img", "mask")
    if masks != "all":
        shutil.rmtree(tmp_path / "TestData" / "mask")
    if masks == "none":
        shutil.rmtree(tmp_path / "ValidData" / "mask")
    log = []
    folder = ChipFolder(tmp_path, Reporter(log=lambda level, text: log.append((level, text))))
    parts = {part: sum(entry.part == part for entry in folder.entries) for part in ("", "ValidData", "TestData")}
    assert parts == {
        "": 6,
        "ValidData": 0 if masks == "none" else 3,
        "TestData": 2 if masks == "all" else 0,
    }
    unusable = {"all": 0, "valid": 1, "none": 2}[masks]
    assert sum("images but no masks" in text for _, text in log) == unusable
    assert all(level == "info" for level, _ in log)
    inside, _ = open_folder(tmp_path / "TrainData")
    assert len(inside) == 6


def test_chips_from_memory_are_those_from_the_files(tmp_path, monkeypatch):
    pictures(tmp_path, 6)
    cached, bare = open_folder(tmp_path)[0], open_folder(tmp_path, cache_bytes=0)[0]
    partly = open_folder(tmp_path, cache_bytes=9000)[0]
    for index in range(6):
        for other in (bare, partly):
            same_chip(cached[index], other[index])
    cached[0].bands[...] = cached[0].label[...] = 7  # nobody's arrays
    same_chip(cached[0], bare[0])
    for path in (tmp_path / "image").iterdir():
        path.unlink()
    assert cached[5].id == "image_6"
    assert partly[1].id == "image_2"
    for folder in (partly, bare):
        with pytest.raises(ScarpError, match="changed during training"):
            folder[5]


def same_chip(one, other):
    assert one.id == other.id
    for name in ("bands", "label", "valid"):
        mine, theirs = getattr(one, name), getattr(other, name)
        assert mine.dtype == theirs.dtype
        assert np.array_equal(mine, theirs), name


def test_damaged_hdf5_files_are_listed(shared_data, tmp_path):
    source = shared_data / "landslide4sense-14band"
    for kind, name in (("img", "image"), ("mask", "mask")):
        (tmp_path / kind).mkdir()
        for number in (1, 2, 3, 16, 27):
            shutil.copy(source / kind / f"{name}_{number}.h5", tmp_path / kind)
    cut = tmp_path / "img" / "image_2.h5"
    cut.write_bytes(cut.read_bytes()[:100_000])
    (tmp_path / "mask" / "mask_3.h5").write_text("no mask")
    folder, said = open_folder(tmp_path)
    assert len(folder) == 3
    assert "image_2.h5: it is cut off" in said[0][1]
    assert "image_3.h5: it is cut off, damaged or no HDF5 file" in said[0][1]


def test_a_folder_of_mostly_broken_chips_is_refused(tmp_path):
    pictures(tmp_path, 3)
    for number in (1, 2):
        (tmp_path / "mask" / f"mask_{number}.png").unlink()
    with pytest.raises(ScarpError, match=r"Most chips.*image_1.png.*image_2.png"):
        open_folder(tmp_path)


def test_chips_of_an_odd_size_are_refused_with_the_fix(tmp_path):
    with pytest.raises(ScarpError, match=r"50 x 50 px.*multiple of 32.*Resize"):
        open_folder(pictures(tmp_path, 3, size=50))


def test_missing_empty_and_unknown_folders_are_refused(tmp_path):
    with pytest.raises(ScarpError, match=r"not there.*Expected is .*Landslide4Sense"):
        find_layout(tmp_path / "nowhere")
    with pytest.raises(ScarpError, match="empty folder"):
        find_layout(tmp_path)
    (tmp_path / "holiday").mkdir()
    with pytest.raises(ScarpError, match=r"no layout that is known.*Found: holiday"):
        find_layout(tmp_path)
    (tmp_path / "image").mkdir()
    with pytest.raises(ScarpError, match="no layout that is known"):
        find_layout(tmp_path)
