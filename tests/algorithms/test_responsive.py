"""QGIS stays usable while a job runs: the work is done in a background task, which asks for cancel all the time."""

from __future__ import annotations

import threading
import time

import pytest
from qgis.core import (
    Qgis,
    QgsApplication,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingModelAlgorithm,
    QgsProject,
)
from qgis.PyQt.QtCore import QCoreApplication, QEventLoop, QTimer


class Feedback(QgsProcessingFeedback):
    """Counts how often it is asked whether cancel was pressed, and notes which thread asks."""

    def __init__(self):
        super().__init__(False)
        self.asked = 0
        self.threads = set()

    def isCanceled(self):
        self.asked += 1
        self.threads.add(threading.current_thread())
        return super().isCanceled()


def test_no_algorithm_asks_for_the_main_thread(provider):
    for algorithm in provider.algorithms():
        if not isinstance(algorithm, QgsProcessingModelAlgorithm):
            assert not algorithm.flags() & Qgis.ProcessingAlgorithmFlag.NoThreading, algorithm.id()
            assert algorithm.flags() & Qgis.ProcessingAlgorithmFlag.CanCancel, algorithm.id()


@pytest.mark.parametrize("cancel", [False, True], ids=["to its end", "cancelled"])
def test_the_event_loop_turns_while_a_scene_is_mapped(provider, demo, checkpoint, tmp_path, qgis_new_project, cancel):
    target = tmp_path / "probability.tif"
    values = {"BANDS": demo.bands, "DEM": demo.dem, "CHECKPOINT": checkpoint, "PROBABILITY": str(target)}
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("scarp:detect")
    context, feedback = QgsProcessingContext(), Feedback()
    context.setProject(QgsProject.instance())
    ended, ticks = [], []
    task = QgsProcessingAlgRunnerTask(algorithm, values, context, feedback)
    task.executed.connect(lambda successful, results: ended.append((successful, results)))
    timer = QTimer()
    timer.timeout.connect(lambda: ticks.append(feedback.asked))
    timer.start(20)
    QgsApplication.taskManager().addTask(task)
    end = time.monotonic() + 120
    while not ended and time.monotonic() < end:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        if cancel and len(ticks) == 10:
            task.cancel()
    timer.stop()
    assert ended
    assert len(ticks) > 10  # a main thread that waits for the worker would not tick
    assert feedback.asked > 10
    assert len(set(ticks)) > 5  # asked again and again, not all at once
    assert feedback.threads - {threading.main_thread()}  # asked from the background
    assert target.is_file() is not cancel
    assert ended[0][0] is not cancel
