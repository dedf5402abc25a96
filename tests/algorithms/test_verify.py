"""scarp:verify in real QGIS: marks that are not saved yet count, and the result shows its verdict."""

from __future__ import annotations

import random

import pytest
from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsFeature,
    QgsField,
    QgsGeometry,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QMetaType


@pytest.fixture
def layer(qgis_new_project):
    """A memory layer of 60 squares with two attributes; nothing is marked yet."""
    chance = random.Random(2)
    memory = QgsVectorLayer("Polygon?crs=EPSG:32654", "mapped", "memory")
    kinds = {"fid": "Int", "slope_mean": "Double", "prob_mean": "Double", "reviewed": "QString"}
    memory.dataProvider().addAttributes([QgsField(name, getattr(QMetaType.Type, kind)) for name, kind in kinds.items()])
    memory.updateFields()
    features = []
    for _ in range(60):
        x, y = 500_000 + chance.uniform(0, 4000), 4_700_000 + chance.uniform(0, 4000)
        feature = QgsFeature(memory.fields())
        feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(x, y, x + 40, y + 40)))
        feature.setAttributes([1, chance.uniform(0, 40), chance.uniform(0.5, 1), None])
        features.append(feature)
    memory.dataProvider().addFeatures(features)
    QgsProject.instance().addMapLayer(memory)
    return memory


def mark(layer, count):
    layer.startEditing()
    place = layer.fields().indexOf("reviewed")
    for feature in list(layer.getFeatures())[:count]:
        layer.changeAttributeValue(feature.id(), place, "right" if feature["slope_mean"] > 20 else "wrong")


def test_marks_that_are_not_saved_count_and_the_verdict_is_shown(provider, worker_python, layer):
    import processing

    mark(layer, 50)
    results = processing.runAndLoadResults(
        "scarp:verify",
        {
            "POLYGONS": layer,
            "ATTRIBUTES": "slope_mean,prob_mean",
            "TREES": 30,
            "OUTPUT": "TEMPORARY_OUTPUT",
            "MODEL": "TEMPORARY_OUTPUT",
        },
    )
    assert (results["COUNT"], results["MARKED"]) == (60, 50)
    assert results["AUROC"] > 0.9
    assert results["MODEL"].endswith(".safetensors")
    shown = next(one for one in QgsProject.instance().mapLayers().values() if one is not layer)
    assert shown.name() == "Verified landslides"
    assert isinstance(shown.renderer(), QgsCategorizedSymbolRenderer)
    assert shown.renderer().classAttribute() == "verdict"
    assert {category.value() for category in shown.renderer().categories()} == {"right", "wrong", "unsure"}
    verdicts = {feature["verdict"] for feature in shown.getFeatures()}
    assert {"right", "wrong"} <= verdicts
    alone = QgsVectorLayer(results["OUTPUT"], "opened later", "ogr")
    assert isinstance(alone.renderer(), QgsCategorizedSymbolRenderer)


def test_too_few_marks_are_counted_in_the_answer(provider, worker_python, layer, tmp_path):
    import processing

    mark(layer, 8)
    with pytest.raises(QgsProcessingException, match=r"at least 10 of each are needed"):
        processing.run(
            "scarp:verify",
            {"POLYGONS": layer, "ATTRIBUTES": "slope_mean", "OUTPUT": str(tmp_path / "o.gpkg")},
            feedback=QgsProcessingFeedback(),
        )
    assert not list(tmp_path.iterdir())
