"""Splits of chips whose places are known: bands of rows or columns, with a gap that no chip lies in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .leaks import Footprints
from .splits import VALIDATION_SHARE, Parts

# A smaller gap is better than training on less than this share of the chips.
LEAST_TRAINED = 0.5
# One in so many places that are too small to be cut is validated whole.
_WHOLE = 5
_POSITIONS = 41


@dataclass(frozen=True)
class _Cut:
    """A band of chips and what lies beyond the gap on its sides: indices. ``misfit``: to the landslide share of all."""

    validation: NDArray[np.int64]
    train: NDArray[np.int64]
    gap: int
    misfit: float
    mixed: bool


def gaps(side: int) -> tuple[int, ...]:
    """Gaps between chips of ``side`` px, from the one to keep (a whole chip) to the least (they do not touch)."""
    return tuple(dict.fromkeys((side, side // 2, side // 4, 1)))


def split_chips(footprints: Footprints, shares: NDArray[np.float64]) -> Parts:
    """Cut a band of about a fifth of the chips out of each place, for the validation.

    The band lies across the longer axis if possible, where both parts hold landslides and its landslide share is
    nearest to that of the place. It does not depend on a seed. Of places too small to be cut one in five validates as
    a whole.

    Args:
        footprints: Of all chips, of one size.
        shares: Landslide share of each, float64 [n].

    Returns:
        Indices; ``validation`` is empty where there is too little to split. ``gap``: px, the least of all places.
    """
    trains, validations, kept, whole = [], [], [], []
    for place in np.unique(footprints.places):
        members = np.flatnonzero(footprints.places == place)
        cut = _best_cut(footprints.boxes[members], shares[members])
        if cut is None:
            whole.append(members)
            continue
        trains.append(members[cut.train])
        validations.append(members[cut.validation])
        kept.append(cut.gap)
    for number, members in enumerate(whole):
        (validations if number % _WHOLE == _WHOLE // 2 else trains).append(members)
    nothing = np.empty(0, np.int64)
    side = int(footprints.boxes[0, 2]) if len(footprints) else 0
    return Parts(
        np.sort(np.concatenate([nothing, *trains])),
        np.sort(np.concatenate([nothing, *validations])),
        min(kept, default=side),
    )


def chip_blocks(footprints: Footprints, count: int) -> list[NDArray[np.int64]]:
    """Cut chips into ``count`` blocks of about the same size: bands of rows or columns, or whole small places.

    Returns:
        Indices of each block. Neighbouring blocks touch: `leaks.away_from` makes the gap.
    """
    along = np.zeros(len(footprints), np.int64)
    for place in np.unique(footprints.places):
        members = np.flatnonzero(footprints.places == place)
        along[members] = footprints.boxes[members, _axes(footprints.boxes[members])[0]]
    # Chips of one row (or column) of a place stay together, where the middle of the row falls.
    _, line, sizes = np.unique(
        np.column_stack([footprints.places, along]), axis=0, return_inverse=True, return_counts=True
    )
    middles = (sizes.cumsum() - sizes / 2) / max(len(footprints), 1)
    numbers = (middles * count).astype(np.int64)[line.reshape(-1)]
    return [np.flatnonzero(numbers == number) for number in range(count)]


def _axes(boxes: NDArray[np.int64]) -> tuple[int, int]:
    """0 (rows) and 1 (columns), the one along which the chips reach further first."""
    reach = np.ptp(boxes[:, :2], axis=0)
    return (0, 1) if reach[0] >= reach[1] else (1, 0)


def _best_cut(boxes: NDArray[np.int64], shares: NDArray[np.float64]) -> _Cut | None:
    least = LEAST_TRAINED * len(boxes)
    steps = gaps(int(boxes[0, 2]))
    cuts = [[list(_cuts(boxes, shares, axis, gap)) for axis in _axes(boxes)] for gap in steps]
    for wanted in (True, False):
        for per_axis in cuts:
            for found in per_axis:
                good = [cut for cut in found if cut.mixed == wanted and len(cut.train) >= least]
                if good:
                    return min(good, key=lambda cut: (round(cut.misfit, 4), -len(cut.train)))
        # Nothing leaves enough to train on: with the smallest gap, whatever leaves most.
        any_left = [cut for found in cuts[-1] for cut in found if cut.mixed == wanted]
        if any_left and wanted:
            return max(any_left, key=lambda cut: len(cut.train))
    return None


def _cuts(boxes: NDArray[np.int64], shares: NDArray[np.float64], axis: int, gap: int) -> Iterator[_Cut]:
    start = boxes[:, axis]
    stop = start + boxes[:, axis + 2]
    lines, sizes = np.unique(start, return_counts=True)
    before = np.concatenate([[0], sizes.cumsum()])
    for first in np.unique(np.linspace(0, len(lines) - 1, _POSITIONS).astype(int)):
        # The number of lines whose chips come nearest to the share that is wanted.
        last = first + int(np.abs(before[first + 1 :] - before[first] - VALIDATION_SHARE * len(boxes)).argmin())
        inside = (start >= lines[first]) & (start <= lines[last])
        low, high = lines[first], stop[inside].max()
        beyond = (stop + gap <= low) | (start - gap >= high)
        if beyond.any():
            mixed = bool(shares[inside].any() and shares[beyond].any())
            misfit = abs(float(shares[inside].mean() - shares.mean()))
            yield _Cut(np.flatnonzero(inside), np.flatnonzero(beyond), gap, misfit, mixed)
