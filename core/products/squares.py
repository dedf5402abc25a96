"""Bodies with outlines so long that they are noise, divided into squares: what is held of a map stays bounded.

A map of noise may be one body from edge to edge, whose outline has as many corners as the map has pixels. No landslide
does, nor could QGIS draw it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ..reporter import Reporter
from .components import STRIP_ROWS, Components
from .corners import find_corners
from .scratch import ScratchMask

#: Most corners of an outline; with pixels of 10 m more than 1000 km of it.
MOST = 100_000
#: Most corners of all outlines that cross one row.
_HELD = 8_000_000
#: Columns of a square.
SIDE = 256

IntArray = NDArray[np.int64]


class Numbered(Protocol):
    """Bodies, or the parts they are divided into, numbered from 1: integers [count + 1] each."""

    @property
    def first_row(self) -> NDArray[np.integer]:
        """The first row that each reaches."""

    @property
    def last_row(self) -> NDArray[np.integer]:
        """The last row."""

    @property
    def first_col(self) -> NDArray[np.integer]:
        """The first column."""

    @property
    def last_col(self) -> NDArray[np.integer]:
        """The last column."""

    @property
    def count(self) -> int:
        """How many there are."""

    @property
    def ends(self) -> NDArray[np.integer]:
        """The row from which on each can be given out."""

    def body_of(self, numbers: IntArray) -> IntArray:
        """What each is part of."""

    def strips(self) -> Iterator[tuple[int, NDArray[np.int32]]]:
        """First row of each strip, and its numbers, int32 [h, width]."""


def too_complex(bodies: Components, *, most: int = MOST, held: int = _HELD) -> tuple[NDArray[np.bool_], int]:
    """Which bodies have too many corners, bool [count + 1], and what is too many.

    Args:
        bodies: The bodies.
        most: Corners that a body may have.
        held: Corners that all bodies which cross one row may have; ``most`` is lowered until they do.
    """
    corners = 4 * bodies.pixels  # at most
    if corners.max() > most or _across(bodies, corners) > held:
        corners = np.zeros(bodies.count + 1, np.int64)
        for row, labels in bodies.strips():
            # A row between strips is seen from below alone, which is near enough.
            found = find_corners(labels[0], labels, row).body
            corners += np.bincount(found, minlength=bodies.count + 1)
    while _across(bodies, np.where(corners > most, 0, corners)) > held:
        most //= 2
    return corners > most, most


def _across(bodies: Components, corners: IntArray) -> int:
    """Most corners of the bodies that cross one cut between strips."""
    first, last = bodies.first_row // STRIP_ROWS, bodies.last_row // STRIP_ROWS
    crossing = (first < last) & (corners > 0)
    cuts = int(last.max(initial=0)) + 2
    change = np.bincount(first[crossing], corners[crossing], cuts) - np.bincount(
        last[crossing], corners[crossing], cuts
    )
    return int(np.cumsum(change).max(initial=0))


def without_noise(
    bodies: Components, shape: tuple[int, int], stack: ExitStack, reporter: Reporter
) -> tuple[Components, ScratchMask | None]:
    """Take the bodies that are `too_complex` out of a map, and say so.

    Args:
        bodies: The bodies.
        shape: Of the map.
        stack: Deletes the temporary files.
        reporter: Warned.

    Returns:
        The other bodies, and the mask of what was taken out; None where nothing was.
    """
    noisy, most = too_complex(bodies)
    if not noisy.any():
        return bodies, None
    reporter.warning(
        f"{np.count_nonzero(noisy)} of {bodies.count} landslides have outlines of more than {most} corners: noise "
        f"rather than landslides. They were divided into squares of {SIDE} px. Raise THRESHOLD, or use a checkpoint "
        "that fits the scene."
    )
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="scarp-")))
    calm, noise = (ScratchMask(folder / f"{name}.bits", *shape) for name in ("calm", "noise"))
    for _, labels in bodies.strips():
        is_noise = noisy[labels]
        noise.append(is_noise)
        calm.append((labels > 0) & ~is_noise)
    return Components(calm.read, *shape), noise


class Squares:
    """Bodies as they are, and noise in squares of `SIDE`, which are numbered after them.

    Args:
        bodies: All bodies that are no noise.
        noise: The noise, as a mask.
        shape: Of the map.
    """

    def __init__(self, bodies: Numbered, noise: ScratchMask, shape: tuple[int, int]) -> None:
        self._bodies, self._noise, self._width = bodies, noise, shape[1]
        boxes = [box[1:] for row in range(0, shape[0], STRIP_ROWS) for box in self._boxes(row, shape[0])]
        found = np.array(boxes, np.int64).reshape(-1, 4).T
        columns = (bodies.first_row, bodies.last_row, bodies.first_col, bodies.last_col)
        self.first_row, self.last_row, self.first_col, self.last_col = (
            np.concatenate([of_bodies, of_squares]) for of_bodies, of_squares in zip(columns, found)
        )

    @property
    def count(self) -> int:
        """How many bodies and squares there are."""
        return len(self.first_row) - 1

    @property
    def squares(self) -> int:
        """How many squares there are."""
        return self.count - self._bodies.count

    @property
    def ends(self) -> NDArray[np.integer]:
        """See `Numbered`."""
        return np.concatenate([self._bodies.ends, self.last_row[self._bodies.count + 1 :]])

    def body_of(self, numbers: IntArray) -> IntArray:
        """The bodies that ``numbers`` are part of; a negative number for each square."""
        square = numbers > self._bodies.count
        return np.where(square, -numbers, self._bodies.body_of(np.where(square, 0, numbers)))

    def strips(self) -> Iterator[tuple[int, NDArray[np.int32]]]:
        """See `Numbered`."""
        number = self._bodies.count
        for row, labels in self._bodies.strips():
            noise = self._noise.read(row, len(labels))
            for col, *_ in self._boxes(row, row + len(labels)):
                number += 1
                labels[:, col : col + SIDE][noise[:, col : col + SIDE]] = number
            yield row, labels

    def _boxes(self, row: int, height: int) -> Iterator[tuple[int, int, int, int, int]]:
        """First column of each square that holds noise, and the box of it: rows, columns, first and last each."""
        noise = self._noise.read(row, min(STRIP_ROWS, height - row))
        for col in range(0, self._width, SIDE):
            square = noise[:, col : col + SIDE]
            rows, cols = np.flatnonzero(square.any(axis=1)), np.flatnonzero(square.any(axis=0))
            if len(rows):
                yield col, row + int(rows[0]), row + int(rows[-1]), col + int(cols[0]), col + int(cols[-1])
