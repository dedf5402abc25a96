"""Changes of where pixels lie: mirrored, turned, zoomed. Bands, label and validity move together."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ...bands import PRE_VALID
from ..chip import NOT_SCORED, Chip, ChipSource

LARGEST_ZOOM = 1.25
# Zooming smooths, so half of the chips keep the sharpness that a scene has.
ZOOMED = 0.5

# A bilinear mix of ones is one but for rounding; any neighbour of another kind takes off more.
_ALL = 0.999

_QUARTERS = {1: cv2.ROTATE_90_COUNTERCLOCKWISE, 2: cv2.ROTATE_180, 3: cv2.ROTATE_90_CLOCKWISE}


def rotations(chip: Chip, rng: np.random.Generator, source: ChipSource) -> Chip:
    """Turn by 0, 90, 180 or 270 degrees."""
    return turned(chip, int(rng.integers(4)), False)


def flips(chip: Chip, rng: np.random.Generator, source: ChipSource) -> Chip:
    """Mirror left to right, or not."""
    return turned(chip, 0, bool(rng.integers(2)))


def turned(chip: Chip, quarters: int, flip: bool) -> Chip:
    """``chip`` turned by so many quarters of a circle, counterclockwise, then mirrored left to right if ``flip``."""
    quarters %= 4

    def change(plane: NDArray[Any]) -> NDArray[Any]:
        # OpenCV's, several times as fast as a copy of a NumPy view whose pixels run backwards.
        plane = np.asarray(cv2.rotate(plane, _QUARTERS[quarters])) if quarters else plane
        return np.asarray(cv2.flip(plane, 1)) if flip else plane

    if not quarters and not flip:
        return chip
    label, valid = change(chip.label), change(chip.valid.view(np.uint8)).view(bool)
    return replace(chip, bands=np.stack([change(band) for band in chip.bands]), label=label, valid=valid)


def scale(chip: Chip, rng: np.random.Generator, source: ChipSource) -> Chip:
    """Zoom by 0.8 to 1.25 into a random place: bands bilinear, label nearest.

    Zoomed out, the chip is mirrored at its edges as a scene is. A pixel mixed from valid and invalid ones is invalid.
    """
    zoom = LARGEST_ZOOM ** rng.uniform(-1, 1)
    place, drawn = rng.random(2), rng.random()
    side = chip.label.shape[0]
    taken = round(side / zoom)
    if drawn >= ZOOMED or taken == side:
        return chip
    free = abs(side - taken)
    row, col = (min(math.floor(share * (free + 1)), free) for share in place)

    def zoomed(plane: NDArray[Any], way: int) -> NDArray[Any]:
        if taken < side:
            cut = plane[row : row + taken, col : col + taken]
        else:
            edges = (row, free - row, col, free - col)
            cut = np.asarray(cv2.copyMakeBorder(plane, *edges, cv2.BORDER_REFLECT_101))
        return np.asarray(cv2.resize(cut, (side, side), interpolation=way))

    valid = zoomed(chip.valid.astype(np.float32), cv2.INTER_LINEAR) > _ALL
    bands = np.stack([zoomed(band, cv2.INTER_LINEAR) for band in chip.bands])
    if PRE_VALID in source.names:
        known = bands[source.names.index(PRE_VALID)]
        known[:] = known > _ALL
    bands[:, ~valid] = 0
    label = np.where(valid, zoomed(chip.label, cv2.INTER_NEAREST_EXACT), np.uint8(NOT_SCORED))
    return replace(chip, bands=bands, label=label, valid=valid)
