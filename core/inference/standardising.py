"""Features as a network takes them: standardised, and with the channels of a pixel side by side."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

_PIXELS = 2**13
"""Standardised at a time, so that they stay in the processor's cache."""


class Standardisation:
    """Subtracts each channel's mean and divides by its standard deviation.

    Args:
        mean: Of each channel.
        std: Of each channel, not 0.
    """

    def __init__(self, mean: Sequence[float], std: Sequence[float]) -> None:
        self._mean = np.asarray(mean, np.float32)
        self._factor = (1 / np.asarray(std, np.float64)).astype(np.float32)

    def __call__(
        self, features: Floats | Sequence[Floats], valid: npt.NDArray[np.bool_], out: Floats | None = None
    ) -> Floats:
        """Standardise an image.

        Args:
            features: C planes, float32 [h, w] each.
            valid: bool [h, w]; elsewhere the result is 0, each channel's mean.
            out: Where to write, float32 [h, w, C]; None: a new array.

        Returns:
            float32 [h, w, C].
        """
        channels, (height, width) = len(features), valid.shape
        if out is None:
            out = np.empty((height, width, channels), np.float32)
        # Per pixel of a row, or numpy would loop over a few channels at a time.
        mean, factor = (np.tile(values, (width, 1)) for values in (self._mean, self._factor))
        count = max(1, _PIXELS // width)
        room = np.empty((min(count, height), width, channels), np.float32)
        for row in range(0, height, count):
            rows = slice(row, min(row + count, height))
            part = room[: rows.stop - row]
            # Of all ways to interleave planes, OpenCV's is twice as fast as numpy's and torch's.
            merged = np.asarray(cv2.merge([plane[rows] for plane in features], part))
            part = merged.reshape(part.shape)
            np.subtract(part, mean, out=part)
            np.multiply(part, factor, out=out[rows])
        if not valid.all():
            out[~valid] = 0
        return out
