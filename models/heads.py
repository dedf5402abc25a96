"""The three ways in which a network's last map becomes logits."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .output import Output

HEADS = ("single", "dual", "multires")
CLASSES = 2


class HalfHead(nn.Module):
    """Logits at half the resolution: Conv3x3 of stride 2 + ReLU, then Conv1x1 (arXiv 2312.16717)."""

    def __init__(self, channels: int, hidden: int = 64) -> None:
        super().__init__()
        # On even sizes "same" padding of a 3x3 kernel with stride 2 is one row below and one column to the right.
        self.pad = nn.ZeroPad2d((0, 1, 0, 1))
        self.reduce = nn.Conv2d(channels, hidden, 3, stride=2)
        self.classify = nn.Conv2d(hidden, CLASSES, 1)

    def forward(self, x: Tensor) -> Tensor:
        """[B, C, H, W] to [B, 2, H/2, W/2]."""
        logits: Tensor = self.classify(torch.relu(self.reduce(self.pad(x))))
        return logits


class DoubleHead(nn.Module):
    """Logits at twice the resolution: ConvTranspose3x3 of stride 2 + ReLU, then Conv1x1 (arXiv 2312.16717)."""

    def __init__(self, channels: int, hidden: int = 64) -> None:
        super().__init__()
        self.enlarge = nn.ConvTranspose2d(channels, hidden, 3, stride=2)
        self.classify = nn.Conv2d(hidden, CLASSES, 1)

    def forward(self, x: Tensor) -> Tensor:
        """[B, C, H, W] to [B, 2, 2H, 2W]."""
        # The counterpart of the padding above: the kernel reaches one row and one column too far.
        logits: Tensor = self.classify(torch.relu(self.enlarge(x)[..., :-1, :-1]))
        return logits


class Heads(nn.Module):
    """Logits out of the full-resolution map and, for ``dual``, out of the deepest one.

    ``single`` is one Conv1x1. ``multires`` adds the two heads above. ``dual`` adds the probability that the chip
    holds a landslide: mean and maximum of the deepest map (the maximum, because one small slide must be enough)
    through one linear layer, our choice where the source says no more than that there is such a head.

    Args:
        head: One of `HEADS`.
        channels: Channels of the full-resolution map.
        deep_channels: Channels of the deepest map.

    Raises:
        ValueError: There is no such head.
    """

    def __init__(self, head: str, channels: int, deep_channels: int) -> None:
        super().__init__()
        if head not in HEADS:
            raise ValueError(f"There is no head '{head}'; choose one of {', '.join(HEADS)}.")
        self.classify = nn.Conv2d(channels, CLASSES, 1)
        self.double_head = DoubleHead(channels) if head == "multires" else None
        self.half_head = HalfHead(channels) if head == "multires" else None
        self.presence = nn.Linear(2 * deep_channels, CLASSES) if head == "dual" else None

    def shift(self, landslide: float) -> None:
        """Add a constant to the logits of landslide in the maps, for good: calibration does."""
        maps = (self, self.double_head, self.half_head)
        with torch.no_grad():
            for bias in (head.classify.bias for head in maps if head is not None):
                if bias is not None:
                    bias[CLASSES - 1] += landslide

    def forward(self, full: Tensor, deep: Tensor) -> Output:
        """Logits of ``full`` [B, channels, H, W] and ``deep`` [B, deep_channels, h, w]."""
        presence = None
        if self.presence is not None:
            presence = self.presence(torch.cat([deep.mean((2, 3)), deep.amax((2, 3))], 1))
        return Output(
            mask=self.classify(full),
            double=None if self.double_head is None else self.double_head(full),
            half=None if self.half_head is None else self.half_head(full),
            presence=presence,
        )
