"""Pixels of another training chip in a chip: its landslides alone, or a whole rectangle."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ...bands import BANDS, RGB
from ..chip import NOT_SCORED, Chip, ChipSource

PASTES = 2
CUT = 0.5
LARGEST_BOX = 0.5

# What a pasted landslide brings along. Its slope belongs to it: there is no landslide on a plain, and a network must
# not learn that there may be. Its elevation does not: a step of hundreds of metres along the outline would give the
# label away. Neither does what was there before the event: a landslide that was not yet there is all that change shows.
_PASTED = {*BANDS, *RGB, "SLOPE"}


def paste(chip: Chip, rng: np.random.Generator, source: ChipSource) -> Chip:
    """Copy the landslide pixels of a random chip of ``source`` in, 0, 1 or 2 times; the label is the union.

    What arXiv 2312.16717 calls CutMix. There a pasted pixel keeps the features it had in its own chip; here they are
    computed afterwards, from where it lies now. Pixels that are invalid or not scored stay what they are.
    """
    count = int(rng.integers(PASTES + 1))
    for other in rng.integers(len(source), size=count):
        donor = source[int(other)]
        hit = (donor.label == 1) & chip.valid & (chip.label != NOT_SCORED)
        if not hit.any():
            continue
        bands = chip.bands.copy()
        for number, name in enumerate(source.names):
            if name in _PASTED:
                np.copyto(bands[number], donor.bands[number], where=hit)
        chip = replace(chip, bands=bands, label=np.where(hit, np.uint8(1), chip.label))
    return chip


def cutmix(chip: Chip, rng: np.random.Generator, source: ChipSource) -> Chip:
    """Put a rectangle of a random chip of ``source`` in its place: bands, label and validity (Yun et al. 2019).

    Half of the chips are changed. The rectangle has the shape of the chip and up to half of its area: with more the
    other chip would be the one that is changed.
    """
    drawn, share, *place = rng.random(4)
    other = int(rng.integers(len(source)))
    if drawn >= CUT:
        return chip
    donor = source[other]
    sizes = [max(1, round(side * (LARGEST_BOX * share) ** 0.5)) for side in chip.label.shape]
    starts = [int(at * (side - size + 1)) for at, side, size in zip(place, chip.label.shape, sizes)]
    rows, cols = (slice(start, start + size) for start, size in zip(starts, sizes))
    bands, label, valid = chip.bands.copy(), chip.label.copy(), chip.valid.copy()
    bands[:, rows, cols] = donor.bands[:, rows, cols]
    label[rows, cols] = donor.label[rows, cols]
    valid[rows, cols] = donor.valid[rows, cols]
    return replace(chip, bands=bands, label=label, valid=valid)
