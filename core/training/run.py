"""One training from plan and data to a finished card: builds the trainer, keeps the best network, scores it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import torch
from torch import nn

from ... import models
from .. import checkpoint, features
from ..card import Card
from ..errors import ScarpError
from ..inference.precision import choose_precision
from ..jobs import TrainJob
from ..products.record import versions
from ..reporter import Reporter
from . import initial, optimizers
from . import state as states
from .batches import Loader, Preparation, measure
from .data import Data
from .metrics import Histogram
from .plan import Plan, make_loss, make_schedule
from .scoring import Scorer, scores
from .state import State
from .trainer import Trainer

# Chips of 128 px in a batch: few enough for many steps on a small event, enough for BatchNorm.
_BATCH = 8


class Run:
    """A training.

    Attributes:
        state: What happened so far. data: what is learned from.
        scorer: The network on its device, ready to be asked. trainer: trains it.
    """

    def __init__(self, job: TrainJob, plan: Plan, data: Data, device: torch.device, reporter: Reporter) -> None:
        """Build the network and measure what depends on the data.

        Raises:
            ScarpError: The network cannot be built, INIT or RESUME do not fit the data, or the precision cannot run.
        """
        self._job, self._plan, self._reporter = job, plan, reporter
        self.data, self.device = data, device
        torch.manual_seed(job.seed)
        self.model = self._network()
        self._pools_globally = bool(self.model.pools_globally)
        if plan.init:
            initial.start_from(job.init, plan.init, self.model, data.channels, reporter)
        self.model.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        _let_it_ask(self.model, reporter)
        if plan.state:
            self.state = self._resumed(plan.state)
        else:
            settings = json.loads(job.to_json())
            self.state = State(settings, Path(job.checkpoint).name, chosen=self._measured())
        chosen = self.state.chosen
        self.preparation = Preparation(data.channels, data.mode, tuple(chosen["mean"]), tuple(chosen["std"]))
        loss = make_loss(job, tuple(chosen["pixels"]))
        self.loader = Loader(self.preparation, chosen["batch"], loss.loss.uses_distance)
        if "precision" not in chosen:
            example = next(iter(self.loader(data.split.train(0)))).x.to(device, memory_format=torch.channels_last)
            chosen["precision"] = choose_precision(job.precision, device, self.model, example, reporter, training=True)
        self.scorer = Scorer(self.model, self.loader, device, str(chosen["precision"]))
        optimizer = optimizers.create(job.optimizer, self.model, job.learning_rate)
        schedule = make_schedule(job)
        if plan.state:
            states.restore(job.resume, self.model, optimizer)
            schedule.restore(self.state.schedule)
        self.trainer = Trainer(
            self.scorer,
            loss,
            optimizer,
            schedule,
            plan.augmentation,
            job.seed,
            self.state,
            states.state_path(job.checkpoint),
            self._keep,
            reporter,
        )

    def finish(self, seconds: float) -> tuple[Card, Histogram]:
        """Score the best network once more, on the test part too if there is one, and write its final card.

        Returns:
            The card, and the validation part's probabilities.
        """
        best, card = checkpoint.load(self._job.checkpoint)
        self.model.load_state_dict(best.state_dict())
        histogram = self.scorer(self.data.split.validation, self._reporter)
        split, job = self.data.split, self._job
        metrics = dict(card.metrics)
        if split.test is not None:
            tested = f"test (fold {job.fold})" if job.fold else "test (ids chosen by hand)"
            metrics[tested] = scores(self.scorer(split.test, self._reporter), card.threshold)
        training = {**card.training, "epochs_done": self.state.epoch, "finished": True, "seconds": seconds}
        card = replace(card, metrics=metrics, training=training)
        checkpoint.save(job.checkpoint, self.model, card)
        for name, figures in card.metrics.items():
            self._reporter.info(
                f"{name}: " + ", ".join(f"{key} {value:.3f}" for key, value in figures.items() if value is not None)
            )
        return card, histogram

    def result_split(self, card: Card) -> str:
        """The name of the split whose figures stand for the training: the test part, else the validation part."""
        tests = [name for name in card.metrics if name.startswith("test")]
        return tests[0] if tests else self.data.split.name

    def _network(self) -> nn.Module:
        job, plan = self._job, self._plan
        try:
            network = models.create(plan.architecture, len(self.data.channels), head=job.head, **plan.options)
        except (TypeError, ValueError) as error:
            raise ScarpError(f"ARCHITECTURE={job.architecture} cannot be built: {error}") from error
        parameters = models.count_parameters(network)
        self._reporter.info(f"Network: {job.architecture}, {parameters:,} parameters, channels {self.data.channels}.")
        return network

    def _measured(self) -> dict[str, Any]:
        """What is chosen once and kept when the training is resumed."""
        source = self.data.split.train(0)
        preparation, pixels = measure(Preparation(self.data.channels, self.data.mode), source, self._reporter)
        batch = self._job.batch or max(1, min(round(_BATCH * (128 / source.chip) ** 2), 4 * _BATCH, len(source)))
        if self._job.batch is None:
            self._reporter.info(f"Batch: {batch} chips of {source.chip} px.")
        return {
            "channels": list(self.data.channels),
            "split": self.data.split.facts,
            "mean": list(preparation.mean),
            "std": list(preparation.std),
            "pixels": list(pixels),
            "batch": batch,
        }

    def _resumed(self, state: State) -> State:
        now = {"channels": list(self.data.channels), "split": json.loads(json.dumps(self.data.split.facts))}
        differing = [key for key, value in now.items() if state.chosen.get(key) != value]
        if differing:
            raise ScarpError(
                f"The data are no longer those that the training in '{self._job.resume}' was started with "
                f"({', '.join(differing)} differ). Restore them, or leave RESUME empty to start anew."
            )
        old = states.best_checkpoint(self._job.resume, state)
        if state.best and old.resolve() != Path(self._job.checkpoint).resolve():
            checkpoint.save(self._job.checkpoint, *checkpoint.load(old))
        return state

    def _keep(self, model: nn.Module, state: State, histogram: Histogram) -> None:
        """Write the network as the checkpoint, with a card that is whole as far as is known."""
        job, data, plan = self._job, self.data, self._plan
        source = data.split.validation
        threshold = histogram.best_threshold()
        name = data.split.name
        figures = scores(histogram, threshold)
        card = Card(
            architecture=plan.architecture,
            options=plan.options,
            head=job.head,
            features=list(data.channels),
            mode=data.mode,
            bands_required=list(features.required(data.channels, source.names)),
            radiometry=source.radiometry,
            product=source.product,
            mean=list(self.preparation.mean),
            std=list(self.preparation.std),
            chip=source.chip,
            gsd=source.gsd,
            pools_globally=self._pools_globally,
            threshold=threshold,
            threshold_choice=(
                f"The threshold with the highest f1_landslide ({figures['f1_landslide']:.3f}) on the split "
                f"'{name}' after epoch {state.best}; no test data were used."
            ),
            loss=job.loss if job.alpha is None else f"{job.loss} (alpha {job.alpha:g})",
            training={
                **data.facts,
                "split": data.split.description,
                **data.split.facts,
                "epochs": job.epochs,
                "epochs_done": state.epoch,
                "best_epoch": state.best,
                "finished": False,
                **{key: getattr(job, key) for key in ("optimizer", "schedule", "learning_rate", "augment")},
                "batch": state.chosen["batch"],
                "precision": self.scorer.precision,
                "init": job.init,
            },
            metrics={name: figures, f"{name}, threshold 0.5": scores(histogram, 0.5)},
            seed=job.seed,
            versions=versions(),
            date=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        )
        checkpoint.save(job.checkpoint, model, card)


def _let_it_ask(model: nn.Module, reporter: Reporter) -> None:
    """Make layers and gradients ask whether to stop: one batch of a large network takes seconds."""
    for layer in model.modules():
        if not any(layer.children()):
            layer.register_forward_pre_hook(lambda layer, args: reporter.check())
    for parameter in model.parameters():
        parameter.register_hook(lambda gradient: reporter.check())  # type: ignore[no-untyped-call]
