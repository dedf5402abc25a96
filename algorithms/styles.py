"""Gives result layers a name that tells the scene, and a style that can be read without a manual."""

from __future__ import annotations

import os
import re
from itertools import takewhile
from typing import Any

from qgis.core import (
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingLayerPostProcessorInterface,
    QgsProcessingOutputLayerDefinition,
)
from qgis.PyQt import sip

from ..core.jobs import Job, SceneInputs
from .about import RESOURCES

#: From the bottom of the layer tree to its top.
_ORDER = ("OUTPUT", "PRESENCE", "UNCERTAINTY", "PROBABILITY", "MASK", "ERROR_MAP", "POLYGONS")


_in_use: list[Styler] = []


class Styler(QgsProcessingLayerPostProcessorInterface):
    """Applies one of Scarp's styles, unless the user chose a style for this output."""

    def __init__(self, algorithm: str, output: str) -> None:
        super().__init__()
        self._algorithm, self._output = algorithm, output

    def postProcessLayer(  # noqa: N802
        self, layer: QgsMapLayer, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        """See QgsProcessingLayerPostProcessorInterface; runs on the main thread once the layer is in the project."""
        from processing.gui.RenderingStyles import RenderingStyles

        saved_beside = os.path.exists(layer.styleURI()) and layer.providerType() == "gdal"
        if saved_beside or RenderingStyles.getStyle(self._algorithm, self._output):
            return
        layer.loadNamedStyle(str(style_path(self._output)))
        layer.triggerRepaint()
        layer.emitStyleChanged()


def styler(algorithm: str, output: str) -> Styler:
    """A new styler that lives until Processing has deleted it: without a reference here it would be gone before."""
    _in_use[:] = [one for one in _in_use if not sip.isdeleted(one)]
    _in_use.append(Styler(algorithm, output))
    return _in_use[-1]


def style_path(output: str) -> str:
    """The QML file of an output."""
    return str(RESOURCES / "styles" / f"{output.lower()}.qml")


class Styling:
    """Names and styles the layers that a run of an algorithm will load.

    Args:
        algorithm: Full id of the algorithm.
        layers: What the layer of each output is called.
    """

    def __init__(self, algorithm: str, layers: dict[str, str]) -> None:
        self._algorithm, self._layers = algorithm, layers

    def apply(self, job: Job, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        """Attach name, order and style to the outputs of ``job`` that the project is going to load."""
        scene = scene_name(job)
        loaded = [output for output in self._layers if context.willLoadLayerOnCompletion(getattr(job, output.lower()))]
        for output in loaded:
            details = context.layerToLoadOnCompletionDetails(getattr(job, output.lower()))
            chosen = parameters.get(output)
            if not (isinstance(chosen, QgsProcessingOutputLayerDefinition) and chosen.destinationName):
                details.name = _with_scene(self._layers[output], scene)
            # Outside a group, QGIS 3.40 turns the order round when a layer is selected.
            details.layerSortKey = _ORDER.index(output)
            if len(loaded) > 1:
                details.groupName = _with_scene("Landslide map", scene)
            if os.path.exists(style_path(output)):
                details.setPostProcessor(styler(self._algorithm, output))


def _with_scene(title: str, scene: str) -> str:
    return f"{title} ({scene})" if scene else title


def scene_name(job: Job) -> str:
    """What the rasters of a scene are called in common, empty when too little is left to tell scenes apart."""
    if not isinstance(job, SceneInputs):
        return ""
    names = [layer.name for layer in job.bands]
    same = takewhile(lambda characters: len(set(characters)) == 1, zip(*names))
    common = "".join(characters[0] for characters in same)
    if len(names) > 1:
        common = re.sub(r"[\s_.-]+(B\d?)?$", "", common)
    return common if len(common) > 2 else ""
