"""Train a grid of networks, losses, bands, heads and optimizers on the same data: one table and one report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..errors import ScarpError
from ..inference.device import choose_device
from ..jobs import CompareJob
from ..outputs import REPORT, TABLE, Outputs
from ..products.record import run_record
from ..reporter import Reporter
from ..training import comparison_report, comparison_table, tables
from ..training.comparison import Comparison, Outcome
from ..training.data import open_source


def perform(job: CompareJob, reporter: Reporter) -> dict[str, Any]:
    """Run the job.

    Checkpoint, report, notes and state of each training lie in a folder beside the table: finished ones are not
    trained again when the job is run again. The table is replaced, whole, after every training, so that a long
    run can be looked at; after a cancel it holds the trainings that are finished.

    Returns:
        ``TABLE``, ``REPORT`` if it was asked for, ``FOLDER`` of the checkpoints, ``TRAINED``: how many trainings
        are in the table with figures, ``FAILED``: how many with a problem instead.

    Raises:
        ScarpError: The data or a parameter cannot be used, the kept trainings belong to another job, or none of the
            trainings could be done.
        Cancelled: The user asked to stop: finished trainings, and the last whole epoch of another, stay.
    """
    with Outputs() as outputs:
        table = outputs.stage(job.table, TABLE)
        page = outputs.stage(job.report, REPORT) if job.report else None
        comparison = Comparison(job, reporter)
        device = choose_device(job.device, reporter)

        def keep(outcomes: Sequence[Outcome]) -> None:
            """Put the table in place as it is by now."""
            found = comparison_table.rows(outcomes)
            summary = comparison_table.summary_rows(found) if job.seeds > 1 else []
            tables.write(table, comparison_table.COLUMNS, [*found, *summary])
            try:
                table.replace(job.table)
            except PermissionError:  # Windows: somebody is looking at it
                reporter.warning(f"'{job.table}' is open elsewhere: it is replaced after the next training.")

        with open_source(comparison.opening, reporter.part(0.0, 0.02)) as source:
            outcomes = comparison.run(source, device, reporter.part(0.02, 0.99), keep)
        trained = [outcome for outcome in outcomes if outcome.card is not None]
        if not trained:
            raise ScarpError(f"None of {len(outcomes)} trainings could be done. The first: {outcomes[0].problem}")
        if page:
            record = run_record(job, device=str(device))
            page.write_text(comparison_report.page(job, outcomes, record), encoding="utf-8")
    for row in comparison_table.rows(trained):
        way = ", ".join(row[name] for name in ("network", "head", "features", "loss", "optimizer"))
        reporter.info(
            f"{way}, seed {row['seed']}: "
            + ", ".join(f"{name} {row[name]:.3f}" for name in ("f1_landslide", "iou_landslide", "f1_macro", "miou"))
        )
    reporter.info(f"Checkpoints and reports are kept in '{comparison.folder}'; delete it when you are done.")
    return {
        **{key.upper(): path for key, path in job.outputs().items()},
        "FOLDER": str(comparison.folder),
        "TRAINED": len(trained),
        "FAILED": len(outcomes) - len(trained),
    }
