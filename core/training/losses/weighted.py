"""Losses that weigh a pixel by its distance to the outline of the landslides."""

from __future__ import annotations

import torch
from torch import Tensor

from .pixels import Loss, Pixels


def _both_classes(pixels: Pixels) -> Tensor:
    """Whether a chip holds both classes, bool [B, 1, 1, 1]."""
    return (pixels.y > 0).flatten(2).any(2).all(1).view(-1, 1, 1, 1)


class Center(Loss):
    """½ mean Σ_c (d_c + 1) y_c (-log p_c), d_c the distance in pixels to the other class (AIT).

    The middle of a body and the background far from any count most. Chips of one class: weight 1.
    """

    uses_distance = True

    def compute(self, pixels: Pixels) -> Tensor:
        """See `Loss.compute`."""
        return pixels.surprise(torch.where(_both_classes(pixels), pixels.distance[:, None] + 1, 1))


class Boundary(Loss):
    """½ mean Σ_c w_c y_c (-log p_c), w_c large near the outline (AIT).

    With d the distance + 1: landslide pixels with d < 4.5 weigh as much as the largest d of the chip's landslide
    pixels, the others 1; background pixels likewise with the largest d of its own, and all of them times 0.8. Chips
    of one class: weight 1. The original code's background branch looks unintended; this is the symmetric reading.
    """

    uses_distance = True

    def compute(self, pixels: Pixels) -> Tensor:
        """See `Loss.compute`."""
        distance = pixels.distance[:, None] + 1
        largest = torch.where(pixels.y > 0, distance, 1).amax((2, 3), keepdim=True)
        weights = torch.where(distance < 4.5, largest, 1)
        weights = weights * weights.new_tensor([0.8, 1.0]).view(1, 2, 1, 1)
        return pixels.surprise(torch.where(_both_classes(pixels), weights, 1))
