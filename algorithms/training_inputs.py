"""The parameters by which an algorithm trains: the same ones, in the same words, wherever networks are trained.

Each is named as a field of `TrainJob`, so that `values.Reader` fills a job (or one that inherits from it) with them.
"""

from __future__ import annotations

from qgis.core import (
    Qgis,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFile,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from ..core.errors import ScarpError
from ..core.jobs import AUGMENTATIONS, CALIBRATIONS, HEADS, PICTURES, PRECISIONS, TrainJob
from .base import ScarpAlgorithm
from .choices import ARCHITECTURES, LOSSES, OPTIMIZERS, SCHEDULES
from .computing import add_device
from .scene_inputs import add_bands
from .translation import tr

_Integer = Qgis.ProcessingNumberParameterType.Integer
_Double = Qgis.ProcessingNumberParameterType.Double


def add_examples(algorithm: ScarpAlgorithm) -> None:
    """Add what a user must think of: a scene with polygons, or a folder of chips; and the number of epochs."""
    add_bands(algorithm, optional=True)
    algorithm.add(
        QgsProcessingParameterFeatureSource(
            "LABELS", "Landslide polygons", [Qgis.ProcessingSourceType.VectorPolygon], optional=True
        ),
        "Landslides traced in the scene. A selection and edits not yet saved count.",
    )
    algorithm.add(
        QgsProcessingParameterFeatureSource(
            "AREA", "Interpreted area", [Qgis.ProcessingSourceType.VectorPolygon], optional=True
        ),
        "Where the polygons are complete: what lies inside and is no landslide is learned as such, what lies "
        "outside is not used. Unset: the whole scene.",
    )
    algorithm.add(
        QgsProcessingParameterFile(
            "DATASET",
            "Or, instead of bands and polygons: folder of chips",
            Qgis.ProcessingFileParameterBehavior.Folder,
            optional=True,
        ),
        "Instead of bands and polygons: Landslide4Sense as downloaded (img, mask), or folders 'image' and 'mask' "
        "with files of the same name.",
    )
    algorithm.add(
        QgsProcessingParameterNumber("EPOCHS", "Epochs", _Integer, TrainJob.epochs, minValue=1, maxValue=10000),
        "How often the network sees all chips. The best epoch on the validation part is kept.",
    )


def add_network(algorithm: ScarpAlgorithm) -> None:
    """Add what is trained: network, outputs, channels and loss."""
    architecture = QgsProcessingParameterString("ARCHITECTURE", "Network", defaultValue=TrainJob.architecture)
    # Text, so that scripts can add options; the hints make it a list in the dialog.
    architecture.setMetadata({"widget_wrapper": {"value_hints": list(ARCHITECTURES)}})
    algorithm.add(
        architecture,
        tr(
            "One of {names}. scarpnet_small, our own, is the sound choice: it trains ten times as fast as unet. "
            "scarpnet is larger, for very many chips. raunet1 takes 14 times as long as unet. Scripts may add options "
            "in brackets: unet(widths=16-32-64-128-256).",
            names=", ".join(ARCHITECTURES),
        ),
        advanced=True,
    )
    _add_choice(
        algorithm,
        "HEAD",
        "Outputs of the network",
        HEADS,
        "single: the mask. dual: the mask, and whether a chip holds a landslide. multires: the mask at three "
        "resolutions.",
    )
    algorithm.add(
        QgsProcessingParameterString("FEATURES", "Bands the network reads (preset or list)", defaultValue="auto"),
        "auto: all engineered bands whose inputs are there, or those of the checkpoint to start from. A preset "
        "(bands23, sentinel21, rgb3, rgb4dem, ...) or a list of channels, as in 'Build engineered bands'.",
        advanced=True,
    )
    _add_choice(
        algorithm, "LOSS", "Loss", LOSSES, "focal_iou: focal loss + IoU loss, the best of the published comparison."
    )
    add_alpha(algorithm)


def add_alpha(algorithm: ScarpAlgorithm) -> None:
    """Add how the two parts of a combined loss are weighed."""
    algorithm.add(
        QgsProcessingParameterNumber(
            "ALPHA", "Share of the first loss (combined losses)", _Double, optional=True, minValue=0, maxValue=1
        ),
        "For losses of two parts: alpha x first + (1 - alpha) x second. Unset: both with weight 1.",
        advanced=True,
        decimals=2,
    )


def add_start(algorithm: ScarpAlgorithm) -> None:
    """Add fine-tuning: the checkpoint to start from, and whether its encoder stays."""
    algorithm.add(
        QgsProcessingParameterFile("INIT", "Start from checkpoint", optional=True),
        "A checkpoint to fine-tune on your data; ARCHITECTURE must name its network. With FEATURES=auto its bands are "
        "used. Another HEAD starts anew, and so do bands that it does not know.",
        advanced=True,
    )
    algorithm.add(
        QgsProcessingParameterBoolean("FREEZE", "Keep the encoder of that checkpoint", TrainJob.freeze),
        "With a checkpoint to start from: only decoder and heads learn. For very few chips, or to save time.",
        advanced=True,
    )


def add_resume(algorithm: ScarpAlgorithm) -> None:
    """Add the state file to go on with."""
    algorithm.add(
        QgsProcessingParameterFile("RESUME", "Resume (state file)", optional=True),
        "The state file that a cancelled training left beside its checkpoint.",
        advanced=True,
    )


def add_optimizer(algorithm: ScarpAlgorithm) -> None:
    """Add by which rule the weights change."""
    _add_choice(algorithm, "OPTIMIZER", "Optimizer", OPTIMIZERS, "adamw: Adam with decoupled weight decay.")


def add_course(algorithm: ScarpAlgorithm) -> None:
    """Add how it learns: learning rate, batches, stopping."""
    _add_choice(
        algorithm,
        "SCHEDULE",
        "Learning rate schedule",
        SCHEDULES,
        "cosine: falls smoothly to 0. steps: the published steps. one_cycle: rises, then falls. plateau: halved "
        "where the validation has not improved for 5 epochs. constant: stays.",
    )
    algorithm.add(
        QgsProcessingParameterNumber(
            "LEARNING_RATE", "Learning rate", _Double, optional=True, minValue=1e-9, maxValue=10
        ),
        "The highest of the training. Unset: 0.001.",
        advanced=True,
        decimals=7,
    )
    algorithm.add(
        QgsProcessingParameterNumber("BATCH", "Batch (chips at once)", _Integer, optional=True, minValue=1),
        "Unset: chosen for the size of the chips. It goes through in pieces when memory runs out.",
        advanced=True,
    )
    algorithm.add(
        QgsProcessingParameterNumber(
            "ACCUMULATE", "Batches in a step", _Integer, TrainJob.accumulate, minValue=1, maxValue=1024
        ),
        "The gradients of so many batches are averaged before the weights change: as if the batch were larger, "
        "without its memory. BatchNorm and losses of areas (IoU, Dice) still see single batches.",
        advanced=True,
    )
    algorithm.add(
        QgsProcessingParameterNumber(
            "PATIENCE",
            "Stop after epochs without progress (0: never)",
            _Integer,
            TrainJob.patience,
            minValue=0,
            maxValue=10000,
        ),
        "Ends the training when the F1 score on the validation part has not improved for so many epochs.",
        advanced=True,
    )
    algorithm.add(
        QgsProcessingParameterNumber(
            "EMA", "Decay of averaged weights (0: none)", _Double, TrainJob.ema, minValue=0, maxValue=0.99999
        ),
        "The checkpoint holds a moving average of the weights, which is steadier than the last step; 0.99 to 0.999 "
        "are usual, the closer to 1 the longer the memory in steps.",
        advanced=True,
        decimals=5,
    )
    _add_choice(
        algorithm,
        "CALIBRATE",
        "Validation for calibration and threshold",
        CALIBRATIONS,
        "plain: as it is, for maps of the same scene. augmented: changed as AUGMENT says, for maps of other places and "
        "sensors, where a network is less sure.",
    )
    algorithm.add(
        QgsProcessingParameterNumber("SEED", "Seed", _Integer, TrainJob.seed, minValue=0, maxValue=2**31 - 1),
        "The same seed and inputs give the same network on the same device.",
        advanced=True,
    )
    algorithm.add(
        QgsProcessingParameterBoolean("DETERMINISTIC", "Same result on every run", TrainJob.deterministic),
        "Only kernels that give the same result each time, which makes GPUs slower, and PRECISION=auto is fp32.",
        advanced=True,
    )
    add_device(algorithm)
    _add_choice(
        algorithm, "PRECISION", "Precision", PRECISIONS, "auto: what the device is fastest with and safe. fp32: plain."
    )


def add_chips(algorithm: ScarpAlgorithm) -> None:
    """Add which chips are shown, and how they are changed."""
    add_pictures(algorithm)
    add_negatives(algorithm)
    algorithm.add(
        QgsProcessingParameterNumber("CHIP", "Chip (px)", _Integer, TrainJob.chip, minValue=32, maxValue=1024),
        "Side of the chips cut from a scene, a multiple of 32. Chip folders keep theirs.",
        advanced=True,
    )
    algorithm.add(
        QgsProcessingParameterString("AUGMENT", "Augmentation (none, or a list)", defaultValue=TrainJob.augment),
        tr(
            "How chips are changed at random, so that the network does not learn them by heart: none, or a "
            "comma-separated list of these. {list}.",
            list="; ".join(f"{name}: {tr(meaning)}" for name, meaning in AUGMENTATIONS.items()),
        ),
        advanced=True,
    )
    algorithm.add(
        QgsProcessingParameterNumber(
            "BALANCE", "Share of chips with a landslide (0 to 1)", _Double, optional=True, minValue=0, maxValue=1
        ),
        "So many of the chips shown in an epoch hold a landslide; of a scene, so many are cut near one. Unset: as in "
        "the data; of a scene, half.",
        advanced=True,
        decimals=2,
    )
    algorithm.add(
        QgsProcessingParameterNumber("EPOCH_CHIPS", "Chips in an epoch", _Integer, optional=True, minValue=1),
        "Drawn anew in each epoch. Unset: all chips of the training part; for a scene, by its area.",
        advanced=True,
    )


def add_pictures(algorithm: ScarpAlgorithm) -> None:
    """Add what the colours of a folder of pictures are."""
    algorithm.add(
        QgsProcessingParameterEnum(
            "PICTURES",
            "What 8-bit pictures are",
            options=list(PICTURES),
            defaultValue=TrainJob.pictures,
            usesStaticStrings=True,
        ),
        "Folders of pictures only. photo: red, green and blue as they are. landslide4sense: B04, B03, B02 of that data "
        "set in natural colours, so that Sentinel-2 scenes can be mapped. auto: photo, or what the checkpoint was "
        "trained on.",
        advanced=True,
    )


def add_negatives(algorithm: ScarpAlgorithm) -> None:
    """Add chips without landslides beside a folder of chips."""
    algorithm.add(
        QgsProcessingParameterFile(
            "NEGATIVES",
            "Chips without landslides",
            Qgis.ProcessingFileParameterBehavior.Folder,
            optional=True,
        ),
        "Beside a folder of chips: another one of ground that has no landslide and that those chips lack, such as "
        "fields or snow. 'Cut chips' without polygons cuts it from an image from before an event. All of them are "
        "learned from, whatever part is kept for the test.",
        advanced=True,
    )


def add_parts(algorithm: ScarpAlgorithm) -> None:
    """Add which chips are kept for the test."""
    algorithm.add(
        QgsProcessingParameterNumber("FOLD", "Fold kept for the test", _Integer, TrainJob.fold, minValue=0, maxValue=5),
        "Chip folders only. 1 to 5: this fifth of the chips, as in the publication, is not learned from. 0: none.",
        advanced=True,
    )
    algorithm.add(
        QgsProcessingParameterNumber(
            "BLOCK", "Block kept for the test", _Integer, TrainJob.block, minValue=0, maxValue=20
        ),
        "Instead of a fold, and with a gap around it: this one of so many contiguous blocks of the data is not learned "
        "from. 0: none.",
        advanced=True,
    )
    algorithm.add(
        QgsProcessingParameterNumber("BLOCKS", "Blocks", _Integer, TrainJob.blocks, minValue=2, maxValue=20),
        "How many contiguous blocks the data are cut into, where one is kept for the test.",
        advanced=True,
    )
    algorithm.add(
        QgsProcessingParameterString("SPLIT", "Ids of the parts", optional=True),
        "Chip folders only, and instead of a fold: train=1-2240, validate=2281-2640, test=2681-3039. Unset: a block of "
        "consecutive ids validates, with a gap.",
        advanced=True,
    )
    algorithm.add(
        QgsProcessingParameterString("REGION_FIELD", "Field that names the region", optional=True),
        "Chip folders only: the column of their manifest.csv that tells the region of each chip.",
        advanced=True,
    )
    algorithm.add(
        QgsProcessingParameterString("TEST_REGION", "Region kept for the test", optional=True),
        "A value of that column: this region is not learned from, and the figures are those on it.",
        advanced=True,
    )


def check_architecture(*architectures: str) -> None:
    """Refuse an unknown network before a worker is started."""
    for text in architectures:
        name = text.partition("(")[0].strip().lower()
        if name not in ARCHITECTURES:
            raise ScarpError(f"ARCHITECTURE is '{name}'; choose one of {', '.join(ARCHITECTURES)}.")


def _add_choice(algorithm: ScarpAlgorithm, name: str, title: str, options: tuple[str, ...], text: str) -> None:
    algorithm.add(
        QgsProcessingParameterEnum(
            name, title, options=list(options), defaultValue=getattr(TrainJob, name.lower()), usesStaticStrings=True
        ),
        text,
        advanced=True,
    )
