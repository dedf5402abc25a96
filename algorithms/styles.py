"""Gives result layers a name that tells the scene, a style that can be read without a manual, and their history."""

from __future__ import annotations

import os
import re
from itertools import takewhile
from pathlib import Path
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
from . import history
from .about import RESOURCES
from .translation import tr

#: From the bottom of the layer tree to its top.
_ORDER = ("OUTPUT", "DOMAIN", "PRESENCE", "UNCERTAINTY", "PROBABILITY", "MASK", "ERROR_MAP", "POLYGONS")


_in_use: list[Styler] = []


class Styler(QgsProcessingLayerPostProcessorInterface):
    """Applies one of Scarp's styles, unless the user chose a style for this output, and tells the layer's history."""

    def __init__(self, algorithm: str, output: str, style: str) -> None:
        super().__init__()
        self._algorithm, self._output, self._style = algorithm, output, style

    def postProcessLayer(  # noqa: N802
        self, layer: QgsMapLayer, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        """See QgsProcessingLayerPostProcessorInterface; runs on the main thread once the layer is in the project."""
        from processing.gui.RenderingStyles import RenderingStyles

        saved_beside = os.path.exists(layer.styleURI()) and layer.providerType() == "gdal"
        chosen = saved_beside or RenderingStyles.getStyle(self._algorithm, self._output)
        if not chosen and os.path.exists(style_path(self._style)):
            layer.loadNamedStyle(style_path(self._style))
            layer.triggerRepaint()
            layer.emitStyleChanged()
        history.tell(layer)  # last: a style may bring metadata of its own


def styler(algorithm: str, output: str, style: str) -> Styler:
    """A new styler that lives until Processing has deleted it: without a reference here it would be gone before."""
    _in_use[:] = [one for one in _in_use if not sip.isdeleted(one)]
    _in_use.append(Styler(algorithm, output, style))
    return _in_use[-1]


def style_path(style: str) -> str:
    """The QML file of a style; most are called as the output is."""
    return str(RESOURCES / "styles" / f"{style.lower()}.qml")


class Styling:
    """Names and styles the layers that a run of an algorithm will load.

    Args:
        algorithm: Full id of the algorithm.
        layers: What the layer of each output is called.
        styles: The style of an output, where it is not called as the output is.
    """

    def __init__(self, algorithm: str, layers: dict[str, str], styles: dict[str, str]) -> None:
        self._algorithm, self._layers, self._styles = algorithm, layers, styles

    def apply(self, job: Job, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        """Attach name, group, order and style to the outputs of ``job`` that the project is going to load."""
        scene, checkpoint = scene_name(job), checkpoint_name(job)
        loaded = [output for output in self._layers if context.willLoadLayerOnCompletion(getattr(job, output.lower()))]
        for output in loaded:
            details = context.layerToLoadOnCompletionDetails(getattr(job, output.lower()))
            chosen = parameters.get(output)
            if not (isinstance(chosen, QgsProcessingOutputLayerDefinition) and chosen.destinationName):
                details.name = _with(tr(self._layers[output]), scene)
            # Outside a group, QGIS 3.40 turns the order round when a layer is selected.
            details.layerSortKey = _ORDER.index(output)
            if len(loaded) > 1:
                details.groupName = _with(tr("Landslide map"), scene, checkpoint)
            details.setPostProcessor(styler(self._algorithm, output, self._styles.get(output, output)))


def _with(title: str, *what: str) -> str:
    told = ", ".join(filter(None, what))
    return f"{title} ({told})" if told else title


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


def checkpoint_name(job: Job) -> str:
    """What the checkpoint that a job runs is called; empty when it runs none."""
    if "checkpoint" in job.outputs():
        return ""
    return Path(str(getattr(job, "checkpoint", "") or "")).stem
