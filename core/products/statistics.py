"""Statistics of rasters within each body, gathered piece by piece where there are bodies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Callable

import numpy as np
from numpy.typing import NDArray

from ..scene.grid import Window

#: Reads quantities by name, each float32 [h, w], NaN where unknown.
ReadLayers = Callable[[Window], Mapping[str, NDArray[np.float32]]]

_PIECE = 1024  # columns read at once: a strip can be a tile wide, and most of it holds no landslide


class BodyStatistics:
    """Mean, standard deviation, minimum and maximum of a quantity within each body.

    Args:
        count: How many bodies there are.
    """

    def __init__(self, count: int) -> None:
        self._number = np.zeros(count + 1, np.int64)
        self._total = np.zeros(count + 1)
        self._squares = np.zeros(count + 1)
        self._minimum = np.full(count + 1, np.inf)
        self._maximum = np.full(count + 1, -np.inf)

    def add(self, labels: NDArray[np.int32], values: NDArray[np.floating]) -> None:
        """Add a piece.

        Args:
            labels: int32 [h, w], 0 or the number of the body.
            values: [h, w], the quantity; NaN where unknown.
        """
        counted = (labels > 0) & np.isfinite(values)
        if not counted.any():
            return
        of_pixel, found = labels[counted], values[counted].astype(np.float64)
        first, last = int(of_pixel.min()), int(of_pixel.max()) + 1
        bodies, index = slice(first, last), of_pixel - first
        self._number[bodies] += np.bincount(index, minlength=last - first)
        self._total[bodies] += np.bincount(index, found, last - first)
        self._squares[bodies] += np.bincount(index, found * found, last - first)
        np.minimum.at(self._minimum, of_pixel, found)
        np.maximum.at(self._maximum, of_pixel, found)

    def rearrange(self, old: NDArray[np.int64]) -> None:
        """Number the bodies anew: ``old`` [count + 1] is what each was; negative: a body that is new."""
        for name, nothing in (
            ("_number", 0),
            ("_total", 0.0),
            ("_squares", 0.0),
            ("_minimum", np.inf),
            ("_maximum", -np.inf),
        ):
            values = getattr(self, name)
            setattr(self, name, np.where(old >= 0, values[old], values.dtype.type(nothing)))

    def mean(self, numbers: NDArray[np.integer]) -> NDArray[np.float64]:
        """Mean of the bodies ``numbers``; NaN where the quantity is known nowhere in the body, as below."""
        return self._known(numbers, self._total[numbers] / np.maximum(self._number[numbers], 1))

    def deviation(self, numbers: NDArray[np.integer]) -> NDArray[np.float64]:
        """Standard deviation over the pixels of the bodies ``numbers`` (of all of them: no sample is drawn)."""
        squares = self._squares[numbers] / np.maximum(self._number[numbers], 1)
        return self._known(numbers, np.sqrt(np.maximum(squares - self.mean(numbers) ** 2, 0)))

    def minimum(self, numbers: NDArray[np.integer]) -> NDArray[np.float64]:
        """Minimum of the bodies ``numbers``."""
        return self._known(numbers, self._minimum[numbers])

    def maximum(self, numbers: NDArray[np.integer]) -> NDArray[np.float64]:
        """Maximum of the bodies ``numbers``."""
        return self._known(numbers, self._maximum[numbers])

    def _known(self, numbers: NDArray[np.integer], values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.where(self._number[numbers] > 0, values, np.nan)


def gather(
    statistics: dict[str, BodyStatistics],
    count: int,
    labels: NDArray[np.int32],
    window: Window,
    layers: Sequence[ReadLayers],
) -> None:
    """Add a strip of several quantities to their statistics; rasters are read only where there are bodies.

    Args:
        statistics: By name of the quantity; a name that is not there yet is added.
        count: How many bodies there are.
        labels: int32 [h, w], 0 or the number of the body.
        window: Where the strip lies.
        layers: Where quantities come from; of two with one name the later counts.
    """
    for part, (rows, cols) in occupied(labels > 0, window):
        found: dict[str, NDArray[np.float32]] = {}
        for read in layers:
            found.update(read(part))
        for name, values in found.items():
            if name not in statistics:
                statistics[name] = BodyStatistics(count)
            statistics[name].add(labels[rows, cols], values)


def occupied(mask: NDArray[np.bool_], window: Window) -> Iterator[tuple[Window, tuple[slice, slice]]]:
    """Pieces of a strip that hold something, without the empty rows and columns around it: window, and slices of it."""
    for start in range(0, mask.shape[1], _PIECE):
        piece = mask[:, start : start + _PIECE]
        rows, cols = np.flatnonzero(piece.any(axis=1)), np.flatnonzero(piece.any(axis=0))
        if len(rows):
            part = Window(
                window.row + int(rows[0]),
                window.col + start + int(cols[0]),
                int(rows[-1] - rows[0]) + 1,
                int(cols[-1] - cols[0]) + 1,
            )
            yield part, part.slices(window)
