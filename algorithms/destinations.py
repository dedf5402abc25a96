"""Where results go: checked before any work, so that a format we do not write is refused with a sentence."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingOutputLayerDefinition,
    QgsProcessingParameterDefinition,
    QgsProcessingParameters,
    QgsProperty,
)

from ..core.errors import ScarpError
from ..core.outputs import RASTER, VECTOR

_LAYERS = {"rasterDestination": ("GeoTIFF", RASTER), "vectorDestination": ("GeoPackage", VECTOR)}


def text(value: Any, context: QgsProcessingContext) -> str:
    """What was typed or chosen for a destination, without registering it for loading."""
    if isinstance(value, QgsProcessingOutputLayerDefinition):
        value = value.sink
    if isinstance(value, QgsProperty):
        value = value.valueAsString(context.expressionContext())[0]
    return value.strip() if isinstance(value, str) else ""


def check(
    definition: QgsProcessingParameterDefinition, parameters: dict[str, Any], context: QgsProcessingContext
) -> None:
    """Check the format of one destination.

    Raises:
        ScarpError: It is a database, a memory layer or a file format that Scarp does not write.
    """
    chosen = text(parameters.get(definition.name()), context)
    if not chosen or chosen == QgsProcessing.TEMPORARY_OUTPUT or definition.type() == "folderDestination":
        return
    kind, suffixes = _LAYERS.get(definition.type()) or _file_kind(definition)
    # A colon after more than one letter is a provider's prefix (ogr:, postgis:, memory:); one letter is a drive.
    if re.match(r"\w{2,}:", chosen):
        raise ScarpError(
            f"{definition.name()}: '{chosen}' is no file. Scarp writes {kind} files: "
            f"choose a file name that ends in {suffixes[0]}."
        )
    if Path(chosen).suffix.lower() not in suffixes:
        raise ScarpError(
            f"{definition.name()}: '{Path(chosen).name}' has an unsupported format. Scarp writes {kind} files: "
            f"choose a name that ends in {suffixes[0]}."
        )


def is_temporary(name: str, parameters: dict[str, Any], context: QgsProcessingContext) -> bool:
    """Whether the output ``name`` is lost when QGIS is closed, and with it what lies beside it to go on from."""
    return text(parameters.get(name), context) == QgsProcessing.TEMPORARY_OUTPUT


def path(
    definition: QgsProcessingParameterDefinition, parameters: dict[str, Any], context: QgsProcessingContext
) -> str:
    """The path to write to (a temporary one is made up), registered for loading where the user wants that."""
    if definition.type() in _LAYERS:
        return QgsProcessingParameters.parameterAsOutputLayer(definition, parameters, context)
    return QgsProcessingParameters.parameterAsFileOutput(definition, parameters, context)


def _file_kind(definition: QgsProcessingParameterDefinition) -> tuple[str, tuple[str, ...]]:
    name, _, patterns = definition.fileFilter().partition("(")
    return name.strip(), tuple(re.findall(r"\.\w+", patterns))
