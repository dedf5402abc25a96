"""Augmentation of chips in the units of the scene, before engineered bands are computed from them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import ScarpError
from .chip import Chip

NAMES = ("flips", "rotations")


@dataclass(frozen=True)
class Augmentation:
    """Which changes are drawn at random: ``flips`` left to right, ``rotations`` by 90, 180 and 270 degrees."""

    flips: bool = False
    rotations: bool = False

    def __call__(self, chip: Chip, rng: np.random.Generator) -> Chip:
        """A changed copy of ``chip``: bands, label and validity alike."""
        turns = int(rng.integers(4)) if self.rotations else 0
        flip = bool(rng.integers(2)) if self.flips else False

        def change(array: NDArray[Any]) -> NDArray[Any]:
            turned = np.rot90(array, turns, axes=(-2, -1))
            return np.ascontiguousarray(turned[..., ::-1] if flip else turned)

        return replace(chip, bands=change(chip.bands), label=change(chip.label), valid=change(chip.valid))


def parse(text: str) -> Augmentation:
    """Read AUGMENT: ``none``, or a comma-separated list of `NAMES`.

    Raises:
        ScarpError: A name is unknown.
    """
    asked = [name.strip().lower() for name in text.split(",") if name.strip()]
    if asked in ([], ["none"]):
        return Augmentation()
    unknown = [name for name in asked if name not in NAMES]
    if unknown:
        raise ScarpError(f"AUGMENT has no '{', '.join(unknown)}'; write none, or a list of {', '.join(NAMES)}.")
    return Augmentation(**dict.fromkeys(asked, True))
