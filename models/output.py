"""What every network returns."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor


class Output(NamedTuple):
    """Logits of two classes, background and landslide, for an input [B, C, H, W].

    Attributes:
        mask: [B, 2, H, W].
        double: [B, 2, 2H, 2W] with head ``multires``, else None.
        half: [B, 2, H/2, W/2] with head ``multires``, else None.
        presence: [B, 2], does the chip hold a landslide at all; with head ``dual``, else None.
    """

    mask: Tensor
    double: Tensor | None = None
    half: Tensor | None = None
    presence: Tensor | None = None
