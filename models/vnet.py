"""V-Net (Milletari et al. 2016) in two dimensions."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from .blocks import EPS
from .heads import Heads
from .network import Network


class _Stage(nn.Module):
    """Convolutions 5x5 with BatchNorm and PReLU; the stage's input is added before the last PReLU."""

    def __init__(self, in_channels: int, channels: int, count: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for i in range(count):
            layers += [nn.PReLU(channels)] if i else []
            layers += [nn.Conv2d(channels if i else in_channels, channels, 5, padding=2), nn.BatchNorm2d(channels, EPS)]
        self.layers = nn.Sequential(*layers)
        self.shortcut = nn.Conv2d(in_channels, channels, 1) if in_channels != channels else nn.Identity()
        self.activation = nn.PReLU(channels)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.activation(self.layers(x) + self.shortcut(x))
        return y


def _resample(convolution: nn.Conv2d | nn.ConvTranspose2d) -> nn.Sequential:
    channels = convolution.out_channels
    return nn.Sequential(convolution, nn.BatchNorm2d(channels, EPS), nn.PReLU(channels))


class VNet(Network):
    """V-Net: residual stages of 5x5 convolutions, learned down- and upsampling, PReLU.

    Stages of 1, 2, 3, 3, 3 convolutions going down and 3, 3, 2, 1 coming up, in which the skip joins the upsampled
    map before the residual. Parameters with 23 bands and multires heads:
    13,335,606 as published; 2,530,270 at width 8 with 2 convolutions in the two coarsest stages (ours).

    Args:
        in_channels: Channels of the input.
        head: ``single``, ``dual`` or ``multires``.
        width: Channels of the finest stage; they double at each of four levels.
        down: Convolutions of each stage going down. up: coming up.
    """

    ENCODER = ("down", "shrink")

    def __init__(
        self,
        in_channels: int,
        head: str = "single",
        *,
        width: int = 16,
        down: Sequence[int] = (1, 2, 3, 3, 3),
        up: Sequence[int] = (3, 3, 2, 1),
    ) -> None:
        if len(down) != len(up) + 1:
            raise ValueError(f"V-Net has one stage more going down than coming up; found {len(down)} and {len(up)}.")
        counts = [*enumerate(down), *zip(range(len(up) - 1, -1, -1), up)]
        super().__init__(in_channels, stride=2 ** len(up), reach=sum(2 * count << level for level, count in counts))
        widths = [width << level for level in range(len(down))]
        stages = zip([in_channels, *widths[1:]], widths, down)
        self.down = nn.ModuleList(_Stage(before, after, count) for before, after, count in stages)
        self.shrink = nn.ModuleList(_resample(nn.Conv2d(w, 2 * w, 2, 2)) for w in widths[:-1])
        skips = widths[-2::-1]
        below = [widths[-1], *(2 * skip for skip in skips[:-1])]
        self.grow = nn.ModuleList(_resample(nn.ConvTranspose2d(b, s, 2, 2)) for b, s in zip(below, skips))
        self.up = nn.ModuleList(_Stage(2 * skip, 2 * skip, count) for skip, count in zip(skips, up))
        self.heads = Heads(head, 2 * width, widths[-1])

    def features(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """See `Network.features`."""
        skips = []
        for stage, shrink in zip(self.down, self.shrink):
            skips.append(stage(x))
            x = shrink(skips[-1])
        deep = x = self.down[-1](x)
        for grow, stage in zip(self.grow, self.up):
            x = stage(torch.cat([grow(x), skips.pop()], 1))
        return x, deep
