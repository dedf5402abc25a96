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
from ..chips import augment
from ..errors import ScarpError
from ..inference.precision import choose_precision
from ..jobs import TrainJob
from ..products.record import versions
from ..products.report import FIGURES
from ..reporter import Reporter
from . import initial, optimizers
from . import state as states
from .averaging import averaged
from .batches import Loader, Preparation, measure
from .course import chips_to_learn_from, choose_batch, say_course
from .data import Data
from .domain import may_lack, measure_domain
from .finishing import Result, assess_best
from .initial import Scaling
from .metrics import Histogram
from .plan import Plan, make_loss, make_schedule
from .reproducible import reproducible
from .scoring import Scorer, scores
from .state import State
from .steps import Steps
from .team import Team
from .trainer import Trainer

# Settings that the card tells where they are out of the ordinary.
_PLAIN = {"accumulate": 1, "calibrate": "plain", "patience": 0, "ema": 0.0, "deterministic": False, "freeze": False}


class Run:
    """A training.

    Attributes:
        state: What happened so far. data: what is learned from.
        scorer: The network on its device, ready to be asked. trainer: trains it.
    """

    def __init__(
        self,
        job: TrainJob,
        plan: Plan,
        data: Data,
        device: torch.device,
        reporter: Reporter,
        *,
        team: Team | None = None,
    ) -> None:
        """Build the network and measure what depends on the data.

        Args:
            job: What to do.
            plan: The choices in it.
            data: What to learn from.
            device: Where.
            reporter: Told the choices and the progress.
            team: The processes that train; None: this one.

        Raises:
            ScarpError: The network cannot be built, INIT or RESUME do not fit the data, or the precision cannot run.
        """
        self._job, self._plan, self._reporter = job, plan, reporter
        self._team = team or Team()
        self.data, self.device = self._with_channels(data), device
        torch.manual_seed(job.seed)
        network = self._network()
        self._pools_globally = network.pools_globally
        if plan.init:
            initial.start_from(job, plan.init, network, self.data.channels, reporter)
        learner = self._team.synchronized(network.to(device, memory_format=torch.channels_last))  # type: ignore[call-overload]
        _let_it_ask(learner, reporter)
        frozen = network.encoder() if job.freeze else []
        for layer in frozen:
            layer.requires_grad_(False)
        self.state = self._resumed(plan.state) if plan.state else self._new_state()
        chosen = self.state.chosen
        self.preparation = Preparation(self.data.channels, data.mode, tuple(chosen["mean"]), tuple(chosen["std"]))
        train = self.data.split.train(0)
        inputs = features.required(self.data.channels, train.names)
        self._augmentation = augment.fitting(plan.augmentation, train, inputs, reporter)
        loss = make_loss(job, tuple(chosen["pixels"]))
        self.loader = Loader(self.preparation, chosen["batch"], loss.loss.uses_distance)
        if "precision" not in chosen:
            chosen["precision"] = self._team.same(lambda: self._precision(learner))
        precision = str(chosen["precision"])
        optimizer = optimizers.create(job.optimizer, learner, plan.learning_rate)
        average = averaged(learner, job.ema) if job.ema else None
        schedule = make_schedule(job)
        if plan.state:
            states.restore(job.resume, learner, optimizer, average)
            schedule.restore(self.state.schedule)
        #: What is validated and kept; not what learns, when its weights are averaged.
        self.model: nn.Module = average.module if average else learner
        self.scorer = Scorer(self.model, self.loader, device, precision)
        steps = Steps(learner, loss, optimizer, device, precision, reporter, average, self._team, self.state.pieces)
        share = (self._team.rank, self._team.size)
        self.trainer = Trainer(
            steps,
            Loader(self.preparation, chosen["batch"], loss.loss.uses_distance, share),
            self.scorer,
            schedule,
            self._augmentation,
            frozen,
            job.accumulate,
            job.patience,
            job.deterministic,
            job.seed,
            self.state,
            states.state_path(job.checkpoint),
            self._keep,
            self._team,
            reporter,
        )
        say_course(job, plan.learning_rate, self._team.size, device, reporter)

    def finish(self, seconds: float, reporter: Reporter, *, last: bool = True) -> Result:
        """Calibrate and judge the network that was kept.

        Args:
            seconds: What the training took.
            reporter: Told the choices and how far it is.
            last: The test part is read, if there is one, and the calibrated network is written with its final card.
                False: another training follows, and the checkpoint stays what RESUME goes on from.
        """
        best, card = checkpoint.load(self._job.checkpoint)
        self.model.load_state_dict(best.state_dict())
        # Chips cut from a scene are scored in their middle: bodies that reach beyond it would be cut.
        whole = bool(self._job.dataset)
        with reproducible(self._job.deterministic):
            split = self.data.split if last else replace(self.data.split, test=None)
            result = assess_best(card, best, self.scorer, split, reporter, whole=whole, augmentation=self._elsewhere())
        training = {**result.card.training, "epochs_done": self.state.epoch, "finished": last, "seconds": seconds}
        if self.state.epoch < self._job.epochs:
            training["stopped_early"] = f"no better epoch for {self._job.patience} (PATIENCE)"
        card = replace(result.card, training=training)
        if last:
            checkpoint.save(self._job.checkpoint, self.model, card)
        for name, figures in card.metrics.items():
            self._reporter.info(
                f"{name}: " + ", ".join(f"{key} {figures[key]:.3f}" for key in FIGURES if figures.get(key) is not None)
            )
        return replace(result, card=card)

    def _elsewhere(self) -> augment.Augmentation | None:
        """What the validation part is changed by before calibration and threshold are chosen."""
        if self._job.calibrate != "augmented":
            return None
        changes = self._augmentation.of_places()
        if not changes.names:
            self._reporter.warning(
                "CALIBRATE=augmented changes nothing: AUGMENT holds none of rotations, flips, scale, level, relief and "
                "jitter. Calibration and threshold are chosen on the validation chips as they are."
            )
            return None
        return changes

    def _with_channels(self, data: Data) -> Data:
        """The data, with the channels of the checkpoint to start from where none were asked for."""
        if self._plan.init is None or self._job.features.strip().lower() != "auto":
            return data
        channels = initial.channels_of(self._plan.init, data.split.validation.names)
        return replace(data, channels=channels) if channels else data

    def _network(self) -> models.Network:
        job, plan = self._job, self._plan
        try:
            network = models.create(plan.architecture, len(self.data.channels), head=job.head, **plan.options)
        except (TypeError, ValueError) as error:
            reason = str(error).rstrip(".")
            hint = " Lists have two numbers or more, as in widths=16-32-64." if isinstance(error, TypeError) else ""
            raise ScarpError(f"ARCHITECTURE={job.architecture} cannot be built: {reason}.{hint}") from error
        parameters = models.count_parameters(network)
        self._reporter.info(f"Network: {job.architecture}, {parameters:,} parameters, channels {self.data.channels}.")
        return network

    def _new_state(self) -> State:
        settings = json.loads(self._job.to_json())
        return State(settings, Path(self._job.checkpoint).name, chosen=self._team.same(self._measured))

    def _measured(self) -> dict[str, Any]:
        """What is chosen once and kept when the training is resumed."""
        source = self.data.split.train(0)
        preparation, pixels = measure(Preparation(self.data.channels, self.data.mode), source, self._reporter)
        scaling = Scaling(preparation.mean, preparation.std)
        if self._plan.init:
            scaling = initial.scaling_of(
                self._plan.init,
                self.data.channels,
                scaling,
                chips=chips_to_learn_from(self.data),
                radiometry=source.radiometry,
                frozen=self._job.freeze,
                reporter=self._reporter,
            )
        return {
            "channels": list(self.data.channels),
            "split": self.data.split.facts,
            "mean": list(scaling.mean),
            "std": list(scaling.std),
            "pixels": list(pixels),
            "batch": choose_batch(self._job.batch, source, self._team.size, self._reporter),
            "seen": measure_domain(source, features.required(self.data.channels, source.names), self._reporter),
        }

    def _precision(self, model: nn.Module) -> str:
        """The precision to compute in; one that was measured may differ from run to run."""
        job, device = self._job, self.device
        wanted = "fp32" if job.deterministic and job.precision == "auto" else job.precision
        example = next(iter(self.loader(self.data.split.train(0)))).x.to(device, memory_format=torch.channels_last)
        return choose_precision(wanted, device, model, example, self._reporter, training=True)

    def _resumed(self, state: State) -> State:
        now = {"channels": list(self.data.channels), "split": json.loads(json.dumps(self.data.split.facts))}
        differing = [key for key, value in now.items() if state.chosen.get(key) != value]
        if differing:
            raise ScarpError(
                f"The data are no longer those that the training in '{self._job.resume}' was started with "
                f"({', '.join(differing)} differ). Restore them, or leave RESUME empty to start anew."
            )
        if state.chosen["batch"] % self._team.size:
            raise ScarpError(
                f"The training in '{self._job.resume}' has batches of {state.chosen['batch']} chips, which "
                f"{self._team.size} processes cannot share. Start a number of processes that divides it."
            )
        old = states.best_checkpoint(self._job.resume, state)
        if self._team.leads and state.best and old.resolve() != Path(self._job.checkpoint).resolve():
            checkpoint.save(self._job.checkpoint, *checkpoint.load(old))
        return state

    def _keep(self, model: nn.Module, state: State, histogram: Histogram) -> None:
        """Write the network as the checkpoint, with a card that is whole as far as is known."""
        job, data, plan = self._job, self.data, self._plan
        source = data.split.validation
        threshold = histogram.best_threshold()
        name = data.split.name
        figures = scores(histogram, threshold)
        needed, seen = features.required(data.channels, source.names), state.chosen.get("seen", {})
        optional = {*may_lack(needed, seen), *self._augmentation.optional(needed)}
        card = Card(
            architecture=plan.architecture,
            options=plan.options,
            head=job.head,
            features=list(data.channels),
            mode=data.mode,
            bands_required=[name for name in needed if name not in optional],
            bands_optional=[name for name in needed if name in optional],
            seen=seen,
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
                **{key: getattr(job, key) for key in ("optimizer", "schedule", "augment")},
                "learning_rate": plan.learning_rate,
                **{key: getattr(job, key) for key, plain in _PLAIN.items() if getattr(job, key) != plain},
                **({"processes": self._team.size} if self._team.size > 1 else {}),
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
