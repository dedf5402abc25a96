"""scarp:compare."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from ..core.errors import ScarpError
from ..core.jobs import COMBINATIONS, HEADS, CompareJob
from . import destinations, training_inputs
from .base import ScarpAlgorithm
from .choices import ARCHITECTURES, LOSSES, OPTIMIZERS
from .scene_inputs import add_details
from .translation import tr

_Integer = Qgis.ProcessingNumberParameterType.Integer


class Compare(ScarpAlgorithm):
    """Train several networks, losses, sets of bands, optimizers and heads on the same data, and compare them.

    Inputs: as for 'Train a network'. Wherever several values are to be compared, they stand in one line with
    semicolons between them: unet; scarpnet; raunet_small. Some part of the data must be kept for the test: a block, a
    fold, chosen ids or a region. All networks are trained on the same chips and tested once on that part.

    Outputs: a table with a row a training (figures with 95 % intervals, parameters, time), and a report with the
    courses of all trainings and published figures of the same data.

    It takes as long as so many trainings. Cancel loses at most one epoch: finished trainings are kept in a folder
    beside the table, and the same parameters go on from there; more networks can be added later. What cannot be
    trained gets a row with the reason, and the others go on.
    """

    NAME = "compare"
    TITLE = "Compare networks and losses"
    GROUP = "Train"
    TAGS = ("benchmark", "grid search", "ablation", "accuracy", "deep learning", "u-net", "landslide4sense", "bijie")
    JOB = CompareJob

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:  # noqa: N802
        """See QgsProcessingAlgorithm."""
        training_inputs.add_examples(self)
        self._add_lists()
        self.add(
            QgsProcessingParameterNumber("SEEDS", "Trainings of each (seeds)", _Integer, 1, minValue=1, maxValue=100),
            "More than 1: each is trained so often, from the seed upwards, and the table has their mean and standard "
            "deviation. Differences smaller than that are chance.",
        )
        add_details(self)
        training_inputs.add_alpha(self)
        training_inputs.add_start(self)
        training_inputs.add_chips(self)
        training_inputs.add_parts(self)
        training_inputs.add_course(self)
        self.add(
            QgsProcessingParameterFileDestination("TABLE", "Table of the trainings", "CSV (*.csv)"),
            "CSV with a row a training, written anew after each of them. Checkpoints and reports of the trainings lie "
            "in a folder of the same name beside it.",
        )
        self.add(
            QgsProcessingParameterFileDestination("REPORT", "Report", "HTML (*.html)", optional=True),
            "HTML: figures with intervals, courses, the budget, and published figures of the same data.",
        )
        self.add_numbers({"TRAINED": "Trainings with figures", "FAILED": "Trainings that could not be done"})

    def _add_lists(self) -> None:
        """Add what is compared: texts of several values each."""
        self._add_list(
            "ARCHITECTURE",
            "Networks",
            tr(
                "Some of {names}: unet; scarpnet; raunet_small. Options stand in brackets: unet; "
                "unet(widths=16-32-64-128-256).",
                names=", ".join(ARCHITECTURES),
            ),
        )
        self._add_list("LOSS", "Losses", tr("Some of {names}: bce; focal_iou.", names=", ".join(LOSSES)))
        self._add_list(
            "FEATURES",
            "Sets of bands",
            "auto, presets (bands14; bands23) or lists of channels, whose commas stay: rgb3; b04,b03,b02,ndvi,slope.",
        )
        self._add_list("HEAD", "Outputs of the networks", tr("Some of {names}: single; dual.", names=", ".join(HEADS)))
        self._add_list("OPTIMIZER", "Optimizers", tr("Some of {names}: adamw; sgd.", names=", ".join(OPTIMIZERS)))
        self.add(
            QgsProcessingParameterEnum(
                "COMBINE",
                "How the lists are combined",
                options=list(COMBINATIONS),
                defaultValue=self.JOB.combine,
                usesStaticStrings=True,
            ),
            "grid: each value of a list with each of the others. pairs: the first of all lists together, then the "
            "second, and so on; a list of one value holds for all.",
            advanced=True,
        )

    def _add_list(self, name: str, title: str, text: str) -> None:
        self.add(
            QgsProcessingParameterString(name, title, defaultValue=getattr(self.JOB, name.lower())),
            text,
        )

    def check_job(self, job: Any) -> None:
        """Refuse unknown names before a worker is started."""
        super().check_job(job)
        training_inputs.check_architecture(*job.values("architecture"))
        for name, known in (("loss", LOSSES), ("optimizer", OPTIMIZERS)):
            for value in job.values(name):
                if value not in known:
                    raise ScarpError(f"{name.upper()} is '{value}'; choose one of {', '.join(known)}.")

    def prepareAlgorithm(  # noqa: N802
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        """See `ScarpAlgorithm`; warns of trainings that would be lost."""
        ready = super().prepareAlgorithm(parameters, context, feedback)
        if destinations.is_temporary("TABLE", parameters, context):
            feedback.pushWarning(
                tr(
                    "The table is a temporary file, and so are the trainings beside it: choose a file name to be able "
                    "to go on after a cancel."
                )
            )
        return ready
