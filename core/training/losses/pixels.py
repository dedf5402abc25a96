"""What every loss works on: probabilities, truth and validity of a batch, in single precision at least."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ...errors import ScarpError
from .distance import distances_to_other_class

EPSILON = 1e-7
_LOG_LOWEST, _LOG_HIGHEST = math.log(EPSILON), math.log1p(-EPSILON)


@dataclass(frozen=True)
class Pixels:
    """A batch, ready for the formulas of the losses.

    Attributes:
        p: Softmax probability of background and landslide, float [B, 2, H, W].
        log_p: Its logarithm, with p clipped to [1e-7, 1 - 1e-7].
        y: Share of each class, float [B, 2, H, W]: one-hot, or between (area-pooled labels); 0 at invalid pixels.
        valid: 1 or 0, float [B, H, W].
        distance: Pixels to the nearest pixel of the other class, float [B, H, W]; zeros for losses without it.
    """

    p: Tensor
    log_p: Tensor
    y: Tensor
    valid: Tensor
    distance: Tensor

    def mean(self, values: Tensor) -> Tensor:
        """Mean of ``values`` [B, H, W] over the valid pixels; 0 where there is none."""
        return (values * self.valid).sum() / self.valid.sum().clamp_min(1)

    def sum(self, values: Tensor) -> Tensor:
        """Sum of ``values`` [B, 2, H, W] over the valid pixels, for each class [2]."""
        return (values * self.valid[:, None]).sum((0, 2, 3))

    def surprise(self, weights: Tensor | float = 1.0) -> Tensor:
        """Half the mean of the weighted cross-entropy, the AIT form; ``weights`` broadcast to [B, 2, H, W]."""
        return 0.5 * self.mean((weights * self.y * -self.log_p).sum(1))


class Loss(nn.Module, ABC):
    """Base of the losses that compare logits with a label map.

    Attributes:
        uses_distance: Whether ``distance`` changes the result; a loader can spare itself the work otherwise.
    """

    uses_distance: bool = False

    @abstractmethod
    def compute(self, pixels: Pixels) -> Tensor:
        """The loss, a scalar."""

    def forward(
        self, logits: Tensor, target: Tensor, valid: Tensor | None = None, distance: Tensor | None = None
    ) -> Tensor:
        """The loss of a batch, a scalar of single precision (double for logits of double precision).

        Args:
            logits: [B, 2, H, W] of background and landslide, of any float type.
            target: int64 [B, H, W]: 0 background, 1 landslide, anything else is not scored; or float [B, H, W],
                the share of landslide in the pixel.
            valid: bool [B, H, W], False where the pixel must not count; None: all count.
            distance: float [B, H, W], pixels to the nearest pixel of the other class; None: computed here if needed.

        Raises:
            ScarpError: The shapes do not fit.
        """
        return self.compute(
            prepare(logits, target, valid, distance if self.uses_distance else None, self.uses_distance)
        )


def prepare(
    logits: Tensor, target: Tensor, valid: Tensor | None, distance: Tensor | None, needs_distance: bool
) -> Pixels:
    """Turn the arguments of `Loss.forward` into `Pixels`."""
    maps = {"target": target, "valid": valid, "distance": distance}
    shapes = {name: tuple(x.shape) for name, x in maps.items() if x is not None}
    if logits.dim() != 4 or logits.shape[1] != 2 or set(shapes.values()) != {(logits.shape[0], *logits.shape[2:])}:
        found = ", ".join(f"{name} {shape}" for name, shape in {"logits": tuple(logits.shape), **shapes}.items())
        raise ScarpError(f"A loss needs logits [B, 2, H, W] and the rest [B, H, W]; found {found}.")
    if logits.dtype is not torch.float64:
        logits = logits.float()
    scored = (target >= 0) & (target <= 1)
    valid = scored if valid is None else scored & valid.bool()
    landslide = torch.where(valid, target, 0).to(logits.dtype)
    y = torch.stack([1 - landslide, landslide], 1) * valid[:, None]
    log_p = torch.log_softmax(logits, 1)
    if distance is None and needs_distance:
        distance = distances_to_other_class(torch.where(valid, target, 255))
    return Pixels(
        p=log_p.exp(),
        log_p=log_p.clamp(_LOG_LOWEST, _LOG_HIGHEST),
        y=y,
        valid=valid.to(logits.dtype),
        distance=torch.zeros_like(landslide) if distance is None else distance.to(logits.dtype),
    )
