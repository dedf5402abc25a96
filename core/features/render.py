"""Engineered bands from inputs and statistics already at hand: the formulas of `compute`, channel by channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import filters, lattice
from .channels import GROUPS, PRE, PRE_VALID
from .lattice import CELL, Slices, Statistics, Stretched
from .resolve import inputs_of

Mask = NDArray[np.bool_]
Planes = Mapping[str, NDArray[np.float32]]
Image = NDArray[Any]

EPSILON = np.float32(1e-8)
GLOBAL_WHITE = np.float32(6000)  # DN
CONTRAST = (-10.0, 10.0)
"""Standard deviations that contrast is kept within: in a cell with few valid pixels they may be tiny."""
APRON = 16
"""Pixels around a cell that its edges are traced in: Canny's hysteresis follows an edge without limit, so in scene
mode it is run cell by cell, on windows that stand still on the grid."""

_INPUTS = frozenset((*GROUPS["bands"], *GROUPS["terrain"], *GROUPS["rgb"]))
_CHANGE = "change_"
_KNOWN = np.float32(0.999)  # resampled pixels that are known in part mix values with nothing
_FILTERED = ("blur", "median", "gradient_x", "gradient_y", "edge", "gaussian")
_FLOAT_GRAY = ("gradient_x", "gradient_y", "gaussian")


@dataclass(frozen=True)
class Place:
    """What surrounds the pixels to be computed.

    Attributes:
        valid: bool [H, W] of the array at hand; None: all valid.
        statistics: Of the images of `stretched`, in their order.
        origin: (row, column) of the array's first pixel in the grid of the scene.
        inner: The part of the array to compute, [h, w].
    """

    valid: Mask | None
    statistics: Statistics
    origin: tuple[int, int]
    inner: Slices


def margin(channels: Sequence[str]) -> int:
    """How far around a window inputs are needed to render ``channels`` exactly, in pixels."""
    if "edge" in channels:
        return APRON + filters.REACH
    return 2 * filters.REACH if set(channels) & set(_FILTERED) else 0


def stretched(channels: Sequence[str], planes: Planes) -> dict[str, Stretched]:
    """The images whose statistics ``channels`` depend on: bands of local RGB and contrast, and ``gray`` (float64)."""
    images = {
        channel: Stretched(planes[inputs_of(channel, tuple(planes))[0]], measure)
        for group, measure in (("local", lattice.extremes), ("contrast", lattice.moments))
        for channel in channels
        if channel in GROUPS[group]
    }
    if set(channels) & set(_FILTERED):
        images["gray"] = Stretched(_gray(planes), lattice.extremes)
    return images


def render(
    planes: Planes, images: Mapping[str, Stretched], channels: Sequence[str], place: Place
) -> NDArray[np.float32]:
    """Compute channels in a part of an array whose surroundings are known.

    Args:
        planes: Canonical input name to float32 [H, W]; finite everywhere.
        images: What `stretched` gave for them.
        channels: Channel names.
        place: Validity, extremes and position.

    Returns:
        float32 [C, h, w], 0 at invalid pixels.
    """
    inner, origin = place.inner, place.origin
    order = list(images)
    rows, cols = inner
    result = np.empty((len(channels), rows.stop - rows.start, cols.stop - cols.start), np.float32)
    filtered = _filtered(images["gray"].image, channels, place) if "gray" in images else {}
    for channel, out in zip(channels, result):
        if channel in filtered:
            image, divisor = filtered[channel]
            np.divide(image, np.float32(divisor), out=out)
        elif channel in images and channel != "gray":
            start = (origin[0] + rows.start, origin[1] + cols.start)
            band, number = images[channel].image[inner], order.index(channel)
            limits = CONTRAST if channel in GROUPS["contrast"] else (0.0, 1.0)
            # Nothing is cut to 8 bits here, so single precision is as good.
            for block, values in lattice.stretch(band, number, place.statistics, start, np.float32, limits=limits):
                out[block] = values
        elif channel == "gray":
            out[:] = (images["gray"].image if "gray" in images else _gray(planes))[inner]
        else:
            _pointwise(channel, {name: planes[name][inner] for name in inputs_of(channel, tuple(planes))}, out)
    if place.valid is not None:
        result *= place.valid[inner]
    return result


def rendered(
    planes: Planes, images: Mapping[str, Stretched], channels: Sequence[str], place: Place
) -> list[NDArray[np.float32]]:
    """As `render`, plane by plane: inputs that are channels themselves are not copied, and must be 0 where invalid."""
    computed = iter(render(planes, images, [channel for channel in channels if channel not in _INPUTS], place))
    return [
        planes[inputs_of(channel, tuple(planes))[0]][place.inner] if channel in _INPUTS else next(computed)
        for channel in channels
    ]


def _pointwise(channel: str, planes: Planes, out: NDArray[np.float32]) -> None:
    if channel == "change_valid":
        np.greater_equal(planes[PRE_VALID], _KNOWN, out=out, casting="unsafe")
        return
    if channel.startswith(_CHANGE):
        _change(channel, planes, out)
        return
    images = list(planes.values())
    if channel in (*GROUPS["indices"], *GROUPS["colours"]):
        total = images[0] + images[1]
        np.maximum(total, EPSILON, out=total)
        np.subtract(images[0], images[1], out=out)
        np.divide(out, total, out=out)
        # Only negative DN (dark pixels after the offset is subtracted) can leave this range, and then by far.
        np.clip(out, -1, 1, out=out)
    elif channel in GROUPS["global"]:
        np.divide(images[0], GLOBAL_WHITE, out=out)
        np.clip(out, 0, 1, out=out)
    else:
        out[:] = images[0]


def _change(channel: str, planes: Planes, out: NDArray[np.float32]) -> None:
    """What a channel is now minus what it was; 0 where that is unknown, or mixed from known and unknown pixels."""
    own = channel[len(_CHANGE) :]
    earlier = {name[len(PRE) :]: plane for name, plane in planes.items() if name.startswith(PRE)}
    before = np.empty_like(out)
    inputs = inputs_of(own, tuple(planes))
    for source, target in ((planes, out), (earlier, before)):
        if own == "gray":
            target[:] = _gray(source)
        else:
            _pointwise(own, {name: source[name] for name in inputs}, target)
    out -= before
    out[planes[PRE_VALID] < _KNOWN] = 0


def _gray(planes: Planes) -> NDArray[np.float64]:
    red, green, blue = (planes[name] for name in inputs_of("gray", tuple(planes)))
    gray = np.add(blue, green, dtype=np.float64)
    gray += red
    gray /= 3
    return gray


def _filtered(gray: Image, channels: Sequence[str], place: Place) -> dict[str, tuple[Image, float]]:
    """The neighbourhood channels asked for: image [h, w] and what it is to be divided by."""
    valid, inner = place.valid, place.inner
    eight = np.empty(gray.shape, np.uint8)
    smooth = np.empty(gray.shape, np.float32) if set(channels) & set(_FLOAT_GRAY) else None
    for block, values in lattice.stretch(gray, len(place.statistics.low) - 1, place.statistics, place.origin):
        if smooth is not None:
            smooth[block] = values
        eight[block] = np.multiply(values, 255, out=values).astype(np.uint8)
    filled = eight if valid is None else filters.fill(eight, valid)
    result: dict[str, tuple[Image, float]] = {}
    if "blur" in channels:
        result["blur"] = filters.blur(eight, valid)[inner], 255
    if "median" in channels:
        result["median"] = filters.median(filled)[inner], 255
    if "edge" in channels:
        result["edge"] = _edges(filled, place), 255
    if smooth is not None:
        if "gaussian" in channels:
            result["gaussian"] = filters.gaussian(smooth, valid)[inner], 1
        if valid is not None:
            smooth = np.where(valid, smooth, filled / np.float32(255))
        for channel in {"gradient_x", "gradient_y"} & set(channels):
            result[channel] = filters.sobel(smooth, channel == "gradient_x")[inner], filters.SOBEL_SCALE
    return result


def _edges(image: Image, place: Place) -> Image:
    origin, inner = place.origin, place.inner
    if place.statistics.single:
        return filters.canny(image)[inner]
    edges = np.zeros_like(image)
    height, width = image.shape
    for top in range(inner[0].start - (origin[0] + inner[0].start) % CELL, inner[0].stop, CELL):
        for left in range(inner[1].start - (origin[1] + inner[1].start) % CELL, inner[1].stop, CELL):
            cell = slice(max(top, 0), min(top + CELL, height)), slice(max(left, 0), min(left + CELL, width))
            around = (
                slice(max(top - APRON, 0), min(top + CELL + APRON, height)),
                slice(max(left - APRON, 0), min(left + CELL + APRON, width)),
            )
            core = tuple(slice(c.start - a.start, c.stop - a.start) for c, a in zip(cell, around))
            edges[cell] = filters.canny(image[around])[core]
    return edges[inner]
