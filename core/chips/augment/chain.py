"""The augmentations by name, and those of a training in their order."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Callable

import numpy as np

from ...bands import BANDS
from ...errors import ScarpError
from ...reporter import Reporter
from ..chip import Chip, ChipSource
from . import geometry, missing, mixing
from .clouds import clouds
from .jitter import jitter
from .level import level
from .relief import relief

# Given a chip, random numbers, and the training chips that it is one of: a changed copy; arrays are not written into.
Step = Callable[[Chip, np.random.Generator, ChipSource], Chip]

# In the order they are applied: pixels are pasted after the chip was turned, as in the paper, and then all of them go
# through the same air into the same sensor.
_STEPS: dict[str, Step] = {
    "rotations": geometry.rotations,
    "flips": geometry.flips,
    "scale": geometry.scale,
    "paste": mixing.paste,
    "cutmix": mixing.cutmix,
    "level": level,
    "relief": relief,
    "clouds": clouds,
    "jitter": jitter,
    "drop": missing.drop,
}
NAMES = tuple(_STEPS)
# They change what a chip holds, not where, when or by which sensor it was taken.
_CONTENT = ("paste", "cutmix", "clouds", "drop")


@dataclass(frozen=True)
class Augmentation:
    """Changes drawn at random, one after the other.

    Attributes:
        names: Of `NAMES`, in their order.
    """

    names: tuple[str, ...] = ()

    def __call__(self, chip: Chip, rng: np.random.Generator, source: ChipSource) -> Chip:
        """A changed copy of a chip.

        Args:
            chip: One of the chips of ``source``.
            rng: Its draws are all that is random.
            source: Training chips of the epoch; others than this one are taken from it for ``paste`` and ``cutmix``.
        """
        for name in self.names:
            chip = _STEPS[name](chip, rng, source)
        return chip

    def of_places(self) -> Augmentation:
        """What makes another place, light or sensor of a chip; nothing that puts chips together or takes bands away."""
        return Augmentation(tuple(name for name in self.names if name not in _CONTENT))

    def optional(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Those of the bands ``names`` that are missing in some of the chips, so that the network can do without."""
        gone = frozenset[str]()
        if "drop" in self.names:
            gone = gone.union(*missing.optional(names))
        elif "level" in self.names:
            gone = gone.union(*(group for group in missing.optional(names) if "B10" in group))
        return tuple(name for name in names if name in gone)


def parse(text: str) -> Augmentation:
    """Read AUGMENT: ``none``, or a comma-separated list of `NAMES`, in any order.

    Raises:
        ScarpError: A name is unknown.
    """
    asked = [name.strip().lower() for name in text.split(",") if name.strip()]
    if asked in ([], ["none"]):
        return Augmentation()
    unknown = [name for name in asked if name not in NAMES]
    if unknown:
        raise ScarpError(f"AUGMENT has no '{', '.join(unknown)}'; write none, or a list of {', '.join(NAMES)}.")
    return Augmentation(tuple(name for name in NAMES if name in asked))


def fitting(
    augmentation: Augmentation, source: ChipSource, inputs: Collection[str], reporter: Reporter
) -> Augmentation:
    """What of an augmentation has a meaning for the chips of ``source``; what is left out is said.

    Args:
        augmentation: As asked for.
        source: Training chips.
        inputs: Bands that the network's channels are computed from.
        reporter: Gets a warning for each name that is left out.
    """
    reasons = {}
    if not missing.optional(inputs):
        groups = ", ".join("+".join(group) for group in missing.OPTIONAL)
        reasons["drop"] = f"the network uses none of the bands that may be missing ({groups}), or nothing else"
    if source.radiometry == "raw" or not set(source.names) & set(BANDS):
        reasons["level"] = "the chips are not in units of reflectance"
    elif source.product == "L2A":
        reasons["level"] = "the chips are L2A already"
    for name in augmentation.names:
        if name in reasons:
            reporter.warning(f"AUGMENT={name} is left out: {reasons[name]}.")
    return Augmentation(tuple(name for name in augmentation.names if name not in reasons))
