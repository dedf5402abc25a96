"""scarp:explain in real QGIS: a heat map with its style, a report and a table."""

from __future__ import annotations

from pathlib import Path

import pytest
from osgeo import gdal
from qgis.core import QgsProcessingException, QgsProcessingFeedback, QgsProject, QgsSingleBandPseudoColorRenderer

gdal.UseExceptions()


@pytest.fixture
def explained(provider, worker_python, qgis_new_project, demo, checkpoint, tmp_path):
    import processing

    parameters = {
        "BANDS": demo.bands,
        "DEM": demo.dem,
        "CHECKPOINT": checkpoint,
        "STAGE": "full",
        "THRESHOLD": 0.3,
        "TILE": 96,
        "SAMPLE": 2,
        "OUTPUT": "TEMPORARY_OUTPUT",
        "REPORT": str(tmp_path / "why.html"),
        "TABLE": str(tmp_path / "bands.csv"),
    }
    return processing.runAndLoadResults("scarp:explain", parameters)


def test_the_heat_map_is_named_styled_and_between_0_and_1(explained):
    (layer,) = QgsProject.instance().mapLayers().values()
    assert layer.name() == "Grad-CAM (DEMO_20260901)"
    ramp = layer.renderer()
    assert isinstance(ramp, QgsSingleBandPseudoColorRenderer)
    items = ramp.shader().rasterShaderFunction().colorRampItemList()
    assert (items[0].value, items[0].color.alpha(), items[-1].value) == (0, 0, 1)
    heat = gdal.Open(explained["OUTPUT"]).ReadAsArray()
    assert heat[heat != -9999].min() >= 0
    assert heat.max() == pytest.approx(1)
    assert Path(explained["REPORT"]).is_file()
    assert Path(explained["TABLE"]).read_text(encoding="utf-8").startswith("group,channels,inside")
    assert explained["PIXELS"] >= 0


def test_a_stage_that_is_not_there_is_answered_with_those_that_are(provider, worker_python, demo, checkpoint, tmp_path):
    import processing

    with pytest.raises(QgsProcessingException, match=r"STAGE is '40'; choose deep, full, .*down\.0"):
        processing.run(
            "scarp:explain",
            {
                "BANDS": demo.bands,
                "DEM": demo.dem,
                "CHECKPOINT": checkpoint,
                "STAGE": "40",
                "OUTPUT": str(tmp_path / "cam.tif"),
            },
            feedback=QgsProcessingFeedback(),
        )
    assert not list(tmp_path.iterdir())
