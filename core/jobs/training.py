"""Jobs that train networks and measure them on chips."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from ..errors import ScarpError
from ..job import SceneInputs, output
from .mapping import PRECISIONS

HEADS = ("single", "dual", "multires")


@dataclass
class TrainJob(SceneInputs):
    """Train a network on a folder of chips (``dataset``) or on polygons in a scene (``labels``, ``area``).

    Attributes:
        dataset: Folder of chips (Landslide4Sense as downloaded, or image and mask folders).
        labels: Landslide polygons, ``file.gpkg`` or ``file.gpkg|layername=x``; area: where they are complete
            (empty: the whole scene).
        alpha: Share of the first loss in combined losses; None: both with weight 1.
        schedule: ``cosine``, ``steps`` (the paper's) or ``constant``. batch: None: chosen.
        augment: ``none``, or a comma-separated list; the names are those of `scarp.core.chips.augment`.
        balance: Share of the chips shown that hold a landslide; None: as in the data (chip folders).
        fold: 0, or 1 to 5: the paper's fold that is kept for the test (chip folders only).
        split: Ids of each part, ``train=1-2240, validate=2281-2640, test=2681-3039`` (chip folders; empty: chosen).
        epoch_chips: Chips shown in an epoch, drawn anew each time; None: all (scenes: by the area).
        region_field: Field that names the region of each chip (manifest) or polygon of AREA. test_region: The region
            that is kept for the test; all others train and validate.
        chip: Side of a training chip in pixels (scenes only; chip folders keep theirs).
        accumulate: Batches whose gradients are added up before a step. patience: epochs without a better validation
            score after which the training stops; 0: never.
        ema: Decay of the averaged weights that are validated and kept; 0: the weights themselves.
        deterministic: Same result on the same machine, at the price of speed.
        init: Checkpoint to start from. freeze: its encoder is not changed.
        resume: State file written beside the checkpoint by a run that was stopped.
    """

    KIND: ClassVar[str] = "train"
    dataset: str = ""
    labels: str = ""
    area: str = ""
    architecture: str = "unet"
    head: str = "single"
    features: str = "auto"
    loss: str = "focal_iou"
    alpha: float | None = None
    optimizer: str = "adamw"
    schedule: str = "cosine"
    epochs: int = 30
    batch: int | None = None
    learning_rate: float = 1e-3
    augment: str = "flips,rotations"
    balance: float | None = None
    accumulate: int = 1
    patience: int = 0
    ema: float = 0.0
    deterministic: bool = False
    fold: int = 0
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
        self.require("checkpoint", "architecture", "loss", "optimizer")
        self.choice("head", HEADS)
        self.choice("precision", PRECISIONS)
        self.within("alpha", 0, 1)
        self.within("epochs", 1, 10000)
        self.within("batch", 1, 4096)
        self.within("learning_rate", 1e-9, 10)
        self.within("fold", 0, 5)
        self.within("epoch_chips", 1, 10**7)
        self.within("balance", 0, 1)
        self.within("accumulate", 1, 1024)
        self.within("patience", 0, 10000)
        self.within("ema", 0, 0.99999)
        given = [name.upper() for name in ("fold", "split", "test_region") if getattr(self, name)]
        if len(given) > 1:
            raise ScarpError(f"{' and '.join(given)} each say which chips are kept for the test. Give one of them.")
        if bool(self.region_field) != bool(self.test_region):
            raise ScarpError("REGION_FIELD and TEST_REGION go together: a field, and its value for the test.")
        if self.freeze and not self.init:
            raise ScarpError("FREEZE keeps the encoder of a checkpoint as it is. Give the checkpoint as INIT.")
        self.within("chip", 32, 1024)
        if self.chip % 32:
            raise ScarpError(f"CHIP is {self.chip} px; choose a multiple of 32.")
