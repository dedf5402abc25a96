"""Which bands matter: what happens to the probability when a group of channels says nothing but its mean.

A channel is taken away by giving the network its mean over the training data everywhere. Channels of one group are
taken away together, because they tell much the same: without one of them alone the others stand in for it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..reporter import Reporter
from .explanation import Explainer
from .heatmap import Channels, Cut

GROUPS = {
    "visible": ("b02", "b03", "b04", "red", "green", "blue"),
    "red edge": ("b05", "b06", "b07"),
    "near infrared": ("b08", "b8a"),
    "shortwave infrared": ("b11", "b12"),
    "atmosphere (B01, B09, B10)": ("b01", "b09", "b10"),
    "local colour": ("red_local", "green_local", "blue_local"),
    "global colour": ("red_global", "green_global", "blue_global"),
    "indices": ("ndvi", "nbr", "ndmi"),
    "brightness": ("gray", "blur", "median", "gaussian"),
    "edges": ("gradient_x", "gradient_y", "edge"),
    "terrain": ("slope", "dem"),
}


@dataclass(frozen=True)
class Effect:
    """What the sample says without a group of channels.

    Attributes:
        name: Of the group; empty: with all channels.
        channels: The channels taken away.
        inside: Mean probability where landslide is mapped with all channels; NaN where nothing is.
        outside: Mean probability elsewhere.
    """

    name: str
    channels: tuple[str, ...]
    inside: float
    outside: float


def group_channels(channels: Sequence[str], *, singly: bool = False) -> dict[str, tuple[str, ...]]:
    """The groups of `GROUPS` that a network reads, as name to channels; what belongs to none is a group of its own."""
    if singly:
        return {name: (name,) for name in channels}
    known = {channel: group for group, names in GROUPS.items() for channel in names}
    known.update((channel, "change") for channel in channels if channel.startswith("change_"))
    found: dict[str, tuple[str, ...]] = {}
    for channel in channels:
        group = known.get(channel, channel)
        found[group] = (*found.get(group, ()), channel)
    return found


def choose_tiles(channels: Channels, count: int) -> list[tuple[int, int]]:
    """Row and column of up to ``count`` tiles, spread evenly: half of them with mapped landslides, as far as there are.

    Args:
        channels: What the first pass found.
        count: How many.
    """
    holding = [(row, column) for row, column, pixels in channels.found if pixels > 0]
    chosen = _spread(holding, min(count, math.ceil(count / 2)))
    others = [(row, column) for row, column, _ in channels.found if (row, column) not in set(chosen)]
    return sorted(chosen + _spread(others, count - len(chosen)))


def occlude(
    explainer: Explainer,
    cut: Cut,
    tiles: Sequence[tuple[int, int]],
    *,
    groups: Mapping[str, tuple[str, ...]],
    threshold: float,
    reporter: Reporter,
) -> tuple[Effect, list[Effect], tuple[float, float]]:
    """Take each group away in turn, over a sample of tiles.

    Args:
        explainer: The network.
        cut: The tiles.
        tiles: Row and column of those of the sample.
        groups: Name to channels.
        threshold: Probability from which a pixel is mapped as landslide.
        reporter: Told the share done.

    Returns:
        The sample with all channels, without each group, and its pixels inside and outside of what is mapped.
    """
    index = {name: number for number, name in enumerate(cut.reader.channels)}
    taken = [[index[channel] for channel in channels] for channels in groups.values()]
    sums = np.zeros((len(taken) + 1, 2))
    pixels = np.zeros(2)
    for number, (row, column) in enumerate(tiles):
        reporter.progress(number / len(tiles), "Taking bands away")
        tile = cut.tile(explainer, row, column, reporter)
        if tile is None:
            continue
        weights = cut.weights(tile)
        first = explainer.probability(tile.x)
        sides = [weights * (first >= threshold), weights * (first < threshold)]
        pixels += [side.sum(dtype=np.float64) for side in sides]
        sums[0] += _over(sides, first)
        for group, without in enumerate(taken, 1):
            sums[group] += _over(sides, explainer.probability(tile.x, without))
    with np.errstate(invalid="ignore"):
        means = sums / np.where(pixels > 0, pixels, np.nan)
    effects = [Effect(name, names, *map(float, mean)) for (name, names), mean in zip(groups.items(), means[1:])]
    return Effect("", (), *map(float, means[0])), effects, (float(pixels[0]), float(pixels[1]))


def _over(sides: Sequence[npt.NDArray[np.float32]], probability: npt.NDArray[np.float32]) -> list[np.float64]:
    return [(side * probability).sum(dtype=np.float64) for side in sides]


def _spread(items: Sequence[tuple[int, int]], count: int) -> list[tuple[int, int]]:
    if count >= len(items):
        return list(items)
    return [items[int(place)] for place in np.linspace(0, len(items) - 1, count).round()] if count else []
