"""What a network gets to see in its training, for the card: a scene to be mapped is compared with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..bands import PRE, PRE_VALID
from ..chips.chip import Chip, ChipSource
from ..chips.natural_colour import RELATIVE
from ..inference.domain import ANY_BRIGHTNESS, QUANTILES, images, spread_of
from ..reporter import Reporter

_CHIPS = 256
_STEP = 4  # pixels, along rows and columns: neighbours say the same
# A chip with fewer pixels that are valid says little about a place.
_LEAST = 16
_KNOWN = 0.999

# A network copes without pre-event image when it has often had to: this share of its pixels was without.
_OFTEN = 0.05


def measure_domain(source: ChipSource, names: Sequence[str], reporter: Reporter) -> dict[str, Any]:
    """Measure (at most 256) chips of the training part.

    Args:
        source: Chips as they are, before augmentation.
        names: Canonical inputs that the network's channels are computed from.
        reporter: Asked whether to stop.

    Returns:
        For `Card.seen`: ``chips``, ``quantiles`` (input to its values at `QUANTILES`, over valid pixels), ``images``
        (`scarp.core.inference.domain.Seen` of each image) and, with a pre-event image, ``before_known``: the share of
        the pixels where it is.
    """
    kept: list[NDArray[np.float32]] = []
    index = [source.names.index(name) for name in names]
    for number in np.unique(np.linspace(0, len(source) - 1, min(len(source), _CHIPS)).astype(int)):
        reporter.check()
        pixels = _thinned(source[int(number)], index)
        if pixels.shape[1] >= _LEAST:
            kept.append(pixels)
    if not kept:
        return {}
    everything = np.concatenate(kept, axis=1)
    seen: dict[str, Any] = {"chips": len(kept), "quantiles": {}, "images": []}
    for name, values in zip(names, everything):
        if name != PRE_VALID and (known := _known(name, names, everything)).any():
            seen["quantiles"][name] = _rounded(np.quantile(values[known], QUANTILES))
    for image in images(names):
        rows = [names.index(name) for name in image]
        chips = [chip[rows][:, _known(image[0], names, chip)] for chip in kept]
        chips = [chip for chip in chips if chip.shape[1] >= _LEAST]
        if chips:
            together: NDArray[np.float64] = np.concatenate(chips, axis=1, dtype=np.float64)
            spread = spread_of(np.array([np.median(chip, axis=1) for chip in chips]), together.T)
            if source.radiometry == RELATIVE:
                spread = spread + ANY_BRIGHTNESS
            median = _rounded(np.median(together, axis=1))
            seen["images"].append({"names": list(image), "median": median, "spread": [_rounded(r) for r in spread]})
    if PRE_VALID in names:
        seen["before_known"] = float(np.mean(everything[names.index(PRE_VALID)] >= _KNOWN))
    return seen


def may_lack(needed: Sequence[str], seen: dict[str, Any]) -> list[str]:
    """Those of the inputs that a scene may lack: the pre-event image, if training often had to do without."""
    often = 1 - seen.get("before_known", 1.0) >= _OFTEN
    return [name for name in needed if often and name.startswith(PRE)]


def _thinned(chip: Chip, index: Sequence[int]) -> NDArray[np.float32]:
    valid = chip.valid[::_STEP, ::_STEP]
    return chip.bands[index][:, ::_STEP, ::_STEP][:, valid]


def _known(name: str, names: Sequence[str], pixels: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Where an input is known: bool [pixels]."""
    if name.startswith(PRE) and PRE_VALID in names:
        return np.asarray(pixels[names.index(PRE_VALID)] >= _KNOWN)
    return np.ones(pixels.shape[1], bool)


def _rounded(values: NDArray[np.float64]) -> list[float]:
    return [float(f"{value:.6g}") for value in values]
