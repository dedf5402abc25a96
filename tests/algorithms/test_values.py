"""Parameter values become a job: unset stays unset, layers become sources, what cannot be read is refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from osgeo import gdal, osr
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingOutputLayerDefinition,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsReferencedRectangle,
    QgsVectorFileWriter,
    QgsVectorLayer,
)

gdal.UseExceptions()


@pytest.fixture
def project(qgis_new_project):
    return QgsProject.instance()


@pytest.fixture
def context(project):
    context = QgsProcessingContext()
    context.setProject(project)
    return context


@pytest.fixture
def band(tmp_path):
    path = tmp_path / "post_B04.tif"
    data = gdal.GetDriverByName("GTiff").Create(str(path), 8, 8, 1, gdal.GDT_UInt16)
    data.SetGeoTransform((500000, 10, 0, 5000000, 0, -10))
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(32633)
    data.SetProjection(srs.ExportToWkt())
    data = None
    return str(path)


@pytest.fixture
def memory(project):
    """Three squares in a memory layer."""
    layer = QgsVectorLayer("Polygon?crs=EPSG:32633&field=name:string", "traced", "memory")
    features = []
    for number in range(3):
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(20 * number, 0, 20 * number + 10, 10)))
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    project.addMapLayer(layer)
    return layer


@pytest.fixture
def saved(memory, tmp_path, project):
    """The same squares in a GeoPackage."""
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.layerName = "traced"
    path = str(tmp_path / "traced.gpkg")
    QgsVectorFileWriter.writeAsVectorFormatV3(memory, path, project.transformContext(), options)
    layer = QgsVectorLayer(f"{path}|layername=traced", "saved", "ogr")
    project.addMapLayer(layer)
    return layer


@pytest.fixture
def read(provider, context):
    """Read parameters as `prepareAlgorithm` does; the exports live as long as the test."""
    from scarp.algorithms.sources import Exports
    from scarp.algorithms.values import Reader

    exports = Exports()

    def reader(name, final=True, **parameters):
        algorithm = provider.algorithm(name).create()
        return Reader(algorithm, parameters, context, exports if final else None).job(algorithm.JOB)

    yield reader
    exports.remove()


def count(source):
    path, _, name = source.partition("|layername=")
    layer = QgsVectorLayer(source, "x", "ogr")
    assert layer.isValid(), (path, name)
    return layer.featureCount()


def test_unset_numbers_are_none_and_never_zero(read):
    for unset in ({}, {"THRESHOLD": None, "TILE": None}, {"THRESHOLD": "", "TILE": ""}):
        job = read("detect", **unset)
        assert (job.threshold, job.tile, job.overlap, job.batch, job.resolution) == (None,) * 5
        assert job.min_area == 400
    assert read("detect", THRESHOLD=0.0, TILE="64").threshold == 0.0
    assert read("detect", THRESHOLD="0.25").threshold == 0.25


def test_values_from_the_command_line_are_strings(read):
    job = read("detect", TILE="256", VOTE="true", TTA="rotations", EVENT_DATE="2018-09-06", DEVICE=" cuda:1 ")
    assert (job.tile, job.vote, job.tta, job.event_date, job.device) == (256, True, "rotations", "2018-09-06", "cuda:1")


def test_bands_keep_path_and_name_in_the_project(read, band, project):
    (from_file,) = read("detect", BANDS=[band]).bands
    assert (from_file.path, from_file.name) == (band, "post_B04")
    layer = QgsRasterLayer(band, "S2_post_B4", "gdal")
    project.addMapLayer(layer)
    for given in (layer, layer.id(), [layer.id()], [layer]):
        (found,) = read("detect", BANDS=given).bands
        assert (found.path, found.name) == (band, "S2_post_B4")
    assert read("detect", BANDS=[band], DEM=layer).dem == band


def test_a_zipped_raster_keeps_its_gdal_path(read, band, tmp_path):
    import zipfile

    with zipfile.ZipFile(tmp_path / "scene.zip", "w") as file:
        file.write(band, "post_B04.tif")
    (found,) = read("detect", BANDS=[f"/vsizip/{tmp_path}/scene.zip/post_B04.tif"]).bands
    assert found.path == f"/vsizip/{tmp_path}/scene.zip/post_B04.tif"


def test_a_missing_band_among_others_is_not_dropped(read, band):
    from scarp.core.errors import ScarpError

    with pytest.raises(ScarpError, match=r"BANDS: '/nowhere/B03.tif' was not found"):
        read("detect", BANDS=[band, "/nowhere/B03.tif"])


def test_a_web_map_is_refused(read, project):
    from scarp.core.errors import ScarpError

    layer = QgsRasterLayer("type=xyz&url=file:///nowhere/{z}/{x}/{y}.png", "web map", "wms")
    project.addMapLayer(layer)
    with pytest.raises(ScarpError, match="comes from 'wms', not from a file"):
        read("detect", BANDS=[layer])


def test_a_vector_layer_is_no_band(read, memory):
    from scarp.core.errors import ScarpError

    with pytest.raises(ScarpError, match="BANDS"):
        read("detect", BANDS=[memory])


def test_a_saved_layer_is_used_where_it_is(read, saved):
    source = saved.source()
    assert read("train", LABELS=saved).labels == source
    assert read("train", LABELS=source).labels == source
    assert read("evaluate", REFERENCE=saved).reference == source


def test_memory_layers_selections_edits_and_filters_are_exported(read, memory, saved):
    assert count(read("train", LABELS=memory).labels) == 3
    assert count(read("evaluate", PREDICTION=memory).prediction) == 3

    saved.selectByIds([next(saved.getFeatures()).id()])
    selection = QgsProcessingFeatureSourceDefinition(saved.id(), True)
    for job in (read("train", LABELS=selection), read("train", AREA=selection)):
        assert count(job.labels or job.area) == 1
    assert count(read("evaluate", REFERENCE=selection).reference) == 1

    saved.startEditing()
    saved.deleteFeature(next(saved.getFeatures()).id())
    assert count(read("train", LABELS=saved).labels) == 2
    assert count(read("evaluate", REFERENCE=saved).reference) == 2
    saved.rollBack()

    saved.setSubsetString('"fid" > 2')
    assert count(read("train", LABELS=saved).labels) == 1


def test_invalid_geometries_reach_the_worker_which_repairs_them(read, project):
    layer = QgsVectorLayer("Polygon?crs=EPSG:32633", "bow tie", "memory")
    feature = QgsFeature()
    feature.setGeometry(QgsGeometry.fromWkt("POLYGON((0 0, 10 10, 10 0, 0 10, 0 0))"))
    layer.dataProvider().addFeature(feature)
    project.addMapLayer(layer)
    assert count(read("train", LABELS=layer).labels) == 1


def test_exports_are_removed(provider, memory, context):
    from qgis.core import QgsProcessingFeedback

    algorithm = provider.algorithm("evaluate").create()
    given = {"PREDICTION": memory, "REFERENCE": memory}
    assert algorithm.prepareAlgorithm(given, context, QgsProcessingFeedback())
    exported = Path(algorithm._job.reference)
    assert exported.is_file()
    feedback = QgsProcessingFeedback()
    feedback.cancel()
    assert algorithm.processAlgorithm(given, context, feedback) == {}
    assert not exported.parent.exists()


def test_lines_are_no_polygons(read, project):
    from scarp.core.errors import ScarpError

    layer = QgsVectorLayer("LineString?crs=EPSG:32633", "roads", "memory")
    project.addMapLayer(layer)
    with pytest.raises(ScarpError, match="holds LineString, not polygons"):
        read("train", LABELS=layer)


def test_a_reference_may_be_a_raster(read, band, memory):
    job = read("evaluate", PREDICTION=band, REFERENCE=memory)
    assert job.prediction == band
    assert count(job.reference) == 3


def test_the_extent_travels_with_its_crs(read, project):
    box = QgsRectangle(1, 2, 3, 4)
    job = read("detect", EXTENT=QgsReferencedRectangle(box, QgsCoordinateReferenceSystem("EPSG:32633")))
    assert job.extent == [1, 2, 3, 4]
    assert QgsCoordinateReferenceSystem.fromWkt(job.extent_crs).authid() == "EPSG:32633"
    assert read("detect", EXTENT="1,3,2,4 [EPSG:4326]").extent == [1, 2, 3, 4]
    assert "WGS 84" in read("detect", EXTENT="1,3,2,4 [EPSG:4326]").extent_crs
    job = read("detect", EXTENT="1,3,2,4")
    assert (job.extent, job.extent_crs) == ([1, 2, 3, 4], "")
    assert read("detect").extent is None


def test_optional_outputs_that_are_not_asked_for_are_empty(read):
    for nothing in ({}, {"MASK": ""}, {"MASK": None}, {"MASK": QgsProcessingOutputLayerDefinition("")}):
        assert read("detect", **nothing).outputs() == {}


def test_temporary_outputs_get_a_name_that_the_worker_writes(read):
    job = read("detect", MASK=QgsProcessing.TEMPORARY_OUTPUT, POLYGONS=QgsProcessing.TEMPORARY_OUTPUT)
    assert job.mask.endswith(".tif")
    assert job.polygons.endswith(".gpkg")
    assert read("evaluate", REPORT=QgsProcessing.TEMPORARY_OUTPUT).report.endswith(".html")
    assert read("train", CHECKPOINT=QgsProcessing.TEMPORARY_OUTPUT).checkpoint.endswith(".safetensors")
    assert os.path.isabs(read("demoscene", FOLDER=QgsProcessing.TEMPORARY_OUTPUT).folder)


@pytest.mark.parametrize("final", [False, True])
@pytest.mark.parametrize(
    ("name", "output", "target", "advice"),
    [
        ("detect", "MASK", "/x/mask.asc", "ends in .tif"),
        ("detect", "POLYGONS", "/x/slides.shp", "ends in .gpkg"),
        ("detect", "POLYGONS", "ogr:dbname='/x/a.gpkg' table=\"t\" (geom)", "is no file"),
        ("detect", "POLYGONS", "memory:slides", "is no file"),
        ("detect", "PROBABILITY", "/x/probability", "ends in .tif"),
        ("train", "CHECKPOINT", "/x/net.pt", "ends in .safetensors"),
        ("evaluate", "REPORT", "/x/report.pdf", "ends in .html"),
    ],
)
def test_formats_that_are_not_written_are_refused(read, final, name, output, target, advice):
    from scarp.core.errors import ScarpError

    with pytest.raises(ScarpError, match=output) as caught:
        read(name, final, **{output: target})
    assert advice in str(caught.value)


def test_a_check_before_the_run_writes_nothing_and_registers_no_layer(provider, memory, context):
    algorithm = provider.algorithm("evaluate").create()
    temporary = QgsProcessingOutputLayerDefinition("TEMPORARY_OUTPUT", context.project())
    given = {"PREDICTION": memory, "REFERENCE": memory, "ERROR_MAP": temporary}
    accepted, message = algorithm.checkParameterValues(given, context)
    assert accepted, message
    assert context.layersToLoadOnCompletion() == {}


def test_a_selection_as_reference_passes_the_check(provider, saved, context):
    selection = QgsProcessingFeatureSourceDefinition(saved.id(), True)
    algorithm = provider.algorithm("evaluate").create()
    accepted, message = algorithm.checkParameterValues({"PREDICTION": saved, "REFERENCE": selection}, context)
    assert accepted, message
