"""Chips that hold no landslide, to learn from beside a folder of chips that lacks such ground."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..errors import ScarpError
from .chip import Chip, ChipSource
from .folder import ChipFolder


class WithNegatives:
    """The chips of a folder, and behind them those of another one, without a landslide. See `ChipSource`.

    Both must show the same in the same units. The factor that the brightness of `natural_colour` chips is unknown by
    is none to chips in DN: channels that such data allow are blind to it.

    Attributes:
        shares: Landslide share of each chip, float64 [chips]. added: indices of the chips without a landslide.
    """

    def __init__(self, chips: ChipFolder, negatives: ChipFolder) -> None:
        """Put two folders together.

        Raises:
            ScarpError: A chip of ``negatives`` holds a landslide, or they do not go together with ``chips``.
        """
        where, found = f"NEGATIVES '{negatives.folder}'", int((negatives.shares > 0).sum())
        if found:
            raise ScarpError(
                f"{found} of {len(negatives)} chips in {where} hold a landslide. Cut them from an image without any, "
                "such as one from before the event, and leave LABELS empty."
            )
        lacking = [name for name in chips.names if name not in negatives.names]
        units = [folder.radiometry == "raw" for folder in (chips, negatives)]
        if lacking or units[0] != units[1]:
            what = f"lack {', '.join(lacking)}" if lacking else "are in other units"
            raise ScarpError(
                f"The chips in {where} {what}: those in '{chips.folder}' hold {', '.join(chips.names)} "
                f"({chips.radiometry}). Cut them from the same bands."
            )
        if negatives.chip != chips.chip:
            raise ScarpError(
                f"The chips in {where} have {negatives.chip} px, those in '{chips.folder}' {chips.chip} px. "
                f"Cut them with CHIP={chips.chip}."
            )
        self.names, self.gsd, self.chip = chips.names, chips.gsd, chips.chip
        self.product, self.radiometry = chips.product, chips.radiometry
        self.shares: NDArray[np.float64] = np.concatenate([chips.shares, negatives.shares])
        self.added = np.arange(len(chips), len(chips) + len(negatives))
        self._chips, self._negatives = chips, negatives
        self._order = [negatives.names.index(name) for name in chips.names]

    def __len__(self) -> int:
        return len(self.shares)

    def __getitem__(self, index: int) -> Chip:
        """One chip, its bands in the order of `names`."""
        if index < len(self._chips):
            return self._chips[index]
        chip = self._negatives[index - len(self._chips)]
        return Chip(np.ascontiguousarray(chip.bands[self._order]), chip.label, chip.id, chip.valid, chip.missing)


def pooled(
    chips: ChipFolder, negatives: ChipFolder | None
) -> tuple[ChipSource, NDArray[np.float64], NDArray[np.int64]]:
    """All chips as one source, their landslide shares, and the indices of those that were added."""
    if negatives is None:
        return chips, chips.shares, np.arange(0)
    both = WithNegatives(chips, negatives)
    return both, both.shares, both.added
