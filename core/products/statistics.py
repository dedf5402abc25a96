"""Statistics of a raster within each body, gathered strip by strip."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


class BodyStatistics:
    """Mean and maximum of a quantity within each body.

    Args:
        count: How many bodies there are.
    """

    def __init__(self, count: int) -> None:
        self._number = np.zeros(count + 1, np.int64)
        self._total = np.zeros(count + 1)
        self._maximum = np.full(count + 1, -np.inf)

    def add(self, labels: NDArray[np.int32], values: NDArray[np.floating], valid: NDArray[np.bool_]) -> None:
        """Add a strip.

        Args:
            labels: int32 [h, w], 0 or the number of the body.
            values: [h, w], the quantity.
            valid: bool [h, w], where the quantity is known.
        """
        counted = (labels > 0) & valid
        numbers, index = np.unique(labels[counted], return_inverse=True)
        of_body = values[counted].astype(np.float64)
        self._number[numbers] += np.bincount(index, minlength=len(numbers))
        self._total[numbers] += np.bincount(index, weights=of_body, minlength=len(numbers))
        np.maximum.at(self._maximum, labels[counted], of_body)

    def mean(self, numbers: NDArray[np.int64]) -> NDArray[np.float64]:
        """Mean of the bodies ``numbers``; NaN where the quantity is known nowhere in the body."""
        known = self._number[numbers] > 0
        return np.where(known, self._total[numbers] / np.maximum(self._number[numbers], 1), np.nan)

    def maximum(self, numbers: NDArray[np.int64]) -> NDArray[np.float64]:
        """Maximum of the bodies ``numbers``; NaN where the quantity is known nowhere in the body."""
        return np.where(self._number[numbers] > 0, self._maximum[numbers], np.nan)
