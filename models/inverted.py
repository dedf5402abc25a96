"""Inverted residuals, the blocks of MobileNetV3 and EfficientNetV2: expand, filter, weigh the channels, project."""

from __future__ import annotations

from typing import Callable

from torch import Tensor, nn

from .blocks import ConvUnit


class InvertedResidual(nn.Module):
    """1x1 expansion, depthwise convolution, attention, linear 1x1 projection; a shortcut where the shape stays.

    Args:
        in_channels: Channels of the input.
        expanded: Channels in between.
        out_channels: Channels of the result.
        size: Size of the depthwise kernel.
        stride: 1 or 2.
        attention: Acts on the expanded map; None: none.
        activation: After expansion and filter.
        fused: One full convolution instead of expansion and depthwise filter (EfficientNetV2).
    """

    def __init__(
        self,
        in_channels: int,
        expanded: int,
        out_channels: int,
        *,
        size: int = 3,
        stride: int = 1,
        attention: nn.Module | None = None,
        activation: Callable[[], nn.Module] = nn.ReLU,
        fused: bool = False,
    ) -> None:
        super().__init__()
        expand = expanded != in_channels
        layers: list[nn.Module] = []
        if fused:
            target = expanded if expand else out_channels
            layers.append(ConvUnit(in_channels, target, size, stride=stride, activation=activation))
        else:
            if expand:
                layers.append(ConvUnit(in_channels, expanded, 1, activation=activation))
            layers.append(ConvUnit(expanded, expanded, size, stride=stride, groups=expanded, activation=activation))
        if attention is not None:
            layers.append(attention)
        if expand or not fused:
            layers.append(ConvUnit(expanded, out_channels, 1, activation=nn.Identity))
        self.layers = nn.Sequential(*layers)
        self.shortcut = stride == 1 and in_channels == out_channels

    def forward(self, x: Tensor) -> Tensor:
        """[B, in_channels, H, W] to [B, out_channels, H / stride, W / stride]."""
        y: Tensor = self.layers(x)
        return x + y if self.shortcut else y
