"""Inputs of a scene at places spread all over it, in bounded time; and cell by cell, for a map."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from ..bands import BEFORE, CANONICAL, PRE, PRE_VALID
from ..reporter import Reporter
from ..scene import Scene
from ..scene.grid import Window

FloatArray = NDArray[np.float64]

CELL = 128
"""Side of a cell in pixels: a chip of Landslide4Sense, and the lattice of the local features."""

_SIDE = 64  # px of a sample
_STEP = 2  # px, along rows and columns
_FEWEST, _MOST = 6, 64  # samples
# Pixels that may be decoded, all bands together: JPEG 2000 takes a second for some 6 million, GeoTIFF for 100.
_DECODED = 30e6
_RUN = 32  # cells read at a time
_LEAST = 64  # valid pixels of a cell


def names_in(scene: Scene) -> dict[str, str]:
    """Canonical input to what the scene calls it: bands of an engineered raster are channels (``b04``)."""
    if not scene.engineered:
        return {name: name for name in scene.names}
    colours = {"red": "R", "green": "G", "blue": "B"}
    canonical = {name: colours.get(name, name.upper()) for name in scene.names}
    return {own: name for name, own in canonical.items() if own in (*CANONICAL, *BEFORE)}


def sample(scene: Scene, names: Sequence[str], reporter: Reporter) -> FloatArray:
    """Valid pixels from a lattice of small windows, float64 [len(names), pixels].

    Args:
        scene: The scene.
        names: Its own names of what is wanted.
        reporter: Asked whether to stop.
    """
    found = []
    for window in _windows(scene):
        reporter.check()
        values, valid = scene.read(window, names)
        found.append(values[:, ::_STEP, ::_STEP][:, valid[::_STEP, ::_STEP]])
    return np.concatenate(found, axis=1).astype(np.float64)


def known(names: Sequence[str], pixels: FloatArray, image: Sequence[str]) -> FloatArray:
    """The inputs of an image where it is known, [len(image), pixels]; ``names`` are those of the rows of ``pixels``."""
    chosen = pixels[[names.index(name) for name in image]]
    if image[0].startswith(PRE) and PRE_VALID in names:
        chosen = chosen[:, pixels[names.index(PRE_VALID)] >= 1]
    return chosen


def cell_medians(scene: Scene, names: Sequence[str], reporter: Reporter) -> Iterator[tuple[int, FloatArray]]:
    """Medians of the inputs in the cells that touch the scene's window, row of cells by row of cells.

    Yields:
        The number of the row, and float64 [columns, len(names)]; NaN where a cell has too few valid pixels.
    """
    first, last = cells_of(scene.window.row, scene.window.height)
    left, right = cells_of(scene.window.col, scene.window.width)
    for row in range(first, last):
        reporter.progress((row - first) / (last - first), "Comparing the scene with the training")
        medians = np.full((right - left, len(names)), np.nan)
        for start in range(left, right, _RUN):
            stop = min(start + _RUN, right)
            strip = Window(row * CELL, start * CELL, CELL, (stop - start) * CELL).intersect(scene.window)
            reporter.check()
            values, valid = scene.read(strip, names)
            for col in range(start, stop):
                here = Window(strip.row, col * CELL, strip.height, CELL).intersect(strip).slices(strip)
                inside = valid[here][::_STEP, ::_STEP]
                if np.count_nonzero(inside) * _STEP**2 >= _LEAST:
                    medians[col - left] = np.median(
                        values[(slice(None), *here)][:, ::_STEP, ::_STEP][:, inside], axis=1
                    )
        yield row - first, medians


def cells_of(start: int, size: int) -> tuple[int, int]:
    """First and last + 1 of the cells of the grid that pixels ``start`` to ``start + size`` touch."""
    return start // CELL, -(-(start + size) // CELL)


def _windows(scene: Scene) -> Iterator[Window]:
    window = scene.window
    count = min(max(_DECODED / max(scene.decoded(_SIDE), 1), _FEWEST), _MOST)
    rows = max(1, round(math.sqrt(count * window.height / window.width)))
    cols = max(1, round(count / rows))
    for row in _starts(window.row, window.height, rows):
        for col in _starts(window.col, window.width, cols):
            yield Window(row, col, _SIDE, _SIDE).intersect(window)


def _starts(start: int, size: int, count: int) -> list[int]:
    """Starts of samples in the middle of ``count`` equal parts, fewer where they would overlap."""
    count = max(1, min(count, size // _SIDE))
    middles = (np.arange(count) + 0.5) * size / count - _SIDE / 2
    return [start + max(int(middle), 0) for middle in middles]
