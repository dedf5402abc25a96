"""Weighted sums of losses."""

from __future__ import annotations

from torch import Tensor

from ...errors import ScarpError
from .pixels import Loss, Pixels


class Combined(Loss):
    """A sum of losses, each with weight 1, or α times the first plus (1-α) times the sum of the others.

    Args:
        parts: At least two.
        alpha: α from 0 to 1; None: weights 1, as the AIT system was trained.
    """

    def __init__(self, *parts: Loss, alpha: float | None = None) -> None:
        super().__init__()
        if alpha is not None and not 0 <= alpha <= 1:
            raise ScarpError(f"ALPHA is {alpha:g}; the share of the first loss is a number from 0 to 1.")
        self.parts = parts
        self.weights = [1.0 if alpha is None else alpha] + [1.0 if alpha is None else 1 - alpha] * (len(parts) - 1)
        self.uses_distance = any(part.uses_distance for part in parts)

    def compute(self, pixels: Pixels) -> Tensor:
        """See `Loss.compute`."""
        terms = [weight * part.compute(pixels) for weight, part in zip(self.weights, self.parts)]
        return sum(terms[1:], terms[0])
