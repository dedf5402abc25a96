"""Bodies divided into parts along the valleys of a height field, for rasters of any size: a watershed in strips."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Callable

import numpy as np
from numpy.typing import NDArray

from ..reporter import Reporter
from .basins import Strip, climb
from .components import AREA_TOLERANCE, Components, join
from .merging import merge

IntArray = NDArray[np.int64]
_Joined = tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.float64], IntArray, NDArray[np.float32]]
#: Height of rows with a margin, float32 [height, width] for ``read(row, height)``; -inf where there is no body.
ReadHeight = Callable[[int, int], NDArray[np.float32]]


class Parts:
    """The parts of bodies, numbered like the bodies of `Components`, whose attributes they have as well.

    Args:
        bodies: The bodies, none of which was dropped.
        height: What is divided along its valleys.
        depth: How much lower than the lower summit a valley must be to divide.
        pixel_areas: Area of a pixel in each row, m², float64 [height].
        min_area: Smaller parts (m²) join the neighbour with the highest saddle.
        width: Columns of the raster.
        reporter: Told how far it is.
    """

    def __init__(
        self,
        bodies: Components,
        height: ReadHeight,
        *,
        depth: float,
        pixel_areas: NDArray[np.float64],
        min_area: float,
        width: int,
        reporter: Reporter,
    ) -> None:
        self._bodies, self._height, self._width = bodies, height, width
        self._offsets: list[int] = []
        self._rows = rows = len(pixel_areas)
        tables = _Tables()
        for row, labels in bodies.strips():
            reporter.progress(row / rows, "Dividing bodies")
            self._offsets.append(tables.count)
            tables.add(self._climb(row, len(labels)), labels, row, width, pixel_areas)
        # From the basin of a strip (plus the strip's offset) to the part it belongs to.
        self._part = merge(*tables.joined(), depth=depth, min_area=min_area * (1 - AREA_TOLERANCE))
        count = int(self._part.max(initial=0))
        self._body = np.zeros(count + 1, np.int64)
        self._body[self._part] = tables.body
        self.first_row, self.first_col = (np.full(count + 1, np.iinfo(np.int32).max, np.int64) for _ in range(2))
        self.last_row, self.last_col = (np.zeros(count + 1, np.int64) for _ in range(2))
        for of_part, of_basin in ((self.first_row, tables.first_row), (self.first_col, tables.first_col)):
            np.minimum.at(of_part, self._part, of_basin)
        for of_part, of_basin in ((self.last_row, tables.last_row), (self.last_col, tables.last_col)):
            np.maximum.at(of_part, self._part, of_basin)

    @property
    def count(self) -> int:
        """How many parts there are."""
        return len(self._body) - 1

    @property
    def ends(self) -> NDArray[np.integer]:
        """The last row of the body that each part belongs to, int32 [count + 1]."""
        return self._bodies.last_row[self._body]

    def body_of(self, numbers: IntArray) -> IntArray:
        """The bodies that the parts ``numbers`` belong to."""
        return self._body[numbers]

    def strips(self) -> Iterator[tuple[int, NDArray[np.int32]]]:
        """The first row of each strip, and int32 [h, width] with 0 or the number of the part."""
        for (row, labels), offset in zip(self._bodies.strips(), self._offsets):
            strip = self._climb(row, len(labels))
            parts = np.zeros(labels.shape, np.int32)
            parts.ravel()[strip.position - row * self._width] = self._part[strip.basin + offset]
            yield row, parts

    def _climb(self, row: int, rows: int) -> Strip:
        height = self._height(row - 1, rows + 2)
        if row == 0:
            height[0] = -np.inf
        if row + rows == self._rows:
            height[-1] = -np.inf
        return climb(height, row)


class _Tables:
    """What is known of the basins of all strips: int64 [count] each, by number from 0."""

    def __init__(self) -> None:
        self.count = 0
        self._above = np.zeros(0, np.int64), np.zeros(0, np.int64)
        self._same: list[IntArray] = []
        self._waiting = np.zeros((0, 2), np.int64)
        self._pairs: list[IntArray] = []
        self._levels: list[NDArray[np.float32]] = []
        self._columns: list[tuple[NDArray[np.generic], ...]] = []

    def add(self, strip: Strip, labels: NDArray[np.int32], row: int, width: int, areas: NDArray[np.float64]) -> None:
        basin = strip.basin + self.count
        # Positions of this strip and of the row above it, rising, and the basins there.
        where = np.concatenate([self._above[0], strip.position])
        number = np.concatenate([self._above[1], basin])

        def at(positions: IntArray) -> IntArray:
            return number[np.searchsorted(where, positions)]

        self._same.append(np.stack([self._waiting[:, 0], at(self._waiting[:, 1])], axis=1))
        leaves = strip.leaves + np.array([self.count, 0])
        upwards = leaves[:, 1] < row * width
        self._same.append(np.stack([leaves[upwards, 0], at(leaves[upwards, 1])], axis=1))
        self._waiting = leaves[~upwards]
        pairs = np.sort(at(strip.saddles.ravel()).reshape(-1, 2), axis=1)
        pairs, levels = highest(pairs, strip.levels)
        self._pairs.append(pairs)
        self._levels.append(levels)

        y, x = np.divmod(strip.position, width)
        box = np.full((2, strip.count), np.iinfo(np.int32).max, np.int64), np.zeros((2, strip.count), np.int64)
        summit = np.full(strip.count, -np.inf)
        np.maximum.at(summit, strip.basin, strip.height)
        for axis, values in enumerate((y, x)):
            np.minimum.at(box[0][axis], strip.basin, values)
            np.maximum.at(box[1][axis], strip.basin, values)
        body = np.zeros(strip.count, np.int64)
        body[strip.basin] = labels[y - row, x]
        area = np.bincount(strip.basin, areas[y], strip.count)
        first = np.full(strip.count, np.iinfo(np.int64).max)
        np.minimum.at(first, strip.basin, strip.position)
        self._columns.append((summit, area, first, body, box[0][0], box[1][0], box[0][1], box[1][1]))
        self.count += strip.count
        last = strip.position >= (row + len(labels) - 1) * width
        self._above = strip.position[last], basin[last]

    def joined(self) -> _Joined:
        """Basins joined across the cuts: the group (from 1) of each, then by group summit and area; saddles, levels."""
        summit, area, first, body, *box = (np.concatenate(column) for column in zip(*self._columns))
        self.body = body
        self.first_row, self.last_row, self.first_col, self.last_col = box
        group = join(np.concatenate(self._same) + 1, self.count)
        groups = int(group.max(initial=0))
        # Numbered by their first pixel, so that equal heights are settled in one way however the raster is cut.
        firsts = np.full(groups + 1, -1)
        firsts[group] = np.iinfo(np.int64).max
        np.minimum.at(firsts, group, first)
        rank = np.empty(groups + 1, np.int32)
        rank[np.argsort(firsts)] = np.arange(groups + 1)
        group = rank[group]
        summits = np.full(groups + 1, -np.inf)
        np.maximum.at(summits, group, summit)
        pairs = np.sort(group[np.concatenate(self._pairs)].astype(np.int64), axis=1)
        pairs, levels = highest(pairs, np.concatenate(self._levels))
        areas = np.bincount(group, area, groups + 1).astype(np.float64)
        return group, summits, areas, pairs, levels


def highest(pairs: IntArray, levels: NDArray[np.float32]) -> tuple[IntArray, NDArray[np.float32]]:
    """Each pair [n, 2] of different members once, with the highest of its levels."""
    apart = pairs[:, 0] != pairs[:, 1]
    pairs, levels = pairs[apart], levels[apart]
    order = np.lexsort((-levels, pairs[:, 1], pairs[:, 0]))
    pairs, levels = pairs[order], levels[order]
    new = np.ones(len(pairs), bool)
    new[1:] = (np.diff(pairs, axis=0) != 0).any(axis=1)
    return pairs[new], levels[new]
