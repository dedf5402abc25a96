"""The corners of outlines along pixel edges: all that has to be remembered of a body until its last row."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# Each corner lies between four pixels. By the pixel that stands alone there (the only one of the body, or the only one
# that is none of it): it is to the right, it is below. With the body on the right hand, an outline leaves along the row
# where a body's pixel stands alone above left or below right, and where another pixel does above right or below left.
_QUARTERS = {"nw": (False, False), "ne": (True, False), "sw": (False, True), "se": (True, True)}
_BESIDE = {"nw": "ne", "ne": "nw", "sw": "se", "se": "sw"}
_ABOVE = {"nw": "sw", "sw": "nw", "ne": "se", "se": "ne"}
_ACROSS = {"nw": "se", "se": "nw", "ne": "sw", "sw": "ne"}


#: Rows looked at at once: noise has a corner for each pixel.
_ROWS = 64


class Corners(NamedTuple):
    """Corners of outlines, [n] each. A vertex where two pixels of a body meet by their corners alone is two of them.

    Attributes:
        body: The body, int32.
        row: Row of the vertex, int32; 0 is the upper edge of the raster.
        col: Column of the vertex, int32.
        east: The outline's edge along the row is to the right of the vertex, bool.
        south: Its edge along the column is below the vertex, bool.
        leaves_along_row: With the body on the right hand it comes along the column and leaves along the row, bool.
    """

    body: NDArray[np.int32]
    row: NDArray[np.int32]
    col: NDArray[np.int32]
    east: NDArray[np.bool_]
    south: NDArray[np.bool_]
    leaves_along_row: NDArray[np.bool_]

    def take(self, index: NDArray[np.integer] | NDArray[np.bool_]) -> Corners:
        """Some of them."""
        return Corners(*(column[index] for column in self))  # type: ignore[arg-type]


def join_corners(some: list[Corners]) -> Corners:
    """One after the other; ``some`` is not empty."""
    return Corners(*(np.concatenate(columns) for columns in zip(*some)))


def find_corners(above: NDArray[np.int32], labels: NDArray[np.int32], row: int) -> Corners:
    """The corners of all bodies on the upper edges of some rows of pixels.

    Args:
        above: int32 [width], the row above the first; 0 or the number of the body.
        labels: int32 [h, width], the rows.
        row: Of the first of them.
    """
    edges = np.concatenate([above[None], labels[_ROWS - 1 : -1 : _ROWS]])
    starts = range(0, len(labels), _ROWS)
    return join_corners([_found(edge, labels[i : i + _ROWS], row + i) for i, edge in zip(starts, edges)])


def _found(above: NDArray[np.int32], labels: NDArray[np.int32], row: int) -> Corners:
    padded = np.zeros((len(labels) + 1, labels.shape[1] + 2), np.int32)
    padded[0, 1:-1], padded[1:, 1:-1] = above, labels
    across, down = padded[:, 1:] != padded[:, :-1], padded[1:] != padded[:-1]
    # Elsewhere outlines go straight on, or are not.
    y, x = np.nonzero((across[1:] | across[:-1]) & (down[:, 1:] | down[:, :-1]))
    quad = {"nw": padded[y, x], "ne": padded[y, x + 1], "sw": padded[y + 1, x], "se": padded[y + 1, x + 1]}
    found = []
    for name, (east, south) in _QUARTERS.items():
        own, beside, over, across_it = quad[name], quad[_BESIDE[name]], quad[_ABOVE[name]], quad[_ACROSS[name]]
        alone = (own > 0) & (own != beside) & (own != over)
        left_out = (beside > 0) & (beside == over) & (beside == across_it) & (beside != own)
        for which, body, leaves in ((alone, own, east == south), (left_out, beside, east != south)):
            count = int(np.count_nonzero(which))
            found.append(
                Corners(
                    body[which],
                    (y[which] + row).astype(np.int32),
                    x[which].astype(np.int32),
                    np.full(count, east),
                    np.full(count, south),
                    np.full(count, leaves),
                )
            )
    return join_corners(found)
