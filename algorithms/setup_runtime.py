"""scarp:setupruntime."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputString,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterString,
)

from ..core.jobs import Job
from ..core.outputs import REPORT, Outputs
from ..core.runtime.check import check, to_html
from ..core.runtime.create import create
from . import options
from .base import ScarpAlgorithm
from .worker import Listener


@dataclass
class _SetUp(Job):
    """What is asked of this algorithm; it runs in QGIS's Python, since there is no other yet."""

    KIND: ClassVar[str] = "setupruntime"
    device: str = "auto"
    folder: str = ""
    report: str = field(default="", metadata={"role": "output"})


class SetUpRuntime(ScarpAlgorithm):
    """Create the Python environment that runs Scarp's networks, once. QGIS's own Python is never installed into.

    Needs a network connection: about 0.5 GB is downloaded for the CPU, 3 GB and more for CUDA. It takes minutes.

    Inputs: the device it is for, and the folder, unless the usual one in your user data will do.

    Output: an HTML page that says what the new environment can do.

    Cancel keeps what was installed: run it again and it goes on from there. To remove the environment, delete its
    folder.
    """

    NAME = "setupruntime"
    TITLE = "Set up the runtime"
    GROUP = "Set up"
    TAGS = ("torch", "cuda", "gpu", "python", "install", "environment")
    JOB = _SetUp

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:  # noqa: N802
        """See QgsProcessingAlgorithm."""
        self.add(
            QgsProcessingParameterString("DEVICE", "Device (auto, cpu, cuda)", defaultValue="auto"),
            "auto: for the NVIDIA GPU where there is one whose driver will do, else for the CPU.",
        )
        self.add(
            QgsProcessingParameterFile("FOLDER", "Folder", Qgis.ProcessingFileParameterBehavior.Folder, optional=True),
            "Where the environment goes. Unset: Scarp's folder in your user data. Another folder is remembered in "
            "the options.",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterFileDestination("REPORT", "Report", "HTML (*.html)", optional=True),
            "What the environment can do, as an HTML page.",
        )
        self.addOutput(QgsProcessingOutputString("PYTHON", "Python of the runtime"))

    def perform(self, job: Any, feedback: QgsProcessingFeedback) -> dict[str, Any]:
        """Create the environment and look at it."""
        listener = Listener(feedback)
        marker = create(job.folder, job.device, listener.progress, listener.log, listener.cancelled)
        if job.report:
            facts = check(str(marker["python"]), cancelled=listener.cancelled)
            with Outputs() as outputs:
                outputs.stage(job.report, REPORT).write_text(to_html(facts), encoding="utf-8")
        return {"REPORT": job.report, "PYTHON": marker["python"]}

    def postProcessAlgorithm(  # noqa: N802
        self, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Remember a folder of the user's choice, on the main thread."""
        if self._job.folder:
            options.set_python(self._job.folder)
            feedback.pushInfo(f"The option 'Python of the runtime' is now '{self._job.folder}'.")
        return {}
