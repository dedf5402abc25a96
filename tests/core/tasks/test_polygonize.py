from __future__ import annotations

import json

import numpy as np
import pyogrio
import pytest
import rasterio
from rasterio.transform import Affine
from scarp.core.errors import Cancelled, ScarpError
from scarp.core.jobs import PolygonizeJob
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
