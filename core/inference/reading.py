"""Tiles of features, read and computed in a thread of their own ahead of the network."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ..reporter import Reporter
from ..scene.grid import Window
from .lattice import Lattice

BLOCK_PIXELS = 3 * 2**18
"""Read and computed at once, about: enough to share what tiles have in common, few enough for memory and cancel."""

AHEAD = 2
"""Blocks asked for at any time: the one that the network waits for, and the next."""


class Reader(Protocol):
    """What tiles are cut from: a `FeatureReader`, or anything that reads windows of a grid."""

    channels: tuple[str, ...]

    def read(self, window: Window) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
        """Features float32 [C, h, w] and validity bool [h, w] of a window that lies inside the grid."""


@dataclass
class Tile:
    """One tile of the lattice.

    Attributes:
        row: Index along the rows of the lattice. column: index along its columns.
        features: float32 [C, tile, tile], mirrored beyond the grid's edges.
        valid: bool [tile, tile], mirrored likewise.
    """

    row: int
    column: int
    features: npt.NDArray[np.float32]
    valid: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Block:
    """Neighbouring tiles of one row of the lattice, read at once because they share pixels."""

    row: int
    columns: range


def blocks(lattice: Lattice, window: Window, *, apart: bool = False) -> list[Block]:
    """The blocks that cover ``window``, from north-west to south-east, each of at most `BLOCK_PIXELS` or one tile.

    Args:
        lattice: The tiles.
        window: Pixels of the grid.
        apart: One tile a block, for features that depend on what is read together (mode ``chip``).
    """
    run = 1 if apart else max(1, (BLOCK_PIXELS // lattice.tile - lattice.overlap) // (lattice.tile - lattice.overlap))
    columns = lattice.columns.touching(window.col, window.col + window.width)
    return [
        Block(row, columns[first : first + run])
        for row in lattice.rows.touching(window.row, window.row + window.height)
        for first in range(0, len(columns), run)
    ]


def load(reader: Reader, lattice: Lattice, window: Window, block: Block) -> list[Tile]:
    """Read a block and cut it into tiles; those without a valid pixel that counts in ``window`` are left out."""
    first, last = block.columns[0], block.columns[-1]
    left = lattice.columns.start(first)
    rows = lattice.rows.mirrored(lattice.rows.start(block.row), lattice.rows.start(block.row) + lattice.tile)
    columns = lattice.columns.mirrored(left, lattice.columns.start(last) + lattice.tile)
    top, west = int(rows.min()), int(columns.min())
    features, valid = reader.read(Window(top, west, int(rows.max()) - top + 1, int(columns.max()) - west + 1))
    if features.shape[1:] != (len(rows), len(columns)) or np.any(np.diff(rows) != 1) or np.any(np.diff(columns) != 1):
        index = np.ix_(rows - top, columns - west)
        features, valid = features[:, index[0], index[1]], valid[index]
    tiles = []
    for column in block.columns:
        begin = lattice.columns.start(column) - left
        part = slice(begin, begin + lattice.tile)
        rows_kept, columns_kept = counting(lattice, window, block.row, column)
        if valid[:, part][rows_kept, columns_kept].any():
            tiles.append(Tile(block.row, column, features[:, :, part], valid[:, part]))
    return tiles


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


def read_ahead(
    reader: Reader, lattice: Lattice, todo: list[Block], window: Window, reporter: Reporter
) -> Generator[tuple[Block, list[Tile]], None, None]:
    """Yield the blocks ``todo`` with their tiles in order, while the next ones are read by another thread.

    Only that thread touches ``reader``. What goes wrong in it is raised here; leaving the loop stops it after the
    block it is at.

    Raises:
        Cancelled: While waiting for a block.
    """
    pool = ThreadPoolExecutor(1, "scarp-reading")
    pending: deque[tuple[Block, Future[list[Tile]]]] = deque()
    remaining = iter(todo)
    try:
        while True:
            while len(pending) < AHEAD and (block := next(remaining, None)) is not None:
                pending.append((block, pool.submit(load, reader, lattice, window, block)))
            if not pending:
                return
            block, future = pending.popleft()
            while not wait([future], timeout=0.1).done:
                reporter.check()
            tiles = future.result()
            del future
            yield block, tiles
            del tiles
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
