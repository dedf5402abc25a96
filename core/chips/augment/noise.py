"""Random fields with detail at every scale, as hills and clouds have it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def fractal(
    rng: np.random.Generator, side: int, *, lowest: float, exponent: float, highest: float = np.inf
) -> NDArray[np.float64]:
    """Gaussian noise whose amplitude falls as a power of the frequency.

    Args:
        rng: Source of randomness.
        side: Rows and columns of the field, which continues at the opposite edge.
        lowest: Frequency below which the amplitude does not rise, cycles per pixel.
        exponent: Of the amplitude.
        highest: Frequency above which detail is smoothed away, cycles per pixel.

    Returns:
        float64 [side, side], mean 0, no unit.
    """
    frequency = np.fft.fftfreq(side)
    distance = np.hypot(*np.meshgrid(frequency, frequency))
    amplitude = np.maximum(distance, lowest) ** -exponent * np.exp(-((distance / highest) ** 2))
    amplitude[0, 0] = 0
    return np.asarray(np.fft.ifft2(np.fft.fft2(rng.normal(size=(side, side))) * amplitude).real)
