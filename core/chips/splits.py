"""Which chips train, which choose the checkpoint and the threshold, and which are read once at the end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Callable

import numpy as np
from numpy.typing import NDArray

from ..errors import ScarpError
from .chip import ChipSource

VALIDATION_SHARE = 0.2
FOLDS = 5
# Chip ids run in raster order, so neighbours within a row of chips have near ids.
ID_GAP = 40
#: Fewer validation chips than this (or scored pixels of a scene than they have) say little: chosen by them alone, an
#: epoch, a calibration or a threshold is one of chance, and what they would teach is missed. Of networks trained on 50,
#: 20 and 10 chips of 64 px, 12 of 14 mapped another part of the scene better (by up to 0.10) when the training chips
#: helped to choose calibration and threshold; of 6 that were fine-tuned on 50 and 20 chips, 5 did (by 0.015 to 0.046;
#: one lost 0.009) when the last epoch was kept instead of the best. What a second network gains that learns from all
#: of them: `scarp.core.training.twice`.
FEW = 20
# Shrinking the gap is better than throwing away more than this of a small data set.
_LEAST_TRAINED = 0.6


@dataclass(frozen=True)
class Split:
    """Data that may not see each other.

    Attributes:
        name: A short name that stands beside every figure. description: a sentence on how it was made.
        train: Epoch number (from 0) to the chips of that epoch, in the order they are shown.
        validation: Chooses checkpoint and threshold. test: read once at the end; None where there is no test part.
        facts: For card and report, JSON-able.
        test_name: Stands beside the figures of the test part, ``test (fold 1)``; empty where there is none.
        trained: Every training chip once; None where chips are drawn from a scene, never the same twice.
        whole: Where few chips validate, all that may be learned from in the end: the validation part and the gap around
            it included, the test part and its gap left out. ``name`` says so, and ``validation`` is among what trains.
        worth: Whole chips that the validation part is worth, where it scores a part of each; None: as many as it has.
    """

    name: str
    description: str
    train: Callable[[int], ChipSource]
    validation: ChipSource
    test: ChipSource | None
    facts: dict[str, object]
    test_name: str = ""
    trained: ChipSource | None = None
    whole: Split | None = None
    worth: float | None = None

    @property
    def few_validate(self) -> bool:
        """Whether the validation part is too small to choose by alone (`FEW`)."""
        return (len(self.validation) if self.worth is None else self.worth) < FEW


@dataclass(frozen=True)
class Parts:
    """Indices of chips: int64 arrays. ``gap``: what was really kept between training and validation (ids, or px)."""

    train: NDArray[np.int64]
    validation: NDArray[np.int64]
    gap: int


def fold(groups: Sequence[str], number: int) -> NDArray[np.int64]:
    """Indices of one of the paper's five folds: contiguous, touching; fold 1 is the last fifth, fold 5 the first.

    Each group of chips (a data set may keep those without landslides apart) is cut into fifths of its own.
    """
    cuts = [np.array_split(members, FOLDS)[FOLDS - number] for members in _members(groups)]
    return np.concatenate(cuts)


def own_blocks(groups: Sequence[str], count: int) -> list[NDArray[np.int64]]:
    """Indices of our own ``count`` blocks of consecutive ids, the first block first; each group is cut by itself.

    Neighbouring blocks touch: `scarp.core.chips.leaks.away_from` makes the gap.
    """
    cuts = [np.array_split(members, count) for members in _members(groups)]
    return [np.concatenate(parts) for parts in zip(*cuts)]


def id_blocks(numbers: NDArray[np.int64], shares: NDArray[np.float64]) -> Parts:
    """Cut one contiguous validation block of about a fifth out of chips whose ids run in raster order.

    Of the positions with landslides on both sides (of all, if there is none) the one is taken whose landslide share
    is nearest to that of all chips. Chips whose id is within
    `ID_GAP` of the block belong to neither part; of a small data set a smaller gap is kept.

    Args:
        numbers: Ids, ascending, int64 [chips].
        shares: Landslide share of each chip, float64 [chips].
    """
    count = len(numbers)
    size = max(1, round(VALIDATION_SHARE * count))
    if count <= size:
        return Parts(np.arange(count), np.arange(0), 0)
    starts = np.unique(np.linspace(0, count - size, 41).round().astype(int))
    means = np.array([shares[start : start + size].mean() for start in starts])
    mixed = (means > 0) & (means * size < shares.sum())
    misfit = np.abs(means - shares.mean()) + np.where(mixed, 0.0, 1.0)
    start = starts[np.argmin(misfit)]
    block = np.arange(start, start + size)
    for gap in [*range(ID_GAP, 0, -1), 0]:
        far = (numbers < numbers[block[0]] - gap) | (numbers > numbers[block[-1]] + gap)
        if far.sum() >= _LEAST_TRAINED * count or gap == 0:
            break
    return Parts(np.flatnonzero(far), block, gap)


def id_ranges(text: str, numbers: NDArray[np.int64]) -> dict[str, NDArray[np.int64]]:
    """Indices of the chips in ranges of ids that a person chose.

    Args:
        text: ``train=1-2240, validate=2281-2640, test=2681-3039``; ``test`` may be left out, and a part may have
            several ranges: ``train=1-2240, train=2681-3039, validate=2281-2640``.
        numbers: Ids, int64 [chips].

    Returns:
        Indices of ``train``, ``validate`` and, if it was given, ``test``.

    Raises:
        ScarpError: The text cannot be read, parts share ids, or a part holds no chip.
    """
    form = "write SPLIT like train=1-2240, validate=2281-2640, test=2681-3039"
    ranges: list[tuple[int, int, str]] = []
    for entry in filter(None, (part.strip() for part in text.split(","))):
        match = re.fullmatch(r"(train|validate|test)\s*=\s*(\d+)\s*-\s*(\d+)", entry)
        if not match:
            raise ScarpError(f"SPLIT: '{entry}' cannot be used; {form}.")
        low, high = int(match[2]), int(match[3])
        if low > high:
            raise ScarpError(f"SPLIT: '{entry}' ends before it begins; {form}.")
        ranges.append((low, high, match[1]))
    names: set[str] = {name for _, _, name in ranges}
    if not {"train", "validate"} <= names:
        raise ScarpError(f"SPLIT needs train and validate; {form}.")
    ranges.sort()
    for (_, end, first), (start, _, second) in zip(ranges, ranges[1:]):
        if start <= end:
            raise ScarpError(f"SPLIT: {first} and {second} share the ids {start} to {end}; leave a gap between them.")
    parts: dict[str, NDArray[np.int64]] = {}
    for part in sorted(names, key=("train", "validate", "test").index):
        held = [(numbers >= low) & (numbers <= high) for low, high, name in ranges if name == part]
        parts[part] = np.flatnonzero(np.any(held, axis=0))
    empty = [name for name, part in parts.items() if not len(part)]
    if empty:
        raise ScarpError(
            f"SPLIT: no chip has an id of {', '.join(empty)}; ids run from {numbers.min()} to {numbers.max()}."
        )
    return parts


def split_ids(groups: Sequence[str], numbers: NDArray[np.int64], shares: NDArray[np.float64]) -> Parts:
    """`id_blocks` within each group of chips (groups have ids of their own), put together."""
    trains, validations, gaps = [], [], []
    for members in _members(groups):
        # Numbers that do not rise with the order of the files say nothing about who is whose neighbour.
        rising = bool((np.diff(numbers[members]) > 0).all())
        parts = id_blocks(numbers[members] if rising else np.arange(len(members)), shares[members])
        trains.append(members[parts.train])
        validations.append(members[parts.validation])
        gaps.append(parts.gap)
    return Parts(np.concatenate(trains), np.concatenate(validations), min(gaps))


def _members(groups: Sequence[str]) -> list[NDArray[np.int64]]:
    return [np.flatnonzero([group == name for group in groups]) for name in dict.fromkeys(groups)]


def require_landslides(train: int, validation: int, where: str) -> None:
    """Refuse a split of which a part holds no landslide pixel.

    Raises:
        ScarpError: There is nothing to learn, or nothing to measure.
    """
    if train and validation:
        return
    if not train and not validation:
        raise ScarpError(f"There is no landslide pixel in {where}: nothing can be learned. Check the labels.")
    part = "validation block" if train else "training part"
    raise ScarpError(
        f"All landslides of {where} lie so close together that the {part} holds none. "
        "Label landslides in more than one place, or enlarge the interpreted area."
    )
