"""scarp:crossvalidate."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
)

from ..core.jobs import FOLD_KINDS, CrossValidateJob
from . import destinations, training_inputs
from .base import ScarpAlgorithm
from .scene_inputs import add_details
from .translation import tr

_Integer = Qgis.ProcessingNumberParameterType.Integer


class CrossValidate(ScarpAlgorithm):
    """Train a network once for each fold of the data and test it there: how good a way of training really is.

    Inputs: as for 'Train a network'. The data are cut into folds; each is tested once by a network that was trained on
    the others. Epoch and threshold are chosen on a validation part within these, never on the tested fold.

    Outputs: a table with the figures of each fold, their mean and their standard deviation, and a report that sets
    published figures of the same data beside them.

    It takes as long as so many trainings. Cancel loses at most one epoch: finished folds are kept in a folder beside
    the table, and the same parameters go on from there.
    """

    NAME = "crossvalidate"
    TITLE = "Cross-validate a training"
    GROUP = "Train"
    TAGS = ("k-fold", "folds", "accuracy", "deep learning", "u-net", "landslide4sense")
    JOB = CrossValidateJob

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:  # noqa: N802
        """See QgsProcessingAlgorithm."""
        training_inputs.add_examples(self)
        self.add(
            QgsProcessingParameterNumber("FOLDS", "Folds", _Integer, self.JOB.folds, minValue=2, maxValue=20),
            "How many parts the data are cut into, and how many networks are trained.",
        )
        self.add(
            QgsProcessingParameterEnum(
                "FOLD_KIND",
                "How folds are cut",
                options=list(FOLD_KINDS),
                defaultValue=self.JOB.fold_kind,
                usesStaticStrings=True,
            ),
            "blocks: contiguous blocks with a gap around the tested one. paper: the five folds of the publication, "
            "which touch, for a comparison with its figures (chip folders only).",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterNumber("FOLD", "Train only this fold (0: all)", _Integer, 0, minValue=0, maxValue=20),
            "To share the work between machines that write to one folder, or to look at one fold first. The table "
            "holds the folds that are finished.",
            advanced=True,
        )
        add_details(self)
        training_inputs.add_network(self)
        training_inputs.add_start(self)
        training_inputs.add_chips(self)
        training_inputs.add_optimizer(self)
        training_inputs.add_course(self)
        self.add(
            QgsProcessingParameterFileDestination("TABLE", "Table of the folds", "CSV (*.csv)"),
            "CSV with a row a fold, their mean, their standard deviation, and the figures of all pixels together. "
            "Checkpoints and reports of the folds lie in a folder of the same name beside it.",
        )
        self.add(
            QgsProcessingParameterFileDestination("REPORT", "Report", "HTML (*.html)", optional=True),
            "HTML: the folds, their mean and deviation, and published figures of the same data.",
        )
        self.add_numbers(
            {
                "F1_LANDSLIDE": "F1, landslide class (mean of the folds)",
                "IOU_LANDSLIDE": "IoU, landslide class (mean of the folds)",
                "F1_MACRO": "F1, mean of both classes (mean of the folds)",
                "MIOU": "IoU, mean of both classes (mean of the folds)",
                "F1_LANDSLIDE_STD": "F1, landslide class (standard deviation of the folds)",
                "IOU_LANDSLIDE_STD": "IoU, landslide class (standard deviation of the folds)",
                "F1_MACRO_STD": "F1, mean of both classes (standard deviation of the folds)",
                "MIOU_STD": "IoU, mean of both classes (standard deviation of the folds)",
            }
        )

    def check_job(self, job: Any) -> None:
        """Refuse an unknown network before a worker is started."""
        super().check_job(job)
        training_inputs.check_architecture(job.architecture)

    def prepareAlgorithm(  # noqa: N802
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        """See `ScarpAlgorithm`; warns of folds that would be lost."""
        ready = super().prepareAlgorithm(parameters, context, feedback)
        if destinations.is_temporary("TABLE", parameters, context):
            feedback.pushWarning(
                tr(
                    "The table is a temporary file, and so are the folds beside it: choose a file name to be able to "
                    "go on after a cancel."
                )
            )
        return ready
