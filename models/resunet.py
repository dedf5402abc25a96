"""Deep residual U-Net (Zhang et al. 2018)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from .blocks import EPS
from .heads import Heads
from .network import Network


def _activated(before: int, after: int, stride: int = 1) -> nn.Sequential:
    """BatchNorm, ReLU, Conv3x3: the convolution comes last, so that the sum of the block stays unbounded."""
    return nn.Sequential(
        nn.BatchNorm2d(before, EPS), nn.ReLU(), nn.Conv2d(before, after, 3, stride, padding=1, bias=False)
    )


class _Residual(nn.Module):
    def __init__(self, before: int, after: int, stride: int, first: bool = False) -> None:
        super().__init__()
        # What enters the first block has nothing to be activated: it is the image.
        start = nn.Conv2d(before, after, 3, padding=1, bias=False) if first else _activated(before, after, stride)
        self.layers = nn.Sequential(start, _activated(after, after))
        self.shortcut = nn.Sequential(nn.Conv2d(before, after, 1, stride, bias=False), nn.BatchNorm2d(after, EPS))

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.layers(x) + self.shortcut(x)
        return y


class ResUNet(Network):
    """ResUNet: pre-activated residual blocks, strided convolutions going down, nearest neighbour coming up.

    One of the networks that Hegde et al. 2025 compare on Bijie, with dropout 0.5 (before each level, our choice).
    Parameters with 23 bands and multires heads: 8,316,038.

    Args:
        in_channels: Channels of the input.
        head: ``single``, ``dual`` or ``multires``.
        widths: Channels of each level from fine to coarse; 2 to 6 levels.
        dropout: Share of the values of a level's input dropped in training.
    """

    ENCODER = ("first", "down")

    def __init__(
        self,
        in_channels: int,
        head: str = "single",
        *,
        widths: Sequence[int] = (64, 128, 256, 512),
        dropout: float = 0.5,
    ) -> None:
        if not 2 <= len(widths) <= 6:
            raise ValueError(f"A ResUNet has 2 to 6 levels; {len(widths)} widths were given.")
        super().__init__(in_channels, stride=2 ** (len(widths) - 1))
        self.first = _Residual(in_channels, widths[0], 1, first=True)
        self.down = nn.ModuleList(_Residual(fine, coarse, 2) for fine, coarse in zip(widths, widths[1:]))
        self.up = nn.ModuleList(
            _Residual(coarse + fine, fine, 1) for fine, coarse in reversed([*zip(widths, widths[1:])])
        )
        self.grow = nn.Upsample(scale_factor=2)
        self.dropout = nn.Dropout(dropout)
        # A pre-activated block ends in a plain sum.
        self.last = nn.Sequential(nn.BatchNorm2d(widths[0], EPS), nn.ReLU())
        self.heads = Heads(head, widths[0], widths[-1])

    def features(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """See `Network.features`."""
        skips = [self.first(x)]
        for block in self.down:
            skips.append(block(self.dropout(skips[-1])))
        deep = x = skips.pop()
        for block in self.up:
            x = block(self.dropout(torch.cat([self.grow(x), skips.pop()], 1)))
        return self.last(x), deep
