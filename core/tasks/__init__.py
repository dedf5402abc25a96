"""One module a job: each has ``perform(job, reporter) -> dict`` and puts the parts of the library together."""

from __future__ import annotations

import errno
import importlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ..errors import ScarpError

if TYPE_CHECKING:
    from ..jobs import Job
    from ..reporter import Reporter

_FULL = (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))


def perform(job: Job, reporter: Reporter) -> dict[str, Any]:
    """Check a job and run it with the module of this package that carries its name.

    Raises:
        ScarpError: The input is wrong, or the disk or the memory ran out; the message says what to do.
    """
    job.check()
    job.check_files()
    if job.KIND != "train" and "RANK" in os.environ and os.environ.get("WORLD_SIZE", "1") != "1":
        raise ScarpError(
            f"{job.KIND} runs in one process, but {os.environ['WORLD_SIZE']} were started. Only a training shares its "
            "work: start this job without torchrun."
        )
    module = importlib.import_module(f".{job.KIND}", __name__)
    with explained():
        result: dict[str, Any] = module.perform(job, reporter)
    return result


@contextmanager
def explained() -> Iterator[None]:
    """Turn what goes wrong with files, a full disk above all, into a `ScarpError` that says what to do."""
    try:
        yield
    except OSError as error:
        if error.errno is None:
            raise
        name = f"'{error.filename}'" if error.filename else "a file"
        if error.errno in _FULL:
            raise ScarpError(
                f"There is no space left to write {name} ({error.strerror}). Free some, choose another folder, or set "
                "TMPDIR to a folder on a larger disk."
            ) from error
        raise ScarpError(
            f"{name} could not be read or written ({error.strerror}). Check that it exists and its permissions."
        ) from error
