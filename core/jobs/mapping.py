"""Jobs that run a network over a scene."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..errors import ScarpError
from ..job import SceneInputs, output
from .postprocessing import PostProcessing

PRECISIONS = ("auto", "fp32", "bf16", "fp16")
TEST_TIME_AUGMENTATIONS = ("none", "rotations", "all")
OCCLUSIONS = ("groups", "channels")


@dataclass
class DetectJob(SceneInputs, PostProcessing):
    """Map landslides: probability, mask and polygons of a scene.

    Attributes:
        threshold: Probability from which a pixel is landslide; None: the card's. tta: one of `TEST_TIME_AUGMENTATIONS`.
        tile: Side of a tile in pixels, None: chosen. overlap: share of a tile, None: chosen. batch: None: chosen.
        memory: What the worker may take, MB; None: 1500.
    """

    KIND: ClassVar[str] = "detect"
    checkpoint: str = ""
    threshold: float | None = None
    tta: str = "none"
    vote: bool = False
    device: str = "auto"
    tile: int | None = None
    overlap: float | None = None
    batch: int | None = None
    memory: float | None = None
    precision: str = "auto"
    probability: str = output()
    mask: str = output()
    polygons: str = output()
    uncertainty: str = output()
    presence: str = output()
    domain: str = output()

    def check(self) -> None:
        """See `Job.check`."""
        self.check_scene()
        self.require("checkpoint")
        self.choice("tta", TEST_TIME_AUGMENTATIONS)
        self.choice("precision", PRECISIONS)
        self.within("threshold", 0, 1)
        self.within("overlap", 0, 0.75)
        self.within("tile", 32, 4096)
        self.within("batch", 1, 4096)
        self.within("memory", 600, 1e6)
        self.check_post_processing(relief=self.dem or self.slope)
        if self.threshold is not None:
            self.check_thresholds(self.threshold)
        if not self.outputs():
            raise ScarpError(
                "No output was asked for. Choose at least one of PROBABILITY, MASK, POLYGONS, UNCERTAINTY, PRESENCE."
            )


@dataclass
class ExplainJob(SceneInputs):
    """Explain what a network maps in a scene: Grad-CAM of the landslide class, and the bands that matter.

    Attributes:
        stage: ``deep`` (the deepest map of the network), ``full`` (its last one), or the number of a block from 1.
        threshold: Probability from which a pixel is landslide; None: the card's.
        tile: Side of a tile in pixels, None: chosen. overlap: share of a tile, None: chosen.
        occlude: What is taken away at a time, one of `OCCLUSIONS`. sample: tiles it is tried on.
        report: HTML with the heat map and the bands. table: the latter as CSV.
    """

    KIND: ClassVar[str] = "explain"
    checkpoint: str = ""
    stage: str = "deep"
    threshold: float | None = None
    device: str = "auto"
    tile: int | None = None
    overlap: float | None = None
    occlude: str = "groups"
    sample: int = 24
    report: str = output()
    table: str = output()
    output: str = output()  # last: the name hides the function

    def check(self) -> None:
        """See `Job.check`."""
        self.check_scene()
        self.require("checkpoint", "stage", "output")
        self.choice("occlude", OCCLUSIONS)
        self.within("threshold", 0, 1)
        self.within("overlap", 0, 0.75)
        self.within("tile", 32, 4096)
        self.within("sample", 1, 100_000)
