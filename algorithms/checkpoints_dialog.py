"""The window 'Checkpoints': which ones there are, what they need and how good they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qgis.PyQt.QtCore import Qt, QUrl
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHeaderView,
    QMessageBox,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from ..core import card as cards
from ..core.errors import ScarpError
from . import checkpoints
from .translation import tr


class CheckpointsDialog(QDialog):
    """Lists the checkpoints that can be called by name; nothing in it needs the runtime.

    Args:
        run: Opens the dialog of an algorithm: called with its id and its parameters.
        parent: The main window.
    """

    def __init__(self, run: Callable[[str, dict[str, Any]], Any], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run = run
        self._entries: list[checkpoints.Entry] = []
        self.setWindowTitle(tr("Scarp: checkpoints"))
        self.resize(860, 560)
        titles = [tr("Name"), tr("Network"), tr("Bands"), tr("F1, landslide class"), tr("From")]
        self.table = QTableWidget(0, len(titles), self)
        self.table.setHorizontalHeaderLabels(titles)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        self.table.itemSelectionChanged.connect(self._describe)
        self.text = QTextBrowser(self)
        split = QSplitter(Qt.Orientation.Vertical, self)
        split.addWidget(self.table)
        split.addWidget(self.text)
        split.setSizes([200, 300])
        layout = QVBoxLayout(self)
        layout.addWidget(split)
        layout.addWidget(self._buttons())
        self.refresh()

    def refresh(self, chosen: str = "") -> None:
        """Read the folders again; ``chosen`` is the name to select."""
        self._entries = checkpoints.entries()
        self.table.setRowCount(len(self._entries))
        for row, entry in enumerate(self._entries):
            card = entry.card
            cells = (
                (entry.name, card.architecture, ", ".join(card.bands_required), entry.figure(), entry.origin)
                if card
                else (entry.name, tr("cannot be read"), "", "", entry.origin)
            )
            for column, cell in enumerate(cells):
                self.table.setItem(row, column, QTableWidgetItem(cell))
        for column in (0, 1, 3, 4):
            self.table.resizeColumnToContents(column)
        names = [entry.name for entry in self._entries]
        if names:
            self.table.selectRow(names.index(chosen) if chosen in names else 0)
        self._describe()

    def take_in(self, paths: list[str]) -> None:
        """Import files; what is wrong with one is said, and the others go on."""
        chosen = ""
        for path in paths:
            try:
                chosen = checkpoints.take_in(path).stem
            except ScarpError as error:
                QMessageBox.warning(self, self.windowTitle(), str(error))
        self.refresh(chosen)

    def _buttons(self) -> QDialogButtonBox:
        role = QDialogButtonBox.ButtonRole.ActionRole
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        self._for_one = [
            box.addButton(tr("Map with it..."), role),
            box.addButton(tr("Full description..."), role),
        ]
        for button, algorithm in zip(self._for_one, ("scarp:detect", "scarp:describecheckpoint")):
            button.clicked.connect(lambda _=False, name=algorithm: self._open(name))
        box.addButton(tr("Import..."), role).clicked.connect(self._import)
        box.addButton(tr("Open folder"), role).clicked.connect(self._open_folder)
        box.rejected.connect(self.reject)
        return box

    def _chosen(self) -> checkpoints.Entry | None:
        row = self.table.currentRow()
        return self._entries[row] if 0 <= row < len(self._entries) else None

    def _describe(self) -> None:
        entry = self._chosen()
        self.text.setHtml(checkpoints.describe(entry) if entry else _nothing())
        for button in self._for_one:
            button.setEnabled(entry is not None and entry.card is not None)

    def _open(self, algorithm: str) -> None:
        entry = self._chosen()
        if entry is not None:
            self._run(algorithm, {"CHECKPOINT": str(entry.path)})

    def _import(self) -> None:
        paths, _ = QFileDialog.getOpenFileNames(self, tr("Import checkpoints"), "", tr("Checkpoints (*.safetensors)"))
        if paths:
            self.take_in(paths)

    def _open_folder(self) -> None:
        folder = cards.user_folder()
        folder.mkdir(parents=True, exist_ok=True)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _nothing() -> str:
    return "<p>{}</p>".format(
        tr(
            "There is no checkpoint yet. 'Import...' takes a .safetensors file that you were given; 'Train a network' "
            "makes one of your own."
        )
    )
