"""How good a network is on chips: the counts of each, pooled figures with intervals, and the chips worth a look."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ..chips.chip import NOT_SCORED, Chip
from . import bootstrap
from .examples import Examples
from .metrics import Confusion, Histogram, Objects

#: Smallest body that counts as an object unless asked otherwise, pixels: 400 m² at 10 m, as maps are made by default.
MIN_PIXELS = 4


@dataclass(frozen=True)
class ChipRow:
    """Counts of one chip.

    Attributes:
        id: What a person can find it by. group: the part of the data set it belongs to, or empty.
        tp: Pixels that are landslide in both; fp: in the map alone; fn: in truth alone; tn: in neither.
        mean_probability: Mean over the scored pixels; NaN without any.
    """

    id: str
    group: str
    tp: int
    fp: int
    fn: int
    tn: int
    mean_probability: float

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """tp, fp, fn, tn."""
        return self.tp, self.fp, self.fn, self.tn

    @property
    def wrong(self) -> int:
        """Pixels that are wrong."""
        return self.fp + self.fn

    @property
    def landslide_share(self) -> float:
        """Share of the scored pixels that is landslide in truth; NaN without any."""
        return (self.tp + self.fn) / sum(self.counts) if sum(self.counts) else float("nan")

    def figures(self) -> dict[str, float]:
        """The figures of `Confusion.scores` of this chip alone."""
        return Confusion(*self.counts).scores()


@dataclass
class ChipScores:
    """Takes in one chip after the other.

    Attributes:
        threshold: Probability from which a pixel is landslide.
        min_pixels: Smallest body that counts in the figures of whole landslides; None: they are not computed (chips
            of which only a part is scored cut their bodies).
        examples: Collects chips for the report; None: none.
        rows: A row a chip, in their order.
        histogram: Scored pixels by probability and class.
    """

    threshold: float
    min_pixels: int | None = MIN_PIXELS
    examples: Examples | None = None
    rows: list[ChipRow] = field(default_factory=list)
    histogram: Histogram = field(default_factory=Histogram)

    def __post_init__(self) -> None:
        self.objects = Objects(self.min_pixels or 1)

    def add(self, chip: Chip, names: tuple[str, ...], probability: NDArray[np.float32], group: str = "") -> None:
        """Count one more chip.

        Args:
            chip: With its truth.
            names: Of its bands.
            probability: Of landslide, float32 [h, w].
            group: Stands in its row.
        """
        confusion = Confusion()
        confusion.add(probability, chip.label, None, self.threshold)
        scored = chip.label != NOT_SCORED
        mean = float(probability[scored].mean()) if scored.any() else float("nan")
        row = ChipRow(chip.id, group, confusion.tp, confusion.fp, confusion.fn, confusion.tn, mean)
        self.rows.append(row)
        self.histogram.add(probability, chip.label)
        if self.min_pixels is not None:
            self.objects.add(probability, chip.label, None, self.threshold)
        if self.examples is not None:
            self.examples.offer(row, chip, names, probability)

    def confusion(self) -> Confusion:
        """The counts of all chips together."""
        return Confusion(*map(int, self._counts().sum(0)))

    def figures(self) -> dict[str, float]:
        """``threshold``, every figure (CONTRIBUTING.md, Figures), pooled over all chips, and the counts behind them."""
        confusion = self.confusion()
        objects = {} if self.min_pixels is None else self.objects.scores()
        counts = {name: float(getattr(confusion, name)) for name in ("tp", "fp", "fn", "tn")}
        return {
            "threshold": self.threshold,
            **confusion.scores(),
            **self.histogram.scores(),
            **objects,
            **counts,
        }

    def intervals(self, seed: int = 0) -> dict[str, tuple[float, float]]:
        """Low and high end of the 95 % interval of each pooled figure; see `bootstrap.intervals`."""
        return bootstrap.intervals(self._counts(), seed)

    def _counts(self) -> NDArray[np.int64]:
        return np.array([row.counts for row in self.rows], np.int64).reshape(-1, 4)
