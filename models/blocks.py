"""Convolutions that several networks are built of.

Slope 0.3 of the LeakyReLU, BatchNorm eps 1e-3 and "same" padding are those of arXiv 2312.16717.
"""

from __future__ import annotations

from typing import Callable

from torch import Tensor, nn

SLOPE = 0.3
EPS = 1e-3

#: Builds an attention layer out of the number of channels and the map's side, in pixels, for a 128-px chip.
Attention = Callable[[int, int], nn.Module]


def no_attention(channels: int, side: int) -> nn.Module:
    """The attention that lets everything through."""
    return nn.Identity()


def convolution(in_channels: int, out_channels: int, size: int) -> nn.Sequential:
    """Convolution with "same" padding (2 x 2 pads right and bottom) and BatchNorm."""
    before, after = (size - 1) // 2, size // 2
    layers: list[nn.Module] = [] if before == after else [nn.ZeroPad2d((before, after, before, after))]
    layers.append(nn.Conv2d(in_channels, out_channels, size, padding=before if before == after else 0))
    layers.append(nn.BatchNorm2d(out_channels, eps=EPS))
    return nn.Sequential(*layers)


def leaky_relu() -> nn.Module:
    """LeakyReLU of slope 0.3, in place: what comes before is always a BatchNorm, which does not need its output."""
    return nn.LeakyReLU(SLOPE, inplace=True)


class ConvUnit(nn.Sequential):
    """Convolution without bias, "same" padding for odd sizes, BatchNorm, activation."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        size: int = 3,
        *,
        stride: int = 1,
        dilation: int = 1,
        groups: int = 1,
        activation: Callable[[], nn.Module] = nn.ReLU,
    ) -> None:
        reach = dilation * (size // 2)
        super().__init__(
            nn.Conv2d(in_channels, out_channels, size, stride, reach, dilation, groups, bias=False),
            nn.BatchNorm2d(out_channels, eps=EPS),
            activation(),
        )


class DoubleConv(nn.Sequential):
    """Twice Conv3x3 + BatchNorm + LeakyReLU."""

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__(
            convolution(in_channels, out_channels, 3),
            leaky_relu(),
            convolution(out_channels, out_channels, 3),
            leaky_relu(),
        )


class ResConv(nn.Module):
    """The residual block of RAU-Net: a 3x3 and a 2x2 branch, a joint 3x3 convolution, attention, shortcut.

    y = LReLU(BN(Conv3x3 x)) + LReLU(BN(Conv2x2 x)); y = LReLU(BN(Conv3x3 y)); y = attention(y); result y + x.

    Args:
        channels: Channels of input and output.
        side: Side of the map, in pixels, for a 128-px chip.
        attention: Builds the attention.
    """

    def __init__(self, channels: int, side: int, attention: Attention = no_attention) -> None:
        super().__init__()
        self.wide = nn.Sequential(convolution(channels, channels, 3), leaky_relu())
        self.narrow = nn.Sequential(convolution(channels, channels, 2), leaky_relu())
        self.joint = nn.Sequential(convolution(channels, channels, 3), leaky_relu())
        self.attention = attention(channels, side)

    def forward(self, x: Tensor) -> Tensor:
        """[B, channels, H, W] to the same shape."""
        y: Tensor = self.attention(self.joint(self.wide(x) + self.narrow(x)))
        return y + x
