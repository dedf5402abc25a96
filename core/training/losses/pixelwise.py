"""Losses that are a mean over pixels: cross-entropies, focal, log-cosh."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from ...errors import ScarpError
from .pixels import Loss, Pixels


def _by_class(values: Sequence[float], like: Tensor) -> Tensor:
    """Two numbers, background and landslide, as [1, 2, 1, 1]."""
    if len(values) != 2:
        raise ScarpError(f"A loss weighs two classes, background and landslide; {len(values)} weights were given.")
    return torch.tensor([float(value) for value in values], dtype=like.dtype, device=like.device).view(1, 2, 1, 1)


class CrossEntropy(Loss):
    """Cross-entropy, ½ mean Σ_c s_c y_c (-log p_c) with s = (``scale``, 1) (AIT)."""

    def __init__(self, scale: float = 1.0) -> None:
        super().__init__()
        self.scale = scale

    def compute(self, pixels: Pixels) -> Tensor:
        """See `Loss.compute`."""
        return pixels.surprise(_by_class((self.scale, 1.0), pixels.p))


class WeightedCrossEntropy(Loss):
    """Cross-entropy in which both classes can weigh the same, mean Σ_c w_c y_c (-log p_c) / mean Σ_c w_c y_c.

    Args:
        weights: Of background and landslide; None: inverse frequency of the classes in the batch. A trainer passes
            the inverse frequencies of its training split (see `inverse_frequency`).
    """

    def __init__(self, weights: Sequence[float] | None = None) -> None:
        super().__init__()
        self.weights = weights

    def compute(self, pixels: Pixels) -> Tensor:
        """See `Loss.compute`."""
        if self.weights is None:
            weights = (1 / pixels.sum(pixels.y).clamp_min(1)).view(1, 2, 1, 1)
        else:
            weights = _by_class(self.weights, pixels.p)
        weighted = weights * pixels.y
        total = weighted.sum()
        return (weighted * -pixels.log_p).sum() / torch.where(total > 0, total, 1)


def inverse_frequency(background: int, landslide: int) -> tuple[float, float]:
    """Weights for `WeightedCrossEntropy` out of the pixels of each class: 1 / share, 0 for a class without pixels."""
    total = background + landslide
    return (total / background if background else 0.0, total / landslide if landslide else 0.0)


class BinaryCrossEntropy(Loss):
    """Binary cross-entropy of the landslide probability v, mean of -[y log v + (1-y) log(1-v)] (Hegde et al. 2025)."""

    def compute(self, pixels: Pixels) -> Tensor:
        """See `Loss.compute`."""
        return pixels.mean((pixels.y * -pixels.log_p).sum(1))


class Focal(Loss):
    """Focal loss: pixels that are already right count less.

    ``form="ait"``: ½ mean Σ_c s_c (1-p_c)^γ y_c (-log p_c). ``form="lin"`` (Lin et al. 2017): mean of
    -α_t (1-p_t)^γ log p_t, where t is the true class and α_t is α for landslide, 1-α for background.

    Args:
        gamma: γ, 0 or at least 1 (between, the gradient has no bound).
        scale: s of background and landslide, ``ait`` only.
        form: ``ait`` or ``lin``.
        alpha: α, ``lin`` only; None: 0.25.
    """

    def __init__(
        self, gamma: float = 2.0, scale: Sequence[float] = (1.0, 1.0), form: str = "ait", alpha: float | None = None
    ) -> None:
        super().__init__()
        if form not in ("ait", "lin"):
            raise ScarpError(f"The focal loss has the forms ait and lin, not '{form}'.")
        if gamma != 0 and gamma < 1:
            raise ScarpError(f"gamma of the focal loss is {gamma:g}; it must be 0 or at least 1.")
        if alpha is not None and form == "ait":
            raise ScarpError(
                "The focal loss takes alpha in its form 'lin' only; leave alpha unset or choose that form."
            )
        alpha = 0.25 if alpha is None else alpha
        self.gamma = gamma
        # "lin" is a mean without the factor ½ of the AIT forms.
        self.scale = tuple(scale) if form == "ait" else (2 * (1 - alpha), 2 * alpha)

    def compute(self, pixels: Pixels) -> Tensor:
        """See `Loss.compute`."""
        missing = pixels.p.flip(1)  # 1 - p of two classes, without cancellation
        return pixels.surprise(_by_class(self.scale, pixels.p) * missing**self.gamma)


class LogCosh(Loss):
    """½ mean Σ_c s_c log cosh((p_c-y_c)²) with s of background and landslide (AIT)."""

    def __init__(self, scale: Sequence[float] = (0.8, 1.0)) -> None:
        super().__init__()
        self.scale = tuple(scale)

    def compute(self, pixels: Pixels) -> Tensor:
        """See `Loss.compute`."""
        error = (pixels.p - pixels.y) ** 2
        # cosh(x) - 1 = 2 sinh²(x / 2): small errors do not drown in the 1.
        log_cosh = torch.log1p(2 * torch.sinh(error / 2) ** 2)
        return 0.5 * pixels.mean((_by_class(self.scale, pixels.p) * log_cosh).sum(1))
