"""Turned and mirrored tiles: the input is turned, what the network says of it is turned back."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

TURNS: dict[str, tuple[tuple[int, bool], ...]] = {
    "none": ((0, False),),
    "rotations": tuple((quarters, False) for quarters in range(4)),
    "all": tuple((quarters, flip) for flip in (False, True) for quarters in range(4)),
}
"""For each value of TTA, the quarter turns and whether the tile is flipped left to right first.

What is turned is the network's input: bands, terrain and filters turn with the ground, gradients are vectors and turn
as such (`Gradients`). The light of the sun turns with the tile, which nothing can undo.
"""


def turn(x: Tensor, quarters: int, flip: bool) -> Tensor:
    """Flip ``x`` [..., H, W] left to right, if asked, then turn it counter-clockwise."""
    return torch.rot90(x.flip(-1) if flip else x, quarters, (-2, -1))


def turn_back(x: Tensor, quarters: int, flip: bool) -> Tensor:
    """Undo `turn`."""
    x = torch.rot90(x, -quarters, (-2, -1))
    return x.flip(-1) if flip else x


class Gradients:
    """The channels that hold the two components of a gradient, ``gradient_x`` (to the right) and ``gradient_y`` (down).

    Flipped left to right, the component in x changes its sign. A quarter turn counter-clockwise brings what pointed
    right to point up and what pointed down to point right: x becomes the old y, y the negative old x.

    Args:
        features: Names of the network's channels. A component without the other cannot be turned by quarters; it is
            left as it is but for its sign.
        mean: Of each channel, by which the input was standardised. std: its standard deviation.
    """

    def __init__(self, features: Sequence[str], mean: Sequence[float], std: Sequence[float]) -> None:
        self._at = [features.index(name) if name in features else None for name in ("gradient_x", "gradient_y")]
        self._scale = [(mean[at], std[at]) if at is not None else (0.0, 1.0) for at in self._at]

    def turned(self, x: Tensor, quarters: int, flip: bool) -> Tensor:
        """A standardised input [B, C, H, W] after `turn`, gradients included; ``x`` itself is not changed."""
        y = turn(x, quarters, flip)
        horizontal, vertical = self._at
        if (horizontal is None and vertical is None) or (quarters, flip) == (0, False):
            return y
        y = y.clone()
        planes = [None if at is None else self._stored(y[:, at], i) for i, at in enumerate(self._at)]
        if flip and planes[0] is not None:
            planes[0] = -planes[0]
        for _ in range(quarters % 4):
            if planes[0] is not None and planes[1] is not None:
                planes = [planes[1], -planes[0]]
        for i, (at, plane) in enumerate(zip(self._at, planes)):
            if at is not None and plane is not None:
                mean, std = self._scale[i]
                y[:, at] = (plane - mean) / std
        return y

    def _stored(self, plane: Tensor, component: int) -> Tensor:
        mean, std = self._scale[component]
        return plane * std + mean
