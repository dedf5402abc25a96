"""What all algorithms share: parameters become a job, it is done elsewhere, its results are handed back."""

from __future__ import annotations

import inspect
import math
from typing import Any, ClassVar

from qgis.core import (
    Qgis,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingFeedback,
    QgsProcessingOutputDefinition,
    QgsProcessingOutputNumber,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFile,
)
from qgis.PyQt.QtGui import QIcon

from ..core.errors import Cancelled, ScarpError
from ..core.jobs import Job, SceneInputs
from . import options, recognition, worker
from .about import HOMEPAGE, ICON
from .sources import Exports, as_layers
from .styles import Styling
from .translation import tr
from .values import Reader


class ScarpAlgorithm(QgsProcessingAlgorithm):
    """Base of Scarp's algorithms. The docstring of a subclass is its help: a summary, then paragraphs.

    Titles, help, parameters, outputs and names of layers are written in English, and translated here.

    Attributes:
        NAME: Id inside the provider; never changed, never translated.
        TITLE: What the toolbox shows. GROUP: the toolbox group. TAGS: words that the toolbox search finds.
        JOB: The job whose fields the parameters of the same name fill.
        LAYERS: What the layer of an output is called in the project, by output name; see `styles`.
        STYLES: The style of an output, where it is not called as the output is.
    """

    NAME: ClassVar[str] = ""
    TITLE: ClassVar[str] = ""
    GROUP: ClassVar[str] = ""
    TAGS: ClassVar[tuple[str, ...]] = ()
    JOB: ClassVar[type[Job]] = Job
    LAYERS: ClassVar[dict[str, str]] = {}
    STYLES: ClassVar[dict[str, str]] = {}

    def __init__(self) -> None:
        super().__init__()
        self._job: Any = Job()
        self._exports: Exports | None = None

    def name(self) -> str:
        """See QgsProcessingAlgorithm."""
        return self.NAME

    def displayName(self) -> str:  # noqa: N802
        """See QgsProcessingAlgorithm."""
        return tr(self.TITLE)

    def group(self) -> str:
        """See QgsProcessingAlgorithm."""
        return tr(self.GROUP)

    def groupId(self) -> str:  # noqa: N802
        """See QgsProcessingAlgorithm."""
        return self.GROUP.lower().replace(" ", "")

    def tags(self) -> list[str]:
        """See QgsProcessingAlgorithm."""
        return ["scarp", "landslide", *self.TAGS]

    def icon(self) -> QIcon:
        """See QgsProcessingAlgorithm."""
        return QIcon(ICON)

    def svgIconPath(self) -> str:  # noqa: N802
        """See QgsProcessingAlgorithm."""
        return ICON

    def helpUrl(self) -> str:  # noqa: N802
        """See QgsProcessingAlgorithm."""
        return f"{HOMEPAGE}/blob/HEAD/docs/algorithms/{self.NAME}.md"

    def shortDescription(self) -> str:  # noqa: N802
        """The first paragraph of the docstring."""
        return self._paragraphs()[0]

    def shortHelpString(self) -> str:  # noqa: N802
        """The docstring, its paragraphs as HTML."""
        return "".join(f"<p>{paragraph}</p>" for paragraph in self._paragraphs())

    def _paragraphs(self) -> list[str]:
        return [tr(" ".join(part.split())) for part in inspect.cleandoc(type(self).__doc__ or "").split("\n\n")]

    def createInstance(self) -> ScarpAlgorithm:  # noqa: N802
        """See QgsProcessingAlgorithm."""
        return type(self)()

    def add(
        self,
        parameter: QgsProcessingParameterDefinition,
        text: str,
        *,
        advanced: bool = False,
        decimals: int | None = None,
    ) -> None:
        """Add a parameter with its help; ``advanced`` ones are folded away in the dialog.

        Args:
            parameter: The parameter.
            text: Its help.
            advanced: Whether it has a default that rarely needs a change.
            decimals: How many the dialog shows of a number.
        """
        if isinstance(parameter, QgsProcessingParameterFile) and "*.*" in parameter.fileFilter():
            # QGIS's own default, *.*, refuses a name without a dot: that of a shipped checkpoint.
            networks = parameter.name() in ("CHECKPOINT", "INIT", "RESUME", "VERIFIER")
            parameter.setFileFilter(
                tr("Checkpoints (*.safetensors);;All files (*)") if networks else tr("All files (*)")
            )
        parameter.setDescription(tr(parameter.description()))
        parameter.setHelp(tr(text))
        if decimals is not None:
            parameter.setMetadata({"widget_wrapper": {"decimals": decimals}})
        if advanced:
            parameter.setFlags(parameter.flags() | Qgis.ProcessingParameterFlag.Advanced)
        self.addParameter(parameter)

    def add_numbers(self, numbers: dict[str, str]) -> None:
        """Declare number outputs: name to description."""
        for name, description in numbers.items():
            self.addOutput(QgsProcessingOutputNumber(name, description))

    def addOutput(self, output: QgsProcessingOutputDefinition) -> bool:  # noqa: N802
        """Declare an output."""
        output.setDescription(tr(output.description()))
        return bool(super().addOutput(output))

    def check_job(self, job: Any) -> None:
        """Raise a `ScarpError` for what can be seen to be wrong before a worker is started."""
        job.check()
        if isinstance(job, SceneInputs):
            written = "checkpoint" in job.outputs()
            recognition.check(job, "" if written else getattr(job, "checkpoint", ""))

    def checkParameterValues(  # noqa: N802
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> tuple[bool, str]:
        """Refuse in the dialog what would fail anyway."""
        try:
            self.check_job(Reader(self, parameters, context).job(self.JOB))
        except ScarpError as error:
            return False, str(error)
        # A map layer parameter does not know selections; `values.Reader` does.
        # A multiple-layer parameter does not know products; `sources.rasters` does.
        layers = {name: as_layers(self.parameterDefinition(name), value, context) for name, value in parameters.items()}
        plain = {
            name: value.source.staticValue() if _is_selection(self.parameterDefinition(name), value) else value
            for name, value in layers.items()
        }
        accepted: tuple[bool, str] = super().checkParameterValues(plain, context)
        return accepted

    def prepareAlgorithm(  # noqa: N802
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        """Resolve layers to plain sources, on the main thread: later no layer may be touched."""
        self._exports = Exports()
        try:
            self._job = Reader(self, parameters, context, self._exports).job(self.JOB)
            self.check_job(self._job)
        except ScarpError as error:
            self._exports.remove()
            raise QgsProcessingException(str(error)) from error
        Styling(self.id(), self.LAYERS, self.STYLES).apply(self._job, parameters, context)
        return True

    def processAlgorithm(  # noqa: N802
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Have the job done by the worker."""
        worker.let_ctrl_c_end_qgis_process()
        try:
            results = self.results(self.perform(self._job, feedback))
            if results.get("REPORT"):
                options.set_last_report(results["REPORT"])
            return results
        except Cancelled:
            return {}
        except ScarpError as error:
            raise QgsProcessingException(str(error)) from error
        finally:
            if self._exports is not None:
                self._exports.remove()

    def perform(self, job: Any, feedback: QgsProcessingFeedback) -> dict[str, Any]:
        """Do the job and return its result."""
        return worker.run(job, feedback)

    def results(self, result: dict[str, Any]) -> dict[str, Any]:
        """The declared outputs in a job's result: an undefined number is NaN; outputs not asked for are left out."""
        found: dict[str, Any] = {}
        for output in self.outputDefinitions():
            value = result.get(output.name())
            if output.type() == "outputNumber":
                found[output.name()] = math.nan if value is None else value
            elif value:
                found[output.name()] = value
        return found


def _is_selection(definition: QgsProcessingParameterDefinition | None, value: Any) -> bool:
    return (
        definition is not None
        and definition.type() == "layer"
        and isinstance(value, QgsProcessingFeatureSourceDefinition)
    )
