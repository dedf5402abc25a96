"""Several opinions of one network on the same tile: their probabilities, mean and spread."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, interpolate

from ...models.output import Output


def landslide(logits: Tensor, temperature: float = 1.0) -> Tensor:
    """Probability of landslide, float32 [B, ...]: softmax in float32 of ``logits`` [B, 2, ...] over a temperature."""
    # Of two classes the softmax is the sigmoid of the difference: one pass over one map.
    return torch.sigmoid((logits[:, 1].float() - logits[:, 0].float()).div_(temperature))


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
        """Take in one tensor; the first becomes the mean itself and is written to by the next."""
        self.count += 1
        if self.count == 1:
            self._mean = x
            return
        if self.count == 2:
            self._squares = torch.zeros_like(x)
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
