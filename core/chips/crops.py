"""Chips cut out of a scene: at random for training, as a lattice for scoring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..scene.grid import Window
from .chip import NOT_SCORED, Chip
from .memory import SceneMemory

# So many pixels stand for all of their class when crops are drawn.
_SAMPLED = 200_000


@dataclass(frozen=True)
class Crop:
    """Upper left pixel of a chip, and the part of it that is scored (None: all)."""

    row: int
    col: int
    scored: Window | None = None


class Crops:
    """Crops of a scene as a `ChipSource`."""

    def __init__(self, memory: SceneMemory, chip: int, crops: Sequence[Crop]) -> None:
        self.names, self.gsd, self.chip = memory.names, memory.gsd, chip
        self.product, self.radiometry = memory.product, memory.radiometry
        self.crops = list(crops)
        self._memory = memory

    def __len__(self) -> int:
        return len(self.crops)

    def __getitem__(self, index: int) -> Chip:
        crop = self.crops[index]
        chip = self._memory.crop(crop.row, crop.col, self.chip)
        if crop.scored is None:
            return chip
        label = np.full_like(chip.label, NOT_SCORED)
        inside = crop.scored.slices(Window(crop.row, crop.col, self.chip, self.chip))
        label[inside] = chip.label[inside]
        return replace(chip, label=label)


def scoring_crops(memory: SceneMemory, block: Window, chip: int) -> list[Crop]:
    """Crops that score every pixel of ``block`` once, each in its middle half where the scene gives it room."""
    cell = chip // 2
    crops = []
    for row in range(block.row, block.row + block.height, cell):
        for col in range(block.col, block.col + block.width, cell):
            scored = Window(row, col, cell, cell).intersect(block)
            # Cells outside the interpreted area, or on nodata, cost time and tell nothing.
            if (memory.labels[scored.slices(memory.frame)] < 2).any():
                top = min(max(row - cell // 2, 0), memory.height - chip)
                left = min(max(col - cell // 2, 0), memory.width - chip)
                crops.append(Crop(top, left, scored))
    return crops


class RandomCrops:
    """Draws training crops that lie wholly inside given rectangles.

    Half of them (``near``) are centred near a landslide pixel, the others near any scored pixel: an event covers a
    few percent of a scene, and crops without a landslide teach little more after a while.

    Attributes:
        pixels: Scored pixels of the rectangles.
    """

    NEAR_LANDSLIDES = 0.5

    def __init__(
        self, memory: SceneMemory, rectangles: Sequence[Window], chip: int, seed: int, near: float | None = None
    ) -> None:
        self._memory, self._chip, self._seed = memory, chip, seed
        self._near = self.NEAR_LANDSLIDES if near is None else near
        self._rectangles = [window for window in rectangles if min(window.height, window.width) >= chip]
        pixels = [self._thinned(window, number) for number, window in enumerate(self._rectangles)]
        self._landslide = np.concatenate([found[0] for found in pixels])
        self._scored = np.concatenate([found[1] for found in pixels])
        self.pixels = sum(memory.count("scored", window) for window in self._rectangles)

    def epoch(self, number: int, count: int) -> Crops:
        """The ``count`` crops of an epoch: the same for the same seed and number."""
        rng = np.random.default_rng([self._seed, number])
        near = rng.random(count) < self._near
        return Crops(self._memory, self._chip, [self._draw(rng, self._landslide if n else self._scored) for n in near])

    def _draw(self, rng: np.random.Generator, pixels: NDArray[np.int64]) -> Crop:
        rectangle, row, col = pixels[rng.integers(len(pixels))]
        window, chip = self._rectangles[rectangle], self._chip
        top = row - rng.integers(chip)
        left = col - rng.integers(chip)
        return Crop(
            int(np.clip(top, window.row, window.row + window.height - chip)),
            int(np.clip(left, window.col, window.col + window.width - chip)),
        )

    def _thinned(self, window: Window, number: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """(rectangle, row, col) of landslide and of scored pixels, int64 [n, 3]; evenly thinned, in strips."""
        totals = [self._memory.count(kind, window) for kind in ("landslide", "scored")]
        found: tuple[list[NDArray[np.int64]], list[NDArray[np.int64]]] = ([], [])
        step = max(1, 2**22 // window.width)
        for top in range(window.row, window.row + window.height, step):
            strip = Window(top, window.col, step, window.width).intersect(window)
            label = self._memory.labels[strip.slices(self._memory.frame)]
            for kind, (hit, total) in enumerate(zip((label == 1, label < 2), totals)):
                where = np.argwhere(hit)[:: total // _SAMPLED + 1]
                found[kind].append(np.insert(np.add(where, (strip.row, strip.col)), 0, number, axis=1))
        return np.concatenate(found[0]), np.concatenate(found[1])
