"""Results arrive in the project with a name that tells the scene and a style that can be read."""

from __future__ import annotations

import gc
import json
import re
import sqlite3
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsGraduatedSymbolRenderer,
    QgsPalettedRasterRenderer,
    QgsProject,
    QgsSingleBandPseudoColorRenderer,
    QgsVectorLayer,
)

TEMPORARY = "TEMPORARY_OUTPUT"
STYLES = Path(__file__).resolve().parents[2] / "resources" / "styles"


@pytest.fixture
def load(provider, worker_python, qgis_new_project):
    """Run an algorithm as its dialog does, and return the layers that it added, by name."""
    import processing

    def runner(name, **parameters):
        results = processing.runAndLoadResults(f"scarp:{name}", parameters)
        gc.collect()
        layers = QgsProject.instance().mapLayers().values()
        return results, {layer.name(): layer for layer in layers}

    return runner


def colours(renderer):
    """Value to label and opacity of a paletted renderer."""
    return {entry.value: (entry.label, entry.color.alpha()) for entry in renderer.classes()}


@pytest.fixture
def mapped(load, demo, checkpoint):
    outputs = dict.fromkeys(("PROBABILITY", "MASK", "POLYGONS"), TEMPORARY)
    return load(
        "detect", BANDS=demo.bands, DEM=demo.dem, CHECKPOINT=checkpoint, THRESHOLD=0.3, PRECISION="fp32", **outputs
    )


def test_maps_are_named_after_the_scene_and_styled(mapped):
    _, layers = mapped
    names = [f"{title} (DEMO_20260901)" for title in ("Landslide probability", "Landslide mask", "Landslides")]
    assert set(names) == set(layers)
    probability, mask, polygons = (layers[name] for name in names)

    ramp = probability.renderer()
    assert isinstance(ramp, QgsSingleBandPseudoColorRenderer)
    items = ramp.shader().rasterShaderFunction().colorRampItemList()
    assert (items[0].value, items[-1].value) == (0, 1)
    assert items[0].color.alpha() == 0  # what is surely no landslide does not hide the image
    assert items[-1].color.alpha() > 200

    assert isinstance(mask.renderer(), QgsPalettedRasterRenderer)
    words = colours(mask.renderer())
    assert words[1][0] == "Landslide"
    assert words[0][1] == 0

    assert isinstance(polygons.renderer(), QgsGraduatedSymbolRenderer)
    assert "prob_mean" in polygons.renderer().classAttribute()
    assert polygons.attributeAlias(polygons.fields().indexOf("area_m2")) == "Area (m²)"


def test_polygons_are_on_top_and_probability_below(mapped):
    (group,) = QgsProject.instance().layerTreeRoot().findGroups()
    assert group.name() == "Landslide map (DEMO_20260901, net)"  # the scene and the checkpoint
    order = [layer.name().split(" (")[0] for layer in group.findLayers()]
    assert order == ["Landslides", "Landslide mask", "Landslide probability"]


def test_every_layer_tells_how_it_came_about(mapped, tmp_path):
    QgsProject.instance().write(str(tmp_path / "map.qgz"))
    saved = QgsProject()
    assert saved.read(str(tmp_path / "map.qgz"))
    layers = {layer.name(): layer for layer in saved.mapLayers().values()}
    assert len(layers) == 3
    for name, layer in layers.items():
        metadata = layer.metadata()
        assert f"{name}: made by scarp:detect" in metadata.abstract()
        assert "Checkpoint: net.safetensors (SHA-256 " in metadata.abstract()
        assert "Threshold: 0.3" in metadata.abstract()
        lines = metadata.history()
        assert sum(line.startswith("Input ") for line in lines) >= 3
        record = json.loads(next(line for line in lines if line.startswith("Run record: "))[12:])
        assert (record["job"], record["parameters"]["precision"]) == ("detect", "fp32")


def test_the_geopackage_carries_its_style(mapped):
    results, _ = mapped
    alone = QgsVectorLayer(results["POLYGONS"], "opened later", "ogr")
    assert isinstance(alone.renderer(), QgsGraduatedSymbolRenderer)


def test_fields_of_the_polygons_have_titles_and_a_review_can_be_chosen(load, tmp_path):
    probability = gdal.GetDriverByName("GTiff").Create(str(tmp_path / "p.tif"), 40, 40, 1, gdal.GDT_Float32)
    probability.SetGeoTransform((570000, 10, 0, 4730000, 0, -10))
    probability.SetProjection(QgsCoordinateReferenceSystem("EPSG:32654").toWkt())
    probability.GetRasterBand(1).WriteArray(np.kron(np.eye(4), np.full((10, 10), 0.8, np.float32)))
    del probability
    options = {"SMOOTH": True, "SPLIT": "shape", "GROW_THRESHOLD": 0.3, "FILL_HOLES": 100, "MORPHOLOGY": "opening"}
    results, layers = load("polygonize", PROBABILITY=str(tmp_path / "p.tif"), POLYGONS=TEMPORARY, **options)
    assert results["COUNT"] == layers["Landslides"].featureCount() == 4
    layer = QgsVectorLayer(results["POLYGONS"], "opened later", "ogr")
    titles = {field.name(): layer.attributeAlias(layer.fields().indexOf(field.name())) for field in layer.fields()}
    assert (titles["length_m"], titles["aspect_mean"]) == ("Length downslope (m)", "Aspect, mean (°)")
    assert all(title for name, title in titles.items() if name != "fid")
    with sqlite3.connect(results["POLYGONS"]) as database:
        stored = dict(database.execute("select column_name, title from gpkg_data_columns").fetchall())
    assert stored == {name: title for name, title in titles.items() if name != "fid"}
    for styled in (True, False):
        if not styled:
            with sqlite3.connect(results["POLYGONS"]) as database:
                database.execute("delete from layer_styles")
            layer = QgsVectorLayer(results["POLYGONS"], "without the style", "ogr")
        review = layer.editorWidgetSetup(layer.fields().indexOf("reviewed"))
        offered = {value for entry in review.config()["map"] for value in entry.values()}
        assert review.type() == "ValueMap"
        assert {"right", "wrong", "unsure"} <= offered


def test_every_style_survives_the_file(provider):
    from scarp.algorithms.styles import style_path

    for algorithm in provider.algorithms():
        for output in getattr(algorithm, "LAYERS", {}):
            if output != "OUTPUT":
                text = Path(style_path(output)).read_text(encoding="utf-8")
                assert text.startswith("<!DOCTYPE qgis")
                assert "/tmp" not in text


@pytest.mark.parametrize("path", sorted(STYLES.glob("*.qml")), ids=lambda path: path.stem)
def test_legends_say_in_words_what_the_colours_mean(path):
    text = path.read_text(encoding="utf-8")
    continuous = re.findall(r'useContinuousLegend="1" minimumLabel="([^"]*)" .*?maximumLabel="([^"]*)"', text)
    entries = re.findall(r'(?:alpha|color|value|lower|symbol)="[^>]*? label="([^"]+)"', text)
    ends = continuous[0] if continuous else entries
    assert re.search(r"[a-z]{3}", ends[0])
    assert re.search(r"[a-z]{3}", ends[-1])


def test_a_style_of_the_users_wins(load, demo, checkpoint, monkeypatch, tmp_path):
    from processing.gui.RenderingStyles import RenderingStyles
    from scarp.algorithms.styles import style_path

    monkeypatch.setattr(RenderingStyles, "styles", {"scarp:detect": {"PROBABILITY": style_path("UNCERTAINTY")}})
    _, layers = load("detect", BANDS=demo.bands, DEM=demo.dem, CHECKPOINT=checkpoint, PROBABILITY=TEMPORARY)
    ramp = layers["Landslide probability (DEMO_20260901)"].renderer().shader().rasterShaderFunction()
    assert ramp.maximumValue() == 0.5


def test_the_error_map_says_in_words_what_is_what(load, mapped, demo):
    results, _ = mapped
    _, layers = load("evaluate", PREDICTION=results["MASK"], REFERENCE=demo.layer("landslides"), ERROR_MAP=TEMPORARY)
    words = colours(layers["Error map"].renderer())
    assert {code: label.partition(":")[0] for code, (label, _) in words.items()} == {
        0: "True negative",
        1: "True positive",
        2: "False positive",
        3: "False negative",
    }


def test_the_demonstration_scene_opens_in_a_group(load, tmp_path):
    _, layers = load("demoscene", SIZE=256, FOLDER=str(tmp_path / "demo"))
    assert "labels" in layers
    assert {path.stem for path in (tmp_path / "demo").glob("*.tif")} < set(layers)
    assert QgsProject.instance().layerTreeRoot().findGroup("Scarp demonstration scene") is not None


@pytest.mark.parametrize(
    ("names", "scene"),
    [
        (["S2_post_B2", "S2_post_B3", "S2_post_B4"], "S2_post"),
        (["T54TWP_20180910_B02_10m", "T54TWP_20180910_B03_10m"], "T54TWP_20180910"),
        (["T54TWP_20180910_B11", "T54TWP_20180910_B12"], "T54TWP_20180910"),
        (["after the storm"], "after the storm"),
        (["B02", "B03"], ""),
        (["red", "green"], ""),
    ],
)
def test_the_scene_is_what_its_bands_are_called_in_common(names, scene):
    from scarp.algorithms.styles import scene_name
    from scarp.core.jobs import DetectJob, Layer

    assert scene_name(DetectJob(bands=[Layer(f"/x/{name}.tif", name) for name in names])) == scene
