"""Several batches through one network at once, each with its share of a CPU's cores."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from types import TracebackType

import numpy as np
import torch

from .predictor import Prediction, Predictor
from .reading import Tile


class Lanes:
    """Threads that run a predictor; a context.

    Threads that share a layer wait for the slowest after each one, and what else a worker does (decoding, features,
    compressing) slows one of them at a time. Lanes do not wait for each other: nothing is lost.

    Args:
        predictor: Ready or not.
        count: Lanes. Each is given its share of the threads that torch would use; on a GPU one is enough.
    """

    def __init__(self, predictor: Predictor, count: int) -> None:
        self.count = max(count, 1)
        self._predictor = predictor
        share = partial(torch.set_num_threads, max(torch.get_num_threads() // self.count, 1))
        self._pool = ThreadPoolExecutor(self.count, "scarp-network", share if self.count > 1 else None)

    def submit(self, tiles: list[Tile]) -> Future[Prediction]:
        """Run a batch as soon as a lane is free."""
        return self._pool.submit(self._predict, tiles)

    def _predict(self, tiles: list[Tile]) -> Prediction:
        x = tiles[0].x[None] if len(tiles) == 1 else np.stack([tile.x for tile in tiles])
        for tile in tiles:
            tile.x = np.empty((0, 0, 0), np.float32)  # not needed any more, but the tile is, to blend it
        return self._predictor.run(x)

    def __enter__(self) -> Lanes:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._predictor.stop()
        # A layer that runs ends by itself, and touches nothing that its thread does not own: no need to wait for it.
        self._pool.shutdown(wait=kind is None, cancel_futures=True)
