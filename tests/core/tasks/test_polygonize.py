from __future__ import annotations

import json

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from rasterio.transform import Affine
from scarp.core.errors import Cancelled, ScarpError
from scarp.core.jobs import DetectJob, PolygonizeJob
from scarp.core.reporter import Reporter
from scarp.core.tasks import perform

PLACE = {"crs": "EPSG:32654", "transform": Affine(10, 0, 570000, 0, -10, 4730000)}


@pytest.fixture
def probability(tmp_path):
    values = np.zeros((40, 50), np.float32)
    values[5:15, 5:25] = 0.9
    values[30, 30] = 0.8
    values[0] = -9999
    path = tmp_path / "p.tif"
    profile = {"driver": "GTiff", "width": 50, "height": 40, "count": 1, "dtype": "float32", "nodata": -9999, **PLACE}
    with rasterio.open(path, "w", **profile) as raster:
        raster.write(values, 1)
        record = {"threshold": 0.4, "checkpoint": {"name": "net.safetensors", "sha256": "00"}, "scene": "T54TWP"}
        raster.update_tags(SCARP_RUN=json.dumps(record))
    return str(path)


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_mask_and_polygons_carry_the_run_record_and_where_they_come_from(probability, tmp_path):
    job = PolygonizeJob(
        probability=probability,
        threshold=0.7,
        event_date="2018-09-06",
        mask=str(tmp_path / "new" / "mask.tif"),
        polygons=str(tmp_path / "new" / "slides.gpkg"),
    )
    result = perform(job, Reporter())
    assert result == {
        "MASK": job.mask,
        "POLYGONS": job.polygons,
        "COUNT": 1,
        "AREA_M2": pytest.approx(20_000, rel=2e-3),
    }
    assert files(tmp_path / "new") == ["mask.tif", "slides.gpkg"]
    with rasterio.open(job.mask) as mask:
        of_mask = json.loads(mask.tags()["SCARP_RUN"])
        assert np.count_nonzero(mask.read(1) == 1) == 200
    info = pyogrio.read_info(job.polygons, layer="landslides")
    of_polygons = json.loads(info["layer_metadata"]["SCARP_RUN"])
    assert of_mask == of_polygons
    assert (of_mask["job"], of_mask["threshold"], of_mask["count"]) == ("polygonize", 0.7, 1)
    assert of_mask["inputs"] == {"probability": probability}
    meta, _, _, columns = pyogrio.raw.read(job.polygons, layer="landslides")
    found = {name: values[0] for name, values in zip(meta["fields"], columns)}
    assert (found["checkpoint"], found["scene"], str(found["event_date"])) == (
        "net.safetensors",
        "T54TWP",
        "2018-09-06",
    )


@pytest.mark.parametrize("output", ["mask", "polygons"])
def test_one_output_is_enough(probability, tmp_path, output):
    path = str(tmp_path / "out" / ("m.tif" if output == "mask" else "p.gpkg"))
    result = perform(PolygonizeJob(probability=probability, min_area=0, **{output: path}), Reporter())
    assert (result["COUNT"], result[output.upper()]) == (2, path)
    assert len(files(tmp_path / "out")) == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"mask": ""}, "No output was asked for"),
        ({"mask": "m.png"}, "GeoTIFF"),
        ({"polygons": "p.shp"}, "GeoPackage"),
        ({"event_date": "yesterday", "polygons": "p.gpkg"}, "year-month-day"),
        ({"dem": "missing.tif", "polygons": "p.gpkg"}, "DEM: .*does not exist"),
        ({"probability": "missing.tif"}, "PROBABILITY: .*does not exist"),
        ({"threshold": 1.5}, "THRESHOLD is 1.5"),
        ({"area": "missing.gpkg"}, "AREA: .*does not exist"),
        ({"grow_threshold": 0.6}, "GROW_THRESHOLD is 0.6, above the threshold of 0.5"),
    ],
)
def test_bad_input_leaves_no_file(probability, tmp_path, monkeypatch, change, message):
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    job = PolygonizeJob(**{"probability": probability, "mask": "out/m.tif", **change})
    with pytest.raises(ScarpError, match=message):
        perform(job, Reporter())
    assert files(folder) == []


def test_the_steps_between_probability_and_polygons(tmp_path):
    """One slide with a faint foot and a hole, a faint spot, a lake that is flat, two slides that meet, one outside."""
    values = np.zeros((60, 80), np.float32)
    values[5:15, 5:20], values[15:20, 5:20], values[8, 10] = 0.9, 0.4, 0.1
    values[5:9, 40:44] = 0.4
    values[30:40, 5:20] = 0.9
    values[30:50, 40:46] = values[30:50, 52:58] = values[38:40, 46:52] = 0.9
    values[5:15, 65:75] = 0.9
    profile = {"driver": "GTiff", "width": 80, "height": 60, "count": 1, "dtype": "float32", **PLACE}
    steep = np.arange(80, dtype=np.float32) * 10 * np.tan(np.radians(30))
    dem = np.tile(steep, (60, 1))
    dem[26:44, :26] = 7
    for name, array in (("p", values), ("dem", dem)):
        with rasterio.open(tmp_path / f"{name}.tif", "w", **profile) as raster:
            raster.write(array, 1)
    west = shapely.box(570000, 4729400, 570600, 4730000)
    wkb = shapely.to_wkb(np.array([west], object))
    pyogrio.raw.write(tmp_path / "a.gpkg", wkb, [], [], driver="GPKG", geometry_type="Polygon", crs="EPSG:32654")

    def run(**options):
        job = PolygonizeJob(
            probability=str(tmp_path / "p.tif"),
            mask=str(tmp_path / "m.tif"),
            polygons=str(tmp_path / "s.gpkg"),
            dem=str(tmp_path / "dem.tif"),
            **options,
        )
        count = perform(job, Reporter())["COUNT"]
        with rasterio.open(job.mask) as mask:
            assert pyogrio.read_info(job.polygons, layer="landslides")["features"] == count
            return count, mask.read(1)

    count, mask = run()
    assert (count, (mask == 1).sum()) == (4, 149 + 150 + 252 + 100)
    count, mask = run(grow_threshold=0.3)
    assert (count, (mask[:22, :25] == 1).sum(), mask[6, 42]) == (4, 149 + 75, 0)
    count, mask = run(fill_holes=150)
    assert (count, (mask == 1).sum()) == (4, 150 + 150 + 252 + 100)
    count, mask = run(min_slope=10)
    assert (count, mask[35, 10]) == (3, 0)
    count, mask = run(area=str(tmp_path / "a.gpkg"))
    assert (count, mask[10, 70], mask[50, 70], mask[50, 20]) == (3, 255, 255, 0)
    count, mask = run(split="shape")
    assert (count, (mask == 1).sum()) == (5, 149 + 150 + 252 + 100)
    count, mask = run(morphology="opening")
    assert (count, mask[39, 49]) == (5, 0)


def test_a_least_slope_needs_a_dem(probability):
    with pytest.raises(ScarpError, match="MIN_SLOPE is 5 degrees, but there is no DEM"):
        PolygonizeJob(probability=probability, mask="m.tif", min_slope=5).check()
    DetectJob(bands=["b.tif"], checkpoint="c", mask="m.tif", slope="s.tif", min_slope=5).check()


def test_a_truncated_raster_is_named_and_leaves_no_file(probability, tmp_path):
    with open(probability, "r+b") as file:
        file.truncate(2000)
    with pytest.raises(ScarpError, match=r"p\.tif.*(damaged|truncated)"):
        perform(PolygonizeJob(probability=probability, mask=str(tmp_path / "out" / "m.tif")), Reporter())
    assert files(tmp_path) == ["p.tif"]


def test_cancel_in_the_middle_leaves_no_file(probability, tmp_path):
    asked = iter(range(100))
    job = PolygonizeJob(
        probability=probability, mask=str(tmp_path / "out" / "m.tif"), polygons=str(tmp_path / "out" / "p.gpkg")
    )
    with pytest.raises(Cancelled):
        perform(job, Reporter(cancelled=lambda: next(asked) > 3))
    assert files(tmp_path) == ["p.tif"]
