"""The chips on which a network does best and worst, kept small enough to draw at the end."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..chips.chip import Chip

if TYPE_CHECKING:
    from .chip_scores import ChipRow

#: Best and worst chips that are kept, each.
KEPT = 5
# A chip with a handful of landslide pixels is right or wrong by chance: it does not stand among the best.
_LEAST_SHARE = 0.01
_COLOURS = (("B04", "B03", "B02"), ("R", "G", "B"))


@dataclass(frozen=True)
class Example:
    """A chip to draw.

    Attributes:
        row: Its counts. image: float16 [h, w, 3], 0 to 1. label: uint8 [h, w]. probability: float16 [h, w].
    """

    row: ChipRow
    image: NDArray[np.float16]
    label: NDArray[np.uint8]
    probability: NDArray[np.float16]


class Examples:
    """Keeps the chips with the most wrong pixels, and those with landslides on 1 % or more and the highest F1."""

    def __init__(self) -> None:
        # Value, minus the place in the data (the first of equals stays), example.
        self._best: list[tuple[float, int, Example]] = []
        self._worst: list[tuple[float, int, Example]] = []
        self._seen = 0

    @property
    def best(self) -> list[Example]:
        """The best chips, best first."""
        return [example for _, _, example in sorted(self._best, reverse=True)]

    @property
    def worst(self) -> list[Example]:
        """The chips with the most wrong pixels, worst first."""
        return [example for _, _, example in sorted(self._worst, reverse=True)]

    def offer(self, row: ChipRow, chip: Chip, names: tuple[str, ...], probability: NDArray[np.float32]) -> None:
        """Keep a chip if it is among the best or worst so far."""
        self._seen += 1
        candidates = [(self._worst, float(row.wrong), row.wrong > 0)]
        if row.landslide_share >= _LEAST_SHARE:
            candidates.append((self._best, row.figures()["f1_landslide"], True))
        for heap, value, wanted in candidates:
            if wanted and (len(heap) < KEPT or (value, -self._seen) > heap[0][:2]):
                example = Example(row, picture(chip, names), chip.label, probability.astype(np.float16))
                heapq.heappush(heap, (value, -self._seen, example))
                if len(heap) > KEPT:
                    heapq.heappop(heap)


def picture(chip: Chip, names: tuple[str, ...]) -> NDArray[np.float16]:
    """A chip in true colour, or its first band in grey, stretched: float16 [h, w, 3] from 0 to 1."""
    colours = next((colours for colours in _COLOURS if set(colours) <= set(names)), (names[0],) * 3)
    image = np.stack([chip.bands[names.index(name)] for name in colours], axis=-1)
    low, high = np.percentile(image[chip.valid], (2, 98)) if chip.valid.any() else (0.0, 1.0)
    stretched: NDArray[np.float16] = np.clip((image - low) / max(high - low, 1e-6), 0, 1).astype(np.float16)
    return stretched
