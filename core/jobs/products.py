"""Jobs that make products of a probability map and judge them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from ..errors import ScarpError
from ..job import Job, Layer, layer_of, output
from .postprocessing import PostProcessing


@dataclass
class EvaluateJob(Job):
    """Compare a mask, probability raster or polygons with a reference, inside ``area``.

    ``threshold``: for probability rasters; None: 0.5, said in the log. ``min_area``: m², for the object figures.
    ``dem``: for the figures by slope. ``block``: side in pixels of the blocks that are drawn ``resamples`` times for
    the intervals; 0 times: none.
    """

    KIND: ClassVar[str] = "evaluate"
    prediction: str = ""
    reference: str = ""
    area: str = ""
    threshold: float | None = None
    min_area: float = 0.0
    dem: str = ""
    block: int = 64
    resamples: int = 1000
    error_map: str = output()
    report: str = output()

    def check(self) -> None:
        """See `Job.check`."""
        self.require("prediction", "reference")
        self.within("threshold", 0, 1)
        self.within("min_area", 0, 1e9)
        self.within("block", 8, 4096)
        self.within("resamples", 0, 100_000)


@dataclass
class PolygonizeJob(PostProcessing):
    """Turn a probability raster into a mask and polygons; ``dem``: for the figures of relief."""

    KIND: ClassVar[str] = "polygonize"
    probability: str = ""
    threshold: float = 0.5
    dem: str = ""
    mask: str = output()
    polygons: str = output()

    def check(self) -> None:
        """See `Job.check`."""
        self.require("probability")
        self.within("threshold", 0, 1)
        self.check_post_processing(relief=self.dem)
        self.check_thresholds(self.threshold)
        if not self.outputs():
            raise ScarpError("No output was asked for. Choose at least one of MASK and POLYGONS.")


METHODS = ("best", "mean", "max", "latest", "first")


@dataclass
class MosaicJob(Job):
    """Put the probability rasters of several scenes together.

    Attributes:
        probabilities: The rasters, on any grids; the first gives CRS and cells.
        method: What counts where they overlap, one of `METHODS`; `scarp.core.products.mosaic.Mosaic.read` says how.
        dates: When the scenes were taken, ISO dates, comma-separated, one a raster; empty: found in the run records.
    """

    KIND: ClassVar[str] = "mosaic"
    probabilities: list[Layer] = field(default_factory=list)
    method: str = "best"
    dates: str = ""
    output: str = output()

    def __post_init__(self) -> None:
        self.probabilities = [layer_of(item) for item in self.probabilities]

    def check(self) -> None:
        """See `Job.check`."""
        self.require("probabilities", "output")
        self.choice("method", METHODS)
        days = self.days()
        if days and len(days) != len(self.probabilities):
            raise ScarpError(
                f"DATES holds {len(days)} dates, PROBABILITIES {len(self.probabilities)} rasters. Give one a raster, "
                "in the same order, or leave DATES empty."
            )
        paths = [layer.path for layer in self.probabilities]
        twice = sorted({path for path in paths if paths.count(path) > 1})
        if twice:
            raise ScarpError(f"PROBABILITIES holds the same file twice: {', '.join(twice)}. Remove one.")

    def days(self) -> list[date]:
        """The days in ``dates``."""
        texts = [text.strip() for text in self.dates.split(",") if text.strip()]
        try:
            return [date.fromisoformat(text) for text in texts]
        except ValueError as error:
            raise ScarpError(
                f"DATES is '{self.dates}'; write dates as year-month-day, with commas between them: "
                "2018-09-08, 2018-09-13."
            ) from error


@dataclass
class VerifyJob(Job):
    """Learn from polygons that are judged which of the others are landslides.

    Attributes:
        polygons: The layer, with the attributes that Scarp writes. verifier: a file that has learned elsewhere; empty:
            learn here.
        field: Where the analyst has written right or wrong.
        reference: Landslides known to be true; they judge instead. area: where they are complete.
        attributes: What to look at, comma separated; empty: the form, the relief and the probability.
        share: Share of a polygon that the reference must cover for it to be right.
        threshold: Probability from which a polygon is right. unsure: on both sides of it, no verdict.
        block: Side of the blocks that are left out in turn, metres; None: chosen. trees: of the forest.
        model: File for the verifier, to be used elsewhere.
    """

    KIND: ClassVar[str] = "verify"
    polygons: str = ""
    verifier: str = ""
    field: str = "reviewed"
    reference: str = ""
    area: str = ""
    attributes: str = ""
    share: float = 0.3
    threshold: float = 0.5
    unsure: float = 0.15
    block: float | None = None
    trees: int = 300
    seed: int = 0
    model: str = output()
    report: str = output()
    output: str = output()  # last: the name hides the function

    def check(self) -> None:
        """See `Job.check`."""
        self.require("polygons")
        self.within("share", 0.01, 1)
        self.within("threshold", 0, 1)
        self.within("unsure", 0, 0.5)
        self.within("block", 1, 1e7)
        self.within("trees", 1, 10_000)
        self.within("seed", 0, 2**32 - 1)
        if not self.outputs():
            raise ScarpError("No output was asked for. Choose at least one of OUTPUT, MODEL and REPORT.")
        if self.verifier and self.model:
            raise ScarpError("MODEL is what was learned, but with a VERIFIER nothing is. Leave one of them empty.")
        if self.area and not self.reference:
            raise ScarpError("AREA says where the REFERENCE is complete. Give the reference too, or leave AREA empty.")
        if not self.reference and not self.verifier:
            self.require("field")
