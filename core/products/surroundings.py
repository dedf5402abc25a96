"""How much around a body was not mapped, and whether the body reaches what was not mapped."""

from __future__ import annotations

from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from ..scene.grid import Window
from .band import Band

#: Pixels by which a body's bounding box is grown for its surroundings.
AROUND = 5


class Bodies(Protocol):
    """Numbered bodies and their bounding boxes, all int64 [count + 1] (entry 0 is not a body)."""

    first_row: NDArray[np.int64]
    last_row: NDArray[np.int64]
    first_col: NDArray[np.int64]
    last_col: NDArray[np.int64]


class Surroundings:
    """Counts pixels that were mapped around each body, strip by strip.

    Args:
        mask: Its valid pixels are those that were mapped.
        bodies: The bodies, whose boxes are used.
    """

    def __init__(self, mask: Band, bodies: Bodies) -> None:
        self._mask, self._grid = mask, mask.grid
        self._top, self._bottom = bodies.first_row - AROUND, bodies.last_row + AROUND + 1
        self._left, self._right = bodies.first_col - AROUND, bodies.last_col + AROUND + 1
        self._mapped = np.zeros(len(self._top), np.int64)
        self._touches = np.zeros(len(self._top), bool)
        self._next = 0

    def add(self, row: int, labels: NDArray[np.int32]) -> None:
        """Add the strip that starts at ``row``: int32 [h, width], 0 or the number of the body."""
        height, width = labels.shape
        # The surroundings of a body that ends in this strip reach into the next.
        wide = Window(row - 1, -1, height + 1 + AROUND, width + 2)
        unmapped = np.ones(wide.shape, np.uint8)
        inside = wide.clip(*self._grid.shape)
        unmapped[inside.slices(wide)] = ~self._mask.read(inside)[1]
        near = cv2.dilate(unmapped[: height + 2], np.ones((3, 3), np.uint8))[1:-1, 1:-1] > 0
        self._touches[labels[near & (labels > 0)]] = True
        end = min(row + height + AROUND, self._grid.height)
        self._count(self._next, unmapped[self._next - wide.row : end - wide.row, 1:-1] == 0)
        self._next = end

    def share(self, numbers: NDArray[np.int64]) -> NDArray[np.float64]:
        """Share of unmapped pixels around the bodies ``numbers``, once their last strip has been added.

        What lies beyond the raster was not mapped either.
        """
        box = (self._bottom[numbers] - self._top[numbers]) * (self._right[numbers] - self._left[numbers])
        return 1 - self._mapped[numbers] / box

    def touches(self, numbers: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether a pixel of the bodies ``numbers`` touches one that was not mapped, over corners too."""
        return self._touches[numbers]

    def _count(self, row: int, mapped: NDArray[np.bool_]) -> None:
        height, width = mapped.shape
        concerned = np.flatnonzero((self._top < row + height) & (self._bottom > row))
        concerned = concerned[concerned > 0]
        if not len(concerned):
            return
        total = np.zeros((height + 1, width + 1), np.int32)
        total[1:, 1:] = mapped.cumsum(axis=0, dtype=np.int32).cumsum(axis=1, dtype=np.int32)
        top, bottom = (np.clip(edge[concerned] - row, 0, height) for edge in (self._top, self._bottom))
        left, right = (np.clip(edge[concerned], 0, width) for edge in (self._left, self._right))
        self._mapped[concerned] += total[bottom, right] - total[top, right] - total[bottom, left] + total[top, left]
