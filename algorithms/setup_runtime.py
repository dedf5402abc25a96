"""scarp:setupruntime."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputString,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterString,
)

from ..core.errors import ScarpError
from ..core.jobs import Job
from ..core.outputs import REPORT, Outputs
from ..core.runtime.check import check, to_html
from ..core.runtime.create import create
from ..core.runtime.remove import remove
from ..core.runtime.wheels import INDEX
from . import options, proxy
from .base import ScarpAlgorithm
from .translation import tr
from .worker import Listener

MODES = ("create", "repair", "remove")


@dataclass
class _SetUp(Job):
    """What is asked of this algorithm; it runs in QGIS's Python, since there is no other yet."""

    KIND: ClassVar[str] = "setupruntime"
    mode: str = "create"
    device: str = "auto"
    folder: str = ""
    wheels: str = ""
    index: str = ""
    report: str = field(default="", metadata={"role": "output"})

    def check(self) -> None:
        """See `Job.check`."""
        self.choice("mode", MODES)
        self.choice("device", ("auto", "cpu", "cuda"))
        if self.wheels and not Path(self.wheels).is_dir():
            raise ScarpError(f"The folder of wheels '{self.wheels}' is missing. Correct WHEELS, or leave it unset.")


class SetUpRuntime(ScarpAlgorithm):
    """Create the Python environment that runs Scarp's networks, once, or repair or remove it.

    QGIS's own Python is never installed into. It needs a network connection, or a folder of wheels. About 0.5 GB is
    downloaded and 1.7 GB is installed for the CPU, 3 GB and 7.5 GB for CUDA. It takes minutes; the log says how many
    before it starts. The proxy of QGIS's network settings is used.

    Inputs: the device it is for, and the folder, unless the usual one in your user data will do.

    Output: an HTML page that says what the new environment can do.

    Cancel keeps what was installed: run it again and it goes on from there.
    """

    NAME = "setupruntime"
    TITLE = "Set up the runtime"
    GROUP = "Set up"
    TAGS = ("torch", "cuda", "gpu", "python", "install", "environment", "offline", "proxy", "remove")
    JOB = _SetUp
    _proxy = ""  # may hold a password: kept out of the job

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:  # noqa: N802
        """See QgsProcessingAlgorithm."""
        self.add(
            QgsProcessingParameterEnum(
                "MODE", "What to do", options=list(MODES), defaultValue="create", usesStaticStrings=True
            ),
            "create: make the environment, go on with one that was interrupted, or bring it up to date. repair: "
            "install every package anew. remove: delete the environment; what pip has downloaded stays in its cache.",
        )
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
            QgsProcessingParameterFile(
                "WHEELS",
                "Folder of wheels, without network",
                Qgis.ProcessingFileParameterBehavior.Folder,
                optional=True,
            ),
            "For a machine without network: a folder with all packages as wheels, fetched on another machine with the "
            "same system and Python version. The log shows the command that fetches them.",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterString("INDEX", "Index of PyTorch's builds", optional=True),
            "Address of a package index that holds PyTorch's builds, such as a mirror of your organisation. Unset: "
            "where pip is configured to look, then https://download.pytorch.org/whl.",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterFileDestination("REPORT", "Report", "HTML (*.html)", optional=True),
            "What the environment can do, as an HTML page; none when it is removed.",
        )
        self.addOutput(QgsProcessingOutputString("PYTHON", "Python of the runtime"))

    def prepareAlgorithm(  # noqa: N802
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        """Read QGIS's proxy as well, on the main thread."""
        prepared = super().prepareAlgorithm(parameters, context, feedback)
        self._proxy = proxy.address(INDEX)
        return prepared

    def perform(self, job: Any, feedback: QgsProcessingFeedback) -> dict[str, Any]:
        """Create the environment and look at it, or remove it."""
        listener = Listener(feedback)
        say = (listener.progress, listener.log, listener.cancelled)
        if job.mode == "remove":
            remove(job.folder, *say)
            return {}
        if self._proxy:
            feedback.pushInfo(tr("The proxy of QGIS's network settings is used."))
        marker = create(
            job.folder,
            job.device,
            *say,
            wheel_folder=job.wheels,
            index=job.index,
            proxy=self._proxy,
            repair=job.mode == "repair",
        )
        if job.report:
            facts = check(str(marker["python"]), cancelled=listener.cancelled)
            with Outputs() as outputs:
                outputs.stage(job.report, REPORT).write_text(to_html(facts), encoding="utf-8")
        return {"REPORT": job.report, "PYTHON": marker["python"]}

    def postProcessAlgorithm(  # noqa: N802
        self, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Remember a folder of the user's choice, or forget one that is gone, on the main thread."""
        folder = self._job.folder
        if self._job.mode == "remove":
            if folder and options.python() == folder:
                options.set_python("")
                feedback.pushInfo(tr("The option 'Python of the runtime' is now empty."))
        elif folder:
            options.set_python(folder)
            feedback.pushInfo(tr("The option 'Python of the runtime' is now '{folder}'.", folder=folder))
        return {}
