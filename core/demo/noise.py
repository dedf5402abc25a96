"""Fractal noise: the grain of everything in the demonstration scene."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.float32]


def fractal(
    rng: np.random.Generator, shape: tuple[int, int], size: float, roughness: float = 0.5, finest: float = 2.0
) -> Image:
    """Smooth random field with detail at every scale.

    Args:
        rng: Source of randomness.
        shape: Rows and columns.
        size: Largest feature in pixels.
        roughness: Amplitude of each octave relative to the one twice its size.
        finest: Smallest feature in pixels.

    Returns:
        float32 [H, W], mean about 0, standard deviation about 1.
    """
    total = np.zeros(shape, np.float32)
    amplitude = 1.0
    power = 0.0
    while True:
        total += amplitude * _octave(rng, shape, size)
        power += amplitude**2
        size /= 2
        amplitude *= roughness
        if size < finest:
            break
    return total / np.float32(np.sqrt(power) * 0.65)


def _octave(rng: np.random.Generator, shape: tuple[int, int], size: float) -> Image:
    # Two knots more than fit, and a random phase, keep the lattice of one octave off those of the others.
    rows, cols = (int(np.ceil(length / size)) + 3 for length in shape)
    knots = rng.standard_normal((rows, cols), dtype=np.float32)
    phase = rng.random(2)
    scale = 1 / size
    matrix = np.array([[scale, 0, 0.5 + phase[0]], [0, scale, 0.5 + phase[1]]], np.float64)
    return np.asarray(
        cv2.warpAffine(
            knots,
            matrix,
            (shape[1], shape[0]),
            flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REFLECT_101,
        )
    )
