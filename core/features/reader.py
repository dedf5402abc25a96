"""Engineered bands of any window of a scene, the same however the scene is cut."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..errors import ScarpError
from ..scene.grid import Window
from .channels import STRETCHED
from .compute import check_mode
from .lattice import CELL, Statistics, Stretched, measure_cells, measure_chip
from .render import Place, margin, render, rendered, stretched
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
        self._seen = required([channel for channel in self.channels if channel in STRETCHED], scene.names)
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
        if self._scene.engineered:
            return self._scene.read(self._checked(window), self.channels)
        planes, images, place, valid = self._at_hand(window)
        return render(planes, images, self.channels, place), valid

    def planes(self, window: Window) -> tuple[Sequence[NDArray[np.float32]], NDArray[np.bool_]]:
        """As `read`, channel by channel, float32 [h, w] each: bands and terrain are not copied once more."""
        if self._scene.engineered:
            written, valid = self._scene.read(self._checked(window), self.channels)
            return list(written), valid
        planes, images, place, valid = self._at_hand(window)
        return rendered(planes, images, self.channels, place), valid

    def _checked(self, window: Window) -> Window:
        grid = self._scene.grid
        if window.clip(grid.height, grid.width) != window or window.height < 1 or window.width < 1:
            raise ScarpError(f"The window {window} is not inside the scene of {grid.height} x {grid.width} pixels.")
        return window

    def _at_hand(
        self, window: Window
    ) -> tuple[dict[str, NDArray[np.float32]], dict[str, Stretched], Place, NDArray[np.bool_]]:
        """What `render` needs to compute a window, and the window's validity."""
        chip = self._mode == "chip"
        block = self._checked(window) if chip else self._surroundings(self._checked(window))
        if not chip:
            self._measure_around(block)
        bands, valid = self._scene.read(block, self._inputs)
        known = None if valid.all() else valid
        planes = dict(zip(self._inputs, bands))
        images = stretched(self.channels, planes)
        statistics = measure_chip(images.values(), known) if chip else Statistics(self._low, self._high)
        inner = window.slices(block)
        return planes, images, Place(known, statistics, (block.row, block.col), inner), valid[inner]

    def _surroundings(self, window: Window) -> Window:
        grid, reach = self._scene.grid, margin(self.channels)
        if "edge" in self.channels:
            row, col = window.row // CELL * CELL, window.col // CELL * CELL
            bottom = -(-(window.row + window.height) // CELL) * CELL
            right = -(-(window.col + window.width) // CELL) * CELL
            window = Window(row, col, bottom - row, right - col)
        return window.grow(reach).clip(grid.height, grid.width)

    def _measure_around(self, block: Window) -> None:
        """Measure the cells around whose centres the pixels of a block lie, as far as they were not measured yet."""
        if not self._stretched:
            return
        half = CELL // 2
        top, left = max((block.row - half) // CELL, 0), max((block.col - half) // CELL, 0)
        bottom, right = (
            (block.row + block.height - 1 + half) // CELL + 1,
            (block.col + block.width - 1 + half) // CELL + 1,
        )
        unknown = np.argwhere(~self._measured[top:bottom, left:right])
        if not len(unknown):
            return
        (first_row, first_col), (last_row, last_col) = unknown.min(axis=0), unknown.max(axis=0)
        rows = slice(int(top + first_row), int(top + last_row) + 1)
        columns = slice(int(left + first_col), int(left + last_col) + 1)
        cells = Window(rows.start, columns.start, rows.stop - rows.start, columns.stop - columns.start)
        window = Window(*(CELL * pixels for pixels in (cells.row, cells.col, cells.height, cells.width)))
        window = window.clip(self._scene.grid.height, self._scene.grid.width)
        inputs = self._seen
        bands, valid = self._scene.read(window, inputs)
        if not valid.all():  # which pixels are valid can depend on what is read: a slope may be undefined
            inputs = self._inputs
            bands, valid = self._scene.read(window, inputs)
        images = stretched(self.channels, dict(zip(inputs, bands)))
        found = measure_cells(images.values(), None if valid.all() else valid)
        self._low[:, rows, columns] = found.low
        self._high[:, rows, columns] = found.high
        self._measured[rows, columns] = True


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
