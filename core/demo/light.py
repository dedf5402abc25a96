"""Sunlight on the terrain: slopes that face the sun, slopes that do not, and cast shadows."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from .terrain import CELL

Image = NDArray[np.float32]

AZIMUTH = 152.0  # degrees, where the sun stands: a morning pass in early September at 46 degrees north
ELEVATION = 47.0


def sunlight(height: Image) -> Image:
    """Direct sunlight relative to flat ground, float32 [H, W]; 0 in shadow. ``height`` in metres on 10 m cells."""
    azimuth, elevation = math.radians(AZIMUTH), math.radians(ELEVATION)
    south, east = np.gradient(height, np.float32(CELL))
    facing = math.sin(elevation) - math.cos(elevation) * (east * math.sin(azimuth) - south * math.cos(azimuth))
    facing /= np.sqrt(1 + east**2 + south**2) * math.sin(elevation)
    return np.asarray(facing.clip(0) * (1 - _cast_shadow(height)), np.float32)


def shift(image: Image, distance: float) -> Image:
    """What lies ``distance`` pixels towards the sun of each pixel (away from it when negative); edges are repeated."""
    azimuth = np.radians(AZIMUTH)
    matrix = np.array([[1, 0, distance * np.sin(azimuth)], [0, 1, -distance * np.cos(azimuth)]])
    size = (image.shape[1], image.shape[0])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(image, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE))


def _cast_shadow(height: Image) -> Image:
    """1 where higher ground stands between a pixel and the sun."""
    rise = CELL * np.tan(np.radians(ELEVATION))
    highest = np.full_like(height, -np.inf)
    reach = 60
    for distance in range(2, reach, 2):
        np.maximum(highest, shift(height, distance) - np.float32(distance * rise), out=highest)
    shadow = ((highest - height) / np.float32(8)).clip(0, 1)
    return np.asarray(cv2.blur(shadow, (3, 3)))
