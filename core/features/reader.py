"""Engineered bands of any window of a scene, the same however the scene is cut."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..errors import ScarpError
from ..scene.grid import Window
from .compute import check_mode
from .lattice import CELL, Statistics, Stretched, measure_cells, measure_chip
from .render import Place, margin, render, stretched
from .resolve import required, resolve

if TYPE_CHECKING:
    from ..scene import Scene


class FeatureReader:
    """Reads windows of a scene as engineered bands.

    A window is computed from its surroundings, as far as the filters reach, and from the statistics of whole cells
    of the lattice. Each cell is measured once and remembered: a few numbers for 16,384 pixels.

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
        whole = block if chip else self._with_unmeasured_cells(block)
        bands, valid = self._scene.read(whole, self._inputs)
        if chip:
            statistics = measure_chip(self._images(bands).values(), None if valid.all() else valid)
        else:
            self._measure(whole, bands, valid)
            statistics = Statistics(self._low, self._high)
        rows, columns = block.slices(whole)
        bands, valid = bands[:, rows, columns], valid[rows, columns]
        known = None if valid.all() else valid
        planes, images = dict(zip(self._inputs, bands)), self._images(bands)
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

    def _images(self, bands: NDArray[np.float32]) -> dict[str, Stretched]:
        return stretched(self.channels, dict(zip(self._inputs, bands)))

    def _with_unmeasured_cells(self, block: Window) -> Window:
        """The block, and the cells around whose centres its pixels lie as far as they were not measured yet."""
        if not self._stretched:
            return block
        half = CELL // 2
        top, left = max((block.row - half) // CELL, 0), max((block.col - half) // CELL, 0)
        bottom, right = (
            (block.row + block.height - 1 + half) // CELL + 1,
            (block.col + block.width - 1 + half) // CELL + 1,
        )
        unknown = np.argwhere(~self._measured[top:bottom, left:right])
        if not len(unknown):
            return block
        (first_row, first_col), (last_row, last_col) = unknown.min(axis=0), unknown.max(axis=0)
        row, col = min(block.row, int(top + first_row) * CELL), min(block.col, int(left + first_col) * CELL)
        end_row = max(block.row + block.height, int(top + last_row + 1) * CELL)
        end_col = max(block.col + block.width, int(left + last_col + 1) * CELL)
        return Window(row, col, end_row - row, end_col - col).clip(self._scene.grid.height, self._scene.grid.width)

    def _measure(self, whole: Window, bands: NDArray[np.float32], valid: NDArray[np.bool_]) -> None:
        """Measure the cells that lie in a window wholly."""
        grid = self._scene.grid
        top, left = -(-whole.row // CELL), -(-whole.col // CELL)
        bottom, right = (
            -(-length // CELL) if end == length else end // CELL
            for end, length in ((whole.row + whole.height, grid.height), (whole.col + whole.width, grid.width))
        )
        if not self._stretched or top >= bottom or left >= right or self._measured[top:bottom, left:right].all():
            return
        inside = Window(top * CELL, left * CELL, (bottom - top) * CELL, (right - left) * CELL)
        rows, columns = inside.clip(grid.height, grid.width).slices(whole)
        seen = valid[rows, columns]
        images = self._images(bands[:, rows, columns])
        cells = measure_cells(images.values(), None if seen.all() else seen)
        self._low[:, top:bottom, left:right] = cells.low
        self._high[:, top:bottom, left:right] = cells.high
        self._measured[top:bottom, left:right] = True


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
