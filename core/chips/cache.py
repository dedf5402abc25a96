"""Decoded chips in memory, so that PNG, TIFF and HDF5 are read once and not in each epoch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..runtime.probe import memory
from .chip import Chip

MOST = 2 * 2**30
_WHOLE_NUMBERS = (np.uint8, np.uint16, np.int16)


def budget() -> int:
    """Bytes that chips may take: a quarter of the free memory (unknown: of half of all of it), at most 2 GiB."""
    found = memory()
    free = found["free"] if found["free"] is not None else (found["total"] or 0) // 2
    return min(MOST, free // 4)


@dataclass(frozen=True)
class _Packed:
    bands: tuple[NDArray[np.generic], ...]
    label: NDArray[np.uint8]
    id: str
    valid: NDArray[np.uint8] | None

    @property
    def size(self) -> int:
        valid = 0 if self.valid is None else self.valid.nbytes
        return sum(band.nbytes for band in self.bands) + self.label.nbytes + valid


class ChipCache:
    """Chips by number, each band in the smallest type that holds it exactly.

    Attributes:
        limit: Bytes it may take. size: bytes it takes.
    """

    def __init__(self, limit: int) -> None:
        self.limit, self.size = limit, 0
        self._packed: dict[int, _Packed] = {}

    def __len__(self) -> int:
        return len(self._packed)

    def add(self, number: int, chip: Chip) -> None:
        """Keep a chip if there is room for it."""
        valid = None if chip.valid.all() else np.packbits(chip.valid)
        packed = _Packed(tuple(_smallest(band) for band in chip.bands), chip.label.copy(), chip.id, valid)
        if self.size + packed.size <= self.limit:
            self._packed[number] = packed
            self.size += packed.size

    def get(self, number: int) -> Chip | None:
        """The same chip as was added, in arrays of its own; None if it is not here."""
        packed = self._packed.get(number)
        if packed is None:
            return None
        shape = packed.label.shape
        bands = np.empty((len(packed.bands), *shape), np.float32)
        for target, band in zip(bands, packed.bands):
            target[...] = band
        valid = np.ones(shape, bool)
        if packed.valid is not None:
            valid = np.unpackbits(packed.valid, count=valid.size).reshape(shape).astype(bool)
        return Chip(bands, packed.label.copy(), packed.id, valid)

    def keep(self, numbers: list[int]) -> None:
        """Forget all but some, and number these anew from 0 in the order given."""
        self._packed = {new: self._packed[old] for new, old in enumerate(numbers) if old in self._packed}
        self.size = sum(packed.size for packed in self._packed.values())


def _smallest(band: NDArray[np.float32]) -> NDArray[np.generic]:
    low, high = float(band.min()), float(band.max())
    for kind in _WHOLE_NUMBERS:
        if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max:
            whole = band.astype(kind)
            if np.array_equal(whole, band):
                return whole
    return band.copy()
