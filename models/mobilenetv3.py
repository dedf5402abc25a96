"""MobileNetV3 (Howard et al. 2019) as the downward half of a U."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn

from .attention import SqueezeExcite
from .blocks import ConvUnit
from .decoder import UDecoder
from .heads import Heads
from .inverted import InvertedResidual
from .network import Network

# Kernel, expanded channels, channels, squeeze-excite, hard swish, stride: tables 1 and 2 of the paper.
_LARGE = (
    (3, 16, 16, False, False, 1),
    (3, 64, 24, False, False, 2),
    (3, 72, 24, False, False, 1),
    (5, 72, 40, True, False, 2),
    (5, 120, 40, True, False, 1),
    (5, 120, 40, True, False, 1),
    (3, 240, 80, False, True, 2),
    (3, 200, 80, False, True, 1),
    (3, 184, 80, False, True, 1),
    (3, 184, 80, False, True, 1),
    (3, 480, 112, True, True, 1),
    (3, 672, 112, True, True, 1),
    (5, 672, 160, True, True, 2),
    (5, 960, 160, True, True, 1),
    (5, 960, 160, True, True, 1),
)
_SMALL = (
    (3, 16, 16, True, False, 2),
    (3, 72, 24, False, False, 2),
    (3, 88, 24, False, False, 1),
    (5, 96, 40, True, True, 2),
    (5, 240, 40, True, True, 1),
    (5, 240, 40, True, True, 1),
    (5, 120, 48, True, True, 1),
    (5, 144, 48, True, True, 1),
    (5, 288, 96, True, True, 2),
    (5, 576, 96, True, True, 1),
    (5, 576, 96, True, True, 1),
)
_TABLES = {"large": _LARGE, "small": _SMALL}
_STEM = 16


class MobileNetV3(Network):
    """Inverted residuals with depthwise filters, squeeze-excite and hard swish; a U-shaped decoder.

    The paper's own decoder ends at an eighth of the resolution, 80 m of Sentinel-2, so ours goes on to full size.
    Its skips are the last map of each resolution and the input. Parameters with 23 bands and multires heads:
    ``large`` 5,326,780, ``small`` 2,599,908 (the decoder's widths are ours).

    Args:
        in_channels: Channels of the input.
        head: ``single``, ``dual`` or ``multires``.
        size: ``large`` or ``small``, the tables of the paper.
        widths: Channels of the decoder's steps, from coarse to fine, at 1/16, 1/8, 1/4, 1/2 and full resolution.
    """

    pools_globally = True

    def __init__(
        self,
        in_channels: int,
        head: str = "single",
        *,
        size: str = "large",
        widths: Sequence[int] = (160, 112, 64, 48, 32),
    ) -> None:
        super().__init__(in_channels, stride=32)
        if size not in _TABLES:
            raise ValueError(f"There is no MobileNetV3 '{size}'; choose one of {', '.join(_TABLES)}.")
        if len(widths) != 5:
            raise ValueError(f"The decoder of MobileNetV3 has 5 steps; {len(widths)} widths were given.")
        stages: list[nn.Sequential] = [nn.Sequential(ConvUnit(in_channels, _STEM, stride=2, activation=nn.Hardswish))]
        channels, skips = _STEM, [in_channels]
        for kernel, expanded, out, squeezes, hard, stride in _TABLES[size]:
            if stride == 2:
                skips.append(channels)
                stages.append(nn.Sequential())
            attention = SqueezeExcite(expanded, 4, nn.ReLU, nn.Hardsigmoid) if squeezes else None
            activation = nn.Hardswish if hard else nn.ReLU
            stages[-1].append(
                InvertedResidual(
                    channels, expanded, out, size=kernel, stride=stride, attention=attention, activation=activation
                )
            )
            channels = out
        deep = 6 * channels
        stages[-1].append(ConvUnit(channels, deep, 1, activation=nn.Hardswish))
        self.down = nn.ModuleList(stages)
        self.up = UDecoder(deep, skips[::-1], widths)
        self.heads = Heads(head, widths[-1], deep)

    def features(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """See `Network.features`."""
        return self.up.through(self.down, x)
