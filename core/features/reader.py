"""Engineered bands of any window of a scene, the same however the scene is cut."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..errors import ScarpError
from ..scene.grid import Window
from .compute import check_mode
from .lattice import CELL, Statistics, measure_cells, measure_chip
from .render import Place, margin, render, stretched
from .resolve import required, resolve

if TYPE_CHECKING:
    from ..scene import Scene

RUN = 32
"""Cells measured at a time: 128 x 4096 px."""


class FeatureReader:
    """Reads windows of a scene as engineered bands.

    A window is computed from its surroundings, as far as the filters reach, and from the extremes of whole cells of
    the lattice. Each cell is measured once and remembered: a few numbers for 16,384 pixels.

    Args:
        scene: An open scene; also one whose bands were written by ``scarp:buildbands``, which is passed through.
        channels: What `resolve` accepts.
        mode: ``scene``: independent of the windows; ``chip``: each window is a chip of its own.

    Attributes:
        channels: Names of the channels read, in order.

    Raises:
        ScarpError: The scene cannot give the channels.
    """

    def __init__(self, scene: Scene, channels: str | Sequence[str], mode: str = "scene") -> None:
        check_mode(mode)
        self._scene = scene
        self._mode = mode
        if scene.engineered:
            self.channels = _written(channels, scene.names)
            return
        self.channels = resolve(channels, scene.names)
        self._inputs = required(self.channels, scene.names)
        visible = dict.fromkeys(self._inputs, np.zeros((1, 1), np.float32))
        self._stretched = tuple(stretched(self.channels, visible))
        self._stretched_inputs = required(self._stretched, scene.names)
        cells = (-(-scene.grid.height // CELL), -(-scene.grid.width // CELL))
        self._low = np.full((len(self._stretched), *cells), np.nan)
        self._high = self._low.copy()
        self._measured = np.zeros(cells, bool)

    def read(self, window: Window) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Compute the channels in a window.

        Args:
            window: Any window inside the scene's grid.

        Returns:
            float32 [C, h, w], 0 at invalid pixels, and validity, bool [h, w].

        Raises:
            ScarpError: The window is empty or leaves the grid.
        """
        grid = self._scene.grid
        if window.clip(grid.height, grid.width) != window or window.height < 1 or window.width < 1:
            raise ScarpError(f"The window {window} is not inside the scene of {grid.height} x {grid.width} pixels.")
        if self._scene.engineered:
            return self._scene.read(window, self.channels)
        chip = self._mode == "chip"
        block = window if chip else self._surroundings(window)
        bands, valid = self._scene.read(block, self._inputs)
        known = None if valid.all() else valid
        planes = dict(zip(self._inputs, bands))
        images = stretched(self.channels, planes)
        if chip:
            statistics = measure_chip(list(images.values()), known)
        else:
            self._measure(block)
            statistics = Statistics(self._low, self._high)
        inner = window.slices(block)
        place = Place(known, statistics, (block.row, block.col), inner)
        return render(planes, images, self.channels, place), valid[inner]

    def _surroundings(self, window: Window) -> Window:
        grid, reach = self._scene.grid, margin(self.channels)
        if "edge" in self.channels:
            row, col = window.row // CELL * CELL, window.col // CELL * CELL
            bottom = -(-(window.row + window.height) // CELL) * CELL
            right = -(-(window.col + window.width) // CELL) * CELL
            window = Window(row, col, bottom - row, right - col)
        return window.grow(reach).clip(grid.height, grid.width)

    def _measure(self, block: Window) -> None:
        """Measure the cells around whose centres the pixels of ``block`` lie."""
        if not self._stretched:
            return
        rows, cols = self._measured.shape
        half = CELL // 2
        left = max((block.col - half) // CELL, 0)
        right = min((block.col + block.width - 1 + half) // CELL + 1, cols)
        for i in range(
            max((block.row - half) // CELL, 0), min((block.row + block.height - 1 + half) // CELL + 1, rows)
        ):
            unknown = [j for j in range(left, right) if not self._measured[i, j]]
            while unknown:
                run = [j for n, j in enumerate(unknown[:RUN]) if j == unknown[0] + n]
                self._measure_run(i, run[0], len(run))
                unknown = unknown[len(run) :]

    def _measure_run(self, row: int, col: int, count: int) -> None:
        grid = self._scene.grid
        window = Window(row * CELL, col * CELL, CELL, count * CELL).clip(grid.height, grid.width)
        bands, valid = self._scene.read(window, self._stretched_inputs)
        images = stretched(self.channels, dict(zip(self._stretched_inputs, bands)))
        cells = measure_cells(list(images.values()), None if valid.all() else valid, (window.row, window.col))
        self._low[:, row, col : col + count] = cells.low[:, 0]
        self._high[:, row, col : col + count] = cells.high[:, 0]
        self._measured[row, col : col + count] = True


def _written(channels: str | Sequence[str], names: Sequence[str]) -> tuple[str, ...]:
    words = channels.split(",") if isinstance(channels, str) else channels
    wanted = tuple(names) if list(words) == ["auto"] else tuple(word.strip().lower() for word in words)
    missing = [name for name in wanted if name not in names]
    if missing:
        raise ScarpError(
            f"The raster of engineered bands lacks {', '.join(missing)}; it has {', '.join(names)}. "
            "Build the bands again with the FEATURES that are needed, or give the Sentinel-2 bands themselves."
        )
    return wanted
