"""The landslide library. It never imports qgis; its standard-library parts also run inside QGIS's Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

if TYPE_CHECKING:
    from .jobs import Job
    from .reporter import Log, Progress


def run(
    job: Job, progress: Progress | None = None, cancelled: Callable[[], bool] | None = None, log: Log | None = None
) -> dict[str, Any]:
    """Run a job in this process and return its result: output paths and numbers, keyed as the algorithm's outputs.

    Args:
        job: One of the dataclasses of `scarp.core.jobs`.
        progress: Called with the share done (0 to 1) and a short text.
        cancelled: Asked often; true stops the job.
        log: Called with ``"info"`` or ``"warning"`` and a sentence.

    Raises:
        ScarpError: The input is wrong; the message says what to do.
        Cancelled: ``cancelled`` said so; nothing half-written is left.
    """
    from .reporter import Reporter
    from .tasks import perform

    return perform(job, Reporter(progress, cancelled, log))
