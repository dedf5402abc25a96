"""The map of a scene, strip by strip: tiles through the network into the rolling strip."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import closing

import numpy as np

from ..reporter import Reporter
from ..scene.grid import Window
from .blending import RollingStrip, Strip
from .lattice import Lattice
from .predictor import Predictor
from .reading import Reader, Tile, blocks, counting, read_ahead

STRIP_ROWS = 256
"""Strips are whole rows of GeoTIFF blocks, so that no block is written twice."""


def map_scene(
    reader: Reader,
    predictor: Predictor,
    lattice: Lattice,
    window: Window,
    reporter: Reporter,
    *,
    apart: bool = False,
) -> Generator[Strip, None, None]:
    """Run a network over ``window`` and yield the finished rows from top to bottom, each once.

    In memory are a batch, the blocks read ahead, and the rows that are not finished: width x (tile + 256) pixels for
    each of probability, spread and presence; nothing grows with the height of the scene.

    Args:
        reader: Features of the whole grid; read in another thread until the last strip.
        predictor: The network.
        lattice: The tiles, of the whole grid.
        window: The part to map, in pixels of the grid. What lies around it is seen by the network, so that a pixel's
            result does not depend on it.
        reporter: Told the share done and the time left.
        apart: Read each tile by itself, for features of mode ``chip``, which are normalised over what is read.

    Raises:
        Cancelled: If the user asked to stop.
    """
    layers = 1 + (predictor.opinions > 1) + predictor.presence
    rolling = RollingStrip(window.width, layers)
    todo = blocks(lattice, window, apart=apart)
    progress = _Progress(sum(len(block.columns) for block in todo), reporter)
    waiting: list[Tile] = []
    with closing(read_ahead(reader, lattice, todo, window, reporter)) as loaded:
        for block, tiles in loaded:
            progress.add(len(block.columns) - len(tiles), skipped=True)
            for tile in tiles:
                predictor.prepare(tile.features, tile.valid)
                waiting.append(tile)
                if len(waiting) >= predictor.batch:
                    _blend(waiting, predictor, lattice, window, rolling)
                    progress.add(len(waiting))
                    waiting.clear()
            # Tiles yet to come, or waiting, lie below this; only whole strips leave.
            row = waiting[0].row if waiting else block.row
            done = (lattice.rows.kept(row)[0] - window.row) // STRIP_ROWS * STRIP_ROWS
            if done > rolling.row:
                yield _strip(rolling, min(done, window.height), predictor)
    if waiting:
        _blend(waiting, predictor, lattice, window, rolling)
        progress.add(len(waiting))
    while rolling.row < window.height:
        yield _strip(rolling, min(rolling.row + STRIP_ROWS, window.height), predictor)


def _blend(tiles: list[Tile], predictor: Predictor, lattice: Lattice, window: Window, rolling: RollingStrip) -> None:
    """Predict a batch and add it to the strip."""
    found = predictor.predict(np.stack([t.features for t in tiles]), np.stack([t.valid for t in tiles]))
    for index, tile in enumerate(tiles):
        rows, columns = counting(lattice, window, tile.row, tile.column)
        layers = [found.probability[index], *([] if found.spread is None else [found.spread[index]])]
        if found.presence is not None:
            layers.append(np.full_like(layers[0], found.presence[index]))
        weights = lattice.rows.weights(tile.row)[rows, None] * lattice.columns.weights(tile.column)[columns]
        rolling.add(
            lattice.rows.start(tile.row) + rows.start - window.row,
            lattice.columns.start(tile.column) + columns.start - window.col,
            np.stack([layer[rows, columns] for layer in layers]),
            weights,
            tile.valid[rows, columns],
        )


def _strip(rolling: RollingStrip, until: int, predictor: Predictor) -> Strip:
    row = rolling.row
    sums, valid = rolling.take(until)
    # Weights sum to 1 but for rounding, which must not carry a probability beyond 1.
    np.clip(sums, 0, 1, out=sums)
    return Strip(
        row=row,
        probability=sums[0],
        spread=sums[1] if predictor.opinions > 1 else None,
        presence=sums[-1] if predictor.presence else None,
        valid=valid,
    )


class _Progress:
    """Share of the tiles done, and the time left at the pace of those that went through the network."""

    def __init__(self, total: int, reporter: Reporter) -> None:
        self._total, self._left, self._run = total, total, 0
        self._start = time.monotonic()
        self._reporter = reporter

    def add(self, tiles: int, *, skipped: bool = False) -> None:
        """Count tiles that are done."""
        self._left -= tiles
        self._run += 0 if skipped else tiles
        text = ""
        if self._run and self._left:
            text = f"about {_duration((time.monotonic() - self._start) / self._run * self._left)} left"
        self._reporter.progress(1 - self._left / self._total, text)


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
