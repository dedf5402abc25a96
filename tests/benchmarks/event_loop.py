"""How long QGIS's event loop is held up while a scene is mapped and the map canvas is panned.

Run it with the Python of the tests in QGIS, on a display (``xvfb-run`` will do)::

    SCARP_PYTHON=$PWD/.venv/runtime/bin/python xvfb-run -a .venv/qgis/bin/python tests/benchmarks/event_loop.py FOLDER

FOLDER is that of ``make demo``: its scene and its checkpoint are used. A timer ticks every 20 ms; what is reported is
how late it comes, first while the canvas is panned alone, then with a mapping in the background.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.append("/usr/share/qgis/python/plugins")

from qgis.core import (
    QgsApplication,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QApplication

TICK, PAN = 0.02, 0.1  # seconds
BANDS = ("B02", "B03", "B04", "B08", "B11", "B12")


class Watch:
    """Ticks, and keeps how late each tick was, in seconds."""

    def __init__(self) -> None:
        self.late: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer()
        self._timer.timeout.connect(self._tick)
        self._timer.start(round(1000 * TICK))

    def stop(self) -> None:
        self._timer.stop()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.late.append(max(0.0, now - self._last - TICK))
        self._last = now


def pan(canvas: QgsMapCanvas, turn: int) -> None:
    """Move the map by a tenth of its width, there and back."""
    extent = canvas.extent()
    step = extent.width() / 10 * (1 if turn // 8 % 2 else -1)
    extent.setXMinimum(extent.xMinimum() + step)
    extent.setXMaximum(extent.xMaximum() + step)
    canvas.setExtent(extent)
    canvas.refresh()


def measure(canvas: QgsMapCanvas, running: object, seconds: float) -> list[float]:
    """How late the ticks were while the canvas was panned, until ``running()`` is false or the time is over."""
    watch, start, turn = Watch(), time.perf_counter(), 0
    while running() and time.perf_counter() - start < seconds:
        QApplication.processEvents()
        if time.perf_counter() - start > turn * PAN:
            pan(canvas, turn)
            turn += 1
        time.sleep(0.001)
    watch.stop()
    return watch.late


def say(what: str, late: list[float]) -> None:
    values = sorted(late)
    share = values[int(0.99 * (len(values) - 1))]
    sys.stdout.write(
        f"{what}: {len(values)} ticks, late by {1e3 * statistics.median(values):.1f} ms (median), "
        f"{1e3 * share:.0f} ms (99 %), {1e3 * values[-1]:.0f} ms (longest)\n"
    )
    sys.stdout.flush()


def main(folder: Path) -> None:
    application = QgsApplication([], True)
    application.initQgis()
    import scarp

    plugin = scarp.classFactory(None)
    plugin.initProcessing()
    scene = folder / "scene"
    bands = [str(next(scene.glob(f"*_{band}_*.tif"))) for band in BANDS]
    layers = [QgsVectorLayer(f"{scene / 'labels.gpkg'}|layername=landslides"), *map(QgsRasterLayer, bands[:3])]
    QgsProject.instance().addMapLayers(layers)
    canvas = QgsMapCanvas()
    canvas.resize(1000, 700)
    canvas.setDestinationCrs(layers[-1].crs())
    canvas.setLayers(layers)
    canvas.setExtent(layers[-1].extent().scaled(0.6))
    canvas.show()
    say("canvas alone ", measure(canvas, lambda: True, 10))

    with tempfile.TemporaryDirectory() as target:
        values = {"BANDS": bands, "DEM": str(scene / "DEM_30m.tif"), "CHECKPOINT": str(folder / "demo.safetensors")}
        values |= {"PROBABILITY": f"{target}/probability.tif", "POLYGONS": f"{target}/landslides.gpkg"}
        context, feedback, ended = QgsProcessingContext(), QgsProcessingFeedback(), []
        context.setProject(QgsProject.instance())
        algorithm = QgsApplication.processingRegistry().createAlgorithmById("scarp:detect")
        task = QgsProcessingAlgRunnerTask(algorithm, values, context, feedback)
        task.executed.connect(lambda successful, _: ended.append(successful))
        QgsApplication.taskManager().addTask(task)
        say("while mapping", measure(canvas, lambda: not ended, 600))
        sys.stdout.write(f"mapped: {bool(ended and ended[0])}\n")
    canvas.close()
    plugin.unload()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
