"""Jobs that run a network over a scene."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..errors import ScarpError
from ..job import SceneInputs, output

PRECISIONS = ("auto", "fp32", "bf16", "fp16")
TEST_TIME_AUGMENTATIONS = ("none", "rotations", "all")


@dataclass
class DetectJob(SceneInputs):
    """Map landslides: probability, mask and polygons of a scene.

    Attributes:
        threshold: Probability from which a pixel is landslide; None: the card's.
        min_area: Smallest landslide kept, m². tta: one of `TEST_TIME_AUGMENTATIONS`.
        tile: Side of a tile in pixels, None: chosen. overlap: share of a tile, None: chosen. batch: None: chosen.
        event_date: ISO date, written to the polygons.
    """

    KIND: ClassVar[str] = "detect"
    checkpoint: str = ""
    threshold: float | None = None
    min_area: float = 400.0
    tta: str = "none"
    vote: bool = False
    device: str = "auto"
    tile: int | None = None
    overlap: float | None = None
    batch: int | None = None
    precision: str = "auto"
    event_date: str = ""
    probability: str = output()
    mask: str = output()
    polygons: str = output()
    uncertainty: str = output()
    presence: str = output()

    def check(self) -> None:
        """See `Job.check`."""
        self.check_scene()
        self.require("checkpoint")
        self.choice("tta", TEST_TIME_AUGMENTATIONS)
        self.choice("precision", PRECISIONS)
        self.within("threshold", 0, 1)
        self.within("min_area", 0, 1e9)
        self.within("overlap", 0, 0.75)
        self.within("tile", 32, 4096)
        self.within("batch", 1, 4096)
        self.is_date("event_date")
        if not self.outputs():
            raise ScarpError(
                "No output was asked for. Choose at least one of PROBABILITY, MASK, POLYGONS, UNCERTAINTY, PRESENCE."
            )
