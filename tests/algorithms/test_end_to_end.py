"""A user's day under ``qgis_process``: train on one half, map, assess; the products are read with GDAL alone."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal, ogr

gdal.UseExceptions()
ogr.UseExceptions()


@pytest.fixture(scope="module")
def mapped(qgis_process, demo, checkpoint, tmp_path_factory):
    folder = tmp_path_factory.mktemp("mapped") / "not" / "there" / "yet"
    return qgis_process.run(
        "detect",
        BANDS=demo.bands,
        DEM=demo.dem,
        CHECKPOINT=checkpoint,
        MIN_AREA=300,
        EVENT_DATE="2026-09-01",
        PRECISION="fp32",
        PROBABILITY=str(folder / "probability.tif"),
        MASK=str(folder / "mask.tif"),
        POLYGONS=str(folder / "landslides.gpkg"),
    )


def values(path):
    return gdal.Open(path).ReadAsArray()


def described(path):
    return gdal.Info(path, format="json")["bands"]


def test_training_gives_a_checkpoint_figures_and_a_report(trained):
    assert trained.code == 0, trained.log
    figures = {
        name: trained.results[name] for name in ("F1_LANDSLIDE", "IOU_LANDSLIDE", "F1_MACRO", "MIOU", "THRESHOLD")
    }
    assert all(0 <= value <= 1 for value in figures.values())
    assert re.search(r"[Ee]poch 1.*f1_landslide", trained.log)
    assert "<html" in Path(trained.results["REPORT"]).read_text(encoding="utf-8").lower()


def test_mapping_gives_rasters_that_agree(mapped, threshold):
    assert mapped.code == 0, mapped.log
    probability, mask = values(mapped.results["PROBABILITY"]), values(mapped.results["MASK"])
    assert (probability.dtype, mask.dtype) == (np.float32, np.uint8)
    assert described(mapped.results["PROBABILITY"])[0]["noDataValue"] == -9999
    assert described(mapped.results["MASK"])[0]["noDataValue"] == 255
    valid = probability != -9999
    assert 0.5 < valid.mean() < 1  # the demonstration scene has nodata at one edge
    assert set(np.unique(mask)) <= {0, 1, 255}
    np.testing.assert_array_equal(mask == 255, ~valid)
    assert not (mask[valid & (probability < threshold)] == 1).any()


def test_polygons_carry_what_was_found(mapped, threshold):
    source = ogr.Open(mapped.results["POLYGONS"])  # OGR's layers die with it
    rows = [
        (feature["area_m2"], feature["prob_mean"], feature["event_date"], feature.GetGeometryRef().Clone())
        for feature in source.GetLayer(0)
    ]
    assert len(rows) == mapped.results["COUNT"] > 0
    areas = [row[0] for row in rows]
    assert min(areas) >= 300
    assert sum(areas) == pytest.approx(mapped.results["AREA_M2"], rel=1e-6)
    pixels = (values(mapped.results["MASK"]) == 1).sum() * 100
    assert sum(row[3].GetArea() for row in rows) == pytest.approx(pixels)
    assert all(row[1] >= threshold and row[2].startswith("2026") for row in rows)
    assert all(row[3].IsValid() for row in rows)


def test_assessment_counts_as_numpy_does(qgis_process, demo, mapped, tmp_path):
    done = qgis_process.run(
        "evaluate",
        PREDICTION=mapped.results["MASK"],
        REFERENCE=demo.layer("landslides"),
        AREA=demo.layer("area_test"),
        ERROR_MAP=str(tmp_path / "errors.tif"),
        REPORT=str(tmp_path / "report.html"),
    )
    assert done.code == 0, done.log
    mask = values(mapped.results["MASK"])
    true, scored = (burned(demo.layer(name), mapped.results["MASK"]) for name in ("landslides", "area_test"))
    scored &= mask != 255
    found = mask == 1
    tp, fp, fn = (found & true & scored).sum(), (found & ~true & scored).sum(), (~found & true & scored).sum()
    assert done.results["F1_LANDSLIDE"] == pytest.approx(2 * tp / (2 * tp + fp + fn))
    assert done.results["PRECISION"] == pytest.approx(tp / (tp + fp))
    assert done.results["RECALL"] == pytest.approx(tp / (tp + fn))
    assert done.results["AUROC"] is None  # a mask has no curve: NaN, which JSON has no word for
    errors = values(done.results["ERROR_MAP"])
    assert [(errors == code).sum() for code in (1, 2, 3)] == [tp, fp, fn]
    np.testing.assert_array_equal(errors == 255, ~scored)
    assert Path(done.results["REPORT"]).is_file()


def test_another_threshold_needs_no_network(qgis_process, demo, mapped, threshold, tmp_path):
    done = qgis_process.run(
        "polygonize",
        PROBABILITY=mapped.results["PROBABILITY"],
        DEM=demo.dem,
        THRESHOLD=threshold,
        MIN_AREA=300,
        MASK=str(tmp_path / "mask.tif"),
        POLYGONS="TEMPORARY_OUTPUT",
    )
    assert done.code == 0, done.log
    np.testing.assert_array_equal(values(done.results["MASK"]), values(mapped.results["MASK"]))
    assert done.results["COUNT"] == mapped.results["COUNT"]
    assert done.results["POLYGONS"].endswith(".gpkg")


def test_bands_that_were_built_map_alike(qgis_process, demo, checkpoint, mapped, tmp_path):
    built = qgis_process.run(
        "buildbands", BANDS=demo.bands, DEM=demo.dem, FEATURES="auto", OUTPUT=str(tmp_path / "bands.tif")
    )
    assert built.code == 0, built.log
    assert [band["description"] for band in described(built.results["OUTPUT"])[:3]] == ["b02", "b03", "b04"]
    done = qgis_process.run(
        "detect",
        BANDS=[built.results["OUTPUT"]],
        CHECKPOINT=checkpoint,
        PROBABILITY=str(tmp_path / "probability.tif"),
        PRECISION="fp32",
    )
    assert done.code == 0, done.log
    assert "MASK" not in done.results  # not asked for
    again, before = values(done.results["PROBABILITY"]), values(mapped.results["PROBABILITY"])
    np.testing.assert_array_equal(again == -9999, before == -9999)
    assert np.abs(again - before).max() < 1e-4


def test_a_checkpoint_describes_itself(qgis_process, checkpoint, tmp_path):
    done = qgis_process.run("describecheckpoint", CHECKPOINT=checkpoint, REPORT=str(tmp_path / "card.html"))
    assert done.code == 0, done.log
    page = Path(done.results["REPORT"]).read_text(encoding="utf-8")
    assert "unet" in page
    assert "f1_landslide" in page


def test_the_model_of_the_designer_runs(qgis_process, demo, checkpoint, tmp_path):
    done = qgis_process.run(
        "map_and_assess",
        BANDS=demo.bands,
        DEM=demo.dem,
        CHECKPOINT=checkpoint,
        REFERENCE=demo.layer("landslides"),
        AREA=demo.layer("area_test"),
        landslides=str(tmp_path / "new" / "landslides.gpkg"),
        landslide_probability=str(tmp_path / "probability.tif"),
        error_map=str(tmp_path / "errors.tif"),
        assessment_report=str(tmp_path / "report.html"),
    )
    assert done.code == 0, done.log
    for name in ("landslides", "landslide_probability", "error_map", "assessment_report"):  # the mask was skipped
        assert Path(done.results[name]).is_file()
    assert (values(done.results["error_map"]) != 255).any()


def test_the_runtime_says_what_it_can_do(qgis_process, worker_python, tmp_path):
    done = qgis_process.run("checkruntime", REPORT=str(tmp_path / "runtime.html"))
    assert done.code == 0, done.log
    assert done.results["READY"] is True
    facts = json.loads(done.results["FACTS"])
    assert facts["python"]["executable"] == worker_python
    assert "torch" in {package["name"] for package in facts["packages"]}
    assert "torch" in Path(done.results["REPORT"]).read_text(encoding="utf-8")


def burned(source, like):
    """Polygons on the grid of a raster, by GDAL itself: bool [h, w]."""
    path, _, name = source.partition("|layername=")
    grid = gdal.Open(like)
    target = gdal.GetDriverByName("MEM").Create("", grid.RasterXSize, grid.RasterYSize, 1, gdal.GDT_Byte)
    target.SetGeoTransform(grid.GetGeoTransform())
    target.SetProjection(grid.GetProjection())
    data = ogr.Open(path)
    gdal.RasterizeLayer(target, [1], data.GetLayerByName(name), burn_values=[1])
    return target.ReadAsArray() == 1
