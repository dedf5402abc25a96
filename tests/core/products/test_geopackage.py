from __future__ import annotations

import hashlib
import json
import sqlite3

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from scarp.core.errors import ScarpError
from scarp.core.jobs import DetectJob
from scarp.core.products.fields import Field
from scarp.core.products.geopackage import PolygonLayer, attach_record, set_default_style
from scarp.core.products.record import RECORD_TAG, raster_record, run_record, tag_raster
from scarp.core.products.schema import describe_fields

SQUARE = np.array([shapely.MultiPolygon([shapely.box(0, 0, 1, 1)])], object)
FIELDS = {"id": "int32", "slope_mean": "float64", "event_date": "datetime64[D]", "scene": "object"}


@pytest.fixture
def layer(tmp_path):
    made = PolygonLayer(tmp_path / "p.gpkg", "landslides", "EPSG:32654", FIELDS)
    made.append(SQUARE, {"id": [1], "slope_mean": [12.5]})
    made.append(SQUARE, {"id": [2], "scene": "T54TWP", "event_date": "2018-09-06"})
    return made


def test_what_is_not_known_is_null(layer):
    with sqlite3.connect(layer.path) as database:
        rows = database.execute("select id, slope_mean, event_date, scene from landslides").fetchall()
    assert rows == [(1, 12.5, None, None), (2, None, "2018-09-06", "T54TWP")]


def test_the_record_lies_in_the_metadata_and_leaves_the_features_alone(layer):
    attach_record(layer.path, "landslides", {"threshold": 0.4, "figures": {"auprc": float("nan")}})
    info = pyogrio.read_info(layer.path, layer="landslides")
    assert json.loads(info["layer_metadata"][RECORD_TAG]) == {"threshold": 0.4, "figures": {"auprc": None}}
    assert info["features"] == 2
    assert list(info["fields"]) == list(FIELDS)


def test_fields_carry_titles_and_a_list_of_values_as_the_schema_extension_has_them(layer):
    titles = {name: Field(kind, name.title() + " (m)", f"What {name} is.") for name, kind in FIELDS.items()}
    for _ in range(2):  # again changes nothing
        describe_fields(layer.path, "landslides", titles, {"scene": {"a": "the first", "b": "the second"}})
    with sqlite3.connect(layer.path) as database:
        columns = database.execute(
            "select column_name, title, description, constraint_name from gpkg_data_columns"
        ).fetchall()
        values = database.execute(
            "select constraint_name, constraint_type, value, description from gpkg_data_column_constraints"
        ).fetchall()
        extensions = database.execute("select table_name from gpkg_extensions where extension_name = 'gpkg_schema'")
        assert {name for (name,) in extensions} == {"gpkg_data_columns", "gpkg_data_column_constraints"}
    assert columns[1] == ("slope_mean", "Slope_Mean (m)", "What slope_mean is.", None)
    assert columns[3][3] == "landslides_scene"
    assert values == [("landslides_scene", "enum", "a", "the first"), ("landslides_scene", "enum", "b", "the second")]
    assert pyogrio.read_info(layer.path, layer="landslides")["features"] == 2


def test_the_default_style_is_found_as_qgis_looks_for_it(layer):
    set_default_style(layer.path, "landslides", "<qgis/>")
    with sqlite3.connect(layer.path) as database:
        style = database.execute(
            "select styleQML from layer_styles where useAsDefault = 1 and f_table_schema = '' "
            "and f_table_name = 'landslides' and f_geometry_column = 'geom'"
        ).fetchall()
        kind = database.execute("select data_type from gpkg_contents where table_name = 'layer_styles'").fetchall()
    assert style == [("<qgis/>",)]
    assert kind == [("attributes",)]


def test_a_path_that_cannot_be_written(tmp_path):
    with pytest.raises(ScarpError, match=r"could not be written .*another folder"):
        PolygonLayer(tmp_path / "missing" / "p.gpkg", "landslides", "EPSG:32654", FIELDS)


def test_a_run_record_says_what_made_a_raster(raster, tmp_path):
    checkpoint = tmp_path / "net.safetensors"
    checkpoint.write_bytes(b"weights")
    job = DetectJob(bands=["b2.tif"], checkpoint=str(checkpoint), min_area=900.0, mask="mask.tif")
    record = run_record(job, threshold=np.float32(0.5), device="cpu", seconds=1.5)
    assert record["inputs"]["bands"] == [{"path": "b2.tif", "name": ""}]
    assert record["parameters"]["min_area"] == 900
    assert record["outputs"] == {"mask": "mask.tif"}
    assert record["checkpoint"] == {"name": "net.safetensors", "sha256": hashlib.sha256(b"weights").hexdigest()}
    assert {"scarp", "python", "numpy", "rasterio"} <= set(record["versions"])

    path = raster(np.zeros((2, 2), np.uint8))
    tag_raster(path, record)
    with rasterio.open(path) as tagged:
        again = raster_record(tagged.tags())
    assert again["threshold"] == 0.5
    assert again["checkpoint"] == record["checkpoint"]
