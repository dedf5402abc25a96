"""How much around a body was not mapped, and whether the body reaches what was not mapped."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ..scene.grid import Window
from .band import Band
from .squares import Numbered

#: Pixels by which a body's bounding box is grown for its surroundings.
AROUND = 5


class Surroundings:
    """Counts pixels that were mapped around each body, strip by strip.

    Args:
        mask: Its valid pixels are those that were mapped.
        bodies: The bodies, whose boxes are used.
    """

    def __init__(self, mask: Band, bodies: Numbered) -> None:
        self._mask, self._grid = mask, mask.grid
        self._bodies = bodies
        self._mapped = np.zeros(len(bodies.first_row), np.int64)
        self._touches = np.zeros(len(bodies.first_row), bool)
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
        top, bottom, left, right = self._boxes(numbers)
        return 1 - self._mapped[numbers] / ((bottom - top) * (right - left))

    def touches(self, numbers: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether a pixel of the bodies ``numbers`` touches one that was not mapped, over corners too."""
        return self._touches[numbers]

    def _boxes(self, numbers: NDArray[np.int64]) -> tuple[NDArray[np.int64], ...]:
        """Top, bottom, left and right of bodies with their surroundings; bottom and right are the first beyond."""
        bodies = self._bodies
        starts, ends = (bodies.first_row, bodies.first_col), (bodies.last_row, bodies.last_col)
        top, left = (edge[numbers].astype(np.int64) - AROUND for edge in starts)
        bottom, right = (edge[numbers].astype(np.int64) + AROUND + 1 for edge in ends)
        return top, bottom, left, right

    def _count(self, row: int, mapped: NDArray[np.bool_]) -> None:
        height, width = mapped.shape
        first, last = self._bodies.first_row, self._bodies.last_row
        concerned = 1 + np.flatnonzero((first[1:] < row + height + AROUND) & (last[1:] >= row - AROUND))
        if not len(concerned):
            return
        total = np.zeros((height + 1, width + 1), np.int32)
        total[1:, 1:] = mapped.cumsum(axis=0, dtype=np.int32).cumsum(axis=1, dtype=np.int32)
        boxes = self._boxes(concerned)
        top, bottom = (np.clip(edge - row, 0, height) for edge in boxes[:2])
        left, right = (np.clip(edge, 0, width) for edge in boxes[2:])
        self._mapped[concerned] += total[bottom, right] - total[top, right] - total[bottom, left] + total[top, left]
