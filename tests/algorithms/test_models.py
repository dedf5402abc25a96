"""The models of the Model Designer: each is there, complete, and runs on tiny data; and so does a batch of scenes."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import Qgis, QgsApplication, QgsProcessingModelAlgorithm, QgsRasterLayer, QgsVectorLayer
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QCoreApplication, QEventLoop

gdal.UseExceptions()
ROOT = Path(__file__).resolve().parents[2]
NAMES = sorted(path.stem for path in (ROOT / "resources" / "models").glob("*.model3"))


@pytest.fixture
def run(provider, worker_python):
    import processing

    return lambda name, **parameters: processing.run(f"scarp:{name}", parameters)


@pytest.fixture(scope="module")
def scene(demo):
    return {"BANDS": demo.bands, "DEM": demo.dem}


def test_there_are_models_for_each_kind_of_work(provider):
    offered = {a.name(): a for a in provider.algorithms() if isinstance(a, QgsProcessingModelAlgorithm)}
    assert sorted(offered) == NAMES == ["compare_two_checkpoints", "map_an_event", "map_and_assess", "train_and_map"]
    assert len({a.displayName() for a in offered.values()}) == len(NAMES)
    groups = {(a.group(), a.groupId()) for a in provider.algorithms()}
    assert len(groups) == len({name for name, _ in groups})  # the toolbox shows each group once


@pytest.mark.parametrize("name", NAMES)
def test_a_model_is_complete(provider, name):
    model = QgsApplication.processingRegistry().algorithmById(f"scarp:{name}")
    assert model.validate() == (True, [])
    assert len(model.helpContent()["ALG_DESC"]) > 100
    steps = model.childAlgorithms()  # keeps its algorithms, and those their parameters
    asked = {}
    for step in steps.values():
        # Native steps come with QGIS itself; others might be loaded later than this provider.
        assert step.algorithmId().split(":")[0] in ("scarp", "native")
        known = {definition.name(): definition for definition in step.algorithm().parameterDefinitions()}
        for parameter, sources in step.parameterSources().items():
            for source in sources:
                asked.setdefault(source.parameterName(), []).append(known[parameter])
    for given in model.parameterDefinitions():
        if not given.isDestination():
            there = [(definition.type(), definition.defaultValue()) for definition in asked[given.name()]]
            assert (given.type(), given.defaultValue()) in there


def test_map_an_event(run, scene, checkpoint, demo, tmp_path):
    results = run(
        "map_an_event",
        **scene,
        CHECKPOINT=checkpoint,
        AREA=demo.layer("area_test"),
        EVENT_DATE="2026-09-01",
        landslides=str(tmp_path / "landslides.gpkg"),
        points_of_landslides=str(tmp_path / "points.gpkg"),
        landslides_by_confidence=str(tmp_path / "table.gpkg"),
    )
    landslides, points, table = (
        QgsVectorLayer(results[name], name, "ogr")
        for name in ("landslides", "points_of_landslides", "landslides_by_confidence")
    )
    assert landslides.featureCount() == points.featureCount() > 0
    assert points.geometryType() == Qgis.GeometryType.Point
    rows = list(table.getFeatures())
    assert sum(row["landslides"] for row in rows) == landslides.featureCount()
    areas = [feature["area_m2"] for feature in landslides.getFeatures()]
    assert sum(row["area_m2"] for row in rows) == pytest.approx(sum(areas))
    assert results["landslide_mask"] is None  # not asked for


def test_train_and_map(run, scene, demo, tmp_path):
    results = run(
        "train_and_map",
        **scene,
        LABELS=demo.layer("landslides"),
        AREA=demo.layer("area_train"),
        ARCHITECTURE="unet(widths=8-16)",
        EPOCHS=1,
        CHIP=64,
        checkpoint=str(tmp_path / "own.safetensors"),
        landslides=str(tmp_path / "landslides.gpkg"),
        landslide_probability=str(tmp_path / "probability.tif"),
    )
    assert (tmp_path / "own.safetensors").is_file()
    assert QgsVectorLayer(results["landslides"], "landslides", "ogr").isValid()
    assert QgsRasterLayer(results["landslide_probability"]).isValid()


def test_compare_two_checkpoints(run, scene, demo, checkpoint, tmp_path):
    other = tmp_path / "other.safetensors"
    other.write_bytes(Path(checkpoint).read_bytes())
    results = run(
        "compare_two_checkpoints",
        **scene,
        CHECKPOINT_1=checkpoint,
        CHECKPOINT_2=str(other),
        REFERENCE=demo.layer("landslides"),
        AREA=demo.layer("area_test"),
        probability_1=str(tmp_path / "1.tif"),
        probability_2=str(tmp_path / "2.tif"),
        error_map_1=str(tmp_path / "errors_1.tif"),
        error_map_2=str(tmp_path / "errors_2.tif"),
        assessment_report_1=str(tmp_path / "1.html"),
    )
    maps = [gdal.Open(results[f"error_map_{number}"]).ReadAsArray() for number in (1, 2)]
    np.testing.assert_array_equal(*maps)  # the same network twice
    assert (maps[0] == 1).any()
    assert results["assessment_report_2"] is None  # not asked for
    assert "f1_landslide" in (tmp_path / "1.html").read_text(encoding="utf-8")


def test_a_batch_of_three_scenes_in_the_batch_dialog(
    provider, worker_python, scene, checkpoint, tmp_path, qgis_new_project
):
    from processing.gui.BatchAlgorithmDialog import BatchAlgorithmDialog

    image = QgsRasterLayer(scene["BANDS"][0])
    whole = image.extent()
    third = whole.width() / 3
    scenes = []
    for number in range(3):
        west = whole.xMinimum() + number * third
        extent = f"{west},{west + third},{whole.yMinimum()},{whole.yMaximum()} [{image.crs().authid()}]"
        folder = tmp_path / f"scene {number}"
        scenes.append(
            {
                "PARAMETERS": {**scene, "CHECKPOINT": checkpoint, "EXTENT": extent},
                "OUTPUTS": {"MASK": str(folder / "mask.tif"), "POLYGONS": str(folder / "landslides.gpkg")},
            }
        )
    dialog = BatchAlgorithmDialog(QgsApplication.processingRegistry().createAlgorithmById("scarp:detect"))
    dialog.mainWidget().checkLoadLayersOnCompletion.setChecked(False)
    dialog.mainWidget().load_batch_file_3_40_version({"format": "batch_3.40", "rows": scenes})
    dialog.runAlgorithm()
    end = time.monotonic() + 120
    while not sip.isdeleted(dialog) and time.monotonic() < end:  # a dialog that is not shown goes away when it is done
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
    masks = [gdal.Open(one["OUTPUTS"]["MASK"]) for one in scenes]
    assert sum(mask.RasterXSize for mask in masks) == pytest.approx(whole.width() / 10, abs=3)
    assert all((mask.ReadAsArray() != 255).any() for mask in masks)
    assert all(Path(one["OUTPUTS"]["POLYGONS"]).is_file() for one in scenes)
