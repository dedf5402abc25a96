"""The base of all networks: input checks, features, heads."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from torch import Tensor, nn

from .heads import Heads
from .output import Output


class Network(nn.Module, ABC):
    """A network that gives every pixel of a chip the logits of background and landslide.

    A subclass calls `__init__`, builds its layers, sets ``self.heads = Heads(...)`` and defines `features`.

    Attributes:
        ENCODER: Names of the layers before the decoder; see `encoder`.
        in_channels: Channels of the input.
        stride: Height and width of the input must be multiples of it; 32 at most.
        reach: How far in the input what a pixel's logits depend on can be, pixels, pooling and resampling left out. It
            means nothing where the network pools globally.
        pools_globally: True where a pixel's logits depend on the mean or maximum over the whole input, so that
            the map depends on the tile; such a network always runs at the chip size it was trained with.
            (The presence logits of head ``dual`` are always those of the whole input; they are not meant here.)
    """

    ENCODER: ClassVar[tuple[str, ...]] = ("down",)

    heads: Heads
    pools_globally: bool = False

    def __init__(self, in_channels: int, stride: int, reach: int | None = None) -> None:
        super().__init__()
        if in_channels < 1:
            raise ValueError(f"A network needs at least 1 input channel; {in_channels} were asked for.")
        self.in_channels = in_channels
        self.stride = stride
        # Two 3x3 convolutions on each level on the way down, and again on the way up.
        self.reach = 6 * stride if reach is None else reach

    @abstractmethod
    def features(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The last map [B, C, H, W], which the heads classify, and the deepest one [B, D, h, w]."""

    def encoder(self) -> list[nn.Module]:
        """The layers that bring the input down to the deepest map: what fine-tuning may leave as it is."""
        return [getattr(self, name) for name in self.ENCODER]

    def forward(self, x: Tensor) -> Output:
        """Logits for a batch.

        Args:
            x: Float [B, in_channels, H, W], standardised; H and W are multiples of `stride`.

        Raises:
            ValueError: The number of dimensions, channels, rows or columns does not fit.
        """
        if x.dim() != 4 or x.shape[1] != self.in_channels:
            raise ValueError(f"Expected an input [B, {self.in_channels}, H, W]; its shape is {tuple(x.shape)}.")
        height, width = x.shape[2:]
        if height % self.stride or width % self.stride or not height or not width:
            raise ValueError(f"Height and width must be multiples of {self.stride}; they are {height} x {width}.")
        output: Output = self.heads(*self.features(x))
        return output


def count_parameters(model: nn.Module) -> int:
    """Numbers in a model the way the field counts them: parameters, and running mean and variance of BatchNorm."""
    statistics = (
        buffer.numel() for name, buffer in model.named_buffers() if name.endswith(("running_mean", "running_var"))
    )
    return sum(parameter.numel() for parameter in model.parameters()) + sum(statistics)
