"""Standardised features of rectangles of the grid: what neighbours share is kept, so each pixel is computed once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ..scene.grid import Window
from .lattice import Axis, Lattice
from .standardising import Standardisation

Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]


class Reader(Protocol):
    """What tiles are cut from: a `FeatureReader`, or anything that reads windows of a grid."""

    channels: tuple[str, ...]

    def planes(self, window: Window) -> tuple[Sequence[Floats], Mask]:
        """C features, float32 [h, w] each, and validity bool [h, w] of a window that lies inside the grid."""


@dataclass
class Panel:
    """Features of a rectangle of the grid, and mirrored ones beyond its edges.

    Attributes:
        row: Of its first pixel in the grid, negative above it. col: its column.
        x: Standardised, float32 [h, w, C], 0 where not valid.
        valid: bool [h, w].
    """

    row: int
    col: int
    x: Floats
    valid: Mask

    def window(self) -> Window:
        """Its place in the grid, which it may leave."""
        return Window(self.row, self.col, *self.valid.shape)

    def copy(self, other: Panel, window: Window) -> None:
        """Take over ``window`` of the grid from another panel; both must hold it."""
        if not window.empty:
            here, there = window.slices(self.window()), window.slices(other.window())
            self.x[here] = other.x[there]
            self.valid[here] = other.valid[there]


class Panels:
    """Reads the panels of runs of tiles, row by row and from left to right.

    Kept are the rows that a row of tiles shares with the next, over all columns, and the panel read last.

    Args:
        reader: Features of the whole grid.
        lattice: The tiles of the grid.
        standardise: Makes the network's input.
        rows: Rows of tiles to read.
        columns: Columns of tiles to read.
        apart: Keep nothing: each panel is read by itself.
    """

    def __init__(
        self,
        reader: Reader,
        lattice: Lattice,
        standardise: Standardisation,
        rows: range,
        columns: range,
        *,
        apart: bool = False,
    ) -> None:
        self._reader, self._lattice, self._standardise = reader, lattice, standardise
        self._apart = apart
        self._spans = {row: lattice.rows.span(row) for row in rows}
        self._first, self._left = columns[0], lattice.columns.span(columns[0])[0]
        width = lattice.columns.span(columns[-1])[1] - self._left
        shared = [] if apart else [self._spans[row][1] - self._spans[row + 1][0] for row in rows[:-1]]
        self._x = np.empty((max(shared, default=0), width, len(reader.channels)), np.float32)
        self._valid = np.empty(self._x.shape[:2], bool)
        self._before: Panel | None = None

    def read(self, row: int, run: Sequence[int]) -> Panel:
        """What the tiles ``run`` of a row see. In order: each row from its first tile on."""
        rows, columns = self._lattice.rows, self._lattice.columns
        top, bottom = self._spans[row]
        left, right = columns.span(run[0])[0], columns.span(run[-1])[1]
        panel = self._empty(
            *_around(rows.start(row), rows.tile, top, bottom),
            *_around(columns.start(run[0]), columns.start(run[-1]) + columns.tile - columns.start(run[0]), left, right),
        )
        line, col = top, left  # of the first pixel that is not known yet
        if not self._apart and run[0] > self._first and self._before is not None:
            col = max(left, min(self._before.col + self._before.valid.shape[1], columns.length))
            panel.copy(self._before, Window(top, left, bottom - top, col - left))
        if not self._apart and row - 1 in self._spans:
            line = max(top, self._spans[row - 1][1])
            panel.copy(self._above(row), Window(top, col, line - top, right - col))
        fresh = Window(line, col, bottom - line, right - col)
        if not fresh.empty:
            features, valid = self._reader.planes(fresh)
            inner = fresh.slices(panel.window())
            self._standardise(features, valid, panel.x[inner])
            panel.valid[inner] = valid
        if not self._apart and row + 1 in self._spans:
            below = self._above(row + 1)
            below.copy(panel, Window(below.row, col, bottom - below.row, right - col))
        for array in (panel.x, panel.valid):
            _mirror(array, rows, panel.row)
            _mirror(array.swapaxes(0, 1), columns, panel.col)
        self._before = panel
        return panel

    def _empty(self, top: int, bottom: int, left: int, right: int) -> Panel:
        shape = (bottom - top, right - left)
        return Panel(top, left, np.empty((*shape, len(self._reader.channels)), np.float32), np.empty(shape, bool))

    def _above(self, row: int) -> Panel:
        """The rows that a row of tiles shares with the one above it. All rows of tiles use the same memory."""
        return Panel(self._spans[row][0], self._left, self._x, self._valid)


def _around(start: int, length: int, low: int, high: int) -> tuple[int, int]:
    """The pixels from ``start`` on and those from ``low`` to ``high - 1``: first, and the one after the last."""
    return min(start, low), max(start + length, high)


def _mirror(array: npt.NDArray[np.generic], axis: Axis, first: int) -> None:
    """Fill the lines of an array that lie beyond the grid; ``first`` is the place of its first one along ``axis``."""
    sources = axis.mirrored(first, first + len(array)) - first
    for line in (*range(-first), *range(max(axis.length - first, 0), len(array))):
        array[line] = array[sources[line]]
