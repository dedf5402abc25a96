"""scarp:train."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    Qgis,
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from ..core.errors import ScarpError
from ..core.jobs import HEADS, PRECISIONS, TrainJob
from . import destinations
from .base import ScarpAlgorithm
from .choices import ARCHITECTURES, LOSSES, OPTIMIZERS, SCHEDULES
from .computing import add_device
from .scene_inputs import add_bands, add_details

_Integer = Qgis.ProcessingNumberParameterType.Integer
_Double = Qgis.ProcessingNumberParameterType.Double


class Train(ScarpAlgorithm):
    """Train a network on your own landslide polygons, or on a folder of labelled chips.

    Inputs: either bands (and a DEM) with landslide polygons and, if not all of the scene was interpreted, the area
    where the polygons are complete; or a folder of chips (Landslide4Sense as downloaded, or folders 'image' and
    'mask').

    Outputs: the checkpoint (.safetensors) that 'Map landslides' reads, a report with the course of the training, and
    the figures on the validation part, which is a block of its own that the network never learned from. The threshold
    is chosen there, too.

    The defaults are meant to be used as they are. Without a GPU, an hour for a few hundred polygons is normal.

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
        add_bands(self, optional=True)
        self.add(
            QgsProcessingParameterFeatureSource(
                "LABELS", "Landslide polygons", [Qgis.ProcessingSourceType.VectorPolygon], optional=True
            ),
            "Landslides traced in the scene. A selection and edits not yet saved count.",
        )
        self.add(
            QgsProcessingParameterFeatureSource(
                "AREA", "Interpreted area", [Qgis.ProcessingSourceType.VectorPolygon], optional=True
            ),
            "Where the polygons are complete: what lies inside and is no landslide is learned as such, what lies "
            "outside is not used. Unset: the whole scene.",
        )
        self.add(
            QgsProcessingParameterFile(
                "DATASET",
                "Or, instead of bands and polygons: folder of chips",
                Qgis.ProcessingFileParameterBehavior.Folder,
                optional=True,
            ),
            "Instead of bands and polygons: Landslide4Sense as downloaded (img, mask), or folders 'image' and 'mask' "
            "with files of the same name.",
        )
        self.add(
            QgsProcessingParameterNumber("EPOCHS", "Epochs", _Integer, self.JOB.epochs, minValue=1, maxValue=10000),
            "How often the network sees all chips. The best epoch on the validation part is kept.",
        )
        add_details(self)
        self._add_network()
        self._add_course()
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
        name = job.architecture.partition("(")[0].strip().lower()
        if name not in ARCHITECTURES:
            raise ScarpError(f"ARCHITECTURE is '{name}'; choose one of {', '.join(ARCHITECTURES)}.")

    def prepareAlgorithm(  # noqa: N802
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        """See `ScarpAlgorithm`; warns of a checkpoint that would be lost."""
        ready = super().prepareAlgorithm(parameters, context, feedback)
        if destinations.text(parameters.get("CHECKPOINT"), context) == QgsProcessing.TEMPORARY_OUTPUT:
            feedback.pushWarning(
                "The checkpoint is a temporary file: copy it before you close QGIS, or choose a file name."
            )
        return ready

    def _add_choice(self, name: str, title: str, options: tuple[str, ...], text: str) -> None:
        default = getattr(self.JOB, name.lower())
        self.add(
            QgsProcessingParameterEnum(
                name, title, options=list(options), defaultValue=default, usesStaticStrings=True
            ),
            text,
            advanced=True,
        )

    def _add_network(self) -> None:
        architecture = QgsProcessingParameterString("ARCHITECTURE", "Network", defaultValue=self.JOB.architecture)
        # Text, so that scripts can add options; the hints make it a list in the dialog.
        architecture.setMetadata({"widget_wrapper": {"value_hints": list(ARCHITECTURES)}})
        self.add(
            architecture,
            f"One of {', '.join(ARCHITECTURES)}. unet is the sound choice; raunet1 is 14 times slower. Scripts may add "
            "options in brackets: unet(widths=16-32-64-128-256).",
            advanced=True,
        )
        self._add_choice(
            "HEAD",
            "Outputs of the network",
            HEADS,
            "single: the mask. dual: the mask, and whether a chip holds a landslide. multires: the mask at three "
            "resolutions.",
        )
        self.add(
            QgsProcessingParameterString("FEATURES", "Bands the network reads (preset or list)", defaultValue="auto"),
            "auto: all engineered bands whose inputs are there. A preset (bands23, sentinel21, rgb3, rgb4dem, ...) "
            "or a list of channels, as in 'Build engineered bands'.",
            advanced=True,
        )
        self._add_choice(
            "LOSS", "Loss", LOSSES, "focal_iou: focal loss + IoU loss, the best of the published comparison."
        )
        self.add(
            QgsProcessingParameterNumber(
                "ALPHA", "Share of the first loss (combined losses)", _Double, optional=True, minValue=0, maxValue=1
            ),
            "For losses of two parts: alpha x first + (1 - alpha) x second. Unset: both with weight 1.",
            advanced=True,
            decimals=2,
        )
        self.add(
            QgsProcessingParameterFile("INIT", "Start from checkpoint", optional=True),
            "A checkpoint to fine-tune on your polygons. It decides network and bands.",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterFile("RESUME", "Resume (state file)", optional=True),
            "The state file that a cancelled training left beside its checkpoint.",
            advanced=True,
        )

    def _add_course(self) -> None:
        self._add_choice("OPTIMIZER", "Optimizer", OPTIMIZERS, "adamw: Adam with decoupled weight decay.")
        self._add_choice(
            "SCHEDULE",
            "Learning rate schedule",
            SCHEDULES,
            "cosine: falls smoothly to 0. steps: the published steps. one_cycle: rises, then falls. plateau: falls "
            "where the validation no longer improves. constant: stays.",
        )
        self.add(
            QgsProcessingParameterNumber(
                "LEARNING_RATE", "Learning rate", _Double, self.JOB.learning_rate, minValue=1e-9, maxValue=10
            ),
            "Of the first epoch. Take a tenth of it to fine-tune.",
            advanced=True,
            decimals=7,
        )
        self.add(
            QgsProcessingParameterNumber("BATCH", "Batch (chips at once)", _Integer, optional=True, minValue=1),
            "Unset: chosen for the device. It is halved when memory runs out.",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterNumber("CHIP", "Chip (px)", _Integer, self.JOB.chip, minValue=32, maxValue=1024),
            "Side of the chips cut from a scene, a multiple of 32. Chip folders keep theirs.",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterString(
                "AUGMENT", "Augmentation (none, flips, rotations)", defaultValue=self.JOB.augment
            ),
            "none, or a comma-separated list of flips and rotations: chips are mirrored and turned at random.",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterNumber("FOLD", "Fold kept for the test", _Integer, 0, minValue=0, maxValue=5),
            "Chip folders only. 1 to 5: this fifth of the chips, as in the publication, is not learned from. 0: none.",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterNumber("SEED", "Seed", _Integer, 0, minValue=0, maxValue=2**31 - 1),
            "The same seed and inputs give the same network on the same device.",
            advanced=True,
        )
        add_device(self)
        self._add_choice(
            "PRECISION", "Precision", PRECISIONS, "auto: what the device is fastest with and safe. fp32: plain."
        )
