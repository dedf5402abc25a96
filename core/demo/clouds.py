"""Clouds in one corner with their shadows, and the edge of the swath."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .light import ELEVATION, shift
from .noise import fractal
from .terrain import CELL

Image = NDArray[np.float32]

_ALTITUDE = 900.0  # m above the ground
_SHARE = 0.07  # of the scene


@dataclass(frozen=True)
class Sky:
    """What is between the ground and the sensor.

    Attributes:
        cloud: float32 [H, W], opacity, 0 to 1.
        shadow: float32 [H, W], share of the sun that clouds take away.
        swath: bool [H, W], False beyond the edge of the swath, where there is no data.
    """

    cloud: Image
    shadow: Image
    swath: NDArray[np.bool_]

    @property
    def cloudy(self) -> NDArray[np.bool_]:
        """Where clouds hide the ground: bool [H, W]."""
        return self.cloud >= 0.2

    @property
    def clear(self) -> NDArray[np.bool_]:
        """Where an interpreter can see the ground: bool [H, W]."""
        return self.swath & ~self.cloudy & (self.shadow < 0.3)


def build(rng: np.random.Generator, shape: tuple[int, int]) -> Sky:
    """Clouds over the south-eastern corner, and a swath that ends, slanted, at the western edge.

    Args:
        rng: Source of randomness.
        shape: Rows and columns, multiples of 6.
    """
    height, width = shape
    rows, cols = np.indices(shape, dtype=np.float32)
    corner = np.hypot((width - cols) / (0.24 * width), (height - rows) / (0.42 * height))
    thickness = 0.55 * fractal(rng, shape, min(90, width / 8), 0.6) - 1.7 * corner
    thickness -= np.quantile(thickness[::4, ::4], 1 - _SHARE)
    cloud = thickness.clip(0, 1)
    cloud = cloud * cloud * (3 - 2 * cloud)
    shadow = 0.85 * shift(cloud, _ALTITUDE / CELL / np.tan(np.radians(ELEVATION)))
    edge = width * (0.015 + 0.035 * rows / height)
    swath = cols >= edge
    # An edge along whole 60 m cells leaves no pixel that some bands have and others lack.
    blocks = swath.reshape(height // 6, 6, width // 6, 6).all(axis=(1, 3))
    return Sky(cloud, shadow.astype(np.float32), blocks.repeat(6, axis=0).repeat(6, axis=1))
