"""Train once a fold on the others and test on it: a table with mean and standard deviation, and a report."""

from __future__ import annotations

from typing import Any

from ..errors import ScarpError
from ..inference.device import choose_device
from ..jobs import CrossValidateJob
from ..outputs import REPORT, TABLE, Outputs
from ..products.record import run_record
from ..reporter import Reporter
from ..training import report, tables
from ..training.crossvalidation import Folds
from ..training.data import open_source
from ..training.fold_table import COLUMNS, fold_rows, summary_rows
from ..training.plan import make_plan
from ..training.team import Team

_FIGURES = ("f1_landslide", "iou_landslide", "f1_macro", "miou")


def perform(job: CrossValidateJob, reporter: Reporter) -> dict[str, Any]:
    """Run the job.

    Checkpoint, report and state of each fold lie in a folder beside the table: finished folds are not trained again
    when the job is run again with the same parameters.

    Returns:
        ``TABLE``, ``REPORT`` if it was asked for, ``FOLDER`` of the checkpoints, and mean and standard deviation over
        the folds of ``F1_LANDSLIDE``, ``IOU_LANDSLIDE``, ``F1_MACRO`` and ``MIOU`` (the latter as ``..._STD``).

    Raises:
        ScarpError: The data or a parameter cannot be used, or the kept folds belong to another job.
        Cancelled: The user asked to stop: finished folds, and the last whole epoch of another, stay.
    """
    if Team.of_environment().size > 1:
        raise ScarpError(
            "A cross-validation runs in one process. Start it without torchrun; to share the work, give each process a "
            "FOLD of its own."
        )
    with Outputs() as outputs:
        table = outputs.stage(job.table, TABLE)
        page = outputs.stage(job.report, REPORT) if job.report else None
        folds = Folds(job, reporter)
        # Before the data are read, which may take long.
        make_plan(job.fold_job(1, str(folds.checkpoint(1))), reporter)
        device = choose_device(job.device, reporter)
        with open_source(job.fold_job(1, str(folds.checkpoint(1))), reporter.part(0.0, 0.02)) as source:
            cards = folds.run(source, device, reporter.part(0.02, 0.99))
        if len(cards) < job.folds:
            left = [str(number) for number in range(1, job.folds + 1) if number not in cards]
            reporter.warning(f"Table and means are of {len(cards)} folds; still to be trained: {', '.join(left)}.")
        rows = fold_rows(cards)
        mean, std, pooled = summary_rows(rows)
        tables.write(table, COLUMNS, [*rows, mean, std, pooled])
        if page:
            record = run_record(job, device=str(device))
            page.write_text(
                report.folds_page(job, list(cards.values()), rows, [mean, std, pooled], record), encoding="utf-8"
            )
    reporter.info(
        "Mean over the folds (standard deviation): "
        + ", ".join(f"{name} {mean[name]:.3f} ({std[name]:.3f})" for name in _FIGURES)
    )
    reporter.info(f"Checkpoints and reports of the folds are kept in '{folds.folder}'; delete it when you are done.")
    return {
        **{key.upper(): path for key, path in job.outputs().items()},
        "FOLDER": str(folds.folder),
        **{name.upper(): mean[name] for name in _FIGURES},
        **{f"{name.upper()}_STD": std[name] for name in _FIGURES},
    }
