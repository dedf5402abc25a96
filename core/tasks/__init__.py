"""One module a job: each has ``perform(job, reporter) -> dict`` and puts the parts of the library together."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from ..errors import ScarpError

if TYPE_CHECKING:
    from ..jobs import Job
    from ..reporter import Reporter


def perform(job: Job, reporter: Reporter) -> dict[str, Any]:
    """Check a job and run it with the module of this package that carries its name.

    Raises:
        ScarpError: The input is wrong, or the disk or the memory ran out; the message says what to do.
    """
    job.check()
    job.check_files()
    module = importlib.import_module(f".{job.KIND}", __name__)
    try:
        result: dict[str, Any] = module.perform(job, reporter)
    except OSError as error:
        if error.errno is None:
            raise
        name = f" '{error.filename}'" if error.filename else ""
        raise ScarpError(f"A file{name} could not be read or written: {error.strerror}.") from error
    return result
