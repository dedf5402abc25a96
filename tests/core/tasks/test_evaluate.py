from __future__ import annotations

import json
import math
import re

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from rasterio.features import geometry_mask
from rasterio.transform import Affine
from scarp.core.errors import ScarpError
from scarp.core.jobs import EvaluateJob
from scarp.core.reporter import Reporter
from scarp.core.tasks import perform

FIGURES = (
    *("f1_landslide", "iou_landslide", "precision", "recall", "f1_macro", "miou", "accuracy"),
    *("auprc", "auroc", "ece", "object_precision", "object_recall", "object_f1"),
)
MORE = (
    *("F1_LANDSLIDE_LOW", "F1_LANDSLIDE_HIGH", "IOU_LANDSLIDE_LOW", "IOU_LANDSLIDE_HIGH"),
    *("OUTLINE_MEAN_M", "OUTLINE_P95_M"),
)


@pytest.fixture
def write(tmp_path):
    def write(array, name):
        profile = {"driver": "GTiff", "height": array.shape[0], "width": array.shape[1], "count": 1}
        place = {"crs": "EPSG:32654", "transform": Affine(10, 0, 570000, 0, -10, 4730000)}
        with rasterio.open(tmp_path / name, "w", dtype=array.dtype, **profile, **place) as raster:
            raster.write(array, 1)
        return str(tmp_path / name)

    return write


@pytest.fixture
def layers(write):
    rng = np.random.default_rng(5)
    reference = np.zeros((30, 40), np.uint8)
    reference[5:15, 5:20] = 1
    probability = np.clip(reference * 0.5 + rng.random((30, 40)) * 0.6, 0, 1).astype(np.float32)
    return {"prediction": write(probability, "p.tif"), "reference": write(reference, "r.tif")}


def test_every_figure_comes_back_and_both_outputs_are_whole(layers, tmp_path):
    job = EvaluateJob(
        **layers, error_map=str(tmp_path / "out" / "errors.tif"), report=str(tmp_path / "out" / "report.html")
    )
    result = perform(job, Reporter())
    assert list(result) == ["ERROR_MAP", "REPORT", *(name.upper() for name in FIGURES), *MORE]
    assert all(0 <= result[name.upper()] <= 1 for name in FIGURES)
    assert math.isnan(result["F1_LANDSLIDE_LOW"])  # one block
    assert 0 <= result["OUTLINE_MEAN_M"] <= result["OUTLINE_P95_M"] < 30
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["errors.tif", "report.html"]
    with rasterio.open(job.error_map) as errors:
        record = json.loads(errors.tags()["SCARP_RUN"])
        assert set(np.unique(errors.read(1))) <= {0, 1, 2, 3}
        assert errors.tags(1)["CATEGORY_3"] == "false negative: landslide missed"
        assert len({errors.colormap(1)[code] for code in range(4)}) == 4
    assert record["figures"]["f1_landslide"] == result["F1_LANDSLIDE"]
    assert record["threshold"] == 0.5


def test_the_report_stands_alone_and_shows_every_figure(layers, tmp_path):
    job = EvaluateJob(**layers, report=str(tmp_path / "report.html"))
    result = perform(job, Reporter())
    html = (tmp_path / "report.html").read_text(encoding="utf-8")
    for name in FIGURES:
        assert re.search(rf"<code>{name}</code></td><td class=\"n\">{result[name.upper()]:.3f}<", html), name
    assert html.count("data:image/png;base64,") == 2
    assert not re.search(r"(src|href)=\"(?!data:)", html)
    assert "http" not in html
    assert sorted(path.name for path in tmp_path.iterdir()) == ["p.tif", "r.tif", "report.html"]


def test_the_report_has_tables_by_size_and_slope_intervals_and_outlines(write, layers, tmp_path):
    plane = 2000 - np.tile(np.arange(40, dtype=np.float32) * 10 * np.tan(np.radians(20)), (30, 1))
    report = tmp_path / "report.html"
    job = EvaluateJob(**layers, dem=write(plane, "dem.tif"), block=8, resamples=200, report=str(report))
    result = perform(job, Reporter())
    assert result["F1_LANDSLIDE_LOW"] < result["F1_LANDSLIDE"] < result["F1_LANDSLIDE_HIGH"]
    html = report.read_text(encoding="utf-8")
    low, high = (result[f"IOU_LANDSLIDE_{end}"] for end in ("LOW", "HIGH"))
    assert f"{low:.3f} to {high:.3f}" in html
    assert '<td>5,000 to 20,000 m²</td><td class="n">1</td><td class="n">1</td>' in html
    assert '<td>15 to 25 °</td><td class="n">150</td>' in html
    assert f"{result['OUTLINE_MEAN_M']:.1f} m apart" in html


def test_undefined_figures_stay_nan_and_the_report_says_so(write, tmp_path):
    empty = write(np.zeros((8, 8), np.uint8), "<empty>.tif")
    result = perform(EvaluateJob(prediction=empty, reference=empty, report=str(tmp_path / "report.html")), Reporter())
    for name in FIGURES:
        assert math.isnan(result[name.upper()]) == (name != "accuracy"), name
    html = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert html.count(">undefined<") == len(FIGURES) - 1
    assert "&lt;empty&gt;.tif" in html


def test_bad_input_leaves_no_file(layers, tmp_path):
    before = sorted(tmp_path.rglob("*"))
    for change, message in (
        ({"reference": ""}, "REFERENCE"),
        ({"reference": str(tmp_path / "gone.gpkg")}, "REFERENCE: .*does not exist"),
        ({"area": str(tmp_path / "gone.gpkg")}, "AREA: .*does not exist"),
        ({"error_map": str(tmp_path / "out" / "errors.png")}, "GeoTIFF"),
        ({"report": str(tmp_path / "out" / "report.pdf")}, "HTML"),
    ):
        job = EvaluateJob(**{**layers, "error_map": str(tmp_path / "out" / "errors.tif"), **change})
        with pytest.raises(ScarpError, match=message):
            perform(job, Reporter())
        assert sorted(tmp_path.rglob("*")) == before


def test_the_real_inventory_against_itself_as_gdal_burns_it(shared_data, tmp_path):
    event = shared_data / "hokkaido2018"
    with rasterio.open(event / "post" / "S2_post_B4.tif") as band:
        profile = {**band.profile, "driver": "GTiff", "dtype": "uint8", "nodata": None}
    shapes = shapely.from_wkb(pyogrio.raw.read(event / "inventory.gpkg", layer="landslides")[2])
    burnt = geometry_mask(shapes, (profile["height"], profile["width"]), profile["transform"], invert=True)
    with rasterio.open(tmp_path / "burnt.tif", "w", **profile) as raster:
        raster.write(burnt.astype(np.uint8), 1)
    job = EvaluateJob(
        prediction=str(tmp_path / "burnt.tif"),
        reference=f"{event / 'inventory.gpkg'}|layername=landslides",
        area=f"{event / 'inventory.gpkg'}|layername=interpreted_area",
        min_area=400,
    )
    result = perform(job, Reporter())
    assert result["F1_LANDSLIDE"] > 0.999
    assert result["OBJECT_F1"] == 1
