"""Parameter values as a job can carry them to another process: plain paths, texts and numbers."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Callable

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingParameterDefinition,
    QgsProcessingParameters,
)

from ..core.errors import ScarpError
from ..core.jobs import Job
from . import destinations, sources


class Reader:
    """Reads the parameters of one run of an algorithm, on the main thread.

    Args:
        algorithm: Whose parameters they are.
        parameters: Their values as Processing hands them over.
        context: Its project and its store of temporary layers.
        exports: Where feature sources that are no plain file go. None: nothing is written and no destination
            is registered for loading, for a check before the run.
    """

    def __init__(
        self,
        algorithm: QgsProcessingAlgorithm,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        exports: sources.Exports | None = None,
    ) -> None:
        self._algorithm = algorithm
        self._parameters = parameters
        self._context = context
        self._exports = exports

    def job(self, job_class: type[Job]) -> Job:
        """A job whose fields hold the values of the parameters of the same name; other fields keep their defaults.

        Raises:
            ScarpError: A layer cannot be found or read by the worker, or an output has an unsupported format.
        """
        values: dict[str, Any] = {}
        for field in fields(job_class):
            definition = self._algorithm.parameterDefinition(field.name.upper())
            if definition is None:
                continue
            if definition.isDestination():
                values[field.name] = self._destination(definition)
            elif definition.type() == "extent":
                values["extent"], values["extent_crs"] = self._extent(definition)
            else:
                values[field.name] = _READERS[definition.type()](self, definition)
        return job_class(**values)

    def is_set(self, name: str) -> bool:
        """Whether a value was given; an optional parameter that was left out arrives in several shapes."""
        return is_set(self._parameters.get(name))

    def _text(self, definition: QgsProcessingParameterDefinition) -> str:
        return QgsProcessingParameters.parameterAsString(definition, self._parameters, self._context).strip()

    def _choice(self, definition: QgsProcessingParameterDefinition) -> str:
        return QgsProcessingParameters.parameterAsEnumString(definition, self._parameters, self._context)

    def _boolean(self, definition: QgsProcessingParameterDefinition) -> bool:
        return QgsProcessingParameters.parameterAsBoolean(definition, self._parameters, self._context)

    def _number(self, definition: QgsProcessingParameterDefinition) -> float | int | None:
        # parameterAsDouble turns an unset number into 0.0, which would be a value.
        if not self.is_set(definition.name()) and not is_set(definition.defaultValue()):
            return None
        if definition.dataType() == Qgis.ProcessingNumberParameterType.Integer:
            return QgsProcessingParameters.parameterAsInt(definition, self._parameters, self._context)
        return QgsProcessingParameters.parameterAsDouble(definition, self._parameters, self._context)

    def _date(self, definition: QgsProcessingParameterDefinition) -> str:
        if not self.is_set(definition.name()):
            return ""
        moment = QgsProcessingParameters.parameterAsDateTime(definition, self._parameters, self._context)
        if not moment.isValid():
            raise ScarpError(f"{definition.name()} is no date. Write it as year-month-day: 2018-09-06.")
        return moment.toString("yyyy-MM-dd")

    def _extent(self, definition: QgsProcessingParameterDefinition) -> tuple[list[float] | None, str]:
        if not self.is_set(definition.name()):
            return None, ""
        extent = QgsProcessingParameters.parameterAsExtent(definition, self._parameters, self._context)
        crs = QgsProcessingParameters.parameterAsExtentCrs(definition, self._parameters, self._context)
        corners = [extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()]
        return corners, crs.toWkt(QgsCoordinateReferenceSystem.WktVariant.WKT_PREFERRED) if crs.isValid() else ""

    def _rasters(self, definition: QgsProcessingParameterDefinition) -> list[Any]:
        if not self.is_set(definition.name()):
            return []
        return sources.rasters(definition, self._parameters, self._context)

    def _raster(self, definition: QgsProcessingParameterDefinition) -> str:
        if not self.is_set(definition.name()):
            return ""
        return sources.raster(definition, self._parameters, self._context).path

    def _polygons(self, definition: QgsProcessingParameterDefinition) -> str:
        if not self.is_set(definition.name()):
            return ""
        return sources.polygons(definition, self._parameters, self._context, self._exports)

    def _raster_or_polygons(self, definition: QgsProcessingParameterDefinition) -> str:
        value = self._parameters.get(definition.name())
        if not isinstance(value, QgsProcessingFeatureSourceDefinition) and self.is_set(definition.name()):
            layer = QgsProcessingParameters.parameterAsLayer(definition, self._parameters, self._context)
            if layer is None or layer.type() == Qgis.LayerType.Raster:
                return self._raster(definition)
            if self._only_selected() and layer.selectedFeatureCount():
                selection = QgsProcessingFeatureSourceDefinition(layer.id(), selectedFeaturesOnly=True)
                self._parameters = {**self._parameters, definition.name(): selection}
        return self._polygons(definition)

    def _only_selected(self) -> bool:
        # A map layer parameter has no such button of its own.
        definition = self._algorithm.parameterDefinition("SELECTED")
        return definition is not None and self._boolean(definition)

    def _destination(self, definition: QgsProcessingParameterDefinition) -> str:
        destinations.check(definition, self._parameters, self._context)
        if not self.is_set(definition.name()):
            return ""
        if self._exports is None:
            return destinations.text(self._parameters[definition.name()], self._context)
        return destinations.path(definition, self._parameters, self._context)


_READERS: dict[str, Callable[[Reader, QgsProcessingParameterDefinition], Any]] = {
    "boolean": Reader._boolean,
    "datetime": Reader._date,
    "enum": Reader._choice,
    "file": Reader._text,
    "layer": Reader._raster_or_polygons,
    "multilayer": Reader._rasters,
    "number": Reader._number,
    "raster": Reader._raster,
    "source": Reader._polygons,
    "string": Reader._text,
}


def is_set(value: Any) -> bool:
    """Whether a parameter value is more than None, a null QVariant or an empty text or list."""
    if value is None or (hasattr(value, "isNull") and callable(value.isNull) and value.isNull()):
        return False
    return not (isinstance(value, (str, list, tuple)) and not value)
