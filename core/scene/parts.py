"""Inputs of several files on one grid, read together."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .. import bands
from .grid import Window
from .source import Source

FloatArray = npt.NDArray[np.float32]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Part:
    """Inputs from one file; ``linear`` has (gain, bias) for each of ``names``: value = stored * gain + bias."""

    source: Source
    names: tuple[str, ...]
    linear: tuple[tuple[float, float], ...]


def read_parts(
    parts: Iterable[Part],
    window: Window,
    wanted: Collection[str],
    *,
    zero_is_nodata: bool,
    room: FloatArray | None = None,
) -> tuple[dict[str, FloatArray], BoolArray]:
    """Read all parts.

    Args:
        parts: The files.
        window: In the grid of their sources.
        wanted: Inputs whose values are to be returned.
        room: Where the inputs ``wanted`` may be read to, float32 [len(wanted), h, w], to save a copy; they need not be.
        zero_is_nodata: Sentinel-2 products say nodata by DN 0 in all bands, declared or not; 0 in some is a dark pixel.

    Returns:
        Name to float32 [h,w] (NaN where invalid), and bool [h,w], true where all inputs of all parts are valid,
        wanted or not.
    """
    names, found = set(wanted), dict[str, FloatArray]()
    valid = np.ones(window.shape, dtype=bool)
    zero: BoolArray | None = None  # where all spectral inputs so far are 0
    for part in sorted(parts, key=lambda part: names.isdisjoint(part.names)):
        certain = part.source.always_valid(window)
        spectral = zero_is_nodata and any(name in bands.BANDS for name in part.names)
        if certain and names.isdisjoint(part.names) and (not spectral or (zero is not None and not zero.any())):
            continue  # nothing in it can make a difference
        stored = part.source.read(window, _place(part.names, wanted, room))
        for name, (gain, bias), values in zip(part.names, part.linear, stored):
            if not certain:
                valid &= np.isfinite(values)
            if zero_is_nodata and name in bands.BANDS and (zero is None or zero.any()):
                zero = values == 0 if zero is None else zero & (values == 0)
            if name in names:
                found[name] = _scaled(values, gain, bias)
    return found, valid if zero is None else valid & ~zero


def _place(names: tuple[str, ...], wanted: Collection[str], room: FloatArray | None) -> FloatArray | None:
    """The part of ``room`` for some inputs, if they are wanted one after the other."""
    order = list(wanted)
    if room is None or names[0] not in order:
        return None
    first = order.index(names[0])
    return room[first : first + len(names)] if tuple(order[first : first + len(names)]) == names else None


def _scaled(values: FloatArray, gain: float, bias: float) -> FloatArray:
    """Values times gain plus bias, in place."""
    if (gain, bias) != (1, 0):
        values *= np.float32(gain)
        values += np.float32(bias)
    return values
