"""Which basins are parts in their own right, and which join a neighbour: their relief decides, then their area."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def merge(
    group: NDArray[np.int32],
    summits: NDArray[np.float64],
    areas: NDArray[np.float64],
    pairs: NDArray[np.int64],
    levels: NDArray[np.float32],
    *,
    depth: float,
    min_area: float,
) -> NDArray[np.int32]:
    """Join basins whose summit rises by less than ``depth`` above the saddle to a higher neighbour.

    What is left are the summits of at least that persistence (Edelsbrunner et al. 2002), the h-maxima of the field.
    Then parts that are too small join the neighbour with the highest saddle.

    Args:
        group: The basin, from 1, of each member, int32 [m].
        summits: Highest value of each basin, float64 [n + 1]; entry 0 is none.
        areas: Area of each basin, float64 [n + 1].
        pairs: Basins that touch, int64 [k, 2].
        levels: Height of the saddle between them, [k].
        depth: Least rise of a summit that stays.
        min_area: Least area of a part.

    Returns:
        The part, from 1, of each member, int32 [m].
    """
    root, summit, area = list(range(len(summits))), summits.tolist(), areas.tolist()

    def find(basin: int) -> int:
        while root[basin] != basin:
            root[basin] = root[root[basin]]
            basin = root[basin]
        return basin

    order = np.argsort(-levels, kind="stable")
    downwards = list(zip(pairs[order].tolist(), levels[order].tolist()))
    for by_area in (False, True):
        for (a, b), level in downwards:
            high, low = find(a), find(b)
            if high == low:
                continue
            if (summit[low], -low) > (summit[high], -high):
                high, low = low, high
            joins = min(area[low], area[high]) < min_area if by_area else summit[low] - level < depth
            if joins:
                root[low] = high
                area[high] += area[low]
    roots = np.array([find(basin) for basin in range(len(root))], np.int64)
    used = np.unique(roots[1:])
    parts: NDArray[np.int32] = (np.searchsorted(used, roots) + 1).astype(np.int32)
    return parts[group]
