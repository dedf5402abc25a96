"""Losses that compare areas: IoU, Dice, Tversky. Sums run over the valid pixels of the whole batch."""

from __future__ import annotations

import torch
from torch import Tensor

from ...errors import ScarpError
from .pixels import EPSILON, Loss, Pixels


class IoU(Loss):
    """Mean over the classes of -log((I+ε)/(U+ε)), I = Σ y p and U = Σ (y+p) - I (AIT).

    The slides print log(1-iou), a misprint. ``form="linear"``: mean of 1 - (I+ε)/(U+ε).
    """

    def __init__(self, form: str = "log") -> None:
        super().__init__()
        if form not in ("log", "linear"):
            raise ScarpError(f"The IoU loss has the forms log and linear, not '{form}'.")
        self.form = form

    def compute(self, pixels: Pixels) -> Tensor:
        """See `Loss.compute`."""
        intersection = pixels.sum(pixels.y * pixels.p)
        union = pixels.sum(pixels.y + pixels.p) - intersection
        iou = (intersection + EPSILON) / (union + EPSILON)
        return (-torch.log(iou) if self.form == "log" else 1 - iou).mean()


class Dice(Loss):
    """1 - (2 Σ y v + ε) / (Σ y + Σ v + ε) of the landslide class, v its probability (Hegde et al. 2025)."""

    def compute(self, pixels: Pixels) -> Tensor:
        """See `Loss.compute`."""
        shared = pixels.sum(pixels.y * pixels.p)[1]
        total = pixels.sum(pixels.y + pixels.p)[1]
        return 1 - (2 * shared + EPSILON) / (total + EPSILON)


class Tversky(Loss):
    """Mean over the classes of -log((TP+ε)/(TP+αFP+βFN+ε)) (AIT).

    Args:
        alpha: Weight of false alarms.
        beta: Weight of misses.
    """

    def __init__(self, alpha: float = 0.75, beta: float = 0.75) -> None:
        super().__init__()
        self.alpha, self.beta = alpha, beta

    def compute(self, pixels: Pixels) -> Tensor:
        """See `Loss.compute`."""
        hit = pixels.sum(pixels.y * pixels.p)
        false_alarm = pixels.sum((1 - pixels.y) * pixels.p)
        missed = pixels.sum(pixels.y * (1 - pixels.p))
        return -torch.log((hit + EPSILON) / (hit + self.alpha * false_alarm + self.beta * missed + EPSILON)).mean()
