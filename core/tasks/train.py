"""Train a network: data, network, loop, then the figures of the best epoch in card and report."""

from __future__ import annotations

from typing import Any

from ..inference.device import choose_device
from ..jobs import TrainJob
from ..outputs import CHECKPOINT, REPORT, Outputs, remove
from ..reporter import Reporter
from ..training import report
from ..training.data import open_data
from ..training.plan import make_plan
from ..training.state import state_path
from ..training.team import Team
from ..training.twice import train


def perform(job: TrainJob, reporter: Reporter) -> dict[str, Any]:
    """Train a network and write its checkpoint, and a report if asked for.

    The checkpoint appears with the first epoch and is replaced, whole, by each better one; beside it lies the state
    to resume from until the training is finished.

    Args:
        job: What to do.
        reporter: Told the choices, the progress, and loss and validation figures of each epoch.

    Returns:
        ``CHECKPOINT``, ``REPORT``, the figures ``F1_LANDSLIDE``, ``IOU_LANDSLIDE``, ``F1_MACRO``, ``MIOU`` of the
        split named ``SPLIT`` (the test part, or the validation part where there is none), and their ``THRESHOLD``.
        Of several processes (`scarp.core.training.team`) only the one that leads returns something.

    Raises:
        ScarpError: The data or a parameter cannot be used; nothing has been written then.
        Cancelled: The user asked to stop: checkpoint and state of the last whole epoch stay.
    """
    team = Team.of_environment()
    reporter = team.voice(reporter)
    plan = make_plan(job, reporter)
    with Outputs() as outputs:
        page = None
        if team.leads:
            outputs.stage(job.checkpoint, CHECKPOINT)
            page = outputs.stage(job.report, REPORT) if job.report else None
        device = choose_device(team.device_name(job.device), reporter)
        with open_data(job, reporter.part(0.0, 0.05)) as data, team.joined(device):
            run, result = train(job, plan, data, device, reporter.part(0.05, 0.98), team=team)
            if result is None:
                return {}
            if page:
                page.write_text(report.training_page(run, result), encoding="utf-8")
        remove(state_path(job.checkpoint))
    figures = result.card.metrics[result.split]
    return {
        **{key.upper(): path for key, path in job.outputs().items()},
        **{key.upper(): figures[key] for key in ("f1_landslide", "iou_landslide", "f1_macro", "miou")},
        "THRESHOLD": result.card.threshold,
        "SPLIT": result.split,
    }
