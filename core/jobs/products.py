"""Jobs that make products of a probability map and judge them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..errors import ScarpError
from ..job import Job, output


@dataclass
class EvaluateJob(Job):
    """Compare a mask, probability raster or polygons with a reference, inside ``area``.

    ``threshold``: for probability rasters; None: 0.5, said in the log. ``min_area``: m², for the object figures.
    """

    KIND: ClassVar[str] = "evaluate"
    prediction: str = ""
    reference: str = ""
    area: str = ""
    threshold: float | None = None
    min_area: float = 0.0
    error_map: str = output()
    report: str = output()

    def check(self) -> None:
        """See `Job.check`."""
        self.require("prediction", "reference")
        self.within("threshold", 0, 1)
        self.within("min_area", 0, 1e9)


@dataclass
class PolygonizeJob(Job):
    """Turn a probability raster into a mask and polygons; ``simplify``: tolerance in metres, 0 keeps pixel edges."""

    KIND: ClassVar[str] = "polygonize"
    probability: str = ""
    threshold: float = 0.5
    min_area: float = 400.0
    dem: str = ""
    simplify: float = 0.0
    event_date: str = ""
    mask: str = output()
    polygons: str = output()

    def check(self) -> None:
        """See `Job.check`."""
        self.require("probability")
        self.within("threshold", 0, 1)
        self.within("min_area", 0, 1e9)
        self.within("simplify", 0, 1e4)
        self.is_date("event_date")
        if not self.outputs():
            raise ScarpError("No output was asked for. Choose at least one of MASK and POLYGONS.")
