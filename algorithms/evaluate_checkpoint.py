"""scarp:evaluatecheckpoint."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    Qgis,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
)

from ..core import card
from ..core.jobs import PRECISIONS, TEST_TIME_AUGMENTATIONS, EvaluateCheckpointJob
from .base import ScarpAlgorithm
from .computing import add_device
from .evaluate import FIGURES
from .training_inputs import add_pictures

_Integer = Qgis.ProcessingNumberParameterType.Integer
_Double = Qgis.ProcessingNumberParameterType.Double


class EvaluateCheckpoint(ScarpAlgorithm):
    """Judge a checkpoint on a folder of labelled chips: figures with intervals, a table of the chips and a report.

    Inputs: a checkpoint, and a folder of chips with masks (as for 'Train a network') that it was not trained on. The
    chips must hold the bands that the checkpoint needs; others are not used.

    Outputs: figures for the landslide class and as means over both classes, each named in full, pooled over all chips,
    with 95 % intervals; a table with a row a chip; a report with curves and with the best and the worst chips.

    Chips of another size than those of the training are taken whole; a network that sees a whole chip at once gets
    them in pieces of its own size.
    """

    NAME = "evaluatecheckpoint"
    TITLE = "Judge a checkpoint on chips"
    GROUP = "Assess"
    TAGS = ("accuracy", "test", "benchmark", "confidence interval", "f1", "iou", "chips")
    JOB = EvaluateCheckpointJob

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:  # noqa: N802
        """See QgsProcessingAlgorithm."""
        self.add(
            QgsProcessingParameterFile("CHECKPOINT", "Checkpoint"),
            "A .safetensors file, or the name of a checkpoint that comes with Scarp.",
        )
        self.add(
            QgsProcessingParameterFile("DATASET", "Folder of chips", Qgis.ProcessingFileParameterBehavior.Folder),
            "Chips with masks: Landslide4Sense as downloaded (img, mask), or folders 'image' and 'mask' with files of "
            "the same name.",
        )
        add_pictures(self)
        self.add(
            QgsProcessingParameterNumber(
                "THRESHOLD", "Threshold (probability)", _Double, optional=True, minValue=0, maxValue=1
            ),
            "Pixels from this probability on are landslide. Unset: the checkpoint's threshold.",
            decimals=3,
        )
        self.add(
            QgsProcessingParameterNumber(
                "MIN_PIXELS", "Smallest landslide (px)", _Integer, self.JOB.min_pixels, minValue=1, maxValue=10**6
            ),
            "For the figures of whole landslides: smaller bodies are left out.",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterEnum(
                "TTA",
                "Test-time augmentation",
                options=list(TEST_TIME_AUGMENTATIONS),
                defaultValue=self.JOB.tta,
                usesStaticStrings=True,
            ),
            "none; rotations: mean of four quarter turns; all: of these and their mirror images. Slower, and often a "
            "little better.",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterBoolean("VOTE", "Average the three resolutions", self.JOB.vote),
            "For checkpoints trained with HEAD=multires.",
            advanced=True,
        )
        add_device(self)
        self.add(
            QgsProcessingParameterEnum(
                "PRECISION",
                "Precision",
                options=list(PRECISIONS),
                defaultValue=self.JOB.precision,
                usesStaticStrings=True,
            ),
            "auto: what the device is fastest with and safe. fp32: plain.",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterNumber("BATCH", "Batch (chips at once)", _Integer, optional=True, minValue=1),
            "Unset: chosen for the device.",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterNumber("SEED", "Seed", _Integer, self.JOB.seed, minValue=0, maxValue=2**31 - 1),
            "Of the draws behind the intervals.",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterFileDestination("REPORT", "Report", "HTML (*.html)", optional=True),
            "HTML with all figures, curves, and the best and the worst chips.",
        )
        self.add(
            QgsProcessingParameterFileDestination("TABLE", "Table of the chips", "CSV (*.csv)", optional=True),
            "CSV with a row a chip: counts of pixels, F1 and IoU of the landslide class, share of landslide, mean "
            "probability.",
        )
        self.add_numbers(
            {
                **FIGURES,
                "F1_LANDSLIDE_LOW": "F1, landslide class, low end of the 95 % interval",
                "F1_LANDSLIDE_HIGH": "F1, landslide class, high end of the 95 % interval",
                "IOU_LANDSLIDE_LOW": "IoU, landslide class, low end of the 95 % interval",
                "IOU_LANDSLIDE_HIGH": "IoU, landslide class, high end of the 95 % interval",
                "THRESHOLD": "Threshold that was applied (probability)",
                "CHIPS": "Chips",
            }
        )

    def check_job(self, job: Any) -> None:
        """Refuse a file that is no checkpoint before a worker is started."""
        super().check_job(job)
        card.read(card.find(job.checkpoint))
