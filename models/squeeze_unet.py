"""Squeeze U-Net (Beheshti and Johnsson 2020): a U-Net of fire modules."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from .blocks import ConvUnit
from .heads import Heads
from .network import Network


class Fire(nn.Module):
    """Squeeze to a quarter of the channels, then expand them by a 1x1 and a 3x3 convolution, half of them each."""

    def __init__(self, in_channels: int, channels: int) -> None:
        super().__init__()
        self.squeeze = ConvUnit(in_channels, channels // 4, 1)
        self.narrow = ConvUnit(channels // 4, channels // 2, 1)
        self.wide = ConvUnit(channels // 4, channels // 2, 3)

    def forward(self, x: Tensor) -> Tensor:
        """[B, in_channels, H, W] to [B, channels, H, W]."""
        x = self.squeeze(x)
        return torch.cat([self.narrow(x), self.wide(x)], 1)


def _grow(in_channels: int, channels: int) -> nn.Sequential:
    """The fire module's idea for upsampling: squeeze, then ConvTranspose2x2 of stride 2."""
    return nn.Sequential(ConvUnit(in_channels, channels // 4, 1), nn.ConvTranspose2d(channels // 4, channels, 2, 2))


class SqueezeUNet(Network):
    """A U-Net whose blocks are two fire modules (Iandola et al. 2016) and whose upsampling is squeezed as well.

    Parameters with 23 bands and multires heads: 2,635,334 (widths ours).

    Args:
        in_channels: Channels of the input.
        head: ``single``, ``dual`` or ``multires``.
        widths: Channels of each level from fine to coarse, multiples of 4; 2 to 6 levels.
    """

    ENCODER = ("stem", "down")

    def __init__(
        self, in_channels: int, head: str = "single", *, widths: Sequence[int] = (64, 128, 256, 384, 512)
    ) -> None:
        if not 2 <= len(widths) <= 6 or any(width < 4 or width % 4 for width in widths):
            raise ValueError(f"Squeeze U-Net has 2 to 6 levels whose widths are multiples of 4; found {list(widths)}.")
        super().__init__(in_channels, stride=2 ** (len(widths) - 1))

        def block(before: int, after: int) -> nn.Sequential:
            return nn.Sequential(Fire(before, after), Fire(after, after))

        self.stem = ConvUnit(in_channels, widths[0])
        self.down = nn.ModuleList(block(before, after) for before, after in zip([widths[0], *widths], widths))
        self.shrink = nn.MaxPool2d(2)
        steps = [*zip(widths[1:], widths)][::-1]
        self.grow = nn.ModuleList(_grow(coarse, fine) for coarse, fine in steps)
        self.up = nn.ModuleList(block(2 * fine, fine) for _, fine in steps)
        self.heads = Heads(head, widths[0], widths[-1])

    def features(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """See `Network.features`."""
        skips = [self.down[0](self.stem(x))]
        for block in self.down[1:]:
            skips.append(block(self.shrink(skips[-1])))
        deep = x = skips.pop()
        for grow, block in zip(self.grow, self.up):
            x = block(torch.cat([grow(x), skips.pop()], 1))
        return x, deep
