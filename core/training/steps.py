"""From batches to steps of the optimizer: gradients of one or several batches, clipped; averaged weights follow."""

from __future__ import annotations

import gc
import math
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import nn
from torch.nn.parallel import DistributedDataParallel
from torch.optim import Optimizer
from torch.optim.swa_utils import AveragedModel

from ..errors import ScarpError
from ..inference.device import is_out_of_memory
from ..inference.precision import autocast
from ..reporter import Reporter
from .batches import Batch
from .losses import SingleHead
from .team import Team

_LARGEST_GRADIENT = 1.0


@dataclass
class Steps:
    """Takes the steps of a training.

    What a batch, a piece of one, or one process's share of it says counts by its scored pixels. So, with losses that
    are means over pixels, several batches in a step, pieces and processes give the gradient of all chips at once.

    Attributes:
        model: In training, on ``device``, channels-last. optimizer: of its weights.
        precision: It is computed in.
        average: Follows the weights after each step; None: not wanted.
        team: The processes that share each batch.
        pieces: Parts in which a batch goes through; it doubles when memory runs out.
    """

    model: nn.Module
    loss: SingleHead
    optimizer: Optimizer
    device: torch.device
    precision: str
    reporter: Reporter
    average: AveragedModel | None = None
    team: Team = field(default_factory=Team)
    pieces: int = 1

    def __post_init__(self) -> None:
        self._called = self.team.parallel(self.model)
        # Of the step under way: scored pixels of its first batch, and of all its batches.
        self._unit = self._scored = 0.0

    def add(self, batch: Batch, last: bool = True) -> float:
        """Add the gradients of a batch, this process's share of it; with ``last`` take the step.

        Returns:
            The loss of the whole batch. It may be no number; no step is taken then.

        Raises:
            ScarpError: The memory is too small for a single chip.
        """
        value = self._add(batch, last)
        if last:
            self._step(value)
        return value

    def _add(self, batch: Batch, last: bool) -> float:
        while True:
            try:
                return self.gradients(batch, last)
            except (RuntimeError, MemoryError) as error:
                if not is_out_of_memory(error):
                    raise
                self._give_up(batch, error)
                error.__traceback__ = None  # it keeps the failed piece's tensors alive
            # Of a step of several batches, those before this one are lost.
            self._forget()
            self.pieces *= 2
            if self.device.type == "cuda":
                torch.cuda.empty_cache()
            self.reporter.warning(
                f"Out of memory on {self.device}: batches go through in {self.pieces} pieces, whose gradients are "
                "averaged. That is not quite the same training: BatchNorm and IoU see the pieces."
            )

    def gradients(self, batch: Batch, last: bool = True) -> float:
        """Add the gradients of a batch to those of the step; ``last``: exchange them with the other processes.

        Returns:
            The loss of the whole batch.
        """
        scored = self.team.sum([float(batch.scored.sum())])[0]
        # Weights of the order of 1, whatever the batches of a step are like; exactly 1 for the whole of a single one.
        self._unit = self._unit or max(scored, 1.0)
        self._scored += scored
        value = 0.0
        pieces = [torch.chunk(tensor, self.pieces) for tensor in batch if tensor is not None]
        parts = list(zip(*pieces))
        for number, (x, target, counted, *distance) in enumerate(parts):
            weight = float(counted.sum())
            with self._alone(exchange=last and number + 1 == len(parts)):
                with autocast(self.device, self.precision):
                    output = self._called(x.to(self.device, memory_format=torch.channels_last))
                loss = self.loss(
                    output,
                    target.to(self.device),
                    counted.to(self.device),
                    distance[0].to(self.device) if distance else None,
                )
                # Between processes gradients are averaged, not added up.
                (loss * (self.team.size * weight / self._unit)).backward()  # type: ignore[no-untyped-call]
            value += float(loss.detach()) * weight / max(scored, 1.0)
        return self.team.sum([value])[0]

    def close(self) -> None:
        """Let go of the other processes: what talks to them must be gone before the interpreter is, or it aborts."""
        if self.team.size > 1:
            self._called = self.model
            self._forget()
            gc.collect()

    def _alone(self, exchange: bool) -> AbstractContextManager[Any]:
        """The context in which gradients stay in this process, unless they are exchanged now."""
        if exchange or not isinstance(self._called, DistributedDataParallel):
            return nullcontext()
        context: AbstractContextManager[Any] = self._called.no_sync()
        return context

    def _step(self, value: float) -> None:
        gradients = [parameter.grad for parameter in self.model.parameters() if parameter.grad is not None]
        if self._scored not in (self._unit, 0):
            torch._foreach_mul_(gradients, self._unit / self._scored)
        nn.utils.clip_grad_norm_(self.model.parameters(), _LARGEST_GRADIENT)
        if math.isfinite(value):
            self.optimizer.step()
            if self.average is not None:
                self.average.update_parameters(self.model)
        self._forget()

    def _forget(self) -> None:
        """Start the next step."""
        self.optimizer.zero_grad(set_to_none=True)
        self._unit = self._scored = 0.0

    def _give_up(self, batch: Batch, error: BaseException) -> None:
        """Raise a `ScarpError` where smaller pieces are no way out."""
        if self.team.size > 1:
            raise ScarpError(
                f"The memory of {self.device} is too small for {len(batch.x)} chips of {batch.x.shape[-1]} px with "
                "this network. Choose a smaller BATCH (and ACCUMULATE more of them), or more processes."
            ) from error
        if self.pieces >= len(batch.x):
            raise ScarpError(
                f"The memory of {self.device} is too small for a single chip of {batch.x.shape[-1]} px with this "
                "network. Choose a smaller ARCHITECTURE or CHIP, or another DEVICE."
            ) from error
