"""Engineered bands of an array.

Of B02, B03, B04 (or B, G, R): gray = (B02 + B03 + B04) / 3; minmax(x) = (x - min) / (max - min) with the local extremes
of `lattice`; u8 = uint8(255 * minmax(gray)).

===============================  ==========================================================================
``b01`` ... ``b12``, ``b8a``     the band (DN without offset)
``slope``, ``dem``               degrees, metres
``red``, ``green``, ``blue``     R, G, B as stored
``red_local`` ...                minmax of B04, B03, B02 (or R, G, B)
``red_contrast`` ...             (x - mean) / standard deviation of the surroundings, x = B04, B03, B02 (or R, G, B);
                                 kept within -10..10
``ndvi``, ``nbr``, ``ndmi``      (B08 - x) / max(B08 + x, 1e-8), x = B04, B12, B11; kept within -1..1
``ngrdi``, ``ngbdi``             (B03 - x) / max(B03 + x, 1e-8), x = B04, B02 (or of R, G, B); kept within -1..1
``gray``                         gray
``blur``, ``median``             10 x 10 mean and 15 x 15 median of u8, / 255
``gradient_x``, ``gradient_y``   5 x 5 Sobel of minmax(gray), / 27.32001
``edge``                         Canny(150, 227) of u8: 0 or 1
``red_global`` ...               clip(DN / 6000, 0, 1) of B04, B03, B02
``gaussian``                     Gaussian (sigma 2 px) of minmax(gray), which the paper only calls its blur
``change_x``                     x minus x before the event, x = a band, an index or ``gray``; 0 where PRE_VALID is 0
``change_valid``                 1 where the pre-event image is known, else 0
===============================  ==========================================================================

On DN the indices are those of reflectance, a ratio being blind to scale. Source: the 23-band system trained on
Landslide4Sense (Ghorbanzadeh et al. 2022). Invalid pixels are 0 in every channel and take no part in extremes and
means; median, gradients and edge see them filled with the mean of the valid pixels around.

Contrast (local contrast normalisation, Jarrett et al. 2009) is blind to gain and offset of each band: to the units, and
to most of haze and product level. Unlike minmax it hardly moves when one bright roof enters the surroundings. ngrdi
(Tucker 1979) and ngbdi are blind to a common gain alone.

Change is a plain difference. Taking off its local median, to be blind to light and season, loses more than it gains:
on the Hokkaido event of 2018, trees on B02, B03, B04 and their change reach an AUC of .771 with the difference, .769
with the difference over the sum, .755 with the local median taken off and .740 if scaled by the local spread as well
(.729 without the pre-event image).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..errors import ScarpError
from . import lattice
from .render import Place, render, stretched
from .resolve import required, resolve

MODES = ("scene", "chip")


def compute(
    bands: NDArray[np.float32],
    names: Sequence[str],
    features: str | Sequence[str],
    mode: str = "scene",
    *,
    valid: NDArray[np.bool_] | None = None,
    origin: tuple[int, int] = (0, 0),
) -> tuple[NDArray[np.float32], tuple[str, ...]]:
    """Compute engineered bands.

    Args:
        bands: float32 [N, H, W]; DN without offset (reflectance x 10000), degrees, metres; R, G, B as stored; of the
            pre-event image likewise, anything finite where PRE_VALID is below 1.
        names: N canonical names (``B02``, ``SLOPE``, ``R``, ...).
        features: What `resolve` accepts: a preset, a comma-separated list, ``auto``.
        mode: ``scene``: local statistics on the lattice of 128-px cells; ``chip``: of the whole array, as the paper.
        valid: bool [H, W], False where a pixel must not be used. None: valid where every input needed is finite.
        origin: (row, column) of the array's first pixel in the scene's grid, to which the lattice is anchored.

    Returns:
        float32 [C, H, W], 0 at invalid pixels, and the C channel names.

    Raises:
        ScarpError: Shapes and names do not fit, the mode or a feature is unknown, or an input is missing.
    """
    check_mode(mode)
    if bands.ndim != 3 or len(bands) != len(names) or 0 in bands.shape:
        raise ScarpError(f"Expected an array [{len(names)}, H, W] for {', '.join(names)}; found {list(bands.shape)}.")
    if valid is not None and valid.shape != bands.shape[1:]:
        raise ScarpError(f"Expected a validity mask of {list(bands.shape[1:])} pixels; found {list(valid.shape)}.")
    channels = resolve(features, names)
    used = required(channels, names)
    planes = {name: np.asarray(band, np.float32) for name, band in zip(names, bands) if name in used}
    finite = np.isfinite(sum(planes.values()))
    valid = finite if valid is None else valid & finite
    known = None if valid.all() else valid
    if known is not None:
        planes = {name: np.where(known, plane, np.float32(0)) for name, plane in planes.items()}
    images = stretched(channels, planes)
    if mode == "chip":
        statistics = lattice.measure_chip(images.values(), known)
    else:
        statistics = lattice.measure_cells(images.values(), known, origin)
    whole = (slice(0, bands.shape[1]), slice(0, bands.shape[2]))
    return render(planes, images, channels, Place(known, statistics, origin, whole)), channels


def check_mode(mode: str) -> None:
    """Raise a `ScarpError` unless ``mode`` is one of `MODES`."""
    if mode not in MODES:
        raise ScarpError(f"Unknown feature mode '{mode}'. Choose one of {', '.join(MODES)}.")
