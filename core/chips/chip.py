"""The one contract for training data, whatever it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

NOT_SCORED = 255


@dataclass(frozen=True)
class Chip:
    """A square piece of a scene with its label.

    Attributes:
        bands: float32 [N, h, w] in the units of the scene: DN without offset, degrees, metres, R/G/B as stored.
        label: uint8 [h, w]; 0 background, 1 landslide, 255 not scored (outside the interpreted area, or invalid).
        id: What a person can find it by.
        valid: bool [h, w], False where an input is nodata (``bands`` is 0 there).
        missing: Bands that count as not there, whatever stands in ``bands``: a network sees the mean of their channels.
    """

    bands: NDArray[np.float32]
    label: NDArray[np.uint8]
    id: str
    valid: NDArray[np.bool_]
    missing: frozenset[str] = frozenset()


class ChipSource(Protocol):
    """A sequence of chips of one size with the same bands.

    Attributes:
        names: Canonical names of the bands. gsd: metres, 0 when unknown. chip: side of a chip, pixels.
        product: ``L1C``, ``L2A`` or empty. radiometry: what the files held, as `Scene` says it, or ``relative``: DN
            but for an unknown factor.
    """

    names: tuple[str, ...]
    gsd: float
    chip: int
    product: str
    radiometry: str

    def __len__(self) -> int: ...

    def __getitem__(self, index: int) -> Chip: ...


class Subset:
    """Some chips of a source, in a given order."""

    def __init__(self, source: ChipSource, indices: Sequence[int]) -> None:
        self.names, self.gsd, self.chip = source.names, source.gsd, source.chip
        self.product, self.radiometry = source.product, source.radiometry
        self._source = source
        self.indices = list(indices)

    def __len__(self) -> int:
        return len(self.indices)

    def __getitem__(self, index: int) -> Chip:
        return self._source[self.indices[index]]
