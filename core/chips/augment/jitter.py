"""Other light, haze and sensors. Pixels stay where they are; of the terrain, elevation is changed a little."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ...bands import BANDS, PRE, RGB
from ..chip import Chip, ChipSource
from .level import NANOMETRES

LIGHT = 0.1
"""Standard deviation of the logarithm of the illumination: sun, slope and season together."""
GAIN = 0.04
"""Standard deviation of a band's gain, and of its offset in units of the band's mean in the chip."""
HAZE = 200.0
"""Most that haze adds at 490 nm, DN (reflectance x 10000)."""
WHITENING = 0.15
"""Most that haze moves a photograph towards white."""
GAMMA = 1.25
"""Largest gamma of a photograph; the smallest is its inverse."""
ELEVATION = 30.0
"""Standard deviation of the offset of DEM, m: what elevation models differ by."""

_EIGHT_BITS = 255.0


def jitter(chip: Chip, rng: np.random.Generator, source: ChipSource) -> Chip:
    """One illumination and one haze for all bands, then a gain and an offset for each.

    Haze of bands in DN fades with the square of the wavelength. Photographs (R, G, B) get a gamma, and haze towards
    white: 255, or where a chip holds more (16 bits), its own largest value. The pre-event image, taken on another day,
    gets its own light. SLOPE is not changed.
    """
    bands, counted = chip.bands.copy(), max(int(chip.valid.sum()), 1)
    means = bands.sum((1, 2)) / counted
    colours = [bands[number] for number, name in enumerate(source.names) if name in RGB]
    white = max([_EIGHT_BITS, *(float(band.max()) for band in colours)])
    gain, offset = np.ones(len(bands)), np.zeros(len(bands))
    low, high = np.full(len(bands), -np.inf), np.full(len(bands), np.inf)
    for prefix in ("", PRE):
        light, haze = np.exp(rng.normal(0, LIGHT)), rng.random() * (rng.random() < 0.5)
        gamma = GAMMA ** rng.uniform(-1, 1)
        gains, offsets = light * rng.normal(1, GAIN, len(bands)), rng.normal(0, GAIN, len(bands))
        for number, name in enumerate(source.names):
            own = name[len(prefix) :]
            if name != prefix + own or own not in (*BANDS, *RGB):
                continue
            gain[number], offset[number], low[number] = gains[number], offsets[number] * means[number], 0
            if own in RGB:
                high[number] = white
                bands[number] = _photograph(bands[number], white, gamma, WHITENING * haze)
            elif source.radiometry != "raw" and own != "B10":
                # Cirrus sees no haze: water vapour makes the lower air black in this band.
                offset[number] += HAZE * haze * (490 / NANOMETRES[own]) ** 2
    elevation = rng.normal(0, ELEVATION)
    if "DEM" in source.names:
        offset[source.names.index("DEM")] = elevation
    # All bands in one go: threads that prepare chips get in each other's way at every call.
    bands *= _of_bands(gain)
    bands += _of_bands(offset)
    np.clip(bands, _of_bands(low), _of_bands(high), out=bands)
    if not chip.valid.all():
        bands[:, ~chip.valid] = 0
    return replace(chip, bands=bands)


def _of_bands(values: NDArray[np.float64]) -> NDArray[np.float32]:
    """A number for each of N bands, so that it meets all their pixels: float32 [N, 1, 1]."""
    return values.astype(np.float32)[:, None, None]


def _photograph(band: NDArray[np.float32], white: float, gamma: float, haze: float) -> NDArray[np.float32]:
    bent = cv2.pow(np.clip(band, 0, white) / np.float32(white), gamma)
    return np.asarray(bent * np.float32(white * (1 - haze)) + np.float32(white * haze), np.float32)
