"""What is known of each body, gathered strip by strip: the columns of a polygon layer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..scene.grid import Grid, Window
from .band import Band
from .fields import confidence
from .form import extents
from .squares import Numbered
from .statistics import BodyStatistics, ReadLayers, gather
from .surroundings import Surroundings

# Columns that are a statistic of a quantity: column, quantity, statistic.
_STATISTICS = (
    ("elev_min", "elev", BodyStatistics.minimum),
    ("elev_max", "elev", BodyStatistics.maximum),
    ("slope_mean", "slope", BodyStatistics.mean),
    ("slope_max", "slope", BodyStatistics.maximum),
    ("ndvi_mean", "ndvi", BodyStatistics.mean),
    ("prob_mean", "prob", BodyStatistics.mean),
    ("prob_max", "prob", BodyStatistics.maximum),
    ("prob_std", "prob", BodyStatistics.deviation),
)
#: A mean of directions shorter than this points nowhere.
_SHORTEST = 1e-6


class Attributes:
    """Describes the bodies of a mask. Of those that are given out nothing is kept.

    Args:
        mask: The mask they are in.
        bodies: Their boxes, and when they end.
        layers: Rasters to describe them with, see `scarp.core.products.layers`.
        threshold: Probability from which a pixel was landslide; None: not known, and so is the confidence.
    """

    def __init__(
        self, mask: Band, bodies: Numbered, layers: Sequence[ReadLayers], threshold: float | None = None
    ) -> None:
        self._threshold = threshold
        self._ends, self._layers = bodies.ends, layers
        # The bodies that statistics are held of, rising after a 0, and the place of each among them.
        self._held = np.zeros(1, np.int64)
        self._place = np.zeros(bodies.count + 1, np.int32)
        self._surroundings = Surroundings(mask, bodies)
        self._statistics: dict[str, BodyStatistics] = {}

    def add(self, window: Window, labels: NDArray[np.int32]) -> None:
        """Add a strip, int32 [h, width], 0 or the number of the body."""
        open_still = self._held[self._ends[self._held] >= window.row]
        self._hold(np.union1d(np.append(open_still, 0), np.flatnonzero(np.bincount(labels.ravel()))))
        gather(self._statistics, len(self._held) - 1, self._place[labels], window, self._layers)
        self._surroundings.add(window.row, labels)

    def columns(self, numbers: NDArray[np.int64], outlines: NDArray[np.object_], grid: Grid) -> dict[str, Any]:
        """The columns of finished bodies, [n] each; what is not known is NaN, None, or left out.

        Args:
            numbers: The bodies.
            outlines: Along pixel edges, in pixel coordinates.
            grid: The grid of the mask.
        """
        found: dict[str, Any] = {
            column: statistic(self._statistics[quantity], self._place[numbers])
            for column, quantity, statistic in _STATISTICS
            if quantity in self._statistics
        }
        if "elev_min" in found:
            found["elev_range"] = found["elev_max"] - found["elev_min"]
        if "prob_mean" in found and self._threshold is not None:
            found["confidence"] = confidence(found["prob_mean"], self._threshold)
        east, north = self._direction(numbers)
        found["aspect_mean"] = np.degrees(np.arctan2(east, north)) % 360
        return {
            **found,
            **extents(outlines, grid, east, north),
            "nodata_share": self._surroundings.share(numbers),
            "touches_edge": self._surroundings.touches(numbers),
        }

    def _hold(self, numbers: NDArray[np.int64]) -> None:
        """Go on with these bodies, rising after a 0."""
        place = np.minimum(np.searchsorted(self._held, numbers), len(self._held) - 1)
        old = np.where(self._held[place] == numbers, place, -1)
        for statistics in self._statistics.values():
            statistics.rearrange(old)
        self._held = numbers
        self._place[numbers] = np.arange(len(numbers))

    def _direction(self, numbers: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        if "east" not in self._statistics:
            unknown = np.full(len(numbers), np.nan)
            return unknown, unknown
        east, north = (self._statistics[name].mean(self._place[numbers]) for name in ("east", "north"))
        clear = np.hypot(east, north) > _SHORTEST
        return np.where(clear, east, np.nan), np.where(clear, north, np.nan)
