"""Tiles of features in the order in which they are mapped; each pixel's features are read and computed once."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..reporter import Reporter
from ..scene.grid import Window
from .lattice import Lattice
from .panels import Panel, Panels, Reader
from .standardising import Standardisation

Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

READ_PIXELS = 2**19
"""New pixels read at a time, about: enough to share what reads have in common, few enough for memory and cancel."""


READ_AHEAD = 1
"""Tiles that are ready and wait for the network; one more is being read."""


@dataclass
class Tile:
    """One tile of the lattice.

    Attributes:
        row: Index along the rows of the lattice. column: index along its columns.
        x: Standardised features, float32 [tile, tile, C], mirrored beyond the grid's edges, 0 where not valid.
        valid: bool [tile, tile], mirrored likewise.
    """

    row: int
    column: int
    x: Floats
    valid: Mask


@dataclass
class Skipped:
    """Tiles without a valid pixel, which need no network."""

    count: int


def tiles(
    reader: Reader,
    lattice: Lattice,
    window: Window,
    standardise: Standardisation,
    reporter: Reporter,
    *,
    apart: bool = False,
) -> Generator[Tile | Skipped, None, None]:
    """Yield the tiles that count in ``window``, row by row.

    Args:
        reader: Features of the whole grid.
        lattice: The tiles of the grid.
        window: The part to map, in pixels of the grid.
        standardise: Makes the network's input.
        reporter: Asked for cancel before each read.
        apart: Read each tile by itself, for features of mode ``chip``, which are normalised over what is read.
    """
    rows = lattice.rows.touching(window.row, window.row + window.height)
    columns = lattice.columns.touching(window.col, window.col + window.width)
    count = 1 if apart else max(1, READ_PIXELS // (lattice.tile * (lattice.tile - lattice.overlap)))
    runs = [columns[first : first + count] for first in range(0, len(columns), count)]
    panels = Panels(reader, lattice, standardise, rows, columns, apart=apart)
    for row in rows:
        for run in runs:
            reporter.check()
            panel = panels.read(row, run)
            skipped = 0
            for column in run:
                x, valid = _cut(lattice, panel, row, column)
                if valid[counting(lattice, window, row, column)].any():
                    yield Tile(row, column, x, valid)
                else:
                    skipped += 1
                del x, valid
            if skipped:
                yield Skipped(skipped)


def counting(lattice: Lattice, window: Window, row: int, column: int) -> tuple[slice, slice]:
    """The rows and columns of a tile that count and lie in ``window``."""
    slices = []
    for axis, index, low, size in (
        (lattice.rows, row, window.row, window.height),
        (lattice.columns, column, window.col, window.width),
    ):
        kept_low, kept_high = axis.kept(index)
        start = axis.start(index)
        slices.append(slice(max(kept_low, low) - start, min(kept_high, low + size) - start))
    return slices[0], slices[1]


def _cut(lattice: Lattice, panel: Panel, row: int, column: int) -> tuple[Floats, Mask]:
    """A tile out of a panel: a view."""
    top, left = lattice.rows.start(row) - panel.row, lattice.columns.start(column) - panel.col
    part = slice(top, top + lattice.tile), slice(left, left + lattice.tile)
    return panel.x[part], panel.valid[part]
