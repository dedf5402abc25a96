"""The training loop: epochs of batches, a validation after each, and everything worth keeping on disk by then."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import torch
from torch import nn

from ..chips.augment import Augmentation
from ..errors import Cancelled, ScarpError
from ..reporter import Reporter
from . import state as states
from .batches import Loader
from .data import Data
from .metrics import Histogram
from .reproducible import reproducible
from .schedules import Schedule
from .scoring import Scorer, scores
from .state import State
from .steps import Steps
from .team import Team

# Called with the network after an epoch that is the best so far, or counts for another reason: writes the checkpoint.
Keep = Callable[[nn.Module, State, Histogram], None]


@dataclass
class Trainer:
    """A network in training.

    Attributes:
        steps: Holds the network that learns. loader: makes its batches, this process's share of them.
        scorer: Holds the network that is validated and kept: the same one, or the one with averaged weights.
        frozen: Layers that stay as they are, statistics of BatchNorm included.
        accumulate: Batches in a step. patience: epochs without progress after which to stop, 0: never.
        state_file: Written after each epoch.
        keep: Writes the checkpoint: when an epoch was the best so far; after each where few chips validate, unless
            `patience` waits for better ones.
        team: The processes that train.
        reporter: Its wish to stop is asked for (`Team.voice` speaks for all processes).
        keep_last: Known from `fit` on: whether the last epoch is kept instead of the best.
    """

    steps: Steps
    loader: Loader
    scorer: Scorer
    schedule: Schedule
    augmentation: Augmentation
    frozen: Sequence[nn.Module]
    accumulate: int
    patience: int
    deterministic: bool
    seed: int
    state: State
    state_file: Path
    keep: Keep
    team: Team
    reporter: Reporter
    keep_last: bool = False

    def fit(self, data: Data, epochs: int) -> None:
        """Train the epochs that are left.

        Raises:
            Cancelled: The user asked to stop: what the last whole epoch left on disk stays.
            ScarpError: The loss is no longer a number, or the memory is too small for a single chip.
        """
        self._first, self._start = self.state.epoch, time.monotonic()
        self.keep_last = data.split.few_validate and not self.patience
        if self.keep_last:
            self.reporter.info("The validation part is too small to tell which epoch is best: the last one is kept.")
        with closing(self.steps), reproducible(self.deterministic), self.team.agreeing(self.reporter) as check:
            while self.state.epoch < epochs and not self._waited_enough():
                epoch = self.state.epoch
                # Dropout draws the same numbers whether or not the training was interrupted before.
                torch.manual_seed(self.seed * 100_003 + epoch + self.team.rank * 2**40)
                try:
                    loss = self._epoch(data, epoch, epochs, check)
                    self.reporter.progress((epoch + 1) / epochs, f"Epoch {epoch + 1} of {epochs}, validation")
                    self._finish(epoch, loss, self._validate(data), data.split.name)
                except Cancelled:
                    kept = f"RESUME={self.state_file} goes on after epoch {epoch}." if epoch else "Nothing was kept."
                    self.reporter.info(f"Stopped in epoch {epoch + 1}. {kept}")
                    raise
        if self.state.epoch < epochs:
            self.reporter.info(
                f"Stopped after epoch {self.state.epoch} of {epochs}: for {self.patience} epochs the validation has "
                f"not been better than after epoch {self.state.best} (PATIENCE)."
            )

    def _waited_enough(self) -> bool:
        return bool(self.patience) and self.state.epoch - self.state.best >= self.patience

    def _epoch(self, data: Data, epoch: int, epochs: int, check: Callable[[], None]) -> float:
        """Train on all batches of an epoch and return their mean loss."""
        source = data.split.train(epoch)
        count = self.loader.count(source, whole=True)
        self.steps.model.train()
        for layer in self.frozen:
            layer.eval()
        total = 0.0
        for number, batch in enumerate(self.loader(source, self.augmentation, (self.seed, epoch))):
            check()
            done = epoch + number / count
            self.reporter.progress(
                done / epochs,
                f"Epoch {epoch + 1} of {epochs}, batch {number + 1} of {count}"
                + (f", loss {total / number:.3f}" if number else "")
                + self._last_figure()
                + _left(time.monotonic() - self._start, done - self._first, epochs - self._first),
            )
            self.schedule.apply(self.steps.optimizer, done)
            value = self.steps.add(batch, last=number + 1 == count or (number + 1) % self.accumulate == 0)
            if not math.isfinite(value):
                raise ScarpError(
                    f"The loss became {value} in epoch {epoch + 1}, batch {number + 1}: the training went astray. "
                    "Choose a smaller LEARNING_RATE, or PRECISION=fp32."
                )
            total += value
        return total / count

    def _validate(self, data: Data) -> Histogram:
        for model in {id(model): model for model in (self.steps.model, self.scorer.model)}.values():
            self.team.average_statistics(model)
        found = self.scorer(self.team.part(data.split.validation), self.reporter)
        return self.team.sum_histogram(found)

    def _finish(self, epoch: int, loss: float, histogram: Histogram, split: str) -> None:
        """Record an epoch: log, checkpoint if it is the best, state."""
        threshold = histogram.best_threshold()
        at_half, at_best = (scores(histogram, at) for at in (0.5, threshold))
        self.schedule.observe(at_best["f1_landslide"])
        record = {
            "epoch": epoch + 1,
            "loss": loss,
            "learning_rate": self.steps.optimizer.param_groups[0]["lr"],
            "threshold": threshold,
            "f1_landslide": at_best["f1_landslide"],
            "f1_landslide_at_0.5": at_half["f1_landslide"],
            "f1_macro": at_best["f1_macro"],
        }
        self.state.history.append(record)
        self.state.epoch, self.state.schedule = epoch + 1, dict(self.schedule.state)
        self.state.pieces = self.steps.pieces
        best = at_best["f1_landslide"] > self.state.score
        keep = best or self.keep_last
        if keep:
            self.state.best, self.state.score = epoch + 1, at_best["f1_landslide"]
        if self.team.leads:
            if keep:
                self.keep(self.scorer.model, self.state, histogram)
            states.save(self.state_file, self.state, self.steps.model, self.steps.optimizer, self.steps.average)
        self.reporter.info(
            f"Epoch {epoch + 1}: loss {loss:.4f}, {split}: f1_landslide {at_best['f1_landslide']:.3f} at its best "
            f"threshold {threshold:.2f} ({at_half['f1_landslide']:.3f} at 0.5)"
            + (", best so far." if best and not self.keep_last else ".")
        )

    def _last_figure(self) -> str:
        if not self.state.history:
            return ""
        best = "" if self.keep_last else f" (best {self.state.score:.3f})"
        return f", validation F1 {self.state.history[-1]['f1_landslide']:.3f}{best}"


def _left(seconds: float, done: float, total: float) -> str:
    """How long it will still take, as text; empty as long as that is a guess."""
    if done <= 0 or seconds < 5:
        return ""
    left = seconds * (total - done) / done
    return f", {left / 60:.0f} min left" if left > 90 else f", {left:.0f} s left"
