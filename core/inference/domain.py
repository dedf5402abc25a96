"""Whether a scene is like what a checkpoint was trained on: typical values of its bands against those it has seen.

A network says nothing about data that are unlike its training: it maps them, wrongly. What is compared are medians of
the bands as logarithms: a factor on all bands is one shift of all of them, and what a mistake does to a median (a
factor, an offset, bands exchanged) can be undone in thought.

distance² = (x - m)' (S + T)^-1 (x - m) / bands, x = log median of the scene, m = log median of the training. S is how
chips of the training differ among each other. T is how far another place, season or light may differ without being
wrong: 30 % in brightness, a change between soil and vegetation, 15 % in each band by itself.

Measured between Landslide4Sense chips, genuine L1C and L2A crops, and a scene before and after an event, with 3 to 11
bands: held-out chips 0.1 to 0.8, other places and years of the same product 0.2 to 1.1 (a glacier against a valley:
1.5); L2A for L1C 1.0 to 2.8, B08 exchanged with B11 1.2 to 2.1, DN for reflectance 8 to 15. Where mistake and nature
overlap, it decides whether undoing one certain mistake makes the scene fit: see `domain_causes`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..bands import EXTRA, PRE, PRE_VALID

FloatArray = NDArray[np.float64]

NOTED = 0.9
WARNED = 1.3

FLOOR = 30.0
"""DN added before the logarithm, so that noise of dark bands does not count."""

QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
WITHIN = 0.05
"""Share of the variance between pixels that counts as difference between places, where chips are few or alike."""

ANY_BRIGHTNESS = 25.0
"""Covariance of the logarithms of all bands where a common factor is unknown: it may be 100, or a hundredth."""

_BRIGHTNESS, _VEGETATION, _BAND = 0.3, 0.6, 0.15
# Logarithm of reflectance gained from vegetation to dry soil, roughly: red and the second short-wave band most.
_SOIL = {
    **{"B01": 0.15, "B02": 0.3, "B03": 0.3, "B04": 0.8, "B05": 0.5, "B06": 0.0, "B07": -0.1, "B08": -0.15},
    **{"B8A": -0.15, "B09": -0.1, "B10": 0.0, "B11": 0.4, "B12": 0.7, "R": 0.8, "G": 0.3, "B": 0.3},
}


@dataclass(frozen=True)
class Seen:
    """What the spectral bands of one image were like in the training.

    Attributes:
        names: Canonical inputs. median: DN, [N]. spread: covariance of their logarithms between chips, [N, N].
    """

    names: tuple[str, ...]
    median: FloatArray
    spread: FloatArray

    def part(self, names: Sequence[str]) -> Seen:
        """The same for some of the inputs, in their order."""
        index = [self.names.index(name) for name in names]
        return Seen(tuple(names), self.median[index], self.spread[np.ix_(index, index)])

    def distance(self, median: FloatArray) -> FloatArray:
        """Distance of places with these medians (DN, [..., N]); float64 [...]."""
        shift = logarithm(median) - logarithm(self.median)
        solved = np.linalg.solve(self.spread + _tolerance(self.names), shift[..., None])[..., 0]
        distance: FloatArray = np.sqrt((shift * solved).sum(-1) / len(self.names))
        return distance

    def ratios(self, median: FloatArray) -> FloatArray:
        """How many standard deviations each band is off by itself, [N]."""
        scale = np.sqrt(np.diag(self.spread + _tolerance(self.names)))
        return np.asarray((logarithm(median) - logarithm(self.median)) / scale)


def logarithm(values: FloatArray) -> FloatArray:
    """The logarithm that is compared."""
    return np.log(np.maximum(values, 0) + FLOOR)


def images(names: Sequence[str]) -> list[tuple[str, ...]]:
    """The spectral inputs among ``names``: those of the scene and those of the pre-event image, each if there."""
    spectral = [name for name in names if name not in (*EXTRA, PRE_VALID)]
    after = tuple(name for name in spectral if not name.startswith(PRE))
    before = tuple(name for name in spectral if name.startswith(PRE))
    return [image for image in (after, before) if image]


def spread_of(medians: FloatArray, pixels: FloatArray) -> FloatArray:
    """The spread to remember.

    Args:
        medians: DN of each chip, [chips, N].
        pixels: DN of pixels of all of them, [pixels, N].
    """
    bands = pixels.shape[1]
    between = np.cov(logarithm(medians).T).reshape(bands, bands) if len(medians) > 2 else np.zeros((bands, bands))
    within = np.cov(logarithm(pixels).T).reshape(bands, bands)
    return np.asarray(between + WITHIN * within)


def from_card(seen: Mapping[str, Any]) -> tuple[list[Seen], dict[str, list[float]]]:
    """What a card remembers: of each image, and the quantiles of each input.

    Raises:
        ValueError: It is damaged.
    """
    try:
        groups = [
            Seen(tuple(g["names"]), np.array(g["median"], np.float64), np.array(g["spread"], np.float64))
            for g in seen["images"]
        ]
        quantiles = {str(name): [float(v) for v in values] for name, values in seen["quantiles"].items()}
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{error}") from error
    for group in groups:
        count = len(group.names)
        if group.median.shape != (count,) or group.spread.shape != (count, count) or not count:
            raise ValueError("shapes differ")
        if not (np.isfinite(group.median).all() and np.isfinite(group.spread).all()):
            raise ValueError("a number is not finite")
    if any(len(values) != len(QUANTILES) for values in quantiles.values()):
        raise ValueError("quantiles differ in number")
    return groups, quantiles


def _tolerance(names: Sequence[str]) -> FloatArray:
    ones = np.ones(len(names))
    soil = np.array([_SOIL[name.replace(PRE, "")] for name in names])
    return np.asarray(
        _BRIGHTNESS**2 * np.outer(ones, ones) + _VEGETATION**2 * np.outer(soil, soil) + _BAND**2 * np.eye(len(names))
    )
