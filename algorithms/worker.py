"""Has a job done by the worker, with the progress, the messages and the cancel button of Processing."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from typing import Any

from qgis.core import QgsApplication, QgsProcessingFeedback

from ..core.jobs import Job
from ..core.runtime.find import NoRuntime, find_python
from ..core.runtime.launcher import run_job
from . import links, options
from .translation import tr


class Listener:
    """Hands the progress and the messages of a job on to Processing."""

    def __init__(self, feedback: QgsProcessingFeedback) -> None:
        self._feedback = feedback
        self._text = ""

    def progress(self, share: float, text: str) -> None:
        """Show the share done (0 to 1) and what is being done; each text once."""
        self._feedback.setProgress(100 * share)
        if text and text != self._text:
            self._text = text
            self._feedback.setProgressText(text)

    def log(self, level: str, message: str) -> None:
        """Log a sentence at the level that the job gave it."""
        if level == "warning":
            self._feedback.pushWarning(message)
        else:
            self._feedback.pushInfo(message)

    def cancelled(self) -> bool:
        """Whether the user pressed cancel."""
        return bool(self._feedback.isCanceled())


def run(job: Job, feedback: QgsProcessingFeedback) -> dict[str, Any]:
    """Run a job in the worker and return its result.

    Raises:
        ScarpError: There is no runtime, or the job was refused; the message says what to do.
        Cancelled: The user pressed cancel.
    """
    listener = Listener(feedback)
    try:
        runtime = find_python(options.python())
    except NoRuntime:
        links.push(feedback, tr("Set up the runtime now"), "setupruntime")
        raise
    if runtime.note:
        feedback.pushWarning(runtime.note)
    return run_job(job, runtime, progress=listener.progress, log=listener.log, cancelled=listener.cancelled)


def let_ctrl_c_end_qgis_process() -> None:
    """Give Ctrl-C its usual meaning: ``qgis_process`` (3.40) catches it without doing anything.

    The worker sees that its parent is gone, clears up and ends.
    """
    on_command_line = Path(QgsApplication.applicationFilePath()).name.startswith("qgis_process")
    if on_command_line and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_DFL)
