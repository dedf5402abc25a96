"""Several opinions of one network on the same tile: rotations and flips, and the three resolutions."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, interpolate

from ...models.output import Output

TURNS: dict[str, tuple[tuple[int, bool], ...]] = {
    "none": ((0, False),),
    "rotations": tuple((quarters, False) for quarters in range(4)),
    "all": tuple((quarters, flip) for flip in (False, True) for quarters in range(4)),
}
"""For each value of TTA, the quarter turns and whether the tile is flipped left to right first.

What is turned is the network's input as it is, slope and gradients included. A Sobel gradient in x then lies along the
image's y, which training (features after turning) never shows: leave TTA off for features with gradients. The light of
the sun turns with the tile.
"""


def turn(x: Tensor, quarters: int, flip: bool) -> Tensor:
    """Flip ``x`` [..., H, W] left to right, if asked, then turn it counter-clockwise."""
    return torch.rot90(x.flip(-1) if flip else x, quarters, (-2, -1))


def turn_back(x: Tensor, quarters: int, flip: bool) -> Tensor:
    """Undo `turn`."""
    x = torch.rot90(x, -quarters, (-2, -1))
    return x.flip(-1) if flip else x


def landslide(logits: Tensor, temperature: float = 1.0) -> Tensor:
    """Probability of landslide, float32 [B, ...]: softmax in float32 of ``logits`` [B, 2, ...] over a temperature."""
    return torch.softmax(logits.float() / temperature, 1)[:, 1]


def opinions(output: Output, temperature: float, vote: bool) -> list[Tensor]:
    """Probabilities float32 [B, H, W]: that of the mask and, with ``vote``, of twice and half the resolution.

    Twice the resolution is averaged over 2 x 2 pixels, half is interpolated between pixel centres.
    """
    found = [landslide(output.mask, temperature)]
    if vote and output.double is not None and output.half is not None:
        found.append(avg_pool2d(landslide(output.double, temperature)[:, None], 2)[:, 0])
        half = landslide(output.half, temperature)[:, None]
        found.append(interpolate(half, scale_factor=2, mode="bilinear", align_corners=False)[:, 0])
    return found


class Mean:
    """Running mean and standard deviation of tensors of one shape (Welford 1962: stable, nothing but sums is kept)."""

    def __init__(self) -> None:
        self.count = 0
        self._mean = torch.zeros(())
        self._squares = torch.zeros(())

    def add(self, x: Tensor) -> None:
        """Take in one tensor."""
        self.count += 1
        if self.count == 1:
            self._mean, self._squares = x.clone(), torch.zeros_like(x)
            return
        difference = x - self._mean
        self._mean += difference / self.count
        self._squares += difference * (x - self._mean)

    @property
    def mean(self) -> Tensor:
        """Mean of what was added."""
        return self._mean

    @property
    def spread(self) -> Tensor:
        """Standard deviation of what was added (divided by the count, not by one less)."""
        return (self._squares / self.count).sqrt()
