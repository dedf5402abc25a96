"""EfficientNetV2 (Tan and Le 2021) as the downward half of a U."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn

from .attention import SqueezeExcite
from .blocks import ConvUnit
from .decoder import UDecoder
from .heads import Heads
from .inverted import InvertedResidual
from .network import Network

# Fused, expansion, stride, channels, blocks: EfficientNetV2-S, table 4 of the paper.
_SMALL = (
    (True, 1, 1, 24, 2),
    (True, 4, 2, 48, 4),
    (True, 4, 2, 64, 4),
    (False, 4, 2, 128, 6),
    (False, 6, 1, 160, 9),
    (False, 6, 2, 256, 15),
)
_STEM = 24


class EfficientNetV2(Network):
    """EfficientNetV2-S: fused inverted residuals first, depthwise ones with squeeze-excite later; a U-shaped decoder.

    The decoder's skips are the last map of each resolution and the input. Parameters with 23 bands and multires
    heads: 21,912,550.

    Args:
        in_channels: Channels of the input.
        head: ``single``, ``dual`` or ``multires``.
        widths: Channels of the decoder's steps, from coarse to fine, at 1/16, 1/8, 1/4, 1/2 and full resolution.
    """

    pools_globally = True

    def __init__(
        self, in_channels: int, head: str = "single", *, widths: Sequence[int] = (192, 128, 96, 64, 32)
    ) -> None:
        super().__init__(in_channels, stride=32)
        if len(widths) != 5:
            raise ValueError(f"The decoder of EfficientNetV2 has 5 steps; {len(widths)} widths were given.")
        stages = [nn.Sequential(ConvUnit(in_channels, _STEM, stride=2, activation=nn.SiLU))]
        channels, skips = _STEM, [in_channels]
        for fused, expansion, first_stride, out, blocks in _SMALL:
            if first_stride == 2:
                skips.append(channels)
                stages.append(nn.Sequential())
            for block in range(blocks):
                # The hidden layer of squeeze-excite is a quarter of the block's input, not of its expanded map.
                attention = None if fused else SqueezeExcite(channels * expansion, 4 * expansion, nn.SiLU)
                stride = first_stride if block == 0 else 1
                stages[-1].append(
                    InvertedResidual(
                        channels,
                        channels * expansion,
                        out,
                        stride=stride,
                        attention=attention,
                        activation=nn.SiLU,
                        fused=fused,
                    )
                )
                channels = out
        self.down = nn.ModuleList(stages)
        self.up = UDecoder(channels, skips[::-1], widths)
        self.heads = Heads(head, widths[-1], channels)

    def features(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """See `Network.features`."""
        return self.up.through(self.down, x)
