"""The Model Designer models that come with Scarp, shown beside the algorithms they are made of."""

from __future__ import annotations

from pathlib import Path

from qgis.core import Qgis, QgsMessageLog, QgsProcessingModelAlgorithm
from qgis.PyQt.QtGui import QIcon

from .about import ICON, RESOURCES
from .translation import tr


class ScarpModel(QgsProcessingModelAlgorithm):
    """A model whose id is its file's name, and whose title is written out."""

    def displayName(self) -> str:  # noqa: N802
        """The id in words: ``map_and_assess`` is 'Map and assess'."""
        return tr(self.name().replace("_", " ").capitalize())

    def group(self) -> str:
        """The group of the algorithms that it belongs to."""
        return tr(super().group())

    def groupId(self) -> str:  # noqa: N802
        """As `ScarpAlgorithm.groupId`, so that models stand among the algorithms of their group."""
        return str(super().group()).lower().replace(" ", "")

    def icon(self) -> QIcon:
        """See QgsProcessingAlgorithm."""
        return QIcon(ICON)

    def svgIconPath(self) -> str:  # noqa: N802
        """See QgsProcessingAlgorithm."""
        return ICON

    def createInstance(self) -> ScarpModel:  # noqa: N802
        """See QgsProcessingAlgorithm."""
        copy = ScarpModel()
        copy.loadVariant(self.toVariant())
        copy.setProvider(self.provider())
        copy.setSourceFilePath(self.sourceFilePath())
        return copy


def load(folder: Path = RESOURCES / "models") -> list[ScarpModel]:
    """The models of a folder. Their steps must be in the registry already: a model finds them there."""
    models = []
    for path in sorted(folder.glob("*.model3")):
        model = ScarpModel()
        if model.fromFile(str(path)):
            model.setSourceFilePath(str(path))
            _translate(model)
            models.append(model)
        else:
            QgsMessageLog.logMessage(f"The model '{path}' cannot be loaded.", "Scarp", Qgis.MessageLevel.Critical)
    return models


def _translate(model: ScarpModel) -> None:
    """Put the help, and the names of inputs and outputs, into the user's language."""
    content = model.helpContent()
    model.setHelpContent(
        {**content, **{key: tr(content[key]) for key in ("ALG_DESC", "SHORT_DESCRIPTION") if content.get(key)}}
    )
    for definition in model.parameterDefinitions():
        definition.setDescription(tr(definition.description()))
        if definition.help():
            definition.setHelp(tr(definition.help()))
    for output in model.outputDefinitions():
        output.setDescription(tr(output.description()))
