"""U-Net, plain and with attention after each of its blocks."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from .attention import Cbam, SqueezeExcite, TriAxisAttention, choose_attention
from .blocks import DoubleConv
from .heads import Heads
from .network import Network

ATTENTIONS = {
    "se": lambda channels, side: SqueezeExcite(channels, ratio=16, activation=nn.ReLU),
    "cbam": lambda channels, side: Cbam(channels, ratio=8),
    "triaxis": lambda channels, side: TriAxisAttention(channels, side, heads=4, key_size=4),
}


class UNet(Network):
    """U-Net (Ronneberger et al. 2015) as arXiv 2312.16717 trains it.

    Double Conv3x3 + BatchNorm + LeakyReLU, max-pooling, parameter-free 2x upsampling (nearest) and concatenation.
    14 bands, single head: 31,408,898 parameters; 23 bands: 31,414,082, with multires heads 31,488,198; with these
    and attention after all nine blocks 31,709,438 (``se``, ratio 16), 31,928,625 (``cbam``, ratio 8, 7x7),
    31,903,934 (``triaxis``, 4 heads of 4).

    Args:
        in_channels: Channels of the input.
        head: ``single``, ``dual`` or ``multires``.
        widths: Channels of each level from fine to coarse; 2 to 6 levels.
        attention: ``none``, ``se``, ``cbam`` or ``triaxis``; all but ``none`` pool globally.
        dropout: Share of the values of a level's input dropped in training.
    """

    def __init__(
        self,
        in_channels: int,
        head: str = "single",
        *,
        widths: Sequence[int] = (64, 128, 256, 512, 1024),
        attention: str = "none",
        dropout: float = 0.0,
    ) -> None:
        if not 2 <= len(widths) <= 6:
            raise ValueError(f"A U-Net has 2 to 6 levels; {len(widths)} widths were given.")
        super().__init__(in_channels, stride=2 ** (len(widths) - 1))
        self.pools_globally = attention != "none"
        attend = choose_attention(attention, ATTENTIONS)

        def block(in_width: int, level: int) -> nn.Sequential:
            return nn.Sequential(DoubleConv(in_width, widths[level]), attend(widths[level], 128 >> level))

        self.down = nn.ModuleList(block(w, level) for level, w in enumerate([in_channels, *widths[:-1]]))
        self.up = nn.ModuleList(block(widths[i] + widths[i + 1], i) for i in reversed(range(len(widths) - 1)))
        self.shrink = nn.MaxPool2d(2)
        self.grow = nn.Upsample(scale_factor=2)
        self.dropout = nn.Dropout(dropout)
        self.heads = Heads(head, widths[0], widths[-1])

    def features(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """See `Network.features`."""
        skips = [self.down[0](x)]
        for block in self.down[1:]:
            skips.append(block(self.dropout(self.shrink(skips[-1]))))
        deep = y = skips.pop()
        for block in self.up:
            y = block(self.dropout(torch.cat([self.grow(y), skips.pop()], 1)))
        return y, deep
