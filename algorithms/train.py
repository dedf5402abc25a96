"""scarp:train."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterFileDestination,
)

from ..core.jobs import TrainJob
from . import destinations, training_inputs
from .base import ScarpAlgorithm
from .scene_inputs import add_details
from .translation import tr


class Train(ScarpAlgorithm):
    """Train a network on your own landslide polygons, or on a folder of labelled chips.

    Inputs: either bands (and a DEM) with landslide polygons and, if not all of the scene was interpreted, the area
    where the polygons are complete; or a folder of chips (Landslide4Sense as downloaded, or folders 'image' and
    'mask').

    Outputs: the checkpoint (.safetensors) that 'Map landslides' reads, a report with the course of the training, and
    the figures on the validation part, which is a block of its own that the network never learned from. The threshold
    is chosen there, too. Where it is small (less than 20 chips), the network that you get learns once more, from all.

    The defaults are meant to be used as they are. Without a GPU, a few hundred polygons take some minutes.

    Cancel loses at most one epoch: the state is written beside the checkpoint after each, and 'Resume' goes on from
    there.
    """

    NAME = "train"
    TITLE = "Train a network"
    GROUP = "Train"
    TAGS = ("deep learning", "u-net", "fine-tune", "segmentation", "learn", "checkpoint", "landslide4sense")
    JOB = TrainJob

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:  # noqa: N802
        """See QgsProcessingAlgorithm."""
        training_inputs.add_examples(self)
        add_details(self)
        training_inputs.add_network(self)
        training_inputs.add_start(self)
        training_inputs.add_resume(self)
        training_inputs.add_chips(self)
        training_inputs.add_parts(self)
        training_inputs.add_optimizer(self)
        training_inputs.add_course(self)
        self.add(
            QgsProcessingParameterFileDestination("CHECKPOINT", "Checkpoint", "safetensors checkpoint (*.safetensors)"),
            "The trained network with its card. A state file to resume from is written beside it.",
        )
        self.add(
            QgsProcessingParameterFileDestination("REPORT", "Training report", "HTML (*.html)", optional=True),
            "HTML: figures, curves of loss and F1, what was trained on.",
        )
        self.add_numbers(
            {
                "F1_LANDSLIDE": "F1, landslide class (validation)",
                "IOU_LANDSLIDE": "IoU, landslide class (validation)",
                "F1_MACRO": "F1, mean of both classes (validation)",
                "MIOU": "IoU, mean of both classes (validation)",
                "THRESHOLD": "Threshold chosen (probability)",
            }
        )

    def check_job(self, job: Any) -> None:
        """Refuse an unknown network before a worker is started."""
        super().check_job(job)
        training_inputs.check_architecture(job.architecture)

    def prepareAlgorithm(  # noqa: N802
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        """See `ScarpAlgorithm`; warns of a checkpoint that would be lost."""
        ready = super().prepareAlgorithm(parameters, context, feedback)
        if destinations.is_temporary("CHECKPOINT", parameters, context):
            feedback.pushWarning(
                tr("The checkpoint is a temporary file: copy it before you close QGIS, or choose a file name.")
            )
        return ready
