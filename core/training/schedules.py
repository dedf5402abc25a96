"""Learning rate schedules: a factor of the learning rate for every moment of a training.

A schedule is a function of the time in epochs (fractions are batches), so that a training resumed in the middle
goes on exactly where it was; only ``plateau`` has a memory, which `Schedule.state` holds.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Callable

from torch.optim import Optimizer

from ..errors import ScarpError

# arXiv 2312.16717: share of the learning rate from the given epoch on, of 65.
_STEPS = ((0, 1.0), (8, 0.5), (15, 0.2), (20, 0.1), (25, 0.05), (30, 0.02), (35, 0.01), (42, 0.005), (50, 0.001))
_STEP_EPOCHS = 65
_FLOOR = 1e-3


def _constant(progress: float) -> float:
    return 1.0


def _steps(progress: float) -> float:
    # The margin keeps a boundary at its epoch where progress * 65 falls a rounding error short of it.
    return [factor for start, factor in _STEPS if start <= progress * _STEP_EPOCHS + 1e-6][-1]


def _cosine(progress: float) -> float:
    return _FLOOR + (1 - _FLOOR) * (1 + math.cos(math.pi * progress)) / 2


def _one_cycle(progress: float) -> float:
    rise = 0.3
    if progress < rise:
        return 1 / 25 + (1 - 1 / 25) * (1 - math.cos(math.pi * progress / rise)) / 2
    return _cosine((progress - rise) / (1 - rise))


_SHAPES: dict[str, Callable[[float], float]] = {
    "steps": _steps,
    "cosine": _cosine,
    "one_cycle": _one_cycle,
    "plateau": _constant,
    "constant": _constant,
}


def names() -> list[str]:
    """The schedules that `create` knows."""
    return list(_SHAPES)


class Schedule:
    """The learning rate over a training; see `create`."""

    def __init__(self, name: str, epochs: int, warmup: float, patience: int, reduction: float) -> None:
        self.name, self.epochs, self.warmup = name, epochs, warmup
        self.patience, self.reduction = patience, reduction
        self.state: dict[str, Any] = {"best": -math.inf, "waited": 0, "factor": 1.0}

    def factor(self, epoch: float) -> float:
        """Share of the learning rate at a time in epochs: 2.5 is the middle of the third."""
        warm = min(1.0, max(epoch, 0.0) / self.warmup + 0.01) if self.warmup > 0 else 1.0
        factor: float = self.state["factor"]
        return warm * factor * _SHAPES[self.name](min(max(epoch / self.epochs, 0.0), 1.0))

    def apply(self, optimizer: Optimizer, epoch: float) -> float:
        """Set the optimizer's learning rates for the time ``epoch`` and return the first of them."""
        for group in optimizer.param_groups:
            group["lr"] = group.setdefault("initial_lr", group["lr"]) * self.factor(epoch)
        rate: float = optimizer.param_groups[0]["lr"]
        return rate

    def observe(self, score: float) -> None:
        """Tell the validation score after an epoch, the higher the better; only ``plateau`` listens."""
        if self.name != "plateau" or math.isnan(score):
            return
        if score > self.state["best"]:
            self.state.update(best=score, waited=0)
        else:
            self.state["waited"] += 1
        if self.state["waited"] > self.patience:
            self.state.update(waited=0, factor=max(self.state["factor"] * self.reduction, _FLOOR))

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from a ``state`` that was saved (plain numbers, JSON can hold them)."""
        self.state = dict(state)


def create(name: str, epochs: int, *, warmup: float = 0.0, patience: int = 5, reduction: float = 0.5) -> Schedule:
    """Build a schedule.

    Args:
        name: ``steps`` (the paper's, 1e-4 down to 1e-7 at a learning rate of 1e-4; its 65 epochs are stretched to
            ``epochs``), ``cosine``, ``one_cycle`` (30 % up from 1/25, then a cosine down), ``plateau`` or ``constant``.
        epochs: Length of the training.
        warmup: Epochs in which the rate rises from 1 % to its full value.
        patience: ``plateau``: epochs without a better score before the rate falls.
        reduction: ``plateau``: what it falls by.

    Raises:
        ScarpError: There is no such schedule, or a number is out of range.
    """
    if name not in _SHAPES:
        raise ScarpError(f"SCHEDULE is '{name}'; choose one of {', '.join(_SHAPES)}.")
    if epochs < 1 or warmup < 0 or patience < 0 or not 0 < reduction < 1:
        raise ScarpError(
            f"A schedule needs epochs >= 1, warm-up >= 0, patience >= 0 and a reduction between 0 and 1; "
            f"found {epochs}, {warmup:g}, {patience}, {reduction:g}."
        )
    return Schedule(name, epochs, warmup, patience, reduction)
