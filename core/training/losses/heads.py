"""Losses of a network's whole output: one, two or three sets of logits against the same labels."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from ....models import Output
from ...errors import ScarpError
from .pixels import Loss


class SingleHead(nn.Module):
    """The loss of the full-resolution mask.

    Called, as the other two, with ``(output, target, valid, distance)``: an `Output` and the arguments of `Loss`.
    """

    def __init__(self, loss: Loss) -> None:
        super().__init__()
        self.loss = loss

    def forward(
        self, output: Output, target: Tensor, valid: Tensor | None = None, distance: Tensor | None = None
    ) -> Tensor:
        """The loss, a scalar."""
        result: Tensor = self.loss(output.mask, target, valid, distance)
        return result


class MultiResolution(SingleHead):
    """0.25 L(double) + 0.5 L(full) + 0.25 L(half).

    Labels are resized by nearest neighbour, distances too (and doubled or halved). At half the size a landslide of
    one pixel can vanish; ``area=True`` gives the half-size pixel the share of landslide among its valid pixels.
    """

    def __init__(self, loss: Loss, area: bool = False) -> None:
        super().__init__(loss)
        self.area = area

    def forward(
        self, output: Output, target: Tensor, valid: Tensor | None = None, distance: Tensor | None = None
    ) -> Tensor:
        """The loss, a scalar."""
        if output.double is None or output.half is None:
            raise ScarpError("A multi-resolution loss needs a network with the head 'multires'.")
        scored = (target >= 0) & (target <= 1)
        valid = scored if valid is None else scored & valid.bool()
        double = self.loss(
            output.double, _twice(target), _twice(valid), None if distance is None else 2 * _twice(distance)
        )
        half_target, half_valid = _pool(target, valid) if self.area else (_halve(target), _halve(valid))
        half = self.loss(output.half, half_target, half_valid, None if distance is None else _halve(distance) / 2)
        result: Tensor = 0.25 * double + 0.5 * super().forward(output, target, valid, distance) + 0.25 * half
        return result


class DualHead(SingleHead):
    """The loss of the mask plus ``weight`` times the cross-entropy of the chip's presence.

    A chip holds a landslide if any valid pixel does; chips without a valid pixel are left out.
    """

    def __init__(self, loss: Loss, weight: float = 1.0) -> None:
        super().__init__(loss)
        self.weight = weight

    def forward(
        self, output: Output, target: Tensor, valid: Tensor | None = None, distance: Tensor | None = None
    ) -> Tensor:
        """The loss, a scalar."""
        if output.presence is None:
            raise ScarpError("A loss of mask and presence needs a network with the head 'dual'.")
        scored = (target >= 0) & (target <= 1)
        valid = scored if valid is None else scored & valid.bool()
        presence = ((target > 0) & valid).flatten(1).any(1).long()
        counted = valid.flatten(1).any(1)
        surprise = functional.cross_entropy(output.presence.float(), presence, reduction="none") * counted
        return super().forward(
            output, target, valid, distance
        ) + self.weight * surprise.sum() / counted.sum().clamp_min(1)


def for_head(head: str, loss: Loss, *, area: bool = False, presence_weight: float = 1.0) -> SingleHead:
    """The loss of the output of a network with the head ``single``, ``dual`` or ``multires``.

    Raises:
        ScarpError: There is no such head.
    """
    if head == "single":
        return SingleHead(loss)
    if head == "dual":
        return DualHead(loss, presence_weight)
    if head == "multires":
        return MultiResolution(loss, area)
    raise ScarpError(f"HEAD is '{head}'; choose one of single, dual, multires.")


def multiresolution(loss: Loss, area: bool = False) -> MultiResolution:
    """See `MultiResolution`."""
    return MultiResolution(loss, area)


def _twice(x: Tensor) -> Tensor:
    return x.repeat_interleave(2, 1).repeat_interleave(2, 2)


def _halve(x: Tensor) -> Tensor:
    return x[:, ::2, ::2]


def _pool(target: Tensor, valid: Tensor) -> tuple[Tensor, Tensor]:
    """Share of landslide among the valid pixels of each 2 x 2, and whether there is any."""
    counted = functional.avg_pool2d(valid.float(), 2)
    share = functional.avg_pool2d(torch.where(valid, target, 0).float(), 2) / counted.clamp_min(0.25)
    return share, counted > 0
