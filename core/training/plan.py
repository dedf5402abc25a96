"""What a training job asks for, checked before any data are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .. import card as cards
from ..card import Card
from ..chips import augment
from ..chips.augment import Augmentation
from ..errors import ScarpError
from ..jobs import TrainJob
from ..reporter import Reporter
from . import architecture, initial, losses, optimizers, schedules
from . import state as states
from .losses import SingleHead
from .schedules import Schedule
from .state import State

# A cosine starts at its highest rate, which fresh BatchNorm statistics and Adam's moments do not bear well.
_WARMUP_EPOCHS = 1.0
_WARMED = ("cosine", "plateau")
# For fresh weights and for those of a checkpoint: at 3e-4, six networks that were fine-tuned on 50 and 20 chips mapped
# the rest of their scene worse (f1_landslide by 0.016 to 0.061).
_RATE = 1e-3
_PLATEAU_PATIENCE = 5


@dataclass(frozen=True)
class Plan:
    """The choices of a job.

    Attributes:
        architecture: Name of the network. options: its arguments.
        learning_rate: The highest of the training.
        init: Card of the checkpoint to start from. state: of the training to go on with. None: neither.
    """

    architecture: str
    options: dict[str, Any]
    augmentation: Augmentation
    learning_rate: float
    init: Card | None
    state: State | None


def make_plan(job: TrainJob, reporter: Reporter) -> Plan:
    """Read the choices out of a job.

    Raises:
        ScarpError: A name or an option is unknown, or INIT or RESUME do not go with the others.
    """
    name, options = architecture.parse(job.architecture)
    job.within("seed", 0, 2**31 - 1)
    make_loss(job, (1, 1))
    make_schedule(job)
    if job.optimizer not in optimizers.names():
        raise ScarpError(f"OPTIMIZER is '{job.optimizer}'; choose one of {', '.join(optimizers.names())}.")
    init = cards.read(cards.find(job.init)) if job.init else None
    if init:
        options = initial.options_of(init, name, options)
    state = states.read(job.resume, job, reporter) if job.resume else None
    rate = job.learning_rate or _RATE
    return Plan(name, options, augment.parse(job.augment), rate, init, state)


def make_loss(job: TrainJob, pixels: tuple[int, int]) -> SingleHead:
    """The loss of a network's whole output; ``pixels``: background and landslide of the training part.

    Raises:
        ScarpError: There is no such loss, or it has no ``alpha``.
    """
    options: dict[str, Any] = {}
    if job.alpha is not None:
        if job.loss not in losses.COMBINED:
            raise ScarpError(
                f"ALPHA is the share of the first of two losses; '{job.loss}' is one. Leave ALPHA empty, or choose "
                f"LOSS among {', '.join(losses.COMBINED)}."
            )
        options["alpha"] = job.alpha
    if job.loss == "wce":
        options["weights"] = losses.inverse_frequency(*pixels)
    return losses.for_head(job.head, losses.create(job.loss, **options))


def make_schedule(job: TrainJob) -> Schedule:
    """The learning rate schedule. ``plateau`` lowers the rate before PATIENCE runs out.

    Raises:
        ScarpError: There is no such schedule.
    """
    warmup = min(_WARMUP_EPOCHS, job.epochs / 10) if job.schedule in _WARMED else 0.0
    patience = min(_PLATEAU_PATIENCE, job.patience // 3) if job.patience else _PLATEAU_PATIENCE
    return schedules.create(job.schedule, job.epochs, warmup=warmup, patience=patience)
