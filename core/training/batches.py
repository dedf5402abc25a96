"""From chips to a network's input: augmentation, features, normalisation, in threads ahead of the network."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, Optional

import numpy as np
import torch
from numpy.typing import NDArray

from .. import features
from ..chips.augment import Augmentation
from ..chips.chip import NOT_SCORED, Chip, ChipSource
from ..reporter import Reporter
from .ahead import in_order
from .losses import distance_to_other_class

# A channel that hardly varies is not blown up to noise.
_LEAST_STD = 1e-6
_MEASURED_CHIPS = 256

# Label and distance of one chip.
_Item = tuple[NDArray[np.uint8], Optional[NDArray[np.float32]]]


class Batch(NamedTuple):
    """Input of a network and its truth, on the CPU.

    Attributes:
        x: float32 [B, C, h, w], normalised, 0 where invalid.
        target: int64 [B, h, w], 0 or 1. scored: bool [B, h, w], where it counts.
        distance: float32 [B, h, w], pixels to the other class; None when the loss does not use it.
    """

    x: torch.Tensor
    target: torch.Tensor
    scored: torch.Tensor
    distance: torch.Tensor | None


@dataclass(frozen=True)
class Preparation:
    """How a chip becomes a network's input.

    Attributes:
        channels: Features in order. mode: statistics of the local ones.
        mean: Mean of each channel. std: its standard deviation.
    """

    channels: tuple[str, ...]
    mode: str
    mean: tuple[float, ...] = ()
    std: tuple[float, ...] = ()

    def features(self, chip: Chip, names: tuple[str, ...]) -> NDArray[np.float32]:
        """Channels of a chip, float32 [C, h, w], not normalised; the mean where an input is missing."""
        if not chip.missing:
            return features.compute(chip.bands, names, self.channels, mode=self.mode, valid=chip.valid)[0]
        there = [chip.missing.isdisjoint(features.inputs_of(channel, names)) for channel in self.channels]
        channels = [channel for channel, known in zip(self.channels, there) if known]
        found, _ = features.compute(chip.bands, names, channels, mode=self.mode, valid=chip.valid)
        return features.filled(found, there, self.mean, chip.valid)

    def input(self, chip: Chip, names: tuple[str, ...], into: NDArray[np.float32]) -> None:
        """Put the channels of a chip, normalised, into an array, float32 [C, h, w].

        It is 0 (the mean) where an input is invalid or missing.
        """
        mean, std = (np.array(values, np.float32)[:, None, None] for values in (self.mean, self.std))
        np.subtract(self.features(chip, names), mean, out=into)
        np.divide(into, std, out=into)
        if not chip.valid.all():
            into[:, ~chip.valid] = 0


def measure(preparation: Preparation, source: ChipSource, reporter: Reporter) -> tuple[Preparation, tuple[int, int]]:
    """Measure (at most 256) chips of ``source``.

    Returns:
        The same preparation with mean and standard deviation of each channel, and the scored pixels of background
        and landslide.
    """
    count = np.zeros((), np.float64)
    total = squares = np.zeros(len(preparation.channels))
    classes = np.zeros(2, np.int64)
    shift: NDArray[np.float64] | None = None
    for index in np.unique(np.linspace(0, len(source) - 1, min(len(source), _MEASURED_CHIPS)).astype(int)):
        reporter.check()
        chip = source[int(index)]
        classes += [np.count_nonzero(chip.label == value) for value in (0, 1)]
        pixels = preparation.features(chip, source.names)[:, chip.valid].astype(np.float64)
        if not pixels.size:
            continue
        # Elevations of thousands of metres would lose the digits of a small variance.
        shift = pixels.mean(1) if shift is None else shift
        pixels -= shift[:, None]
        count = count + pixels.shape[1]
        total = total + pixels.sum(1)
        squares = squares + (pixels**2).sum(1)
    mean = total / max(float(count), 1.0)
    std = np.sqrt(np.maximum(squares / max(float(count), 1.0) - mean**2, 0))
    mean = mean + (0 if shift is None else shift)
    std = np.where(std < _LEAST_STD, 1.0, std)
    measured = Preparation(preparation.channels, preparation.mode, tuple(mean.tolist()), tuple(std.tolist()))
    return measured, (int(classes[0]), int(classes[1]))


class Loader:
    """Batches of a source, prepared by threads while the network works on the last one.

    Args:
        preparation: What is computed from a chip.
        batch: Chips in a batch.
        distance: Compute the distances that some losses use.
        share: Rank of this process and number of processes: it prepares its share of every batch.
    """

    def __init__(
        self, preparation: Preparation, batch: int, distance: bool = False, share: tuple[int, int] = (0, 1)
    ) -> None:
        self._preparation, self._distance = preparation, distance
        self.batch, self._share = batch, share

    def count(self, source: ChipSource, whole: bool) -> int:
        """Number of batches; with ``whole`` an incomplete last one is left out, unless it is the only one."""
        return max(1, len(source) // self.batch) if whole else -(-len(source) // self.batch)

    def __call__(
        self,
        source: ChipSource,
        augmentation: Augmentation | None = None,
        seed: tuple[int, ...] = (),
        *,
        whole: bool | None = None,
    ) -> Iterator[Batch]:
        """Batches in the order of the source.

        Args:
            source: The chips.
            augmentation: Changes chips, with random numbers that depend on ``seed`` and the chip's place alone (and
                with other chips of ``source``). None: for scoring.
            seed: Seed of the training and number of the epoch.
            whole: An incomplete last batch is left out (its BatchNorm statistics would be poor). None: if augmented.
        """
        whole = augmentation is not None if whole is None else whole
        used = min(len(source), self.count(source, whole) * self.batch)

        rank, processes = self._share
        mine = range(rank, used, processes)
        size = max(1, self.batch // processes)

        shape = (size, len(self._preparation.channels), source.chip, source.chip)
        inputs: dict[int, NDArray[np.float32]] = {}
        lock = threading.Lock()

        def prepare(place: int) -> _Item:
            index, (number, row) = mine[place], divmod(place, size)
            chip = source[index]
            if augmentation is not None:
                chip = augmentation(chip, np.random.default_rng([*seed, index]), source)
            with lock:
                if number not in inputs:
                    inputs[number] = np.empty(shape, np.float32)
                x = inputs[number]
            # Straight into its batch: of 23 channels a chip has 1.5 MB, and a copy takes as long as the arithmetic.
            self._preparation.input(chip, source.names, x[row])
            return chip.label, distance_to_other_class(chip.label) if self._distance else None

        items: list[_Item] = []
        number = 0
        for item in in_order(prepare, len(mine), 2 * size):
            items.append(item)
            if len(items) == size:
                yield _batch(inputs.pop(number), items)
                items, number = [], number + 1
        if items:
            yield _batch(inputs.pop(number)[: len(items)], items)


def _batch(x: NDArray[np.float32], items: list[_Item]) -> Batch:
    """A batch of inputs, float32 [B, C, h, w], and what belongs to each of its B chips."""
    label = torch.from_numpy(np.stack([label for label, _ in items]))
    distances = [distance for _, distance in items if distance is not None]
    return Batch(
        torch.from_numpy(x),
        (label == 1).long(),
        label != NOT_SCORED,
        torch.from_numpy(np.stack(distances)) if distances else None,
    )
