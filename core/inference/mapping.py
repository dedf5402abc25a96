"""The map of a scene, strip by strip: read ahead, predicted side by side, blended in the rolling strip."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Generator
from concurrent.futures import Future, wait
from contextlib import closing

import numpy as np

from ..reporter import Reporter
from ..scene.grid import Window
from .ahead import PATIENCE, ahead
from .blending import STRIP_ROWS, RollingStrip, Strip
from .lanes import Lanes
from .lattice import Lattice
from .panels import Reader
from .predictor import Prediction, Predictor
from .reading import READ_AHEAD, Skipped, Tile, counting, tiles


def map_scene(
    reader: Reader,
    predictor: Predictor,
    lattice: Lattice,
    window: Window,
    reporter: Reporter,
    *,
    apart: bool = False,
    lanes: int = 1,
) -> Generator[Strip, None, None]:
    """Run a network over ``window`` and yield the finished rows from top to bottom, each once.

    One thread reads and computes features, ``lanes`` threads run the network, this one blends; results are blended in
    the order of the tiles, so that they do not depend on who was first. In memory are the tiles on their way, the rows
    that two rows of tiles share, and the rows that are not finished: nothing grows with the height of the scene.

    Args:
        reader: Features of the whole grid; read in another thread until the last strip.
        predictor: The network.
        lattice: The tiles, of the whole grid.
        window: The part to map, in pixels of the grid. What lies around it is seen by the network, so that a pixel's
            result does not depend on it.
        reporter: Told the share done and the time left.
        apart: Read each tile by itself, for features of mode ``chip``, which are normalised over what is read.
        lanes: Batches that are computed at once, each by its share of a CPU's cores.

    Raises:
        Cancelled: If the user asked to stop.
    """
    layers = 1 + (predictor.opinions > 1) + predictor.presence
    rolling = RollingStrip(window.width, layers)
    count = len(lattice.rows.touching(window.row, window.row + window.height))
    count *= len(lattice.columns.touching(window.col, window.col + window.width))
    progress = _Progress(count, reporter)
    source = tiles(reader, lattice, window, predictor.standardise, reporter, apart=apart)
    with closing(ahead(source, READ_AHEAD, reporter, "scarp-reading")) as loaded, Lanes(predictor, lanes) as running:
        pending: deque[tuple[list[Tile], Future[Prediction]]] = deque()
        batch: list[Tile] = []
        for item in loaded:
            if isinstance(item, Skipped):
                progress.add(item.count, skipped=True)
                continue
            predictor.prepare(item.x)
            batch.append(item)
            if len(batch) < predictor.batch:
                continue
            pending.append((batch, running.submit(batch)))
            batch = []
            while len(pending) >= running.count + 1 or (pending and pending[0][1].done()):
                progress.add(_blend(pending.popleft(), lattice, window, rolling, reporter))
            # Tiles yet to come or under way lie below this; only whole strips leave.
            row = pending[0][0][0].row if pending else item.row
            done = (lattice.rows.kept(row)[0] - window.row) // STRIP_ROWS * STRIP_ROWS
            if done > rolling.row:
                yield _strip(rolling, min(done, window.height), predictor)
        if batch:
            pending.append((batch, running.submit(batch)))
        while pending:
            progress.add(_blend(pending.popleft(), lattice, window, rolling, reporter))
    while rolling.row < window.height:
        yield _strip(rolling, min(rolling.row + STRIP_ROWS, window.height), predictor)


def _blend(
    running: tuple[list[Tile], Future[Prediction]],
    lattice: Lattice,
    window: Window,
    rolling: RollingStrip,
    reporter: Reporter,
) -> int:
    """Wait for a batch, add it to the strip, and return the number of its tiles."""
    batch, future = running
    while not wait([future], PATIENCE).done:
        reporter.check()
    found = future.result()
    for index, tile in enumerate(batch):
        rows, columns = counting(lattice, window, tile.row, tile.column)
        weights = lattice.rows.weights(tile.row)[rows, None] * lattice.columns.weights(tile.column)[columns]
        layers = [found.probability[index][rows, columns] * weights]
        if found.spread is not None:
            layers.append(found.spread[index][rows, columns] * weights)
        if found.presence is not None:
            layers.append(found.presence[index] * weights)
        rolling.add(
            lattice.rows.start(tile.row) + rows.start - window.row,
            lattice.columns.start(tile.column) + columns.start - window.col,
            layers,
            tile.valid[rows, columns],
        )
    return len(batch)


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
