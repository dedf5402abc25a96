"""scarp:checkruntime."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, ClassVar

from qgis.core import (
    Qgis,
    QgsProcessingFeedback,
    QgsProcessingOutputBoolean,
    QgsProcessingOutputString,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
)

from ..core.errors import ScarpError
from ..core.jobs import CheckRuntimeJob
from ..core.outputs import REPORT, Outputs
from ..core.runtime import interpreters
from ..core.runtime.check import check, to_html
from ..core.runtime.find import find_python
from . import options
from .base import ScarpAlgorithm
from .computing import add_device
from .translation import tr


@dataclass
class _Check(CheckRuntimeJob):
    """What is asked of this algorithm; it looks at the worker's Python from outside."""

    KIND: ClassVar[str] = "checkruntime"
    folder: str = ""
    report: str = field(default="", metadata={"role": "output"})


class CheckRuntime(ScarpAlgorithm):
    """Say which Python runs Scarp's networks, what it can do, what is missing, and the fix.

    Every package is really imported, and every device really computes something. Nothing is changed.

    Output: an HTML page with versions, devices, free memory, problems and fixes; the same facts as JSON.
    """

    NAME = "checkruntime"
    TITLE = "Check the runtime"
    GROUP = "Set up"
    TAGS = ("torch", "cuda", "gpu", "python", "diagnose", "install")
    JOB = _Check

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:  # noqa: N802
        """See QgsProcessingAlgorithm."""
        self.add(
            QgsProcessingParameterFile(
                "FOLDER", "Folder of the runtime", Qgis.ProcessingFileParameterBehavior.Folder, optional=True
            ),
            "An environment to look at. Unset: the one that jobs would use.",
            advanced=True,
        )
        add_device(self)
        self.add(
            QgsProcessingParameterFileDestination("REPORT", "Report", "HTML (*.html)", optional=True),
            "What was found, as an HTML page.",
        )
        self.addOutput(QgsProcessingOutputBoolean("READY", "Whether jobs can run"))
        self.addOutput(QgsProcessingOutputString("FACTS", "What was found, as JSON"))

    def perform(self, job: Any, feedback: QgsProcessingFeedback) -> dict[str, Any]:
        """Look at the Python; a missing runtime is an answer, not an error."""
        facts = _facts(job.folder, job.device, feedback)
        for problem in facts["problems"]:
            feedback.pushWarning(f"{problem['what']} {problem['fix']}")
        feedback.pushInfo(tr("The runtime is ready.") if facts["ready"] else tr("The runtime cannot run jobs yet."))
        if job.report:
            with Outputs() as outputs:
                outputs.stage(job.report, REPORT).write_text(to_html(facts), encoding="utf-8")
        return {"REPORT": job.report, "READY": facts["ready"], "FACTS": json.dumps(facts)}

    def results(self, result: dict[str, Any]) -> dict[str, Any]:
        """See `ScarpAlgorithm.results`; false is an answer, too."""
        return {name: value for name, value in result.items() if value != ""}


def _facts(folder: str, device: str, feedback: QgsProcessingFeedback) -> dict[str, Any]:
    try:
        return check(find_python(folder or options.python()), device, feedback.isCanceled)
    except ScarpError as error:
        # QGIS's own Python then shows what there is to build upon.
        own = interpreters.own(interpreters.Host())
        if folder or not own:
            raise
        facts = check(own[0], device, feedback.isCanceled)
        what, _, fix = str(error).partition(". ")
        facts["problems"].insert(0, {"what": f"{what}.", "fix": fix, "blocks": True})
        return {**facts, "ready": False}
