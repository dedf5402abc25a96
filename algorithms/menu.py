"""The menu 'Plugins > Scarp': what the toolbox cannot offer. Everything else is an algorithm."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from qgis.core import Qgis, QgsProcessingModelAlgorithm
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtGui import QDesktopServices, QIcon
from qgis.PyQt.QtWidgets import QAction, QInputDialog

from . import models, options
from .about import ICON
from .checkpoints_dialog import CheckpointsDialog
from .links import Links
from .translation import tr

_TITLE = "Scarp"


class Menu:
    """Puts the entries into the menu, and takes them away.

    Args:
        iface: QGIS's main window.
    """

    def __init__(self, iface: Any) -> None:
        self._iface = iface
        self._dialog: CheckpointsDialog | None = None
        entries: dict[str, Callable[[], Any]] = {
            tr("Checkpoints..."): self.show_checkpoints,
            tr("Open the last report"): self.open_report,
            tr("Open a model in the Model Designer..."): self.open_model,
            tr("Check the runtime..."): lambda: self.run("scarp:checkruntime"),
            tr("Set up the runtime..."): lambda: self.run("scarp:setupruntime"),
        }
        self._actions = []
        for text, slot in entries.items():
            action = QAction(QIcon(ICON), text, iface.mainWindow())
            action.triggered.connect(lambda _=False, do=slot: do())
            iface.addPluginToMenu(_TITLE, action)
            self._actions.append(action)
        self._links = Links(self.run)

    def remove(self) -> None:
        """Leave nothing behind."""
        self._links.remove()
        for action in self._actions:
            self._iface.removePluginMenu(_TITLE, action)
            action.deleteLater()
        self._actions = []
        if self._dialog is not None:
            self._dialog.close()
            self._dialog.deleteLater()
            self._dialog = None

    def run(self, algorithm: str, parameters: dict[str, Any] | None = None) -> None:
        """Open the dialog of an algorithm."""
        import processing

        processing.execAlgorithmDialog(algorithm, parameters or {})

    def show_checkpoints(self) -> None:
        """Show which checkpoints there are."""
        if self._dialog is None:
            self._dialog = CheckpointsDialog(self.run, self._iface.mainWindow())
        self._dialog.refresh()
        self._dialog.show()
        self._dialog.raise_()

    def open_model(self) -> None:
        """Ask which of Scarp's models to show in the Model Designer; the toolbox edits only those of the user."""
        found = {model.displayName(): model for model in models.load()}
        parent = self._iface.mainWindow()
        title, chosen = QInputDialog.getItem(parent, _TITLE, tr("Model"), sorted(found), 0, False)
        if not chosen:
            return
        from processing.modeler.ModelerDialog import ModelerDialog

        # A copy without a file: saving it asks where to, and the model that came with Scarp stays as it is.
        copy = QgsProcessingModelAlgorithm()
        copy.loadVariant(found[title].toVariant())
        designer = ModelerDialog.create(copy)
        designer.show()

    def open_report(self) -> None:
        """Open the report that an algorithm wrote last in the browser."""
        report = options.last_report()
        if report and Path(report).is_file():
            QDesktopServices.openUrl(QUrl.fromLocalFile(report))
            return
        gone = (
            tr("The last report, '{report}', is not there any more.", report=report)
            if report
            else tr("No report was written yet.")
        )
        self._iface.messageBar().pushMessage(_TITLE, gone, Qgis.MessageLevel.Info)
