"""Run inside QGIS by ``tools/screenshots.py``: works through the demonstration scene and grabs the windows."""

from __future__ import annotations

import os
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import processing
from osgeo import gdal
from qgis.core import QgsApplication, QgsContrastEnhancement, QgsProject, QgsRasterLayer, QgsRectangle, QgsVectorLayer
from qgis.PyQt.QtCore import QEventLoop, QModelIndex, Qt, QTimer, QUrl
from qgis.PyQt.QtWidgets import QApplication, QDockWidget, QTreeView, QWidget
from qgis.utils import iface

RAW = Path(os.environ["SCARP_PICTURES"])
DEMO = Path(__import__("scarp").__file__).resolve().parent / "demo"
SCENE, LABELS = DEMO / "scene", DEMO / "scene" / "labels.gpkg"
BANDS = [str(next(SCENE.glob(f"*_{band}_*.tif"))) for band in ("B02", "B03", "B04", "B08", "B11", "B12")]
CHECKPOINT = "demo"  # taken in below: pictures show no folder of this machine


def wait(seconds: float, until: Callable[[], bool] = lambda: False) -> None:
    """Let QGIS work."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and not until():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
        time.sleep(0.01)


def grab(widget: QWidget, name: str) -> None:
    """Save what a window shows."""
    wait(0.5)
    widget.grab().save(str(RAW / f"{name}.png"))


def true_colours() -> QgsRasterLayer:
    """The image as one layer in natural colours."""
    path = RAW / "image.vrt"
    gdal.BuildVRT(str(path), [BANDS[2], BANDS[1], BANDS[0]], separate=True).FlushCache()
    layer = QgsRasterLayer(str(path), "Image in natural colours")
    renderer = layer.renderer()
    for number, place in enumerate((renderer.setRedContrastEnhancement, renderer.setGreenContrastEnhancement,
                                    renderer.setBlueContrastEnhancement), 1):  # fmt: skip
        stretch = QgsContrastEnhancement(layer.dataProvider().dataType(number))
        stretch.setContrastEnhancementAlgorithm(
            QgsContrastEnhancement.ContrastEnhancementAlgorithm.StretchToMinimumMaximum
        )
        stretch.setMinimumValue(100)
        stretch.setMaximumValue(1700)
        place(stretch)
    QgsProject.instance().addMapLayer(layer, False)
    QgsProject.instance().layerTreeRoot().addLayer(layer).setExpanded(False)
    return layer


def zoom(layer: QgsRasterLayer, left: float, bottom: float, width: float) -> None:
    """Show a part of a layer; shares of its width and height."""
    whole, canvas = layer.extent(), iface.mapCanvas()
    x, y = whole.xMinimum() + left * whole.width(), whole.yMinimum() + bottom * whole.height()
    size = width * whole.width()
    QgsProject.instance().setCrs(layer.crs())
    canvas.setExtent(QgsRectangle(x, y, x + size, y + size * canvas.height() / canvas.width()))
    canvas.refresh()
    wait(30, lambda: not canvas.isDrawing())
    wait(2)


def toolbox() -> None:
    """The toolbox with the groups of Scarp, on its own."""
    dock = iface.mainWindow().findChild(QDockWidget, "ProcessingToolbox")
    dock.setFloating(True)
    dock.show()
    dock.resize(380, 700)
    tree = next(view for view in dock.findChildren(QTreeView) if view.model() is not None)
    tree.collapseAll()
    model = tree.model()
    for row in range(model.rowCount()):
        index = model.index(row, 0)
        if model.data(index) == "Scarp":
            expand(tree, index)
            tree.scrollTo(index, QTreeView.ScrollHint.PositionAtTop)
    grab(dock, "toolbox")
    dock.setFloating(False)
    dock.hide()


def expand(tree: QTreeView, index: QModelIndex) -> None:
    """Open a branch with all below it."""
    tree.expand(index)
    for row in range(tree.model().rowCount(index)):
        expand(tree, tree.model().index(row, 0, index))


def dialog(algorithm: str, name: str, parameters: dict[str, object], size: tuple[int, int] = (980, 640)) -> None:
    """The dialog of an algorithm, filled in."""
    window = processing.createAlgorithmDialog(algorithm, parameters)
    window.show()
    window.resize(*size)
    wait(1)
    grab(window, name)
    window.close()
    wait(0.2)


def main_window(name: str) -> None:
    """The whole of QGIS."""
    grab(iface.mainWindow(), name)


def shown(*names: str) -> None:
    """Show these layers alone: those whose names start so; the legend of the first stays folded."""
    for node in QgsProject.instance().layerTreeRoot().findLayers():
        node.setItemVisibilityChecked(any(node.name().startswith(name) for name in names))
        node.setExpanded(any(node.name().startswith(name) for name in names[1:]))


def report(path: Path, name: str) -> None:
    """A report as a browser shows it."""
    from qgis.PyQt.QtWebKitWidgets import QWebView

    view = QWebView()
    view.resize(1000, 900)
    view.load(QUrl.fromLocalFile(str(path)))
    view.show()
    wait(4)
    grab(view, name)
    view.close()


def checkpoints() -> None:
    """The window that lists the checkpoints."""
    from scarp.algorithms import checkpoints as there
    from scarp.algorithms.checkpoints_dialog import CheckpointsDialog

    there.take_in(str(DEMO / "demo.safetensors"))
    window = CheckpointsDialog(lambda *_: None, iface.mainWindow())
    window.show()
    grab(window, "checkpoints")
    window.close()


def designer() -> None:
    """A model as the Model Designer shows it."""
    from processing.modeler.ModelerDialog import ModelerDialog

    window = ModelerDialog.create(QgsApplication.processingRegistry().algorithmById("scarp:map_an_event").create())
    window.resize(1300, 800)
    window.show()
    for dock in window.findChildren(QDockWidget):
        dock.hide()
    wait(1)
    view = window.view()
    view.fitInView(view.scene().itemsBoundingRect(), Qt.AspectRatioMode.KeepAspectRatio)
    grab(view, "designer")
    window.setDirty(False)
    window.close()


def opened() -> dict[str, object]:
    """The scene as layers of the project, which are not shown: name of a parameter to its layer."""
    project = QgsProject.instance()
    rasters = {Path(path).stem: QgsRasterLayer(path, Path(path).stem) for path in BANDS}
    rasters |= {name: QgsRasterLayer(str(SCENE / f"{name}.tif"), name) for name in ("DEM_30m", "SCL_20m")}
    vectors = {
        name: QgsVectorLayer(f"{LABELS}|layername={name}", name, "ogr")
        for name in ("landslides", "area_train", "area_test")
    }
    probability = QgsRasterLayer(str(DEMO / "probability.tif"), "Landslide probability (DEMO_20260901)")
    project.addMapLayers([*rasters.values(), *vectors.values(), probability], False)
    return {
        "BANDS": [rasters[Path(path).stem].id() for path in BANDS],
        "DEM": rasters["DEM_30m"],
        "VALID_MASK": rasters["SCL_20m"],
        **vectors,
        "probability": probability,
    }


def take() -> None:
    """All of them."""
    main = iface.mainWindow()
    main.resize(1240, 780)
    main.move(0, 0)
    for dock in main.findChildren(QDockWidget):
        dock.setVisible(dock.objectName() == "Layers")
    layers = main.findChild(QDockWidget, "Layers")
    main.resizeDocks([layers], [360], Qt.Orientation.Horizontal)
    iface.messageBar().clearWidgets()
    toolbox()
    checkpoints()

    image, there = true_colours(), opened()
    scene = {name: there[name] for name in ("BANDS", "DEM", "VALID_MASK")}
    train = {"LABELS": there["landslides"], "AREA": there["area_train"]}
    test = {"REFERENCE": there["landslides"], "AREA": there["area_test"]}
    dialog("scarp:detect", "detect", {**scene, "CHECKPOINT": CHECKPOINT})
    dialog("scarp:train", "train", {**scene, **train, "EPOCHS": 40})
    dialog("scarp:makechips", "makechips", {**scene, **train})
    dialog("scarp:evaluate", "evaluate", {"PREDICTION": there["probability"], **test})

    outputs = {"PROBABILITY": "probability.tif", "MASK": "mask.tif", "POLYGONS": "landslides.gpkg"}
    written = {name: str(RAW / file) for name, file in outputs.items()}
    processing.runAndLoadResults("scarp:detect", {**scene, "CHECKPOINT": CHECKPOINT, **written})
    shown("Image", "Landslide probability", "Landslides")
    zoom(image, 0.55, 0.05, 0.42)
    main_window("map")
    errors = {"PREDICTION": written["PROBABILITY"], **test, "ERROR_MAP": str(RAW / "errors.tif")}
    processing.runAndLoadResults("scarp:evaluate", errors)
    shown("Image", "Error map")
    zoom(image, 0.55, 0.05, 0.42)
    main_window("error_map")
    report(DEMO / "accuracy.html", "report")
    report(DEMO / "training.html", "training_report")
    designer()


def main() -> None:
    """Take the pictures and leave, whatever happens."""
    try:
        take()
        (RAW / "done").touch()
    except Exception:
        traceback.print_exc()
    finally:
        QgsProject.instance().setDirty(False)
        os._exit(0)


QTimer.singleShot(3000, main)
