"""Chips cut under ``qgis_process``, and a network trained on them; the chips are read with GDAL alone."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

gdal.UseExceptions()


@pytest.fixture(scope="module")
def cut(qgis_process, demo, tmp_path_factory):
    return qgis_process.run(
        "makechips",
        BANDS=demo.bands,
        DEM=demo.dem,
        LABELS=demo.layer("landslides"),
        AREA=demo.layer("area_train"),
        CHIP=32,
        STRIDE=16,
        FOLDER=str(tmp_path_factory.mktemp("cut") / "new" / "chips"),
    )


def test_chips_are_georeferenced_named_and_listed(cut, demo):
    assert cut.code == 0, cut.log
    folder = Path(cut.results["FOLDER"])
    with open(folder / "manifest.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == cut.results["CHIPS"] > cut.results["CHIPS_WITH_LANDSLIDE"] > 0
    scene = gdal.Open(demo.bands[0])
    origin, step = scene.GetGeoTransform()[::3], scene.GetGeoTransform()[1]
    for row in rows[:: len(rows) // 5]:
        image, mask = (gdal.Open(str(folder / row[kind])) for kind in ("image", "mask"))
        names = [image.GetRasterBand(number + 1).GetDescription() for number in range(image.RasterCount)]
        assert names == ["B02", "B03", "B04", "B08", "SLOPE", "DEM"]
        assert (image.RasterXSize, image.RasterYSize) == (32, 32)
        assert image.GetGeoTransform() == mask.GetGeoTransform()
        place = image.GetGeoTransform()[::3]
        assert place == (origin[0] + step * int(row["column"]), origin[1] - step * int(row["row"]))
        pixels, label = image.ReadAsArray(), mask.ReadAsArray()
        valid = pixels[0] != -9999
        whole = scene.ReadAsArray(int(row["column"]), int(row["row"]), 32, 32)
        assert np.array_equal(pixels[0][valid], whole[valid])
        assert set(np.unique(label)) <= {0, 1, 255}
        assert (label[~valid] == 255).all()
        assert float(row["landslide_share"]) == pytest.approx((label == 1).mean(), abs=1e-6)


def test_a_network_is_trained_on_them_and_on_ground_without_landslides(cut, qgis_process, demo, tmp_path):
    bare = qgis_process.run("makechips", BANDS=demo.bands, DEM=demo.dem, CHIP=32, FOLDER=str(tmp_path / "before"))
    assert bare.code == 0, bare.log
    assert bare.results["CHIPS_WITH_LANDSLIDE"] == 0
    trained = qgis_process.run(
        "train",
        DATASET=cut.results["FOLDER"],
        NEGATIVES=bare.results["FOLDER"],
        ARCHITECTURE="unet(widths=4-8)",
        EPOCHS=1,
        PRECISION="fp32",
        CHECKPOINT=str(tmp_path / "net.safetensors"),
    )
    assert trained.code == 0, trained.log
    assert "kept in memory" in trained.log
    assert f"({bare.results['CHIPS']} of NEGATIVES)" in trained.log
    assert "gap" in trained.log
    assert 0 <= trained.results["F1_LANDSLIDE"] <= 1


def test_a_folder_with_other_files_is_left_alone(cut, qgis_process, demo, tmp_path):
    (tmp_path / "thesis.docx").touch()
    answer = qgis_process.run(
        "makechips", BANDS=demo.bands, LABELS=demo.layer("landslides"), FOLDER=str(tmp_path), CHIP=32
    )
    assert answer.code != 0
    assert "holds other things (thesis.docx)" in answer.log
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]
