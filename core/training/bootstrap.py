"""How far figures could lie elsewhere by chance: intervals from chips drawn again and again (Efron 1979)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .metrics import Confusion

RESAMPLES = 1000
#: Share of the resamples that lie within an interval.
LEVEL = 0.95

# So many weights of chips are held at a time.
_HELD = 10**6


def intervals(counts: NDArray[np.int64], seed: int = 0, resamples: int = RESAMPLES) -> dict[str, tuple[float, float]]:
    """Percentile intervals of the pooled figures when whole chips are drawn with replacement.

    Chips are drawn, not pixels, because the pixels of a chip resemble each other. Chips that lie side by side do, too:
    the intervals are then narrower than they should be.

    Args:
        counts: int64 [chips, 4]: tp, fp, fn, tn of each.
        seed: Of the draws.
        resamples: How many draws.

    Returns:
        Low and high end of each figure of `Confusion.scores`; NaN where it is undefined in every draw, and with fewer
        than two chips.
    """
    rng = np.random.default_rng(seed)
    chips = len(counts)
    drawn: list[dict[str, float]] = []
    while chips > 1 and len(drawn) < resamples:
        block = min(resamples - len(drawn), max(1, _HELD // chips))
        weights = rng.multinomial(chips, np.full(chips, 1 / chips), block)
        drawn += [Confusion(*map(int, sums)).scores() for sums in weights @ counts]
    names = Confusion().scores()
    tail = 100 * (1 - LEVEL) / 2
    found = {}
    for name in names:
        values = np.array([figures[name] for figures in drawn], np.float64)
        values = values[~np.isnan(values)]
        low, high = np.percentile(values, (tail, 100 - tail)) if len(values) else (np.nan, np.nan)
        found[name] = float(low), float(high)
    return found
