"""Calibration: logits are shifted and scaled so that probabilities keep what they promise.

With two classes the probability of landslide is sigmoid(d), d being the logit of landslide minus that of background.
Calibrated it is sigmoid((d + shift) / temperature): temperature scaling (Guo et al. 2017, "On calibration of modern
neural networks") with the constant of Platt (1999). The constant matters here: losses that weigh the rare class up, or
look at areas, make networks call far too many pixels landslide, which no temperature mends. The shift becomes part of
the network's last layer; the temperature stands in its card.

A fine histogram of d by class is all that the fit needs, whatever the size of the data.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from scipy.special import expit

from .metrics import Histogram

#: Temperatures that are looked at. A part without an error would ask for 0: probabilities that are never wrong.
LOWEST, HIGHEST = 0.05, 20.0

_LIMIT = 80.0
_BINS_PER_UNIT = 1000
# Of (d + shift) / temperature at d = 0: a share of landslide of one in ten thousand millions.
_LARGEST_OFFSET = 23.0


class Calibration(NamedTuple):
    """What is done to the difference of logits: (d + ``shift``) / ``temperature``."""

    temperature: float = 1.0
    shift: float = 0.0

    def __call__(self, difference: NDArray[np.float64]) -> NDArray[np.float64]:
        """Log-odds of landslide."""
        return (difference + self.shift) / self.temperature


class LogitHistogram:
    """Scored pixels of each class by the difference of their logits, in bins of 0.001 (beyond ±80 in the outermost).

    The sum of the differences is kept for each bin, so that what is computed from it is exact to the second order of
    the width of a bin.
    """

    def __init__(self) -> None:
        bins = round(2 * _LIMIT * _BINS_PER_UNIT)
        self._count = np.zeros((2, bins), np.int64)
        self._total = np.zeros((2, bins), np.float64)

    def add(self, difference: ArrayLike, target: ArrayLike, scored: ArrayLike) -> None:
        """Count one more piece.

        Args:
            difference: Logit of landslide minus that of background, floating, of any shape; NaN is not counted.
            target: 1 landslide, 0 background, of the same shape.
            scored: bool, where it counts, of the same shape.
        """
        counted = np.asarray(scored, bool) & ~np.isnan(np.asarray(difference))
        true = np.asarray(target)[counted] == 1
        values = np.clip(np.asarray(difference)[counted].astype(np.float64), -2 * _LIMIT, 2 * _LIMIT)
        bins = self._count.shape[1]
        index = np.clip((values + _LIMIT) * _BINS_PER_UNIT, 0, bins - 1).astype(np.int64)
        for kind, chosen in enumerate((~true, true)):
            self._count[kind] += np.bincount(index[chosen], minlength=bins)
            self._total[kind] += np.bincount(index[chosen], values[chosen], bins)

    @property
    def pixels(self) -> tuple[int, int]:
        """Counted pixels of background and landslide."""
        return int(self._count[0].sum()), int(self._count[1].sum())

    def loss(self, calibration: Calibration) -> float:
        """Mean negative log-likelihood of the counted pixels; NaN without any."""
        background, landslide = self._occupied()
        total = background.pixels @ np.logaddexp(0, calibration(background.mean))
        total += landslide.pixels @ np.logaddexp(0, -calibration(landslide.mean))
        return float(total) / sum(self.pixels) if sum(self.pixels) else float("nan")

    def fit(self) -> Calibration:
        """The calibration of the highest likelihood, its temperature within `LOWEST` to `HIGHEST`.

        It is (1, 0) where a class is missing.
        """
        if not all(self.pixels):
            return Calibration()
        # In scale = 1 / temperature and offset = shift / temperature the loss is that of a logistic regression: convex.
        background, landslide = self._occupied()

        def loss_and_slope(at: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
            slope = np.zeros(2)
            for (count, mean), true in ((background, 0), (landslide, 1)):
                error = count * (expit(at[0] * mean + at[1]) - true)
                slope += error @ mean, error.sum()
            return self.loss(Calibration(1 / at[0], at[1] / at[0])), slope / sum(self.pixels)

        bounds = [(1 / HIGHEST, 1 / LOWEST), (-_LARGEST_OFFSET, _LARGEST_OFFSET)]
        exact = {"ftol": 1e-15, "gtol": 1e-9, "maxiter": 500}
        scale, offset = minimize(
            loss_and_slope, np.array([1.0, 0.0]), jac=True, method="L-BFGS-B", bounds=bounds, options=exact
        ).x
        return Calibration(float(1 / scale), float(offset / scale))

    def best_threshold(self, calibration: Calibration, slack: float = 0.0) -> tuple[float, float]:
        """The threshold of the highest ``f1_landslide``, and the figure there; NaN without a landslide.

        It is looked for among the differences: near 0 and 1 many of them have almost the same probability.

        Args:
            calibration: Makes probabilities of the differences.
            slack: Share of the highest figure that may be given up: the lowest threshold that costs no more is taken.
        """
        alarms, hits = (count[::-1].cumsum()[::-1] for count in self._count)
        if not hits[0]:
            return float("nan"), float("nan")
        f1 = 2 * hits / (hits + alarms + hits[0])
        # The middle of a flat top: a threshold on its edge would be the first to fall off.
        best = np.flatnonzero(f1 >= f1.max() - 1e-12)
        chosen = int(np.argmax(f1 >= (1 - slack) * f1.max())) if slack else int(best[len(best) // 2])
        difference = np.array([chosen / _BINS_PER_UNIT - _LIMIT])
        return float(expit(calibration(difference))[0]), float(f1[chosen])

    def histogram(self, calibration: Calibration) -> Histogram:
        """The pixels by probability; each counts with the mean of its bin."""
        result = Histogram()
        for bins, landslide in zip(self._occupied(), (False, True)):
            result.add_counts(expit(calibration(bins.mean)), bins.pixels, landslide=landslide)
        return result

    def _occupied(self) -> tuple[_Bins, _Bins]:
        """The bins that are not empty, of background and of landslide."""
        background, landslide = (
            _Bins(count[count > 0], total[count > 0] / count[count > 0])
            for count, total in zip(self._count, self._total)
        )
        return background, landslide


class _Bins(NamedTuple):
    """Pixels of each bin, and the mean of their differences."""

    pixels: NDArray[np.int64]
    mean: NDArray[np.float64]
