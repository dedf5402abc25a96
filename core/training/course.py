"""What is chosen for a training where the job leaves it open, and what is told of its course."""

from __future__ import annotations

import torch

from ..chips.chip import ChipSource
from ..errors import ScarpError
from ..jobs import TrainJob
from ..reporter import Reporter
from .data import Data

# Chips of 128 px in a batch: few enough for many steps on a small event, enough for BatchNorm.
_BATCH = 8
# An epoch of small chips has so many steps at least, as long as a batch keeps the number above.
_STEPS = 8


def choose_batch(asked: int | None, source: ChipSource, processes: int, reporter: Reporter) -> int:
    """Chips in a batch, of all processes together.

    Raises:
        ScarpError: The processes cannot share it.
    """
    batch = asked or max(
        1, min(round(_BATCH * (128 / source.chip) ** 2), 4 * _BATCH, max(_BATCH, len(source) // _STEPS), len(source))
    )
    if len(source) < processes:
        raise ScarpError(f"{processes} processes train on {len(source)} chips. Start no more processes than chips.")
    if batch % processes:
        if asked:
            raise ScarpError(
                f"BATCH is {batch}, which {processes} processes cannot share. Choose a multiple of {processes}."
            )
        batch = processes * -(-batch // processes)
    if asked is None:
        reporter.info(f"Batch: {batch} chips of {source.chip} px.")
    return batch


def chips_to_learn_from(data: Data) -> float:
    """How many chips' worth of pixels there are."""
    pixels: float = data.facts.get("scored_pixels", 0)
    if pixels:  # of a scene, from which chips are cut at random
        return pixels / data.split.validation.chip**2
    distinct = data.split.facts.get("training_chips")
    return distinct if isinstance(distinct, int) else len(data.split.train(0))


def say_course(job: TrainJob, learning_rate: float, processes: int, device: torch.device, reporter: Reporter) -> None:
    """Tell what was chosen or is out of the ordinary."""
    say = reporter.info
    if job.learning_rate is None:
        say(f"Learning rate: {learning_rate:g}.")
    if processes > 1:
        see = "see" if device.type == "cuda" else "and BatchNorm see"
        say(f"{processes} processes share each batch. Losses of areas (IoU, Dice) {see} the share of one.")
    if job.accumulate > 1:
        say(f"A step takes the gradients of {job.accumulate} batches (ACCUMULATE).")
    if job.ema:
        say(f"The averaged weights are validated and kept (EMA, decay {job.ema:g}).")
    if job.freeze:
        say("The encoder stays as it is, its statistics of BatchNorm included (FREEZE).")
    if job.deterministic:
        say("Only algorithms that give the same result each time are used (DETERMINISTIC).")
