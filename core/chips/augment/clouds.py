"""Clouds that nobody masked: bright as fresh landslides, and none.

A scene on the first clear day has some. Training data hardly do, so a network takes them for bare ground.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ...bands import BANDS, PRE, RGB
from ..chip import NOT_SCORED, Chip, ChipSource
from .noise import fractal

CLOUDY = 0.25
"""Share of the chips that get clouds."""
COVER = (0.02, 0.3)
"""Share of such a chip under them."""
HIDDEN, SEEN = 0.5, 0.1
"""Opacity from which on the ground cannot be seen, and up to which it can."""

_BRIGHTEST = 98  # percentile of the chip in visible light, of which thick clouds are a multiple
_BRIGHTNESS = (1.2, 3.0)
_DEPTH = (0.5, 5.0)  # optical depth where the noise is its standard deviation above the rim
_SHADE = (0.3, 0.85)  # share of the light of the sun that opaque clouds take from the ground beside them
_FARTHEST = 40  # px between a cloud and its shadow
_DARKEST = 1  # percentile; it is light of the air, which no shadow takes away
_ICE = (0.5, 0.9)  # of what they reflect in visible light, clouds reflect in short-wave infrared
_PHOTO = 255  # largest value of a picture in units of its own


def clouds(chip: Chip, rng: np.random.Generator, source: ChipSource) -> Chip:
    """Put clouds with soft rims and shadows into a quarter of the chips.

    Their opacity a = 1 - exp(-depth) comes from noise whose amplitude falls as the frequency to 1.8 to 2.6: smoother
    than the water in marine clouds (4/3, from the spectrum of Cahalan & Snider 1989), as rims were too ragged with it.
    A band becomes (1 - a) x + a white, where the shadow, the same clouds some pixels away, has darkened x. Where a
    cloud hides the ground, there is no landslide to be seen: the label is background from an opacity of 0.5 on, and a
    landslide under 0.1 to 0.5 is not scored. Cirrus (B10) sees high clouds alone, and is not changed. The pre-event
    image gets clouds of its own, which change no label.
    """
    drawn = rng.random(2)
    label, bands = chip.label, chip.bands
    for prefix, chance in zip(("", PRE), drawn):
        numbers = _spectral(source.names, prefix)
        if chance >= CLOUDY or not numbers or not chip.valid.any():
            continue
        bands = bands.copy() if bands is chip.bands else bands
        opacity = _opacity(rng, label.shape[0])
        _cover(bands, opacity, numbers, chip.valid, rng)
        if source.radiometry == "raw":
            np.minimum(bands, np.maximum(chip.bands, _PHOTO), out=bands)
        if not prefix:
            label = np.where((label == 1) & (opacity > SEEN), np.uint8(NOT_SCORED), label)
            label = np.where((chip.label != NOT_SCORED) & (opacity >= HIDDEN), np.uint8(0), label)
    if bands is chip.bands:
        return chip
    bands[:, ~chip.valid] = 0
    return replace(chip, bands=bands, label=label)


def _spectral(names: tuple[str, ...], prefix: str) -> dict[int, str]:
    own = {number: name[len(prefix) :] for number, name in enumerate(names) if name.startswith(prefix)}
    return {number: name for number, name in own.items() if name in (*BANDS, *RGB) and name != "B10"}


def _opacity(rng: np.random.Generator, side: int) -> NDArray[np.float32]:
    field = fractal(rng, side, lowest=rng.uniform(0.008, 0.03), exponent=rng.uniform(1.8, 2.6))
    height = (field - np.quantile(field, 1 - rng.uniform(*COVER))) / field.std()
    return np.asarray(1 - np.exp(-np.maximum(height, 0) * rng.uniform(*_DEPTH)), np.float32)


def _cover(
    bands: NDArray[np.float32],
    opacity: NDArray[np.float32],
    numbers: dict[int, str],
    valid: NDArray[np.bool_],
    rng: np.random.Generator,
) -> None:
    """Change ``bands`` in place: first the shadow, then the cloud."""
    visible = [number for number, name in numbers.items() if name in ("B02", "B03", "B04", *RGB)] or list(numbers)
    white = np.float32(np.percentile(bands[visible][:, valid], _BRIGHTEST) * rng.uniform(*_BRIGHTNESS))
    offset = tuple(int(step) for step in rng.integers(-_FARTHEST, _FARTHEST + 1, 2))
    # The noise continues at the opposite edge, so that nothing is cut off where it is rolled over.
    shadow = np.roll(opacity, offset, (0, 1)) * np.float32(rng.uniform(*_SHADE))
    infrared = np.float32(rng.uniform(*_ICE))
    for number, name in numbers.items():
        band = bands[number]
        path = np.float32(np.percentile(band[valid], _DARKEST))
        lit = np.where(band > path, path + (band - path) * (1 - shadow), band)
        top = white * infrared if name in ("B11", "B12") else white
        bands[number] = lit + opacity * (top - lit)
