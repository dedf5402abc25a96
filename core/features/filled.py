"""Engineered bands where inputs are missing that the network was trained to do without: their channels are the mean.

Normalised, the mean is 0: what the network was shown in training for a band that was not there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..card import Card, absent, unknown_before
from ..scene.grid import Window
from .reader import FeatureReader

if TYPE_CHECKING:
    from ..scene import Scene

Floats = NDArray[np.float32]


def filled(found: Floats, there: Sequence[bool], mean: Sequence[float], valid: NDArray[np.bool_]) -> Floats:
    """Put channels that could not be computed between those that could.

    Args:
        found: float32 [channels that are there, h, w], 0 at invalid pixels.
        there: Of each of the C channels, whether it is in ``found``.
        mean: Of each of the C channels.
        valid: bool [h, w].

    Returns:
        float32 [C, h, w], 0 at invalid pixels.
    """
    result = np.empty((len(there), *valid.shape), np.float32)
    given = iter(found)
    for plane, known, value in zip(result, there, mean):
        if known:
            plane[:] = next(given)
        else:
            np.multiply(valid, np.float32(value), out=plane)
    return result


class Filling:
    """Which channels of a card some inputs can give, and what stands for the others.

    Args:
        card: Of the network: its channels, their means, and the bands it can do without.
        names: Inputs that are there, which `scarp.core.card.check_scene` has accepted.

    Attributes:
        found: Channels to compute, in order. absent: those to fill; change that is unknown with 0, as in training.
    """

    def __init__(self, card: Card, names: Sequence[str]) -> None:
        self.absent = tuple(absent(card, names))
        self.found = tuple(channel for channel in card.features if channel not in self.absent)
        self._there = [channel not in self.absent for channel in card.features]
        unknown = unknown_before(card, names)
        self._values = [0.0 if channel in unknown else mean for channel, mean in zip(card.features, card.mean)]

    def __call__(self, found: Floats, valid: NDArray[np.bool_]) -> Floats:
        """All channels of the card, float32 [C, h, w], from those that were found and their validity, bool [h, w]."""
        return filled(found, self._there, self._values, valid) if self.absent else found

    def planes(self, found: Sequence[Floats], valid: NDArray[np.bool_]) -> Sequence[Floats]:
        """As calling it, channel by channel, float32 [h, w] each; those that were found are not copied."""
        if not self.absent:
            return found
        given = iter(found)
        zero = np.float32(0)
        return [
            next(given) if there else np.where(valid, np.float32(value), zero)
            for there, value in zip(self._there, self._values)
        ]


class FilledReader:
    """Reads windows of a scene as the channels of a card; see `Filling` for those that the scene cannot give.

    Args:
        scene: An open scene that `scarp.core.card.check_scene` has accepted: it tells the user what is missing.
        card: Of the network.

    Attributes:
        channels: Those of the card, in order.

    Raises:
        ScarpError: The scene cannot give a channel that the network needs.
    """

    def __init__(self, scene: Scene, card: Card) -> None:
        self.channels = tuple(card.features)
        self._fill = Filling(card, scene.names)
        self._reader = FeatureReader(scene, self._fill.found, card.mode)

    def read(self, window: Window) -> tuple[Floats, NDArray[np.bool_]]:
        """Compute the channels in a window; arguments, result and errors are those of `FeatureReader.read`."""
        found, valid = self._reader.read(window)
        return self._fill(found, valid), valid

    def planes(self, window: Window) -> tuple[Sequence[Floats], NDArray[np.bool_]]:
        """As `read`, channel by channel, float32 [h, w] each; see `FeatureReader.planes`."""
        found, valid = self._reader.planes(window)
        return self._fill.planes(found, valid), valid
