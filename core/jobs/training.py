"""Jobs that train networks and measure them on chips."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import ClassVar

from ..errors import ScarpError
from ..job import Job, SceneInputs, output
from .mapping import PRECISIONS, TEST_TIME_AUGMENTATIONS

HEADS = ("single", "dual", "multires")
FOLD_KINDS = ("blocks", "paper")
# How the validation part is seen when calibration and threshold are chosen.
CALIBRATIONS = ("plain", "augmented")
# What the colours of 8-bit pictures are.
PICTURES = ("auto", "photo", "landslide4sense")

# What AUGMENT takes, in the order of `scarp.core.chips.augment`, which says exactly what each does.
AUGMENTATIONS: dict[str, str] = {
    "rotations": "turned by 0, 90, 180 or 270 degrees",
    "flips": "mirrored left to right, or not",
    "scale": "half of the chips zoomed by 0.8 to 1.25",
    "paste": "the landslides of 0, 1 or 2 other training chips copied in, as in the paper",
    "cutmix": "a rectangle of another training chip put into half of the chips, with its labels",
    "level": "half of the chips changed from L1C to what L2A would look like: no haze of clear air, no B10",
    "relief": "60 % of the chips lit as if other hills were there, so that landslides in the shade are learned, too",
    "clouds": "a quarter of the chips under clouds and their shadows, so that clouds that nobody masked are no "
    "landslides",
    "jitter": "other light, haze, gains and offsets of the bands, elevation shifted by some metres",
    "drop": "B10, B01 and B09, the red edge (B05, B06, B07, B8A), or slope and DEM missing at times, so that scenes "
    "without them can be mapped",
}


@dataclass
class TrainJob(SceneInputs):
    """Train a network on a folder of chips (``dataset``) or on polygons in a scene (``labels``, ``area``).

    Attributes:
        dataset: Folder of chips (cut by `MakeChipsJob`, Landslide4Sense as downloaded, or image and mask folders).
        pictures: What the colours of 8-bit pictures are, one of `PICTURES`; ``landslide4sense``: B04, B03, B02 of that
            data set, each chip divided by its brightest value; ``auto``: that, where ``init`` was trained on such.
        negatives: Folder of chips without landslides, cut by `MakeChipsJob`, that train beside those of ``dataset``.
        labels: Landslide polygons, ``file.gpkg`` or ``file.gpkg|layername=x``; area: where they are complete
            (empty: the whole scene).
        alpha: Share of the first loss in combined losses; None: both with weight 1.
        schedule: One of `scarp.core.training.schedules.names`. batch: None: chosen.
        learning_rate: The highest of the training; None: 1e-3.
        augment: ``none``, or a comma-separated list; the names are those of `scarp.core.chips.augment`.
        balance: Share of the chips shown that hold a landslide; None: as in the data. Of a scene: share of the chips
            that are drawn near a landslide; None: half.
        fold: 0, or 1 to 5: the paper's fold that is kept for the test (chip folders only).
        block: 0, or 1 to ``blocks``: our own fold that is kept for the test; unlike the paper's it has a gap around it.
        blocks: How many contiguous blocks the data are cut into.
        split: Ids of each part, ``train=1-2240, validate=2281-2640, test=2681-3039`` (chip folders; empty: chosen).
        epoch_chips: Chips shown in an epoch, drawn anew each time; None: all (scenes: by the area).
        region_field: Column of the manifest that names the region of each chip (chip folders only). test_region: The
            region that is kept for the test; all others train and validate.
        chip: Side of a training chip in pixels (scenes only; chip folders keep theirs).
        accumulate: Batches whose gradients are added up before a step. patience: epochs without a better validation
            score after which the training stops; 0: never.
        ema: Decay of the averaged weights that are validated and kept; 0: the weights themselves.
        calibrate: One of `CALIBRATIONS`. ``augmented``: calibration and threshold are chosen on validation chips that
            ``augment`` has changed, for networks that are to map other places, where they are less sure.
        deterministic: Same result on the same machine, at the price of speed.
        init: Checkpoint to start from. freeze: its encoder is not changed.
        resume: State file written beside the checkpoint by a run that was stopped.
    """

    KIND: ClassVar[str] = "train"
    dataset: str = ""
    pictures: str = PICTURES[0]
    negatives: str = ""
    labels: str = ""
    area: str = ""
    architecture: str = "scarpnet_small"
    head: str = "single"
    features: str = "auto"
    loss: str = "focal_iou"
    alpha: float | None = None
    optimizer: str = "adamw"
    schedule: str = "cosine"
    epochs: int = 30
    batch: int | None = None
    learning_rate: float | None = None
    augment: str = "flips,rotations"
    balance: float | None = None
    accumulate: int = 1
    patience: int = 0
    ema: float = 0.0
    calibrate: str = CALIBRATIONS[0]
    deterministic: bool = False
    fold: int = 0
    block: int = 0
    blocks: int = 5
    split: str = ""
    epoch_chips: int | None = None
    region_field: str = ""
    test_region: str = ""
    seed: int = 0
    device: str = "auto"
    precision: str = "auto"
    chip: int = 128
    init: str = ""
    freeze: bool = False
    resume: str = field(default="", metadata={"role": "state"})
    checkpoint: str = output()
    report: str = output()

    def check(self) -> None:
        """See `Job.check`."""
        if bool(self.dataset) == bool(self.labels):
            raise ScarpError(
                "Give either DATASET (a folder of chips) or a scene with LABELS (landslide polygons), "
                f"not {'both' if self.dataset else 'neither'}."
            )
        if self.labels:
            self.check_scene()
        if self.negatives and not self.dataset:
            raise ScarpError(
                "NEGATIVES are chips that train beside those of DATASET, and there is no DATASET. In a scene what lies "
                "in AREA and is no landslide is learned as such: leave NEGATIVES empty."
            )
        self.require("checkpoint", "architecture", "loss", "optimizer")
        self.choice("head", HEADS)
        self.choice("precision", PRECISIONS)
        self.choice("pictures", PICTURES)
        self.choice("calibrate", CALIBRATIONS)
        self.within("alpha", 0, 1)
        self.within("epochs", 1, 10000)
        self.within("batch", 1, 4096)
        self.within("learning_rate", 1e-9, 10)
        self.within("fold", 0, 5)
        self.within("blocks", 2, 20)
        self.within("block", 0, self.blocks)
        self.within("epoch_chips", 1, 10**7)
        self.within("balance", 0, 1)
        self.within("accumulate", 1, 1024)
        self.within("patience", 0, 10000)
        self.within("ema", 0, 0.99999)
        given = [name.upper() for name in ("fold", "block", "split", "test_region") if getattr(self, name)]
        if len(given) > 1:
            raise ScarpError(f"{' and '.join(given)} each say which chips are kept for the test. Give one of them.")
        if bool(self.region_field) != bool(self.test_region):
            raise ScarpError("REGION_FIELD and TEST_REGION go together: a field, and its value for the test.")
        if self.freeze and not self.init:
            raise ScarpError("FREEZE keeps the encoder of a checkpoint as it is. Give the checkpoint as INIT.")
        self.within("chip", 32, 1024)
        if self.chip % 32:
            raise ScarpError(f"CHIP is {self.chip} px; choose a multiple of 32.")


@dataclass
class CrossValidateJob(TrainJob):
    """Train once a fold on the others and test on it; the parameters are those of a training.

    Attributes:
        folds: How many parts the data are cut into; each is the test part once.
        fold_kind: ``blocks``: contiguous blocks with a gap around the test part. ``paper``: the paper's five folds,
            which touch (chip folders only).
        fold: 0: all folds are trained. Another: only this one, so that several machines can share the work.
        table: CSV with a row a fold. Beside it lies a folder with the checkpoints, from which a run that was stopped
            goes on.
    """

    KIND: ClassVar[str] = "crossvalidate"
    folds: int = 5
    fold_kind: str = FOLD_KINDS[0]
    table: str = output()

    def check(self) -> None:
        """See `Job.check`."""
        self.require("table")
        self.choice("fold_kind", FOLD_KINDS)
        self.within("folds", 2, 20)
        if self.fold_kind == "paper" and self.folds != 5:
            raise ScarpError(f"FOLDS is {self.folds}, but the paper has 5. Set FOLDS=5, or FOLD_KIND=blocks.")
        if self.fold_kind == "paper" and not self.dataset:
            raise ScarpError("FOLD_KIND=paper is for folders of chips. Set FOLD_KIND=blocks for a scene.")
        self.within("fold", 0, self.folds)
        for name in ("block", "split", "test_region", "resume", "checkpoint"):
            if getattr(self, name):
                raise ScarpError(
                    f"{name.upper()} is set, but a cross-validation decides it: each fold is tested once, and its "
                    "checkpoint and state lie beside TABLE. Leave it empty."
                )
        self.fold_job(1, "fold.safetensors").check()

    def fold_job(self, number: int, checkpoint: str, report: str = "", resume: str = "") -> TrainJob:
        """The training whose test part is fold ``number``, from 1."""
        values = {f.name: getattr(self, f.name) for f in fields(TrainJob)}
        blocks = {"fold": 0, "block": number, "blocks": self.folds}
        part = {"fold": number} if self.fold_kind == "paper" else blocks
        return TrainJob(**{**values, **part, "checkpoint": checkpoint, "report": report, "resume": resume})


@dataclass
class EvaluateCheckpointJob(Job):
    """Judge a checkpoint on a folder of labelled chips.

    Attributes:
        checkpoint: A path, or the name of a shipped checkpoint. dataset, pictures: as for a training.
        threshold: Probability from which a pixel is landslide; None: the card's.
        min_pixels: Smallest body that counts in the figures of whole landslides, pixels.
        tta: One of `TEST_TIME_AUGMENTATIONS`. vote: average the resolutions of a multires head. batch: None: chosen.
        seed: Of the draws behind the intervals.
        table: CSV with a row a chip.
    """

    KIND: ClassVar[str] = "evaluatecheckpoint"
    checkpoint: str = ""
    dataset: str = ""
    pictures: str = PICTURES[0]
    threshold: float | None = None
    min_pixels: int = 4
    tta: str = "none"
    vote: bool = False
    device: str = "auto"
    batch: int | None = None
    precision: str = "auto"
    seed: int = 0
    report: str = output()
    table: str = output()

    def check(self) -> None:
        """See `Job.check`."""
        self.require("checkpoint", "dataset")
        self.choice("tta", TEST_TIME_AUGMENTATIONS)
        self.choice("precision", PRECISIONS)
        self.choice("pictures", PICTURES)
        self.within("threshold", 0, 1)
        self.within("min_pixels", 1, 10**6)
        self.within("batch", 1, 4096)
        self.within("seed", 0, 2**31 - 1)
