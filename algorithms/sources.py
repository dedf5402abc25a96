"""Layers of the project, or files, as plain sources that another process can open."""

from __future__ import annotations

import os
import tempfile
from typing import Any

from qgis.core import (
    Qgis,
    QgsCoordinateTransformContext,
    QgsFeature,
    QgsFeatureRequest,
    QgsFields,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeatureSource,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingParameterDefinition,
    QgsProcessingParameters,
    QgsProcessingUtils,
    QgsProviderRegistry,
    QgsRasterLayer,
    QgsVectorFileWriter,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QMetaType

from ..core.errors import ScarpError
from ..core.jobs import Layer
from ..core.sentinel import is_product

#: What the worker's own reader opens just as QGIS does.
_PLAIN_VECTORS = (".gpkg", ".shp", ".geojson", ".json", ".fgb")
_PLAIN_FIELDS = (
    *(QMetaType.Type.Bool, QMetaType.Type.Int, QMetaType.Type.LongLong, QMetaType.Type.Double),
    *(QMetaType.Type.QString, QMetaType.Type.QDate, QMetaType.Type.QDateTime),
)


class Exports:
    """A temporary folder for feature sources that exist only inside QGIS: memory layers, edits, selections, filters."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="scarp-")

    def path(self, name: str) -> str:
        """A GeoPackage to write for the parameter ``name``."""
        return os.path.join(self._folder.name, f"{name.lower()}.gpkg")

    def remove(self) -> None:
        """Delete the folder with all that is in it."""
        self._folder.cleanup()


def raster(
    definition: QgsProcessingParameterDefinition, parameters: dict[str, Any], context: QgsProcessingContext
) -> Layer:
    """The raster that a parameter names.

    Raises:
        ScarpError: It is not there, or does not come from GDAL.
    """
    layer = QgsProcessingParameters.parameterAsLayer(definition, parameters, context)
    if layer is None:
        raise _missing(definition, parameters.get(definition.name()))
    return _plain_raster(layer, definition.name())


def rasters(
    definition: QgsProcessingParameterDefinition, parameters: dict[str, Any], context: QgsProcessingContext
) -> list[Layer]:
    """The rasters of a parameter that takes several, in the order given; see `raster`."""
    value = parameters[definition.name()]
    values = value if isinstance(value, (list, tuple)) else [value]
    found = []
    for one in values:
        if _is_product(one, context):
            found.append(Layer(str(one)))
            continue
        # One at a time: Processing drops what it does not find without a word.
        layers = QgsProcessingParameters.parameterAsLayerList(definition, {definition.name(): one}, context)
        if not layers:
            raise _missing(definition, one)
        found += [_plain_raster(layer, definition.name()) for layer in layers]
    return found


def as_layers(definition: QgsProcessingParameterDefinition | None, value: Any, context: QgsProcessingContext) -> Any:
    """The value of a parameter with products replaced by a layer, for checks of Processing that know layers alone."""
    if definition is None or definition.type() != "multilayer":
        return value
    values = value if isinstance(value, (list, tuple)) else [value]
    if not any(_is_product(one, context) for one in values):
        return value
    return [one for one in values if not _is_product(one, context)] or QgsRasterLayer()


def products(value: Any, context: QgsProcessingContext) -> list[str]:
    """The Sentinel-2 products among the values of a multiple-layer parameter."""
    return [one for one in (value if isinstance(value, (list, tuple)) else [value]) if _is_product(one, context)]


def _is_product(value: Any, context: QgsProcessingContext) -> bool:
    """Whether it is the path of a Sentinel-2 product, and not the name of a layer of the project."""
    if not isinstance(value, str) or not value or not is_product(value):
        return False
    return QgsProcessingUtils.mapLayerFromString(value, context, allowLoadingNewLayers=False) is None


def polygons(
    definition: QgsProcessingParameterDefinition,
    parameters: dict[str, Any],
    context: QgsProcessingContext,
    exports: Exports | None,
) -> str:
    """The polygons that a parameter names, as ``file.gpkg`` or ``file.gpkg|layername=x``.

    A file is used as it is. What exists only inside QGIS is written to ``exports`` (not when that is None).

    Raises:
        ScarpError: The source is not there, holds no polygons, or cannot be exported.
    """
    name = definition.name()
    source = QgsProcessingParameters.parameterAsSource(definition, parameters, context)
    if source is None:
        raise _missing(definition, parameters.get(name))
    if QgsWkbTypes.geometryType(source.wkbType()) not in (Qgis.GeometryType.Polygon, Qgis.GeometryType.Unknown):
        kind = QgsWkbTypes.displayString(source.wkbType())
        raise ScarpError(f"{name}: '{source.sourceName()}' holds {kind}, not polygons. Choose a polygon layer.")
    layer = QgsProcessingParameters.parameterAsVectorLayer(definition, parameters, context)
    plain = "" if _is_partial(parameters.get(name)) else _plain_vector(layer)
    if plain or exports is None:
        return plain or name
    return _export(source, exports.path(name), name)


def _is_partial(value: Any) -> bool:
    return isinstance(value, QgsProcessingFeatureSourceDefinition) and (
        value.selectedFeaturesOnly or value.featureLimit > 0 or bool(value.filterExpression)
    )


def _plain_vector(layer: QgsVectorLayer | None) -> str:
    if layer is None or layer.providerType() != "ogr" or layer.subsetString() or layer.isModified():
        return ""
    parts = QgsProviderRegistry.instance().decodeUri("ogr", layer.source())
    path = parts.get("path", "")
    if not path.lower().endswith(_PLAIN_VECTORS) or not os.path.isfile(path):
        return ""
    if parts.get("layerId") is not None or parts.get("geometryType"):
        return ""
    return f"{path}|layername={parts['layerName']}" if parts.get("layerName") else path


def _export(source: QgsProcessingFeatureSource, path: str, name: str) -> str:
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GPKG"
    options.layerName = name.lower()
    kind = QgsWkbTypes.multiType(QgsWkbTypes.flatType(source.wkbType()))
    fields, kept = _plain_fields(source.fields())
    writer = QgsVectorFileWriter.create(
        path, fields, kind, source.sourceCrs(), QgsCoordinateTransformContext(), options
    )
    # Invalid geometries go along: the worker repairs them and says so.
    unchecked = Qgis.ProcessingFeatureSourceFlag.SkipGeometryValidityChecks
    for feature in source.getFeatures(QgsFeatureRequest(), unchecked):
        bare = QgsFeature(fields)
        bare.setGeometry(feature.geometry())
        attributes = feature.attributes()
        bare.setAttributes([attributes[index] for index in kept])
        writer.addFeature(bare)
    writer.flushBuffer()
    failed, message = writer.hasError() != QgsVectorFileWriter.WriterError.NoError, writer.errorMessage()
    del writer  # closes the file
    if failed:
        raise ScarpError(f"{name}: '{source.sourceName()}' could not be copied to a temporary GeoPackage: {message}.")
    return path


def _plain_fields(fields: QgsFields) -> tuple[QgsFields, list[int]]:
    """The fields that a GeoPackage holds as they are, and their places: no lists, no names twice, no key of its own."""
    found, kept, names = QgsFields(), [], {"fid"}
    for index, field in enumerate(fields):
        if field.type() in _PLAIN_FIELDS and field.name().lower() not in names:
            names.add(field.name().lower())
            found.append(field)
            kept.append(index)
    return found, kept


def _plain_raster(layer: QgsMapLayer, parameter: str) -> Layer:
    if not isinstance(layer, QgsRasterLayer):
        raise ScarpError(f"{parameter}: '{layer.name()}' is no raster layer. Choose a raster.")
    if layer.providerType() != "gdal":
        raise ScarpError(
            f"{parameter}: the layer '{layer.name()}' comes from '{layer.providerType()}', not from a file. "
            "Save it as a GeoTIFF first (Layer > Save As...), and choose that file."
        )
    return Layer(_gdal_source(layer.source()), layer.name())


def _gdal_source(source: str) -> str:
    parts = QgsProviderRegistry.instance().decodeUri("gdal", source)
    if parts.get("layerName") or not parts.get("path"):
        return source  # a subdataset: GDAL's own syntax
    prefix, suffix = parts.get("vsiPrefix", ""), parts.get("vsiSuffix", "")
    return f"{prefix}{parts['path']}{suffix}"


def _missing(definition: QgsProcessingParameterDefinition, value: Any) -> ScarpError:
    given = value.source.staticValue() if isinstance(value, QgsProcessingFeatureSourceDefinition) else value
    named = f"'{given}' was not found, or QGIS cannot open it" if given else "nothing was given"
    return ScarpError(f"{definition.name()}: {named}. Choose a layer of the project, or a file that QGIS can open.")
