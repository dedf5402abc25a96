"""The upward half of a U, for networks whose downward half is a classifier."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from .blocks import ConvUnit


class UDecoder(nn.Module):
    """Doubles the map again and again: nearest neighbour, concatenation of the skip, twice Conv3x3 + BN + ReLU.

    The finest skip is usually the input itself, which has the only full resolution in a classifier.

    Args:
        deep_channels: Channels of the coarsest map.
        skip_channels: Channels of the skips, from coarse to fine.
        widths: Channels of the result of each step, from coarse to fine.
    """

    def __init__(self, deep_channels: int, skip_channels: Sequence[int], widths: Sequence[int]) -> None:
        super().__init__()
        below = [deep_channels, *widths[:-1]]
        self.steps = nn.ModuleList(
            nn.Sequential(ConvUnit(coarse + skip, width), ConvUnit(width, width))
            for coarse, skip, width in zip(below, skip_channels, widths)
        )

    def forward(self, deep: Tensor, skips: Sequence[Tensor]) -> Tensor:
        """From ``deep`` [B, deep_channels, h, w] and the skips, coarse to fine, to the size of the finest skip."""
        for step, skip in zip(self.steps, skips):
            grown = functional.interpolate(deep, size=skip.shape[2:])
            deep = step(torch.cat([grown, skip], 1))
        return deep

    def through(self, stages: Iterable[nn.Module], x: Tensor) -> tuple[Tensor, Tensor]:
        """Send ``x`` down through the stages of a classifier and up again: the finest map, and the deepest."""
        maps = [x]
        for stage in stages:
            maps.append(stage(maps[-1]))
        deep = maps.pop()
        full: Tensor = self(deep, maps[::-1])
        return full, deep
