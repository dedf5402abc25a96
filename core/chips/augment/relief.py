"""Hills that are not there: a chip lit as if its ground rose and fell otherwise.

Landslides are bright in most training data and lie on steep ground, so a network learns to look for bright pixels and
misses those on slopes that face away from the sun. Here light and shade do not go with the label.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ...bands import BANDS, PRE, RGB
from ..chip import Chip, ChipSource
from .level import NANOMETRES
from .noise import fractal

LIT = 0.6
"""Share of the chips that are lit anew."""
STEEPNESS = (0.15, 0.55)
"""Mean slope of the hills, rise over run."""
SUN = (20.0, 60.0)
"""Elevation of the sun, degrees."""
SKY = (0.1, 0.35)
"""Share of the light at 560 nm that comes from the sky and reaches shaded ground, too; it falls as the wavelength²."""
PATH = (0.3, 0.95)
"""Share of a band's darkest value that is light of the air alone, which no hill changes."""

_DARKEST = 1.0  # percentile
_BRIGHTEST = 2.2  # of level ground: slopes that face a low sun
_COLOURS = dict(zip(RGB, ("B04", "B03", "B02")))
_FLAT = 0.18  # cycles per pixel: above this frequency hills are smoothed away


def relief(chip: Chip, rng: np.random.Generator, source: ChipSource) -> Chip:
    """Light half of the chips and some more by a sun over random hills.

    x becomes path + (x - path) (sky + (1 - sky) s), s = the cosine between sun and slope over that of level ground,
    cut at 0 and 2.2. Hills are Gaussian noise with a power spectrum that falls as a power of the frequency, as that of
    terrain does (Turcotte 1997). The pre-event image sees the same hills under another sun. Cirrus (B10) sees no
    ground, and is not changed.
    """
    drawn = rng.random()
    east, south = hills(rng, chip.label.shape[0])
    if drawn >= LIT or not chip.valid.any():
        return chip
    bands = chip.bands.copy()
    for prefix in ("", PRE):
        light, base, clear = _light(rng, east, south), rng.uniform(*SKY), rng.uniform(*PATH)
        for number, name in enumerate(source.names):
            own = name[len(prefix) :]
            own = _COLOURS.get(own, own)
            if not name.startswith(prefix) or own not in BANDS or own == "B10":
                continue
            band = bands[number]
            path = np.float32(clear * np.percentile(band[chip.valid], _DARKEST))
            sky = np.float32(min(1.0, base * (560 / NANOMETRES[own]) ** 2))
            bands[number] = path + (band - path) * (sky + (1 - sky) * light)
    bands[:, ~chip.valid] = 0
    return replace(chip, bands=bands)


def hills(rng: np.random.Generator, side: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Slopes of random hills towards east and south, float64 [side, side] each, rise over run."""
    ridges = rng.uniform(0.008, 0.03)  # cycles per pixel: ridges are 30 to 130 px apart
    height = fractal(rng, side, lowest=ridges, exponent=rng.uniform(1.4, 2.2), highest=_FLAT)
    south, east = np.gradient(height)
    scale = rng.uniform(*STEEPNESS) / np.sqrt((east**2 + south**2).mean())
    return east * scale, south * scale


def _light(rng: np.random.Generator, east: NDArray[np.float64], south: NDArray[np.float64]) -> NDArray[np.float32]:
    elevation, azimuth = np.radians(rng.uniform(*SUN)), rng.uniform(0, 2 * np.pi)
    towards = np.cos(azimuth) * east + np.sin(azimuth) * south
    cosine = (np.sin(elevation) - np.cos(elevation) * towards) / np.sqrt(1 + east**2 + south**2)
    return np.asarray(np.clip(cosine / np.sin(elevation), 0, _BRIGHTEST), np.float32)
