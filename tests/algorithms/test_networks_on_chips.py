"""Cross-validation and assessment of a checkpoint, under ``qgis_process``, on a folder of chips."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

gdal.UseExceptions()

TRAINING = {"ARCHITECTURE": "unet(widths=4-8)", "FEATURES": "rgb3", "EPOCHS": 1, "DEVICE": "cpu", "PRECISION": "fp32"}


def write(path, array):
    bands = array[None] if array.ndim == 2 else array
    source = gdal.GetDriverByName("MEM").Create("", *bands.shape[:0:-1], len(bands), gdal.GDT_Byte)
    for number, band in enumerate(bands, 1):
        source.GetRasterBand(number).WriteArray(band)
    gdal.GetDriverByName("PNG").CreateCopy(str(path), source)


@pytest.fixture(scope="module")
def chips(tmp_path_factory):
    root = tmp_path_factory.mktemp("chips")
    rng = np.random.default_rng(5)
    for kind in ("image", "mask"):
        (root / kind).mkdir()
    for number in range(1, 31):
        image, mask = rng.integers(40, 90, (3, 32, 32)).astype(np.uint8), np.zeros((32, 32), np.uint8)
        row, col = rng.integers(0, 22, 2)
        mask[row : row + 9, col : col + 9] = 255
        image[:, mask > 0] += 120
        write(root / "image" / f"image_{number}.png", image)
        write(root / "mask" / f"mask_{number}.png", mask)
    return str(root)


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_folds_are_trained_and_one_of_their_networks_is_judged(qgis_process, chips, tmp_path):
    table, page = tmp_path / "new" / "folds.csv", tmp_path / "new" / "folds.html"
    done = qgis_process.run("crossvalidate", DATASET=chips, FOLDS=2, **TRAINING, TABLE=str(table), REPORT=str(page))
    assert done.code == 0, done.log
    assert [row["fold"] for row in rows(table)] == ["1", "2", "mean", "std", "pooled"]
    assert done.results["F1_LANDSLIDE"] == pytest.approx(float(rows(table)[2]["f1_landslide"]), abs=1e-5)
    assert "Cross-validation" in page.read_text(encoding="utf-8")

    judged = qgis_process.run(
        "evaluatecheckpoint",
        CHECKPOINT=str(table.with_suffix(".folds") / "fold_1.safetensors"),
        DATASET=chips,
        DEVICE="cpu",
        REPORT=str(tmp_path / "chips.html"),
        TABLE=str(tmp_path / "chips.csv"),
    )
    assert judged.code == 0, judged.log
    assert len(rows(tmp_path / "chips.csv")) == judged.results["CHIPS"] == 30
    found = {name: sum(int(row[name]) for row in rows(tmp_path / "chips.csv")) for name in ("tp", "fp", "fn")}
    f1 = 2 * found["tp"] / (2 * found["tp"] + found["fp"] + found["fn"])
    assert judged.results["F1_LANDSLIDE"] == pytest.approx(f1)
    assert judged.results["F1_LANDSLIDE_LOW"] <= f1 <= judged.results["F1_LANDSLIDE_HIGH"]
    assert "seems to be this folder" in judged.log
    assert Path(judged.results["REPORT"]).is_file()


def test_networks_are_compared(qgis_process, chips, tmp_path):
    table, page = tmp_path / "new" / "grid.csv", tmp_path / "new" / "grid.html"
    grid = {**TRAINING, "ARCHITECTURE": "unet(widths=4-8); unet_se(widths=4-8)"}
    done = qgis_process.run("compare", DATASET=chips, BLOCK=1, **grid, TABLE=str(table), REPORT=str(page))
    assert done.code == 0, done.log
    assert [row["network"] for row in rows(table)] == grid["ARCHITECTURE"].split("; ")
    assert (done.results["TRAINED"], done.results["FAILED"]) == (2, 0)
    assert "Comparison" in page.read_text(encoding="utf-8")


def test_what_is_wrong_is_refused_before_any_work(qgis_process, chips, tmp_path):
    wrong = qgis_process.run(
        "crossvalidate", DATASET=chips, FOLDS=4, FOLD_KIND="paper", TABLE=str(tmp_path / "new" / "t.csv")
    )
    assert wrong.code != 0
    assert "the paper has 5" in wrong.log
    unknown = qgis_process.run(
        "compare", DATASET=chips, BLOCK=1, ARCHITECTURE="unet; unett", TABLE=str(tmp_path / "new" / "t.csv")
    )
    assert unknown.code != 0
    assert "ARCHITECTURE is 'unett'" in unknown.log
    none = qgis_process.run("evaluatecheckpoint", CHECKPOINT=f"{chips}/image/image_1.png", DATASET=chips)
    assert none.code != 0
    assert "checkpoint" in none.log
    assert not (tmp_path / "new").exists()
