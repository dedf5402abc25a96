"""Which chips an epoch shows, and in which order."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..errors import ScarpError

Indices = NDArray[np.int64]


class Epochs:
    """Draws the chips of each epoch, seeded: the same seed and number give the same chips.

    Without a balance each chip of the training part is shown once before any is shown again. With one, that holds
    within the chips that hold a landslide and within those that do not, and the rarer kind is repeated.

    Args:
        train: Indices of the training part.
        shares: Landslide share of each of these.
        balance: Share of the chips shown that hold a landslide; None: as in the data.
        count: Chips in an epoch; None: as many as the training part has.
        seed: Of the training.

    Raises:
        ScarpError: The balance asks for chips that the training part does not have.
    """

    def __init__(
        self, train: Indices, shares: NDArray[np.float64], balance: float | None, count: int | None, seed: int
    ) -> None:
        self.count, self._seed = count or len(train), seed
        self._kinds = [(train, self.count)]
        if balance is None:
            return
        with_landslide = round(balance * self.count)
        if not with_landslide:
            raise ScarpError(f"BALANCE is {balance:g}: no chip with a landslide would be shown. Choose a larger share.")
        self._kinds = [(train[shares > 0], with_landslide), (train[shares == 0], self.count - with_landslide)]
        for (chips, wanted), what in zip(self._kinds, ("holds a landslide", "is without a landslide")):
            if wanted and not len(chips):
                raise ScarpError(
                    f"BALANCE is {balance:g}, but no training chip {what}. Leave BALANCE empty: the chips are shown as "
                    "they are."
                )

    def __call__(self, number: int) -> Indices:
        """Indices of the chips of one epoch (from 0), in the order they are shown."""
        rng = np.random.default_rng([self._seed, number])
        shown = np.concatenate([_drawn(rng, chips, wanted) for chips, wanted in self._kinds])
        return rng.permutation(shown) if len(self._kinds) > 1 else shown


def _drawn(rng: np.random.Generator, chips: Indices, count: int) -> Indices:
    """``count`` of the chips at random, each once before any comes again."""
    rounds = -(-count // max(len(chips), 1))
    return np.concatenate([chips[:0], *(rng.permutation(chips) for _ in range(rounds))])[:count]
