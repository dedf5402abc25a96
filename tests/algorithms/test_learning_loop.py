"""An analyst's evening: map, correct the polygons in QGIS, train on them as they are, map again."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal, ogr
from qgis.core import (
    QgsFeature,
    QgsFeatureRequest,
    QgsGeometry,
    QgsProcessingFeedback,
    QgsRectangle,
    QgsVectorLayer,
)

gdal.UseExceptions()


class Log(QgsProcessingFeedback):
    """Keeps what is said."""

    def __init__(self):
        super().__init__(False)
        self.text = ""

    def pushInfo(self, text):
        self.text += f"{text}\n"

    pushWarning = pushInfo


@pytest.fixture(scope="module")
def scene(demo):
    return {"BANDS": demo.bands, "DEM": demo.dem, "PRECISION": "fp32"}


@pytest.fixture(scope="module")
def mapped(provider, worker_python, scene, checkpoint, tmp_path_factory):
    import processing

    folder = tmp_path_factory.mktemp("first")
    first = {"CHECKPOINT": checkpoint, "PROBABILITY": str(folder / "probability.tif")}
    probability = processing.run("scarp:detect", {**scene, **first})["PROBABILITY"]
    values = gdal.Open(probability).ReadAsArray()
    # The network is too small to be sure of anything: what it finds most likely will do.
    threshold = float(np.quantile(values[values != -9999], 0.93))
    wanted = {"PROBABILITY": probability, "THRESHOLD": threshold, "POLYGONS": str(folder / "landslides.gpkg")}
    return {"PROBABILITY": probability, **processing.run("scarp:polygonize", wanted)}


@pytest.fixture
def corrected(mapped):
    """The polygons as a memory layer, corrected, with edits that were not saved; and what is true in it."""
    written = QgsVectorLayer(mapped["POLYGONS"], "landslides", "ogr")
    assert written.featureCount() >= 5
    layer = written.materialize(QgsFeatureRequest())
    assert layer.startEditing()
    deleted, moved, wrong, right, *_ = sorted(feature.id() for feature in layer.getFeatures())
    layer.deleteFeature(deleted)
    shape = layer.getFeature(moved).geometry()
    shape.translate(120, -60)
    layer.changeGeometry(moved, shape)
    review = layer.fields().indexOf("reviewed")
    layer.changeAttributeValue(wrong, review, "wrong")
    layer.changeAttributeValue(right, review, "right")
    drawn = QgsFeature(layer.fields())
    middle = layer.extent().center()
    drawn.setGeometry(QgsGeometry.fromRect(QgsRectangle(middle.x(), middle.y(), middle.x() + 150, middle.y() + 200)))
    layer.addFeature(drawn)
    assert layer.isModified()
    true = [
        feature.geometry()
        for feature in layer.getFeatures()
        if not feature.hasGeometry() or feature["reviewed"] != "wrong"
    ]
    assert len(true) == layer.featureCount() - 1 == written.featureCount() - 1
    return layer, true


def burned(shapes, like):
    """Polygons on the grid of a raster, by GDAL itself: bool [h, w]."""
    grid = gdal.Open(like)
    target = gdal.GetDriverByName("MEM").Create("", grid.RasterXSize, grid.RasterYSize, 1, gdal.GDT_Byte)
    target.SetGeoTransform(grid.GetGeoTransform())
    target.SetProjection(grid.GetProjection())
    data = ogr.GetDriverByName("Memory").CreateDataSource("")
    layer = data.CreateLayer("true", grid.GetSpatialRef())
    for shape in shapes:
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetGeometry(ogr.CreateGeometryFromWkb(bytes(shape.asWkb())))
        layer.CreateFeature(feature)
    gdal.RasterizeLayer(target, [1], layer, burn_values=[1])
    return target.ReadAsArray() == 1


def test_a_corrected_map_is_learned_from_and_the_scene_is_mapped_again(
    provider, scene, mapped, corrected, checkpoint, tmp_path
):
    import processing
    from scarp.core import card

    layer, true = corrected
    log = Log()
    trained = processing.run(
        "scarp:train",
        {
            **scene,
            "LABELS": layer,
            "INIT": checkpoint,
            "ARCHITECTURE": "unet(widths=8-16-32)",
            "EPOCHS": 1,
            "CHIP": 64,
            "CHECKPOINT": str(tmp_path / "second.safetensors"),
        },
        feedback=log,
    )
    assert f"1 of {layer.featureCount()} polygons are marked as wrong" in log.text
    # What it learned from, pixel by pixel: the polygons as they stand in the edit buffer, without the wrong one.
    valid = gdal.Open(mapped["PROBABILITY"]).ReadAsArray() != -9999
    found = card.read(trained["CHECKPOINT"])
    assert found.training["scored_pixels"] == valid.sum()
    expected = (burned(true, mapped["PROBABILITY"]) & valid).sum()
    assert found.training["landslide_share"] * valid.sum() == pytest.approx(expected, abs=0.5)
    assert found.training["init"]
    assert layer.isModified()  # training changed nothing in it

    again = processing.run(
        "scarp:detect",
        {
            **scene,
            "CHECKPOINT": trained["CHECKPOINT"],
            "PROBABILITY": str(tmp_path / "probability.tif"),
            "POLYGONS": str(tmp_path / "landslides.gpkg"),
        },
    )
    before, after = (gdal.Open(run["PROBABILITY"]).ReadAsArray() for run in (mapped, again))
    np.testing.assert_array_equal(before == -9999, after == -9999)
    assert np.abs(before - after)[valid].max() > 0.001  # it has learned something
    assert "reviewed" in QgsVectorLayer(again["POLYGONS"], "again", "ogr").fields().names()
