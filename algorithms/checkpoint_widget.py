"""The chooser of a checkpoint in the dialogs: a file, or one of those with a name. Loaded only where dialogs are."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsProcessingContext, QgsProcessingParameterDefinition
from qgis.gui import QgsAbstractProcessingParameterWidgetWrapper, QgsGui, QgsProcessingGui
from qgis.PyQt.QtWidgets import QAction, QHBoxLayout, QMenu, QToolButton, QWidget

from . import checkpoints
from .band_widget import of_qgis
from .translation import tr

_LONGEST = 80  # characters of an entry


class CheckpointWrapper(QgsAbstractProcessingParameterWidgetWrapper):
    """QGIS's own chooser of a file, and beside it the list of names; the model designer and batch keep theirs."""

    def __new__(cls, parameter: QgsProcessingParameterDefinition, dialog: Any, *place: int) -> Any:
        """The chooser that fits the dialog."""
        return of_qgis(parameter, dialog) or super().__new__(cls)

    def __init__(self, parameter: QgsProcessingParameterDefinition, dialog: Any, *place: int) -> None:
        super().__init__(parameter, QgsProcessingGui.WidgetType.Standard)
        self._chooser = QgsGui.processingGuiRegistry().createParameterWidgetWrapper(
            parameter, QgsProcessingGui.WidgetType.Standard
        )
        self._chooser.setDialog(dialog)

    def createWidget(self) -> QWidget:  # noqa: N802
        """See QgsAbstractProcessingParameterWidgetWrapper."""
        self._chooser.setWidgetContext(self.widgetContext())
        widget = QWidget()
        layout = QHBoxLayout(widget)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._chooser.createWrappedWidget(QgsProcessingContext()))
        button = QToolButton()
        button.setText(tr("By name"))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(button)
        # Methods, not functions that hold this object: it has to end with the dialog.
        self._menu.aboutToShow.connect(self.fill)
        self._menu.triggered.connect(self._chosen_by_name)
        self.fill()
        button.setMenu(self._menu)
        button.setEnabled(not self._menu.isEmpty())
        layout.addWidget(button)
        self._chooser.widgetValueHasChanged.connect(self._chosen)
        return widget

    def fill(self) -> None:
        """List the checkpoints that are there now: those of Scarp first, then the user's."""
        self._menu.clear()
        for entry in checkpoints.entries():
            if entry.card is not None:
                about = entry.card.about or ", ".join(entry.card.bands_required)
                text = f"{entry.name}: {about}"
                text = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
                self._menu.addAction(text.replace("&", "&&")).setData(entry.name)

    def _chosen_by_name(self, action: QAction) -> None:
        self._chooser.setParameterValue(action.data(), QgsProcessingContext())

    def _chosen(self, chooser: QgsAbstractProcessingParameterWidgetWrapper) -> None:
        self.widgetValueHasChanged.emit(self)

    def setWidgetValue(self, value: Any, context: QgsProcessingContext) -> None:  # noqa: N802
        """See QgsAbstractProcessingParameterWidgetWrapper."""
        self._chooser.setParameterValue(value, context)

    def widgetValue(self) -> Any:  # noqa: N802
        """See QgsAbstractProcessingParameterWidgetWrapper."""
        return self._chooser.parameterValue()
