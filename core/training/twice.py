"""A training from its data to a judged network; where few chips validate, a second one learns from all chips."""

from __future__ import annotations

import tempfile
import time
from dataclasses import replace

import torch

from .. import checkpoint
from ..card import Card
from ..chips.splits import Split
from ..errors import Cancelled
from ..jobs import TrainJob
from ..reporter import Reporter
from .data import Data
from .finishing import Result
from .plan import Plan
from .run import Run
from .state import state_path
from .team import Team


def train(
    job: TrainJob, plan: Plan, data: Data, device: torch.device, reporter: Reporter, *, team: Team | None = None
) -> tuple[Run, Result | None]:
    """Train a network, write its checkpoint, and judge it.

    A third of a small scene, and half of ten chips, would be lost to the validation part and the gap around it. So
    where few chips validate (`Split.whole`) the network is trained twice: first without them, which gives figures that
    can be believed, then from the start on all that may be learned from, which gives the weights, the calibration and
    the threshold that are kept. The test part is read at the very end.

    On another part of their scene (Hokkaido 2018), `f1_landslide` of six networks trained on 10 chips of 64 px rose
    from 0.09 to 0.52 to 0.50 to 0.53 by it; of three of each kind trained on the scene, from .634 to .646 in the mean
    (a U-Net of 2 M parameters) and from .601 to .653 (``scarpnet_small``).

    Arguments are those of `Run`.

    Returns:
        The (first) training, and its result; None in a process that does not lead.

    Raises:
        Cancelled: The user asked to stop: checkpoint and state of the last whole epoch stay.
        ScarpError: See `Run` and `Trainer.fit`.
    """
    team, start = team or Team(), time.monotonic()
    whole = None if job.patience else data.split.whole
    end = 1.0 if whole is None else 0.5

    def judged(run: Run, part: Reporter, *, last: bool) -> Result | None:
        return run.finish(round(time.monotonic() - start, 1), part, last=last) if team.leads else None

    run = Run(job, plan, data, device, reporter.part(0.0, 0.95 * end), team=team)
    run.trainer.fit(data, job.epochs)
    first = judged(run, reporter.part(0.95 * end, end), last=whole is None)
    if whole is None:
        return run, first
    reporter.info(
        f"Little validates: the network now learns once more, from {whole.name}. Figures of the split "
        f"'{data.split.name}' are those of the first training."
    )
    with tempfile.TemporaryDirectory(prefix="scarp-") as folder:
        again = replace(job, checkpoint=f"{folder}/again.safetensors", resume="", precision=run.scorer.precision)
        everything = replace(data, split=whole)
        quiet = reporter.part(0.5, 0.97).quiet()  # the choices are those that were told before
        try:
            second = Run(again, replace(plan, state=None), everything, device, quiet, team=team)
            second.trainer.fit(everything, job.epochs)
            last = judged(second, reporter.part(0.97, 1.0), last=True)
        except Cancelled:
            reporter.info(
                "Stopped while the network learned from all chips. The one of the first training is kept; "
                f"RESUME={state_path(job.checkpoint)} goes on."
            )
            raise
        if first is None or last is None:
            return run, None
        card = _both(first, last, data.split, whole)
        checkpoint.save(job.checkpoint, second.model, card)
    tested = {name: scores for name, scores in last.parts.items() if name != whole.name}
    return run, Result(card, {**first.parts, **tested}, first.uncalibrated)


def _both(first: Result, last: Result, split: Split, whole: Split) -> Card:
    """The card of the second network, with what the first one tells about the validation part."""
    measured = {name: figures for name, figures in last.card.metrics.items() if not name.startswith(whole.name)}
    return replace(
        last.card,
        metrics={**first.card.metrics, **measured},
        training={
            **last.card.training,
            "trained_twice": True,
            "split": f"{split.description} The network that was kept then learned from {whole.name}: figures of the "
            f"split '{split.name}' are those of a first training.",
        },
    )
