"""From probability to inventory: the options that mapping and polygonising share."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import ScarpError
from ..job import Job

MORPHOLOGIES = ("none", "opening", "closing")
SLOPE_RULES = ("body", "pixel")
SPLITS = ("none", "shape", "probability")


@dataclass
class PostProcessing(Job):
    """What is done to a thresholded probability, in the order of the fields.

    Attributes:
        area: Polygons outside of which nothing is mapped; empty: none.
        grow_threshold: Landslides grow from the threshold down to this probability; None: they don't.
        morphology: One of `MORPHOLOGIES`, by a square of 4 x 4 pixels.
        fill_holes: Holes of less than so many m² are filled.
        min_area: Smallest landslide kept, m².
        min_slope: Ground flatter than so many degrees is no landslide: bodies by their mean slope, or pixels, as
            ``slope_rule``, one of `SLOPE_RULES`, says.
        split: How merged landslides are divided, one of `SPLITS`.
        smooth: Cut the corners of the pixels off the outlines.
        simplify: Tolerance of a simplification of the outlines in metres, 0: none.
        event_date: ISO date, written to the polygons.
    """

    area: str = ""
    grow_threshold: float | None = None
    morphology: str = "none"
    fill_holes: float = 0.0
    min_area: float = 400.0
    min_slope: float = 0.0
    slope_rule: str = "body"
    split: str = "none"
    smooth: bool = False
    simplify: float = 0.0
    event_date: str = ""

    def check_post_processing(self, *, relief: str) -> None:
        """Check these options; ``relief``: what the slope comes from, empty when there is nothing."""
        self.choice("morphology", MORPHOLOGIES)
        self.choice("slope_rule", SLOPE_RULES)
        self.choice("split", SPLITS)
        self.within("grow_threshold", 0, 1)
        self.within("fill_holes", 0, 1e9)
        self.within("min_area", 0, 1e9)
        self.within("min_slope", 0, 90)
        self.within("simplify", 0, 1e4)
        self.is_date("event_date")
        if self.min_slope and not relief:
            raise ScarpError(
                f"MIN_SLOPE is {self.min_slope:g} degrees, but there is no DEM to take the slope from. "
                "Give a DEM, or set MIN_SLOPE to 0."
            )

    def check_thresholds(self, threshold: float) -> None:
        """Raise a `ScarpError` when landslides would have to grow to higher probabilities than they start from."""
        if self.grow_threshold is not None and self.grow_threshold > threshold:
            raise ScarpError(
                f"GROW_THRESHOLD is {self.grow_threshold:g}, above the threshold of {threshold:g}. Landslides grow "
                "from pixels of the threshold down to it: choose a lower value, or leave it unset."
            )
