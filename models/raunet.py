"""The residual attention U-Nets of arXiv 2312.16717 and their relatives without attention."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .attention import SqueezeExcite, TriAxisAttention, choose_attention
from .blocks import EPS, ResConv, leaky_relu, no_attention
from .heads import Heads
from .network import Network

ATTENTIONS = {
    "se": lambda channels, side: SqueezeExcite(channels, ratio=2),
    "triaxis": lambda channels, side: TriAxisAttention(channels, side, heads=6, key_size=12),
}
LEVELS = 4


class RAUNet(Network):
    """RAU-Net: a U-Net of constant width going down and growing width coming up, made of `ResConv` blocks.

    Stem Conv3x3 to ``width``; four levels of ResConv, then Conv2x2 of stride 2 + SELU; back up four times
    ConvTranspose2x2 of stride 2 + SELU, concatenation of the skip, ResConv: ``width`` times 2, 3, 4, 5.

    Parameters with 23 bands and multires heads: RAU-Net 1 24,890,374 (single head 24,152,706; 21 bands 24,888,070),
    with the published tri-axis attention 25,412,262; RAU-Net 2 (attention on the concatenated skip) 24,824,070;
    without attention, with a plain stem and a bottleneck block ("U-Net with ResConv blocks") 24,298,502;
    at width 40 2,604,110 (single head 2,373,322), without attention and with the bottleneck block 2,545,870.

    Dropout follows each down- and upsampling, our choice where the source gives no more than the rate.

    Args:
        in_channels: Channels of the input.
        head: ``single``, ``dual`` or ``multires``.
        width: Channels of the encoder.
        attention: ``se`` (as trained), ``triaxis`` (as published) or ``none``; the first two pool globally.
        on_skip: Attention on the concatenated skip, before the block, instead of inside every block.
        plain_stem: SELU without BatchNorm after the first convolution.
        bottleneck: One more block on the coarsest map.
        dropout: Share of the values dropped in training.
    """

    ENCODER = ("stem", "down", "shrink", "bottleneck")

    def __init__(
        self,
        in_channels: int,
        head: str = "single",
        *,
        width: int = 128,
        attention: str = "se",
        on_skip: bool = False,
        plain_stem: bool = False,
        bottleneck: bool = False,
        dropout: float = 0.25,
    ) -> None:
        super().__init__(in_channels, stride=2**LEVELS)
        self.pools_globally = attention != "none"
        attend = choose_attention(attention, ATTENTIONS)
        inside, before = (no_attention, attend) if on_skip else (attend, no_attention)
        widths = [width * (2 + i) for i in range(LEVELS)]
        sides = [128 >> level for level in range(LEVELS)]

        stem = nn.Conv2d(in_channels, width, 3, padding=1)
        self.stem = nn.Sequential(stem, *([nn.SELU()] if plain_stem else [nn.BatchNorm2d(width, EPS), leaky_relu()]))
        self.down = nn.ModuleList(ResConv(width, side, inside) for side in sides)
        self.shrink = nn.ModuleList(_resample(nn.Conv2d(width, width, 2, 2), dropout) for _ in sides)
        self.bottleneck = ResConv(width, sides[-1] // 2, inside) if bottleneck else nn.Identity()
        self.grow = nn.ModuleList(_resample(nn.ConvTranspose2d(w - width, w - width, 2, 2), dropout) for w in widths)
        self.before = nn.ModuleList(before(w, side) for w, side in zip(widths, reversed(sides)))
        self.up = nn.ModuleList(ResConv(w, side, inside) for w, side in zip(widths, reversed(sides)))
        self.heads = Heads(head, widths[-1], width)

    def features(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """See `Network.features`."""
        x = self.stem(x)
        skips = []
        for block, shrink in zip(self.down, self.shrink):
            skips.append(block(x))
            x = shrink(skips[-1])
        deep = x = self.bottleneck(x)
        for grow, before, block in zip(self.grow, self.before, self.up):
            x = block(before(torch.cat([grow(x), skips.pop()], 1)))
        return x, deep


def _resample(layer: nn.Module, dropout: float) -> nn.Sequential:
    return nn.Sequential(layer, nn.SELU(), nn.Dropout(dropout))
