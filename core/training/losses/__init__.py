"""Losses: ``create(name, **options)``, called with ``(logits, target, valid, distance)``.

Each class gives its formula and its source: arXiv 2312.16717 where none is named. `for_head` turns a loss of the mask
into one of a network's whole output.
"""

from __future__ import annotations

import inspect
from functools import partial
from typing import Any, Callable

from ...errors import ScarpError
from .combined import Combined
from .distance import distance_to_other_class
from .heads import DualHead, MultiResolution, SingleHead, for_head, multiresolution
from .lovasz import Lovasz
from .overlap import Dice, IoU, Tversky
from .pixels import Loss
from .pixelwise import BinaryCrossEntropy, CrossEntropy, Focal, LogCosh, WeightedCrossEntropy, inverse_frequency
from .weighted import Boundary, Center

__all__ = [
    "COMBINED",
    "DualHead",
    "Loss",
    "MultiResolution",
    "SingleHead",
    "create",
    "distance_to_other_class",
    "for_head",
    "inverse_frequency",
    "multiresolution",
    "names",
]

_LOSSES: dict[str, type[Loss]] = {
    "ce": CrossEntropy,
    "wce": WeightedCrossEntropy,
    "bce": BinaryCrossEntropy,
    "focal": Focal,
    "dice": Dice,
    "logcosh": LogCosh,
    "iou": IoU,
    "tversky": Tversky,
    "lovasz": Lovasz,
    "boundary": Boundary,
    "center": Center,
}
_SUMS: dict[str, tuple[type[Loss], ...]] = {
    "focal_iou": (Focal, IoU),
    "ce_iou": (CrossEntropy, IoU),
    "focal_iou_center": (Focal, IoU, Center),
    "focal_dice": (Focal, Dice),
}
#: The losses that take ``alpha``, the share of their first part.
COMBINED = tuple(_SUMS)


def names() -> list[str]:
    """The losses that `create` knows."""
    return [*_LOSSES, *_SUMS]


def create(name: str, **options: Any) -> Loss:
    """Build a loss.

    Args:
        name: One of `names`.
        **options: What its class takes; the sums take ``alpha`` (None: every part has weight 1).

    Raises:
        ScarpError: There is no such loss or option, or its value is not allowed.
    """
    if name not in names():
        raise ScarpError(f"LOSS is '{name}'; choose one of {', '.join(names())}.")
    build: Callable[..., Loss] = partial(_sum, name) if name in _SUMS else _LOSSES[name]
    allowed = list(inspect.signature(build).parameters)
    unknown = sorted(set(options) - set(allowed))
    if unknown:
        raise ScarpError(
            f"The loss '{name}' has no option {', '.join(unknown)}; it takes {', '.join(allowed) or 'none'}."
        )
    return build(**options)


def _sum(name: str, alpha: float | None = None) -> Combined:
    return Combined(*(part() for part in _SUMS[name]), alpha=alpha)
