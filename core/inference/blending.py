"""The rolling strip: tiles fade into one another in it, and finished rows leave it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

STRIP_ROWS = 256
"""Strips are whole rows of GeoTIFF blocks, so that no block is written twice."""


@dataclass
class Strip:
    """Finished rows of a map, over the whole width of the window that was asked for.

    Attributes:
        row: First row, counted from the top of the window.
        probability: Of landslide, float32 [h, w], 0 to 1; 0 where not valid.
        spread: Standard deviation over rotations and resolutions, float32 [h, w]; None when there is one member.
        presence: Probability that the surrounding tile holds a landslide, float32 [h, w]; None without that head.
        valid: bool [h, w].
    """

    row: int
    probability: npt.NDArray[np.float32]
    spread: npt.NDArray[np.float32] | None
    presence: npt.NDArray[np.float32] | None
    valid: npt.NDArray[np.bool_]


class RollingStrip:
    """Sums weighted tiles. It holds the rows that are not finished, never the whole window.

    Args:
        width: Pixels of the window.
        layers: How many rasters are blended side by side.
    """

    def __init__(self, width: int, layers: int) -> None:
        self.row = 0
        self._sums = np.zeros((layers, 0, width), np.float32)
        self._valid = np.zeros((0, width), bool)

    @property
    def held(self) -> int:
        """Rows in memory."""
        return len(self._valid)

    def add(
        self,
        row: int,
        col: int,
        layers: list[npt.NDArray[np.float32]],
        valid: npt.NDArray[np.bool_],
    ) -> None:
        """Add a part of a tile whose top left pixel is ``row``, ``col`` of the window.

        Args:
            row: Not above the rows that were taken.
            col: First column.
            layers: float32 [h, w] each, times weights that sum to 1 over all tiles that meet at a pixel.
            valid: bool [h, w].
        """
        height, width = valid.shape
        self._reach(row + height)
        rows = slice(row - self.row, row - self.row + height)
        columns = slice(col, col + width)
        for sums, layer in zip(self._sums, layers):
            sums[rows, columns] += layer
        self._valid[rows, columns] |= valid

    def take(self, until: int) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
        """Remove the rows above ``until`` (a row of the window) and return their sums and validity."""
        self._reach(until)
        count = until - self.row
        sums, valid = self._sums[:, :count].copy(), self._valid[:count].copy()
        # Copies, so that the rows that were taken are not kept alive by a view.
        self._sums, self._valid = self._sums[:, count:].copy(), self._valid[count:].copy()
        self.row = until
        sums *= valid
        return sums, valid

    def _reach(self, row: int) -> None:
        """Make room down to ``row`` (not included)."""
        missing = row - self.row - self.held
        if missing > 0:
            self._sums = np.pad(self._sums, ((0, 0), (0, missing), (0, 0)))
            self._valid = np.pad(self._valid, ((0, missing), (0, 0)))
