"""Removes the managed environment: the folder that `create` made, and nothing else."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from ..errors import ScarpError
from ..reporter import Log, Progress, Reporter
from . import find
from .create import UNFINISHED


def remove(
    folder: str | Path = "",
    progress: Progress | None = None,
    log: Log | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Path:
    """Delete the environment. What pip keeps in its cache stays: making it anew downloads little.

    Args:
        folder: Where it is; empty: `find.managed_folder`.
        progress: Called with the share done (0 to 1) and a short text.
        log: Called with ``"info"`` or ``"warning"`` and a sentence.
        cancelled: Asked often. An environment that is deleted in part counts as unfinished.

    Returns:
        The folder, which is gone.

    Raises:
        ScarpError: There is none, the folder was not made by `create`, or a file of it is in use.
        Cancelled: ``cancelled`` said so.
    """
    folder = Path(folder or find.managed_folder()).absolute()
    reporter = Reporter(progress, cancelled, log)
    if not folder.exists():
        raise ScarpError(f"There is no runtime in '{folder}': nothing to remove.")
    if not (folder / find.MARKER).is_file() and not (folder / UNFINISHED).is_file():
        raise ScarpError(
            f"The folder '{folder}' was not made by 'Set up the runtime': it is left alone. Delete it yourself if you "
            "are sure."
        )
    reporter.progress(0.0, "Removing the runtime")
    (folder / UNFINISHED).touch()
    (folder / find.MARKER).unlink(missing_ok=True)
    # Package by package, so that cancel is heard.
    packages = [path for lib in ("lib/python*", "Lib") for path in folder.glob(f"{lib}/site-packages/*")]
    steps = [*packages, *(path for path in folder.iterdir() if path.name != UNFINISHED)]
    for number, path in enumerate(steps):
        reporter.progress(number / (len(steps) + 1), "Removing the runtime")
        _delete(path)
    _delete(folder)
    reporter.progress(1.0, "Removed")
    reporter.info(f"The runtime in '{folder}' was removed.")
    return folder


def _delete(path: Path) -> None:
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise ScarpError(
            f"'{error.filename or path}' cannot be deleted ({error.strerror}). Is a job of Scarp running? Wait for it "
            "(or restart QGIS), and remove the runtime again."
        ) from error
