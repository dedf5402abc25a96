"""A trained network made ready to map: the same logits from fewer and larger operations.

BatchNorm that follows a convolution becomes part of its weights, and heads that nobody asks for are left out. Where it
pays, the two branches of a `ResConv`, which read the same map, become one convolution. What remains cannot be trained.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import torch
from torch import Tensor, nn
from torch.nn.functional import pad
from torch.nn.utils.fusion import fuse_conv_bn_eval

from .blocks import ResConv

EXTRA_HEADS = ("double", "half", "presence")
"""Fields of `Output` that can be left out; the mask always stays."""

_ATTRIBUTES = {"double": "double_head", "half": "half_head", "presence": "presence"}


def fuse(model: nn.Module, keep: Collection[str] = (), *, join_branches: bool = False) -> nn.Module:
    """Make a network ready for inference, in place.

    Args:
        model: A network; set to evaluation mode. Modules that are no `Network` keep all their heads.
        keep: Which of `EXTRA_HEADS` to compute beside the mask, where the network has them.
        join_branches: Compute the branches of a `ResConv` at once: fewer operations, but more arithmetic, because the
            2x2 kernels grow to 3x3. A CPU is slower with it (by 20 to 35 %, at widths of 40 to 640).

    Returns:
        The same module. Its logits are those from before but for rounding; heads not kept give None.

    Raises:
        ValueError: ``keep`` names something that is no head.
    """
    unknown = set(keep) - set(EXTRA_HEADS)
    if unknown:
        raise ValueError(f"There is no head {', '.join(sorted(unknown))}; choose of {', '.join(EXTRA_HEADS)}.")
    model.eval()
    heads = getattr(model, "heads", None)
    for name in EXTRA_HEADS:
        if name not in keep and isinstance(getattr(heads, _ATTRIBUTES[name], None), nn.Module):
            setattr(heads, _ATTRIBUTES[name], None)
    for module in model.modules():
        if type(module).forward is nn.Sequential.forward:
            _fold_batchnorm(module)
    for parent in list(model.modules()) if join_branches else ():
        for name, child in parent.named_children():
            if type(child) is ResConv:
                setattr(parent, name, _JoinedResConv(child))
    return model


class _JoinedResConv(nn.Module):
    """A `ResConv` whose 3x3 and 2x2 convolutions of the input are one 3x3 convolution with twice the channels.

    A 2x2 kernel that pads right and bottom sees the pixel itself, its right, lower and lower right neighbour: the
    lower right corner of a 3x3 kernel.
    """

    def __init__(self, block: ResConv) -> None:
        super().__init__()
        (wide,), (narrow,) = (
            [layer for layer in branch.modules() if isinstance(layer, nn.Conv2d)]
            for branch in (block.wide, block.narrow)
        )
        channels = wide.out_channels
        self.both = nn.Conv2d(wide.in_channels, 2 * channels, 3, padding=1)
        weights = torch.cat([wide.weight, pad(narrow.weight, (1, 0, 1, 0))])
        self.both.weight = nn.Parameter(weights.detach(), requires_grad=False)
        self.both.bias = nn.Parameter(torch.cat([_bias(wide), _bias(narrow)]).detach(), requires_grad=False)
        self.activation = block.wide[-1]
        self.joint, self.attention = block.joint, block.attention

    def forward(self, x: Tensor) -> Tensor:
        """As `ResConv`."""
        wide, narrow = self.activation(self.both(x)).chunk(2, 1)
        y: Tensor = self.attention(self.joint(wide + narrow))
        return y + x


def _fold_batchnorm(sequence: nn.Module) -> None:
    """Fold each BatchNorm of a chain of layers into the convolution right before it."""
    leaves = list(_leaves(sequence))
    for (before, key, convolution), (parent, name, norm) in zip(leaves, leaves[1:]):
        if not isinstance(norm, nn.BatchNorm2d):
            continue
        transposed = isinstance(convolution, nn.ConvTranspose2d)
        if isinstance(convolution, nn.Conv2d) or (transposed and convolution.groups == 1):
            setattr(before, key, fuse_conv_bn_eval(convolution, norm, transposed))  # type: ignore[type-var]
            setattr(parent, name, nn.Identity())


def _leaves(sequence: nn.Module) -> Iterator[tuple[nn.Module, str, nn.Module]]:
    """The layers of a `Sequential` and of those nested in it, in the order in which they run, each with its place."""
    for name, child in sequence.named_children():
        if type(child).forward is nn.Sequential.forward:
            yield from _leaves(child)
        else:
            yield sequence, name, child


def _bias(convolution: nn.Conv2d) -> Tensor:
    return torch.zeros(convolution.out_channels) if convolution.bias is None else convolution.bias
