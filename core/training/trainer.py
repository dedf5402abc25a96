"""The training loop: epochs of batches, a validation after each, and everything worth keeping on disk by then."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import torch
from torch import nn
from torch.optim import Optimizer

from ..chips.augment import Augmentation
from ..errors import Cancelled, ScarpError
from ..inference.device import is_out_of_memory
from ..inference.precision import autocast
from ..reporter import Reporter
from . import state as states
from .batches import Batch
from .data import Data
from .losses import SingleHead
from .metrics import Histogram
from .schedules import Schedule
from .scoring import Scorer, scores
from .state import State

_LARGEST_GRADIENT = 1.0

# Called with the network after an epoch that is the best so far: writes the checkpoint.
Keep = Callable[[nn.Module, State, Histogram], None]


@dataclass
class Trainer:
    """A network in training.

    Attributes:
        scorer: Holds the network, its device, the loader and the precision.
        loss: Of the network's whole output.
        state_file: Written after each epoch.
        keep: Writes the checkpoint when an epoch was the best so far.
    """

    scorer: Scorer
    loss: SingleHead
    optimizer: Optimizer
    schedule: Schedule
    augmentation: Augmentation
    seed: int
    state: State
    state_file: Path
    keep: Keep
    reporter: Reporter

    def __post_init__(self) -> None:
        self.model, self.device, self.loader = self.scorer.model, self.scorer.device, self.scorer.loader
        self._pieces = 1

    def fit(self, data: Data, epochs: int) -> None:
        """Train the epochs that are left.

        Raises:
            Cancelled: The user asked to stop: what the last whole epoch left on disk stays.
            ScarpError: The loss is no longer a number, or the memory is too small for a single chip.
        """
        first, start = self.state.epoch, time.monotonic()
        for epoch in range(first, epochs):
            # Dropout draws the same numbers whether or not the training was interrupted before.
            torch.manual_seed(self.seed * 100_003 + epoch)
            try:
                self._epoch(data, epoch, epochs, first, start)
            except Cancelled:
                kept = f"RESUME={self.state_file} goes on after epoch {epoch}." if epoch else "Nothing was kept."
                self.reporter.info(f"Stopped in epoch {epoch + 1}. {kept}")
                raise

    def _epoch(self, data: Data, epoch: int, epochs: int, first: int, start: float) -> None:
        source = data.split.train(epoch)
        count = self.loader.count(source, whole=True)
        self.model.train()
        total = 0.0
        for number, batch in enumerate(self.loader(source, self.augmentation, (self.seed, epoch))):
            done = epoch + number / count
            self.reporter.progress(
                done / epochs,
                f"Epoch {epoch + 1} of {epochs}, batch {number + 1} of {count}"
                + (f", loss {total / number:.3f}" if number else "")
                + _left(time.monotonic() - start, done - first, epochs - first),
            )
            self.schedule.apply(self.optimizer, done)
            value = self._step(batch)
            if not math.isfinite(value):
                raise ScarpError(
                    f"The loss became {value} in epoch {epoch + 1}, batch {number + 1}: the training went astray. "
                    "Choose a smaller LEARNING_RATE, or PRECISION=fp32."
                )
            total += value
        self._finish(epoch, total / count, self.scorer(data.split.validation, self.reporter), data.split.name)

    def _finish(self, epoch: int, loss: float, histogram: Histogram, split: str) -> None:
        """Record an epoch: log, checkpoint if it is the best, state."""
        threshold = histogram.best_threshold()
        at_half, at_best = (scores(histogram, at) for at in (0.5, threshold))
        self.schedule.observe(at_best["f1_landslide"])
        record = {
            "epoch": epoch + 1,
            "loss": loss,
            "learning_rate": self.optimizer.param_groups[0]["lr"],
            "threshold": threshold,
            "f1_landslide": at_best["f1_landslide"],
            "f1_landslide_at_0.5": at_half["f1_landslide"],
            "f1_macro": at_best["f1_macro"],
        }
        self.state.history.append(record)
        self.state.epoch, self.state.schedule = epoch + 1, dict(self.schedule.state)
        best = at_best["f1_landslide"] > self.state.score
        if best:
            self.state.best, self.state.score = epoch + 1, at_best["f1_landslide"]
            self.keep(self.model, self.state, histogram)
        states.save(self.state_file, self.state, self.model, self.optimizer)
        self.reporter.info(
            f"Epoch {epoch + 1}: loss {loss:.4f}, {split}: f1_landslide {at_best['f1_landslide']:.3f} at its best "
            f"threshold {threshold:.2f} ({at_half['f1_landslide']:.3f} at 0.5)" + (", best so far." if best else ".")
        )

    def _step(self, batch: Batch) -> float:
        """One step of the optimizer; in smaller pieces when memory runs out."""
        while True:
            try:
                return self._try_step(batch)
            except (RuntimeError, MemoryError) as error:
                if not is_out_of_memory(error):
                    raise
                if self._pieces >= len(batch.x):
                    raise ScarpError(
                        f"The memory of {self.device} is too small for a single chip of {batch.x.shape[-1]} px with "
                        "this network. Choose a smaller ARCHITECTURE or CHIP, or another DEVICE."
                    ) from error
                error.__traceback__ = None  # it keeps the failed piece's tensors alive
            self._pieces *= 2
            self.optimizer.zero_grad(set_to_none=True)
            if self.device.type == "cuda":
                torch.cuda.empty_cache()
            self.reporter.warning(
                f"Out of memory on {self.device}: batches go through in {self._pieces} pieces, whose gradients are "
                "averaged. That is not quite the same training: BatchNorm and IoU see the pieces."
            )

    def _try_step(self, batch: Batch) -> float:
        value = 0.0
        pieces = [torch.chunk(tensor, self._pieces) for tensor in batch if tensor is not None]
        for piece in zip(*pieces):
            x, target, scored, *distance = piece
            share = len(x) / len(batch.x)
            with autocast(self.device, self.scorer.precision):
                output = self.model(x.to(self.device, memory_format=torch.channels_last))
            loss = share * self.loss(
                output,
                target.to(self.device),
                scored.to(self.device),
                distance[0].to(self.device) if distance else None,
            )
            loss.backward()
            value += float(loss.detach())
        nn.utils.clip_grad_norm_(self.model.parameters(), _LARGEST_GRADIENT)
        if math.isfinite(value):
            self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        return value


def _left(seconds: float, done: float, total: float) -> str:
    """How long it will still take, as text; empty as long as that is a guess."""
    if done <= 0 or seconds < 5:
        return ""
    left = seconds * (total - done) / done
    return f", {left / 60:.0f} min left" if left > 90 else f", {left:.0f} s left"
