"""Grad-CAM of a scene in two passes over its tiles: the weights of the channels, then the heat, strip by strip."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ..reporter import Reporter
from ..scene.grid import Window
from .ahead import ahead
from .blending import STRIP_ROWS, RollingStrip
from .explanation import Explainer
from .lattice import Lattice
from .panels import Reader
from .reading import READ_AHEAD, Skipped, Tile, counting, tiles

HeatRows = tuple[int, npt.NDArray[np.float32], npt.NDArray[np.bool_]]
"""First row in the window, heat float32 [h, w] (0 where not valid), validity bool [h, w]."""


@dataclass(frozen=True)
class Cut:
    """How a scene is cut: the tiles of its whole grid, and the window to explain.

    Attributes:
        reader: Features of the whole grid.
        lattice: The tiles.
        window: Pixels of the grid; a tile that reaches beyond it sees what is there, but only the window counts.
        apart: Read each tile by itself (features of mode ``chip``).
    """

    reader: Reader
    lattice: Lattice
    window: Window
    apart: bool = False

    def tiles(self, explainer: Explainer, reporter: Reporter) -> Generator[Tile, None, None]:
        """The tiles that hold a valid pixel of the window, from top to bottom; tells the share done."""
        rows = self.lattice.rows.touching(self.window.row, self.window.row + self.window.height)
        columns = self.lattice.columns.touching(self.window.col, self.window.col + self.window.width)
        done, total = 0, len(rows) * len(columns)
        source = tiles(self.reader, self.lattice, self.window, explainer.standardise, reporter, apart=self.apart)
        with closing(ahead(source, READ_AHEAD, reporter, "scarp-reading")) as loaded:
            for item in loaded:
                reporter.progress(done / total, "Explaining")
                if isinstance(item, Skipped):
                    done += item.count
                    continue
                yield item
                done += 1

    def tile(self, explainer: Explainer, row: int, column: int, reporter: Reporter) -> Tile | None:
        """One tile alone; None where it holds no valid pixel of the window."""
        rows, columns = counting(self.lattice, self.window, row, column)
        top, left = self.lattice.rows.start(row) + rows.start, self.lattice.columns.start(column) + columns.start
        part = Window(top, left, rows.stop - rows.start, columns.stop - columns.start)
        source = tiles(self.reader, self.lattice, part, explainer.standardise, reporter, apart=self.apart)
        with closing(source) as loaded:
            for item in loaded:
                if isinstance(item, Tile) and (item.row, item.column) == (row, column):
                    return item
        return None

    def weights(self, tile: Tile) -> npt.NDArray[np.float32]:
        """How much each pixel of a tile counts, float32 [H, W]: over all tiles, 1 for a valid pixel of the window."""
        found = np.zeros(tile.valid.shape, np.float32)
        rows, columns = counting(self.lattice, self.window, tile.row, tile.column)
        across = self.lattice.columns.weights(tile.column)[columns]
        found[rows, columns] = self.lattice.rows.weights(tile.row)[rows, None] * across
        found[~tile.valid] = 0
        return found


@dataclass
class Channels:
    """What the first pass found.

    Attributes:
        weights: Of the channels of the stage, float64 [K]: mean gradient of a pixel that counts.
        pixels: How many pixels counted.
        found: Row and column of each tile in the lattice, and how many of its pixels counted.
    """

    weights: npt.NDArray[np.float64]
    pixels: float = 0.0
    found: list[tuple[int, int, float]] = field(default_factory=list)


def weigh_channels(explainer: Explainer, cut: Cut, threshold: float | None, reporter: Reporter) -> Channels:
    """The first pass: how the landslide class depends on the channels of the stage, over the window.

    Args:
        explainer: The network.
        cut: The tiles.
        threshold: Pixels of at least this probability count; None: all valid ones.
        reporter: Told the share done.
    """
    channels = Channels(np.zeros(explainer.stage.channels))
    with closing(cut.tiles(explainer, reporter)) as found:
        for tile in found:
            gradients, pixels = explainer.gradients(tile.x, cut.weights(tile), threshold)
            channels.weights += gradients
            channels.pixels += pixels
            channels.found.append((tile.row, tile.column, pixels))
    channels.weights /= max(channels.pixels, 1.0)
    return channels


def heat_strips(
    explainer: Explainer, cut: Cut, weights: npt.NDArray[np.float64], reporter: Reporter
) -> Generator[HeatRows, None, None]:
    """The second pass: the heat of the window in finished rows, from top to bottom, each once.

    In memory are the rows that are not finished, as in `mapping.map_scene`.

    Args:
        explainer: The network.
        cut: The tiles.
        weights: Of the channels of the stage, [K].
        reporter: Told the share done.
    """
    window = cut.window
    rolling = RollingStrip(window.width, 1)
    with closing(cut.tiles(explainer, reporter)) as found:
        for tile in found:
            # Tiles yet to come begin where this one does, or below.
            done = (cut.lattice.rows.kept(tile.row)[0] - window.row) // STRIP_ROWS * STRIP_ROWS
            while rolling.row < done:
                yield _rows(rolling, rolling.row + STRIP_ROWS)
            heat = explainer.heat(tile.x, weights)
            rows, columns = counting(cut.lattice, window, tile.row, tile.column)
            rolling.add(
                cut.lattice.rows.start(tile.row) + rows.start - window.row,
                cut.lattice.columns.start(tile.column) + columns.start - window.col,
                [heat[rows, columns] * cut.weights(tile)[rows, columns]],
                tile.valid[rows, columns],
            )
    while rolling.row < window.height:
        yield _rows(rolling, min(rolling.row + STRIP_ROWS, window.height))


def _rows(rolling: RollingStrip, until: int) -> HeatRows:
    row = rolling.row
    sums, valid = rolling.take(until)
    return row, sums[0], valid
