"""Where chips lie, and which of them are too near to each other to be on different sides of a split."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from .splits import Parts


@dataclass(frozen=True)
class Footprints:
    """Rectangles of pixels, each in the coordinates of its place.

    Chips of which only ids in raster order are known lie side by side in one row, 1 x 1 each: then distances are
    differences of ids.

    Attributes:
        places: int64 [n]: the grid (or the group of ids) that the coordinates count in; different places are far apart.
        boxes: int64 [n, 4]: row and column of the upper left pixel, height, width.
    """

    places: NDArray[np.int64]
    boxes: NDArray[np.int64]

    @classmethod
    def of_ids(cls, groups: Sequence[str], numbers: NDArray[np.int64]) -> Footprints:
        """Chips with ids that run in raster order within each group."""
        boxes = np.ones((len(numbers), 4), np.int64)
        boxes[:, 0], boxes[:, 1] = 0, numbers
        return cls(_codes(groups), boxes)

    @classmethod
    def of_squares(cls, places: Sequence[str], corners: NDArray[np.int64], side: int) -> Footprints:
        """Square chips with known upper left pixels, int64 [n, 2]."""
        boxes = np.full((len(corners), 4), side, np.int64)
        boxes[:, :2] = corners
        return cls(_codes(places), boxes)

    def __len__(self) -> int:
        return len(self.places)

    def take(self, indices: NDArray[np.int64]) -> Footprints:
        """Some of them, in the order of the indices."""
        return Footprints(self.places[indices], self.boxes[indices])


def too_near(first: Footprints, second: Footprints, gap: int) -> NDArray[np.int64]:
    """Pairs with fewer than ``gap`` pixels between them, along rows or columns, whichever is more.

    Args:
        first: Some rectangles.
        second: Others.
        gap: 1 finds all that touch (corners too) or overlap, 0 those that overlap.

    Returns:
        int64 [pairs, 2]: index in ``first``, index in ``second``.
    """
    found = [np.empty((0, 2), np.int64)]
    for place in np.intersect1d(first.places, second.places):
        mine, theirs = (np.flatnonzero(side.places == place) for side in (first, second))
        # Half a pixel less on all sides leaves out those that are just far enough: coordinates are whole numbers.
        tree = shapely.STRtree(_boxes(second.boxes[theirs], 0))
        pairs = tree.query(_boxes(first.boxes[mine], gap - 0.5))
        found.append(np.column_stack([mine[pairs[0]], theirs[pairs[1]]]))
    return np.concatenate(found)


def leaks(footprints: Footprints, parts: Iterable[NDArray[np.int64]], gap: int) -> NDArray[np.int64]:
    """Pairs of chips in different parts of a split that are too near to each other.

    Args:
        footprints: Of all chips.
        parts: Indices of the chips of each part.
        gap: What must lie between them, pixels (or ids).

    Returns:
        int64 [pairs, 2], indices of chips: none if the split is sound.
    """
    sides = list(parts)
    found = [np.empty((0, 2), np.int64)]
    for number, side in enumerate(sides):
        for other in sides[number + 1 :]:
            pairs = too_near(footprints.take(side), footprints.take(other), gap)
            found.append(np.column_stack([side[pairs[:, 0]], other[pairs[:, 1]]]))
    return np.concatenate(found)


def away_from(
    footprints: Footprints, rest: NDArray[np.int64], tested: NDArray[np.int64], gaps: Sequence[int], least: float
) -> Parts:
    """Take away what is too near to the tested chips.

    Args:
        footprints: Of all chips.
        rest: Indices of the chips that are not tested.
        tested: Indices of those that are.
        gaps: Widths to try, from the best to the least that will do.
        least: Share of ``rest`` that must be left for a gap to be taken before the last.

    Returns:
        What is left (as ``train``), the tested (as ``validation``) and the gap.
    """
    left, gap = rest, 0
    for gap in gaps:
        near = np.unique(too_near(footprints.take(rest), footprints.take(tested), gap)[:, 0])
        left = np.delete(rest, near)
        if len(left) >= least * len(rest):
            break
    return Parts(left, tested, gap)


def _boxes(boxes: NDArray[np.int64], grown: float) -> NDArray[np.object_]:
    row, col, height, width = boxes.T
    made: NDArray[np.object_] = shapely.box(col - grown, row - grown, col + width + grown, row + height + grown)
    return made


def _codes(names: Sequence[str]) -> NDArray[np.int64]:
    codes: dict[str, int] = {}
    return np.array([codes.setdefault(name, len(codes)) for name in names], np.int64)
