"""What the ground looks like from space: top-of-atmosphere spectra of Sentinel-2 L1C, in DN (reflectance x 10000)."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.float32]
Codes = NDArray[np.uint8]

BANDS = ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B09", "B10", "B11", "B12")


class Cover(IntEnum):
    """Kinds of ground."""

    CONIFER = 0
    BROADLEAF = 1
    MEADOW = 2
    ALPINE = 3
    CROP = 4
    STUBBLE = 5
    SOIL = 6
    WATER = 7
    GRAVEL = 8
    ROCK = 9
    ROOFS = 10
    ASPHALT = 11
    CLOUD = 12


# Sunlit flat ground on a clear day in late summer; our own typical values, rounded. Columns as BANDS.
_SPECTRA = np.array(
    [
        (1140, 850, 660, 430, 720, 1500, 1800, 1880, 600, 11, 900, 420),
        (1150, 870, 770, 480, 950, 2400, 3000, 3150, 900, 11, 1420, 640),
        (1210, 970, 980, 720, 1300, 2600, 3050, 3200, 930, 12, 1980, 1020),
        (1270, 1060, 1090, 1030, 1480, 2150, 2420, 2560, 830, 13, 2330, 1420),
        (1190, 940, 950, 610, 1210, 3050, 3800, 3950, 1060, 11, 1780, 820),
        (1330, 1180, 1330, 1480, 1880, 2300, 2500, 2640, 850, 12, 3020, 2050),
        (1340, 1190, 1290, 1480, 1760, 1960, 2090, 2190, 780, 12, 2780, 2260),
        (1130, 900, 720, 450, 400, 330, 310, 260, 130, 10, 90, 50),
        (1520, 1420, 1540, 1660, 1780, 1840, 1890, 1930, 700, 12, 2180, 1920),
        (1440, 1280, 1330, 1390, 1490, 1590, 1660, 1710, 620, 13, 2020, 1720),
        (1500, 1380, 1400, 1470, 1650, 1850, 1970, 2060, 740, 12, 2080, 1750),
        (1340, 1150, 1130, 1150, 1260, 1360, 1420, 1460, 580, 11, 1560, 1370),
        (4300, 4250, 4150, 4250, 4450, 4650, 4750, 4850, 1900, 70, 3300, 2600),
    ],
    np.float32,
)

# Grain of each kind: how much it varies from pixel to pixel, in brightness and in tint.
_GRAIN = np.array([0.16, 0.13, 0.06, 0.09, 0.04, 0.06, 0.09, 0.08, 0.11, 0.14, 0.22, 0.06, 0.05], np.float32)
_TINT = np.linspace(-0.5, 0.8, len(BANDS)).astype(np.float32)
_TINTED = np.array([0.05, 0.08, 0.10, 0.12, 0.08, 0.10, 0.16, 0.3, 0.10, 0.14, 0.10, 0.06, 0.0], np.float32)

# Light scattered by the air into the sensor: it stays in the shadow, and hides contrast in the blue.
PATH = np.array([930, 660, 390, 230, 190, 150, 120, 100, 40, 8, 12, 5], np.float32)
# Share of the light that comes from the whole sky instead of the sun.
SKY = np.array([0.42, 0.34, 0.25, 0.20, 0.18, 0.15, 0.13, 0.12, 0.12, 0.1, 0.07, 0.06], np.float32)


def ground(band: int, cover: Codes, mate: Codes, mix: Image, texture: tuple[Image, Image]) -> Image:
    """Spectrum of sunlit flat ground in one band.

    Args:
        band: Index into `BANDS`.
        cover: `Cover` of each pixel, uint8 [H, W].
        mate: What it is mixed with, `Cover`.
        mix: Share of ``mate``, 0 to 1.
        texture: Two random fields, about -2 to 2: brighter or darker, redder or bluer.

    Returns:
        float32 [H, W], DN.
    """
    grain, tint = texture
    spectrum = _SPECTRA[:, band]
    value: Image = spectrum[cover] + mix * (spectrum[mate] - spectrum[cover])
    value = (value - PATH[band]).clip(0)
    value *= (1 + _GRAIN[cover] * grain).clip(0.2)
    value *= (1 + _TINT[band] * _TINTED[cover] * tint).clip(0.5)
    value += PATH[band]
    return value


def lit(band: int, value: Image, sun: Image) -> Image:
    """Bring sun and shade to `ground`; ``sun``: direct light relative to flat ground, 0 in the shadow."""
    result: Image = PATH[band] + (value - PATH[band]) * (SKY[band] + (1 - SKY[band]) * sun)
    return result


def veiled(band: int, value: Image, cloud: Image) -> Image:
    """Cover the ground with clouds of opacity ``cloud``, 0 to 1."""
    result: Image = value + cloud * (_SPECTRA[Cover.CLOUD, band] - value)
    return result
