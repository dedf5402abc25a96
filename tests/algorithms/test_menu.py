"""The menu: it works without the runtime, and leaves nothing behind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from qgis.core import QgsSettings
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QCoreApplication, QEvent
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import QAction, QDialog, QInputDialog, QMainWindow, QMessageBox, QPushButton


class Desktop:
    """What the menu asks of QGIS's main window."""

    def __init__(self):
        self.window = QMainWindow()
        self.menu = self.window.menuBar().addMenu("Scarp")
        self.messages = []

    def mainWindow(self):
        return self.window

    def addPluginToMenu(self, title, action):
        assert title == "Scarp"
        self.menu.addAction(action)

    def removePluginMenu(self, title, action):
        assert title == "Scarp"
        self.menu.removeAction(action)

    def messageBar(self):
        return self

    def pushMessage(self, title, text, level):
        self.messages.append(text)

    def press(self, text):
        (action,) = (action for action in self.menu.actions() if action.text() == text)
        action.trigger()


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """Where checkpoints are looked for: shipped ones, and the user's."""
    from scarp.core import card

    monkeypatch.setattr(card, "SHIPPED", tmp_path / "shipped")
    monkeypatch.setattr(card, "data_folder", lambda: tmp_path / "data")
    (tmp_path / "shipped").mkdir()
    return tmp_path / "shipped", tmp_path / "data" / "checkpoints"


@pytest.fixture
def opened(monkeypatch):
    """The addresses that the desktop was asked to open."""
    addresses = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: addresses.append(url.toLocalFile()))
    return addresses


@pytest.fixture
def desktop(provider, folders):
    from scarp.algorithms.menu import Menu

    desktop = Desktop()
    menu = Menu(desktop)
    yield desktop
    menu.remove()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert desktop.menu.isEmpty()
    assert not desktop.window.findChildren(QDialog)
    assert [a for a in desktop.window.findChildren(QAction) if a.text()] == [desktop.menu.menuAction()]
    sip.delete(desktop.window)


def checkpoint_file(path, **facts):
    """A checkpoint without tensors, as plain bytes."""
    from scarp.core.card import KEY, Card

    metrics = {"validation": {"f1_landslide": 0.71}, "test (block 2 of 5)": {"f1_landslide": 0.64, "ece": 0.05}}
    card = Card(**{"architecture": "unet", "features": ["b04"], "mean": [0], "std": [1], "bands_required": ["B04"],
                   "metrics": metrics, "about": "For hills.", "limits": ["Snow & ice."],
                   "training": {"data": "a scene", "attribution": "A & B"}, **facts})  # fmt: skip
    header = json.dumps({"__metadata__": {KEY: card.to_json()}}).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(len(header).to_bytes(8, "little") + header)
    return path


def test_the_plugin_adds_the_menu_in_the_desktop_alone(provider, folders, monkeypatch):
    import scarp

    desktop = Desktop()
    plugin = scarp.classFactory(desktop)
    monkeypatch.setattr(type(plugin), "initProcessing", lambda self: None)  # the provider is there already
    for _ in range(2):
        plugin.initGui()
        assert [action.text() for action in desktop.menu.actions()] == [
            "Checkpoints...",
            "Open the last report",
            "Open a model in the Model Designer...",
            "Check the runtime...",
            "Set up the runtime...",
        ]
        plugin.unload()
        assert desktop.menu.isEmpty()
    plugin.unload()
    on_the_command_line = scarp.classFactory(None)
    on_the_command_line.initGui()
    on_the_command_line.unload()


def test_the_runtime_is_looked_at_in_the_dialogs_of_the_algorithms(desktop, monkeypatch):
    import processing

    shown = []
    monkeypatch.setattr(processing, "execAlgorithmDialog", lambda name, parameters: shown.append(name))
    desktop.press("Check the runtime...")
    desktop.press("Set up the runtime...")
    assert shown == ["scarp:checkruntime", "scarp:setupruntime"]


def test_a_model_opens_in_the_designer_as_a_copy(desktop, monkeypatch, qgis_new_project):
    from processing.modeler.ModelerDialog import ModelerDialog

    monkeypatch.setattr(QInputDialog, "getItem", lambda *given: ("Map an event", True))
    opened = []
    monkeypatch.setattr(ModelerDialog, "create", lambda model: opened.append(model) or QDialog())
    desktop.press("Open a model in the Model Designer...")
    (model,) = opened
    assert (model.name(), model.sourceFilePath()) == ("map_an_event", "")
    assert model.validate() == (True, [])
    assert len(model.childAlgorithms()) == 3


def test_the_last_report_is_opened(provider, desktop, opened, tmp_path):
    import processing

    QgsSettings().remove("scarp/last_report")
    desktop.press("Open the last report")
    assert "No report" in desktop.messages[-1]
    written = processing.run("scarp:checkruntime", {"REPORT": str(tmp_path / "runtime.html")})["REPORT"]
    desktop.press("Open the last report")
    assert [Path(path) for path in opened] == [Path(written)]
    Path(written).unlink()
    desktop.press("Open the last report")
    assert "not there any more" in desktop.messages[-1]
    assert len(opened) == 1


def test_checkpoints_are_listed_described_and_imported(desktop, folders, tmp_path, monkeypatch, opened):
    from scarp.algorithms.checkpoints_dialog import CheckpointsDialog

    shipped, own = folders
    checkpoint_file(shipped / "small.safetensors")
    (shipped / "broken.safetensors").write_bytes(b"PK\x03\x04")
    desktop.press("Checkpoints...")
    dialog = desktop.window.findChild(CheckpointsDialog)
    rows = [[dialog.table.item(row, column).text() for column in range(5)] for row in range(dialog.table.rowCount())]
    assert rows == [["broken", "cannot be read", "", "", "Scarp"], ["small", "unet", "B04", "0.640", "Scarp"]]
    assert "pickled" in dialog.text.toPlainText()
    buttons = {button.text(): button for button in dialog.findChildren(QPushButton)}
    assert not buttons["Map with it..."].isEnabled()
    dialog.table.selectRow(1)
    described = dialog.text.toPlainText()
    assert all(
        text in described for text in ("For hills.", "Snow & ice.", "A & B", "test (block 2 of 5)", "ece", "0.050")
    )

    shown, said = [], []
    monkeypatch.setattr("processing.execAlgorithmDialog", lambda name, parameters: shown.append((name, parameters)))
    monkeypatch.setattr(QMessageBox, "warning", lambda *arguments: said.append(arguments[-1]))
    buttons["Map with it..."].click()
    assert shown == [("scarp:detect", {"CHECKPOINT": str(shipped / "small.safetensors")})]

    given = checkpoint_file(tmp_path / "given" / "mine.safetensors", architecture="vnet_small")
    (tmp_path / "words.safetensors").write_text("words")
    dialog.take_in([str(given), str(tmp_path / "words.safetensors")])
    assert (own / "mine.safetensors").read_bytes() == given.read_bytes()
    assert [text.partition(",")[0] for text in said] == [f"'{tmp_path / 'words.safetensors'}' is a text file"]
    assert dialog.table.item(dialog.table.currentRow(), 0).text() == "mine"
    dialog.take_in([str(given)])
    assert "already" in said[-1]
    dialog.take_in([str(own / "mine.safetensors")])
    assert len(said) == 2
    buttons["Open folder"].click()
    assert opened == [str(own)]


def test_an_imported_checkpoint_is_called_by_its_name(folders, tmp_path):
    from scarp.algorithms.checkpoints import take_in
    from scarp.core import card

    target = take_in(str(checkpoint_file(tmp_path / "mine.safetensors")))
    assert card.find("mine") == target
