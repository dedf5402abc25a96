"""ScarpNet: our own network, designed by the clock."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from .blocks import EPS, ConvUnit
from .heads import Heads
from .network import Network

_KERNEL = 7


class Residual(nn.Module):
    """Two convolutions beside a shortcut: ReLU(BN(Conv3x3(ReLU(BN(Conv3x3 x)))) + x), x projected where it must be."""

    def __init__(self, before: int, after: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            ConvUnit(before, after), nn.Conv2d(after, after, 3, padding=1, bias=False), nn.BatchNorm2d(after, EPS)
        )
        self.shortcut = nn.Identity() if before == after else nn.Conv2d(before, after, 1)
        self.activation = nn.ReLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        """[B, before, H, W] to [B, after, H, W]."""
        y: Tensor = self.activation(self.layers(x) + self.shortcut(x))
        return y


class Context(nn.Module):
    """Sees further than a 3x3 kernel at little cost: a depthwise 7x7 convolution, then mixing of the channels.

    The block of ConvNeXt (Liu et al. 2022) with BatchNorm, which costs nothing once it is folded into its convolution.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(width, width, _KERNEL, padding=_KERNEL // 2, groups=width, bias=False),
            nn.BatchNorm2d(width, EPS),
            nn.Conv2d(width, 2 * width, 1),
            nn.ReLU(inplace=True),
            nn.Conv2d(2 * width, width, 1, bias=False),
            nn.BatchNorm2d(width, EPS),
        )

    def forward(self, x: Tensor) -> Tensor:
        """[B, width, H, W] to the same shape."""
        y: Tensor = x + self.layers(x)
        return y


class ScarpNet(Network):
    """A U-Net of residual blocks that is cheap where maps are large.

    Against the U-Net of the same widths: shortcuts in every block (they learn faster); the coarse map is reduced to
    the width of the fine one before it is enlarged, so that the decoder's blocks are half as wide. No pooling over the
    tile: what a pixel is called does not depend on how a scene was cut. Widths are multiples of 16, which processors
    with vector units like.

    Context blocks on the two coarsest levels did not make maps better (CONTRIBUTING.md, ScarpNet), and tiles have to
    overlap by almost twice as much with them. They are left out unless asked for.

    Parameters with 23 bands and multires heads: 7,640,102 (``scarpnet``), 1,924,822 (``scarpnet_small``).

    Args:
        in_channels: Channels of the input.
        head: ``single``, ``dual`` or ``multires``.
        widths: Channels of each level from fine to coarse; 2 to 6 levels.
        context: Context blocks of each level; as many numbers as levels, or fewer: the coarsest ones.
        dropout: Share of the values of the coarsest map dropped in training.
    """

    def __init__(
        self,
        in_channels: int,
        head: str = "single",
        *,
        widths: Sequence[int] = (32, 64, 128, 256, 512),
        context: Sequence[int] = (),
        dropout: float = 0.0,
    ) -> None:
        if not 2 <= len(widths) <= 6:
            raise ValueError(f"A ScarpNet has 2 to 6 levels; {len(widths)} widths were given.")
        if isinstance(context, int) or any(count < 0 for count in context):
            raise ValueError(f"context holds a number of blocks for each level, such as 1-1; {context} was given")
        if len(context) > len(widths):
            raise ValueError(f"There are {len(widths)} levels, but numbers of context blocks for {len(context)}.")
        blocks = [0] * (len(widths) - len(context)) + [*context]
        stride = 2 ** (len(widths) - 1)
        around = sum(count * (_KERNEL // 2) << level for level, count in enumerate(blocks))
        super().__init__(in_channels, stride, reach=6 * stride + around)
        self.down = nn.ModuleList(
            nn.Sequential(Residual(before, width), *(Context(width) for _ in range(count)))
            for before, width, count in zip([in_channels, *widths], widths, blocks)
        )
        pairs = [*zip(widths, widths[1:])][::-1]
        self.reduce = nn.ModuleList(nn.Conv2d(coarse, fine, 1) for fine, coarse in pairs)
        self.up = nn.ModuleList(Residual(2 * fine, fine) for fine, _ in pairs)
        self.shrink = nn.MaxPool2d(2)
        self.grow = nn.Upsample(scale_factor=2)
        self.dropout = nn.Dropout(dropout)
        self.heads = Heads(head, widths[0], widths[-1])

    def features(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """See `Network.features`."""
        skips = [self.down[0](x)]
        for block in self.down[1:]:
            skips.append(block(self.shrink(skips[-1])))
        deep = y = self.dropout(skips.pop())
        for reduce, block in zip(self.reduce, self.up):
            y = block(torch.cat([self.grow(reduce(y)), skips.pop()], 1))
        return y, deep
