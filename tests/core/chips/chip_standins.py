"""Chips in memory for tests of what is done to them."""

from __future__ import annotations

import numpy as np
from scarp.core.chips.chip import NOT_SCORED, Chip

BANDS14 = ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B09", "B10", "B11", "B12", "SLOPE", "DEM")
RGB = ("R", "G", "B")
SIDE = 64


class Source:
    """Random chips, the same at each reading; with landslides, unscored corners and invalid holes if asked for."""

    gsd, product, chip = 10.0, "L1C", SIDE

    def __init__(self, names=BANDS14, count=5, radiometry="dn", holes=True, seed=0):
        self.names, self.radiometry, self._count = tuple(names), radiometry, count
        self._holes, self._seed, self.read = holes, seed, []

    def __len__(self):
        return self._count

    def __getitem__(self, index):
        self.read.append(index)
        rng = np.random.default_rng([self._seed, index])
        low, high = (40, 200) if self.radiometry == "raw" else (300, 3000)
        bands = rng.uniform(low, high, (len(self.names), SIDE, SIDE)).astype(np.float32)
        label = (rng.random((SIDE, SIDE)) < 0.15).astype(np.uint8)
        valid = np.ones((SIDE, SIDE), bool)
        if self._holes:
            label[: SIDE // 4, -SIDE // 4 :] = NOT_SCORED
            valid[-9:, :13] = False
            label[~valid] = NOT_SCORED
            bands[:, ~valid] = 0
        return Chip(bands, label, f"chip {index}", valid)


def equal(first: Chip, second: Chip) -> bool:
    """Whether two chips hold the same arrays."""
    pairs = ((first.bands, second.bands), (first.label, second.label), (first.valid, second.valid))
    return all(np.array_equal(a, b) for a, b in pairs) and first.missing == second.missing
