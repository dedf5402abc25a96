"""Attention layers: each multiplies a map [B, C, H, W] with weights of its own and keeps the shape."""

from __future__ import annotations

from typing import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional

from .blocks import Attention, no_attention


class SqueezeExcite(nn.Module):
    """One weight a channel out of the channels' means (Hu et al. 2018).

    Args:
        channels: Channels of the map.
        ratio: The hidden layer has ``channels // ratio`` units.
        activation: After the hidden layer; SELU in RAU-Net.
        gate: Brings the weights between 0 and 1.
    """

    def __init__(
        self,
        channels: int,
        ratio: int = 2,
        activation: Callable[[], nn.Module] = nn.SELU,
        gate: Callable[[], nn.Module] = nn.Sigmoid,
    ) -> None:
        super().__init__()
        hidden = max(channels // ratio, 1)
        self.weigh = nn.Sequential(nn.Linear(channels, hidden), activation(), nn.Linear(hidden, channels), gate())

    def forward(self, x: Tensor) -> Tensor:
        """[B, C, H, W] to the same shape."""
        weights: Tensor = self.weigh(x.mean((2, 3)))
        return x * weights[:, :, None, None]


class ChannelAttention(nn.Module):
    """One weight a channel out of the channels' means and maxima, which share their layers (Woo et al. 2018)."""

    def __init__(self, channels: int, ratio: int = 8) -> None:
        super().__init__()
        hidden = max(channels // ratio, 1)
        self.shared = nn.Sequential(nn.Linear(channels, hidden), nn.ReLU(), nn.Linear(hidden, channels))

    def forward(self, x: Tensor) -> Tensor:
        """[B, C, H, W] to the same shape."""
        weights = torch.sigmoid(self.shared(x.mean((2, 3))) + self.shared(x.amax((2, 3))))
        return x * weights[:, :, None, None]


class SpatialAttention(nn.Module):
    """One weight a pixel: mean and maximum over the channels, 7x7 convolution, sigmoid. It pools nothing globally."""

    def __init__(self, size: int = 7) -> None:
        super().__init__()
        self.weigh = nn.Conv2d(2, 1, size, padding=size // 2)

    def forward(self, x: Tensor) -> Tensor:
        """[B, C, H, W] to the same shape."""
        return x * torch.sigmoid(self.weigh(torch.cat([x.mean(1, keepdim=True), x.amax(1, keepdim=True)], 1)))


class Cbam(nn.Sequential):
    """Channel attention followed by spatial attention (Woo et al. 2018)."""

    def __init__(self, channels: int, ratio: int = 8) -> None:
        super().__init__(ChannelAttention(channels, ratio), SpatialAttention())


class SelfAttention(nn.Module):
    """Multi-head self-attention whose inner width is free: heads * key_size, not the number of features."""

    def __init__(self, features: int, heads: int, key_size: int) -> None:
        super().__init__()
        self.heads = heads
        self.project_in = nn.Linear(features, 3 * heads * key_size)
        self.project_out = nn.Linear(heads * key_size, features)

    def forward(self, x: Tensor) -> Tensor:
        """[B, tokens, features] to the same shape."""
        batch, tokens, _ = x.shape
        query, key, value = self.project_in(x).view(batch, tokens, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        mixed = functional.scaled_dot_product_attention(query, key, value)
        result: Tensor = self.project_out(mixed.transpose(1, 2).reshape(batch, tokens, -1))
        return result


class TriAxisAttention(nn.Module):
    """The attention that arXiv 2312.16717 publishes: along width, height and channels at once.

    The map is reduced over one axis at a time, mean plus maximum, to [W, H], [H, C] and [W, C]. Each goes through
    a multi-head self-attention of its own and a sigmoid and is broadcast back as weights of the map; the result is
    the mean of the three. The [W, H] branch has as many features as the map is high, so as published it fits one
    size only: here it is pooled to ``side`` x ``side`` and its weights are interpolated back, which changes
    nothing on a 128-px chip.

    Args:
        channels: Channels of the map.
        side: Side of the map, in pixels, for a 128-px chip.
        heads: Heads of each self-attention. key_size: width of one head.
    """

    def __init__(self, channels: int, side: int, heads: int = 6, key_size: int = 12) -> None:
        super().__init__()
        self.side = side
        self.plane = SelfAttention(side, heads, key_size)
        self.rows = SelfAttention(channels, heads, key_size)
        self.columns = SelfAttention(channels, heads, key_size)

    def forward(self, x: Tensor) -> Tensor:
        """[B, C, H, W] to the same shape."""
        plane = torch.sigmoid(self._plane(x.mean(1) + x.amax(1)))[:, None]
        rows = torch.sigmoid(self.rows((x.mean(3) + x.amax(3)).transpose(1, 2))).transpose(1, 2)[..., None]
        columns = torch.sigmoid(self.columns((x.mean(2) + x.amax(2)).transpose(1, 2))).transpose(1, 2)[:, :, None]
        return x * ((plane + rows + columns) / 3)

    def _plane(self, reduced: Tensor) -> Tensor:
        """[B, H, W] to the same shape; tokens are columns, features are rows."""
        size = reduced.shape[1:]
        fits = size == (self.side, self.side)
        square = reduced if fits else functional.adaptive_avg_pool2d(reduced, self.side)
        weights: Tensor = self.plane(square.transpose(1, 2)).transpose(1, 2)
        if fits:
            return weights
        return functional.interpolate(weights[:, None], size=size, mode="bilinear", align_corners=False)[:, 0]


def choose_attention(name: str, choices: dict[str, Attention]) -> Attention:
    """The attention called ``name``, ``none`` included.

    Raises:
        ValueError: It is not among ``choices``.
    """
    choices = {"none": no_attention, **choices}
    if name not in choices:
        raise ValueError(f"There is no attention '{name}' here; choose one of {', '.join(choices)}.")
    return choices[name]
