"""Basins of attraction of a height field on a mask, strip by strip: every pixel climbs to a summit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]

#: Neighbours of a pixel, and those of them that come before it.
_NEIGHBOURS = [(dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1) if (dy, dx) != (0, 0)]
_EARLIER = _NEIGHBOURS[:4]


@dataclass(frozen=True)
class Strip:
    """The pixels of a strip that are in the mask, in the order of their position, and where they climb to.

    Attributes:
        position: row * width + column of each pixel in the raster, int64 [n], rising.
        height: Of each pixel, float32 [n].
        basin: Number of the basin that each pixel belongs to within the strip, int64 [n], from 0.
        count: How many basins there are.
        leaves: Basins whose pixels climb on into the strip above or below, and the position there, int64 [m, 2].
        saddles: Pixels that are neighbours and in different basins, [k, 2] of positions, the second of which may lie in
            the strip above.
        levels: The lower height of each such pair, float32 [k].
    """

    position: IntArray
    height: NDArray[np.float32]
    basin: IntArray
    count: int
    leaves: IntArray
    saddles: IntArray
    levels: NDArray[np.float32]


def climb(height: NDArray[np.float32], row: int) -> Strip:
    """Find the basins of a strip.

    A pixel climbs to the highest of its 8 neighbours; of equally high ones to the last, so that the result does not
    depend on how the raster is cut.

    Args:
        height: float32 [rows + 2, width], the strip with a row above and below; -inf where there is no mask.
        row: First row of the strip.
    """
    width = height.shape[1]
    padded = np.pad(height, ((0, 0), (1, 1)), constant_values=-np.inf)
    y, x = np.nonzero(np.isfinite(height[1:-1]))
    position = (row + y) * width + x
    own = padded[y + 1, x + 1]
    best, target = own.copy(), position.copy()
    for dy, dx in _NEIGHBOURS:
        beside, there = padded[y + 1 + dy, x + 1 + dx], position + dy * width + dx
        higher = (beside > best) | ((beside == best) & (there > target))
        best[higher], target[higher] = beside[higher], there[higher]

    inside = (target >= row * width) & (target < (row + height.shape[0] - 2) * width)
    parent = np.arange(len(position))
    parent[inside] = np.searchsorted(position, target[inside])
    while True:
        further = parent[parent]
        if np.array_equal(further, parent):
            break
        parent = further
    summits, basin = np.unique(parent, return_inverse=True)
    leaving = ~inside[summits]
    leaves = np.stack([np.flatnonzero(leaving), target[summits[leaving]]], axis=1)
    saddles, levels = _saddles(padded, y, x, position, basin)
    return Strip(position, own, basin, len(summits), leaves, saddles, levels)


def _saddles(
    padded: NDArray[np.float32], y: IntArray, x: IntArray, position: IntArray, basin: IntArray
) -> tuple[IntArray, NDArray[np.float32]]:
    width = padded.shape[1] - 2
    pairs, levels = [], []
    for dy, dx in _EARLIER:
        beside, there = padded[y + 1 + dy, x + 1 + dx], position + dy * width + dx
        other = np.searchsorted(position, there)
        above = y + dy < 0
        apart = np.isfinite(beside) & (above | (basin[np.minimum(other, len(basin) - 1)] != basin))
        pairs.append(np.stack([position[apart], there[apart]], axis=1))
        levels.append(np.minimum(beside, padded[y + 1, x + 1])[apart])
    return np.concatenate(pairs), np.concatenate(levels)
