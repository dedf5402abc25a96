"""U-Net++ (Zhou et al. 2018), plain and with attention after each convolution of its encoder."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from .attention import Cbam, SpatialAttention, choose_attention
from .blocks import EPS, Attention, no_attention
from .heads import Heads
from .network import Network

ATTENTIONS = {
    "spatial": lambda channels, side: SpatialAttention(),
    "contextual": lambda channels, side: Cbam(channels),
    "spatial_contextual": lambda channels, side: nn.Sequential(SpatialAttention(), Cbam(channels)),
}


def _block(before: int, after: int, level: int, attention: Attention = no_attention) -> nn.Sequential:
    """Twice Conv3x3, BatchNorm, attention, ReLU."""
    layers: list[nn.Module] = []
    for channels in (before, after):
        layers += [nn.Conv2d(channels, after, 3, padding=1, bias=False), nn.BatchNorm2d(after, EPS)]
        layers += [attention(after, 128 >> level), nn.ReLU()]
    return nn.Sequential(*layers)


class _Step(nn.ModuleList):
    """One block more in the row of each level but the coarsest that has one."""

    def forward(self, rows: list[list[Tensor]]) -> None:
        for level, block in enumerate(self):
            below = functional.interpolate(rows[level + 1][-1], scale_factor=2)
            rows[level].append(block(torch.cat([*rows[level], below], 1)))


class UNetPlusPlus(Network):
    """U-Net++: between encoder and decoder of each level stand further blocks, each fed by all before it.

    Block (level, step) takes the concatenation of all earlier blocks of its level and of the upsampled block of the
    level below, one step earlier. Hegde et al. 2025 add attention in the encoder and dropout 0.5 (before each level,
    our choice). Parameters with 23 bands and multires heads: 9,210,022, ``spatial`` 9,211,012, ``contextual``
    9,387,836, ``spatial_contextual`` 9,388,826.

    Args:
        in_channels: Channels of the input.
        head: ``single``, ``dual`` or ``multires``.
        widths: Channels of each level from fine to coarse; 2 to 6 levels.
        attention: ``none``, ``spatial`` (mean and maximum over the channels, 7x7), ``contextual`` (channel attention
            followed by a spatial one) or ``spatial_contextual`` (one after the other). All with ``contextual`` pool
            globally.
        dropout: Share of the values of a level's input dropped in training.
    """

    def __init__(
        self,
        in_channels: int,
        head: str = "single",
        *,
        widths: Sequence[int] = (32, 64, 128, 256, 512),
        attention: str = "none",
        dropout: float = 0.5,
    ) -> None:
        if not 2 <= len(widths) <= 6:
            raise ValueError(f"A U-Net++ has 2 to 6 levels; {len(widths)} widths were given.")
        stride = 2 ** (len(widths) - 1)
        # A 7x7 kernel follows both convolutions of each level of the encoder.
        around = 0 if attention == "none" else 6 * (2 * stride - 1)
        super().__init__(in_channels, stride, reach=6 * stride + around)
        self.pools_globally = "contextual" in attention
        attend = choose_attention(attention, ATTENTIONS)
        before = [in_channels, *widths[:-1]]
        self.down = nn.ModuleList(_block(b, w, level, attend) for level, (b, w) in enumerate(zip(before, widths)))
        # steps[j][i] is block (level i, step j + 1).
        self.steps = nn.ModuleList(
            _Step(
                _block((step + 1) * widths[level] + widths[level + 1], widths[level], level)
                for level in range(len(widths) - 1 - step)
            )
            for step in range(len(widths) - 1)
        )
        self.shrink = nn.MaxPool2d(2)
        self.dropout = nn.Dropout(dropout)
        self.heads = Heads(head, widths[0], widths[-1])

    def features(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """See `Network.features`."""
        rows = [[self.down[0](x)]]
        for block in self.down[1:]:
            rows.append([block(self.dropout(self.shrink(rows[-1][0])))])
        for step in self.steps:
            step(rows)
        return rows[0][-1], rows[-1][0]
