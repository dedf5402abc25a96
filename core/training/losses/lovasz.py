"""Lovász losses: the convex extension of a set function of the mistaken pixels (Berman et al. 2018)."""

from __future__ import annotations

import torch
from torch import Tensor

from ...errors import ScarpError
from .pixels import EPSILON, Loss, Pixels

# Below it the square root counts as flat: its slope has no bound at 0.
_SMALLEST_ERROR = 1e-14


class Lovasz(Loss):
    """Lovász extension of a loss of the Jaccard index, over all valid pixels of the batch.

    ``form="ait"``: errors sqrt(|y_c-p_c|), set function -log((I+ε)/(U+ε)), mean over both classes.
    ``form="softmax"``: errors |y_c-p_c|, set function 1 - I/U, mean over the classes present (Berman et al. 2018).
    """

    def __init__(self, form: str = "ait") -> None:
        super().__init__()
        if form not in ("ait", "softmax"):
            raise ScarpError(f"The Lovász loss has the forms ait and softmax, not '{form}'.")
        self.form = form

    def compute(self, pixels: Pixels) -> Tensor:
        """See `Loss.compute`."""
        valid = pixels.valid > 0
        y, p = pixels.y.movedim(1, 0)[:, valid], pixels.p.movedim(1, 0)[:, valid]
        # |y_c - p_c| is the same for both classes; in this form it loses no digits to cancellation.
        errors, order = torch.sort((y[0] * p[1] - y[1] * p[0]).abs(), descending=True)
        if self.form == "ait":
            errors = errors.clamp_min(_SMALLEST_ERROR).sqrt()
        terms = [(errors * self._slopes(truth[order])).sum() for truth in y if self.form == "ait" or truth.any()]
        return torch.stack(terms).mean() if terms else errors.sum()

    def _slopes(self, truth: Tensor) -> Tensor:
        """How much each further mistaken pixel adds to the set function; ``truth`` [N] in order of the errors."""
        # Double precision: differences of neighbours are a millionth of the values themselves.
        counts = truth.double()
        left = (counts.sum() - counts.cumsum(0)).clamp_min(0)
        union = counts.sum() + (1 - counts).cumsum(0)
        values = -torch.log((left + EPSILON) / (union + EPSILON)) if self.form == "ait" else 1 - left / union
        return torch.diff(values, prepend=values.new_zeros(1)).to(truth.dtype)
