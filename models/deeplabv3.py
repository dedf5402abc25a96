"""DeepLabv3 (Chen et al. 2017): a ResNet with dilated convolutions and atrous spatial pyramid pooling."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from .blocks import ConvUnit
from .heads import Heads
from .network import Network

#: Options of a DeepLabv3 of 2.6 million parameters: ResNet-18 with narrower stages.
SMALL = {"widths": (32, 64, 96, 192), "blocks": (2, 2, 2, 2), "bottleneck": False, "channels": 96}


class _Residual(nn.Module):
    """A ResNet block: two 3x3 convolutions, or the bottleneck 1x1, 3x3, 1x1 to four times the width."""

    def __init__(self, before: int, width: int, bottleneck: bool, stride: int, dilation: int) -> None:
        super().__init__()
        after = 4 * width if bottleneck else width
        layers = [ConvUnit(before, width, 1)] if bottleneck else []
        layers.append(ConvUnit(width if bottleneck else before, width, 3, stride=stride, dilation=dilation))
        last = 1 if bottleneck else 3
        layers.append(ConvUnit(width, after, last, dilation=1 if bottleneck else dilation, activation=nn.Identity))
        self.layers = nn.Sequential(*layers)
        same = before == after and stride == 1
        self.shortcut = nn.Identity() if same else ConvUnit(before, after, 1, stride=stride, activation=nn.Identity)

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(self.layers(x) + self.shortcut(x))


class PyramidPooling(nn.Module):
    """Atrous spatial pyramid pooling: a 1x1 and several dilated 3x3 convolutions and the image's mean, side by side."""

    def __init__(self, in_channels: int, channels: int, rates: Sequence[int]) -> None:
        super().__init__()
        self.branches = nn.ModuleList([ConvUnit(in_channels, channels, 1)])
        self.branches.extend(ConvUnit(in_channels, channels, 3, dilation=rate) for rate in rates)
        # No BatchNorm: a mean has one value a chip, too few in a batch of one.
        self.image = nn.Sequential(nn.Conv2d(in_channels, channels, 1), nn.ReLU())
        self.project = ConvUnit(channels * (len(rates) + 2), channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        """[B, in_channels, H, W] to [B, channels, H, W]."""
        image = self.image(x.mean((2, 3), keepdim=True)).expand(-1, -1, *x.shape[2:])
        y: Tensor = self.project(torch.cat([*(branch(x) for branch in self.branches), image], 1))
        return y


class DeepLabV3(Network):
    """DeepLabv3 with ResNet-50 at output stride 8, and a small decoder.

    DeepLabv3 enlarges its last map bilinearly; eight pixels of Sentinel-2 are 80 m, so, as in its successor v3+, an
    early map (here that of the stem, at half the resolution) joins before the last step. The rates suit chips of 128
    px, whose last map is 16 px wide: half of those published. Parameters with 23 bands and multires heads:
    40,752,646; `SMALL` 2,605,254.

    Args:
        in_channels: Channels of the input.
        head: ``single``, ``dual`` or ``multires``.
        widths: Width of the four stages of the ResNet.
        blocks: Blocks of each.
        bottleneck: Blocks of three convolutions instead of two.
        channels: Width of the pyramid and of the decoder.
        rates: Dilations of the pyramid.
    """

    # The ResNet alone: the pyramid is wide and learns what to look for around a pixel.
    ENCODER = ("stem", "body")
    pools_globally = True

    def __init__(
        self,
        in_channels: int,
        head: str = "single",
        *,
        widths: Sequence[int] = (64, 128, 256, 512),
        blocks: Sequence[int] = (3, 4, 6, 3),
        bottleneck: bool = True,
        channels: int = 256,
        rates: Sequence[int] = (3, 6, 9),
    ) -> None:
        super().__init__(in_channels, stride=8)
        if not len(widths) == len(blocks) == 4:
            raise ValueError(f"DeepLabv3 has 4 stages; found {len(widths)} widths and {len(blocks)} numbers of blocks.")
        self.stem = ConvUnit(in_channels, widths[0], 7, stride=2)
        stages, before = [], widths[0]
        # The last two stages dilate where the ResNet would halve the map.
        for width, count, stride, dilation in zip(widths, blocks, (1, 2, 1, 1), (1, 1, 2, 4)):
            for block in range(count):
                stages.append(_Residual(before, width, bottleneck, 1 if block else stride, dilation))
                before = 4 * width if bottleneck else width
        self.body = nn.Sequential(nn.MaxPool2d(3, 2, 1), *stages)
        self.pyramid = PyramidPooling(before, channels, rates)
        self.reduce = ConvUnit(widths[0], 48, 1)
        self.merge = nn.Sequential(ConvUnit(channels + 48, channels), ConvUnit(channels, channels))
        self.heads = Heads(head, channels, channels)

    def features(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """See `Network.features`."""
        size = x.shape[2:]
        early = self.stem(x)
        deep = self.pyramid(self.body(early))
        grown = functional.interpolate(deep, size=early.shape[2:], mode="bilinear", align_corners=False)
        y = self.merge(torch.cat([grown, self.reduce(early)], 1))
        return functional.interpolate(y, size=size, mode="bilinear", align_corners=False), deep
