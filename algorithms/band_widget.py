"""The chooser of bands in the dialogs, with a line that tells what was recognised. Loaded only where dialogs are."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsProcessingContext, QgsProcessingParameterDefinition, QgsProject
from qgis.gui import QgsAbstractProcessingParameterWidgetWrapper, QgsGui, QgsProcessingGui
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QLabel, QVBoxLayout, QWidget

from ..core.bands import PRE
from ..core.errors import ScarpError
from ..core.jobs import SceneInputs
from . import recognition, sources

_RASTERS = ("DEM", "SLOPE", "VALID_MASK")
_WATCHED = ("BANDS", "BAND_MAP", "CHECKPOINT", "DEM", "SLOPE", "PRE_BANDS", "PRE_BAND_MAP")
_DELAY = 300  # ms: while a person types


class BandsWrapper(QgsAbstractProcessingParameterWidgetWrapper):
    """QGIS's own chooser of layers, and below it which bands they hold; the model designer and batch keep theirs."""

    def __new__(cls, parameter: QgsProcessingParameterDefinition, dialog: Any, *place: int) -> Any:
        """The chooser that fits the dialog."""
        registry = QgsGui.processingGuiRegistry()
        kind = type(dialog).__name__
        if kind == "ModelerParametersDialog":
            own = registry.createModelerParameterWidget(dialog.model, dialog.childId, parameter, dialog.context)
        elif kind == "BatchAlgorithmDialog":
            own = registry.createParameterWidgetWrapper(parameter, QgsProcessingGui.WidgetType.Batch)
        else:
            return super().__new__(cls)
        own.setDialog(dialog)
        return own

    def __init__(self, parameter: QgsProcessingParameterDefinition, dialog: Any, *place: int) -> None:
        super().__init__(parameter, QgsProcessingGui.WidgetType.Standard)
        self._chooser = QgsGui.processingGuiRegistry().createParameterWidgetWrapper(
            parameter, QgsProcessingGui.WidgetType.Standard
        )
        self._chooser.setDialog(dialog)
        self._others: dict[str, QgsAbstractProcessingParameterWidgetWrapper] = {}
        self._products: list[str] = []
        self._line = QLabel()
        # It ends with the line, that is, with the dialog: later there would be nothing left to ask.
        self._timer = QTimer(self._line)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DELAY)
        self._timer.timeout.connect(self.tell)

    def createWidget(self) -> QWidget:  # noqa: N802
        """See QgsAbstractProcessingParameterWidgetWrapper."""
        self._chooser.setWidgetContext(self.widgetContext())
        widget = QWidget()
        layout = QVBoxLayout(widget)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._chooser.createWrappedWidget(_context()))
        self._line.setWordWrap(True)
        self._line.setVisible(False)
        layout.addWidget(self._line)
        self._chooser.widgetValueHasChanged.connect(self._chosen)
        return widget

    def _chosen(self, chooser: QgsAbstractProcessingParameterWidgetWrapper) -> None:
        self._products = []
        self.widgetValueHasChanged.emit(self)

    def setWidgetValue(self, value: Any, context: QgsProcessingContext) -> None:  # noqa: N802
        """See QgsAbstractProcessingParameterWidgetWrapper."""
        self._chooser.setParameterValue(value, context)
        # The chooser drops what is no layer. Products that were set from outside stay until a person chooses.
        self._products = sources.products(value, context)
        self.widgetValueHasChanged.emit(self)

    def widgetValue(self) -> Any:  # noqa: N802
        """See QgsAbstractProcessingParameterWidgetWrapper."""
        value = self._chooser.parameterValue()
        return [*(value or []), *self._products] if self._products else value

    def postInitialize(self, wrappers: list[QgsAbstractProcessingParameterWidgetWrapper]) -> None:  # noqa: N802
        """Watch what the line depends on."""
        for wrapper in wrappers:
            name = wrapper.parameterDefinition().name()
            if name in _WATCHED and not wrapper.parameterDefinition().isDestination():
                self._others[name] = wrapper
                wrapper.widgetValueHasChanged.connect(lambda changed: self._timer.start())

    def tell(self) -> None:
        """Show what is recognised now."""
        text = self._text()
        self._line.setText(text)
        self._line.setVisible(bool(text))

    def _text(self) -> str:
        context = _context()
        try:
            job = SceneInputs(
                bands=self._layers("BANDS", context),
                band_map=self._string("BAND_MAP"),
                dem=self._string("DEM"),
                slope=self._string("SLOPE"),
                pre_bands=self._layers("PRE_BANDS", context),
                pre_band_map=self._string("PRE_BAND_MAP"),
            )
        except ScarpError as error:
            return str(error)
        if self.parameterDefinition().name().startswith(PRE):
            return recognition.tell_before(job)
        return recognition.tell(job, self._string("CHECKPOINT"))

    def _layers(self, name: str, context: QgsProcessingContext) -> list[Any]:
        wrapper = self._others.get(name)
        value = wrapper.parameterValue() if wrapper else None
        return sources.rasters(wrapper.parameterDefinition(), {name: value}, context) if wrapper and value else []

    def _string(self, name: str) -> str:
        wrapper = self._others.get(name)
        value = wrapper.parameterValue() if wrapper else None
        return str(value).strip() if isinstance(value, str) or (value and name in _RASTERS) else ""


def _context() -> QgsProcessingContext:
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    return context
