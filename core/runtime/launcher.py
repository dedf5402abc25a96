"""Runs a job in the worker of another Python, while QGIS stays alive, whatever happens to it."""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Callable

from ..errors import Cancelled, ScarpError
from ..jobs import Job
from ..reporter import Log, Progress
from . import process
from .parts import remove_parts

WORKER = Path(__file__).resolve().parents[1] / "__main__.py"
_SHOWN_LINES = 6

_logger = logging.getLogger("scarp.worker")


def run_job(
    job: Job,
    python: str | os.PathLike[str],
    *,
    progress: Progress | None = None,
    log: Log | None = None,
    cancelled: Callable[[], bool] | None = None,
    environment: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Run a job in a worker and wait for its result. All callbacks are called in the caller's thread.

    Args:
        job: What to do. It is checked before anything is started.
        python: The worker's interpreter: a path, or the answer of `find_python`.
        progress: Called with the share done (0 to 1) and a short text.
        log: Called with ``"info"`` or ``"warning"`` and a sentence.
        cancelled: Asked every 0.1 s. True: the worker is asked to stop, terminated 2 s later, killed 2 s later.
        environment: Variables to set for the worker.

    Returns:
        Output paths and numbers, keyed as the algorithm's outputs; None where a number is undefined.

    Raises:
        ScarpError: The worker's message, or how it crashed with the last lines that it said.
        Cancelled: ``cancelled`` said so. As after a crash, nothing half-written is left.
    """
    job.check()
    worker = _Worker(progress, log)
    try:
        ended = process.run(
            [os.fspath(python), "-I", "-X", "utf8", os.fspath(WORKER)],
            on_line=worker.hear,
            cancelled=cancelled,
            first_line=job.to_json(),
            cancel_line='{"cmd": "cancel"}',
            environment=environment,
        )
    except ScarpError as error:
        raise ScarpError(
            f"The Python of the runtime does not start. {error} Run 'Set up the runtime' (scarp:setupruntime) again, "
            "or correct the setting (SCARP_PYTHON)."
        ) from error
    finally:
        if worker.result is None:
            remove_parts(job)  # the worker does this itself unless it was killed
    if worker.result is not None:
        return worker.result
    if worker.cancelled or (worker.error is None and ended.stopped):
        raise Cancelled
    raise ScarpError(worker.error if worker.error is not None else _crash(ended))


class _Worker:
    """What the worker has said so far."""

    def __init__(self, progress: Progress | None, log: Log | None) -> None:
        self._progress = progress
        self._log = log
        self.result: dict[str, Any] | None = None
        self.error: str | None = None
        self.cancelled = False

    def hear(self, line: str) -> bool:
        """Take in one line; true when it was the last word."""
        try:
            said = json.loads(line)
        except ValueError:
            said = None
        event = said.get("event") if isinstance(said, dict) else None
        if event == "progress" and self._progress is not None:
            self._progress(float(said.get("share") or 0.0), str(said.get("text", "")))
        elif event == "log" and self._log is not None:
            self._log(str(said.get("level", "info")), str(said.get("message", "")))
        elif event == "started" and self._log is not None:
            self._log("info", _introduction(said))
        elif event == "result" and isinstance(said.get("result"), dict):
            self.result = said["result"]
        elif event == "error":
            self.error = str(said.get("message", ""))
            self.cancelled = bool(said.get("cancelled"))
        elif event is None:
            _logger.debug("not a line of the protocol: %.500s", line)
        return self.result is not None or self.error is not None


def _introduction(started: dict[str, Any]) -> str:
    versions = started.get("versions")
    packages = [f"{name} {version}" for name, version in versions.items()] if isinstance(versions, dict) else []
    parts = [f"Python {started.get('python', '?')}", *packages]
    if started.get("device"):
        parts.append(f"device {started['device']}")
    return f"Worker: {', '.join(parts)}."


def _crash(ended: process.Ended) -> str:
    lines = ended.errors.splitlines()[-_SHOWN_LINES:]
    said = f" Its last words:\n{chr(10).join(lines)}" if lines else " It said nothing."
    return f"The worker {_how(ended.code)}{said}"


def _how(code: int) -> str:
    if code in (-9, 137):
        return (
            "was killed (SIGKILL), as systems do that run out of memory. "
            "Close other programs, or choose a smaller TILE or BATCH."
        )
    advice = "Run 'Check the runtime' (scarp:checkruntime)."
    if code < 0:
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = f"signal {-code}"
        return f"crashed ({name}). {advice}"
    if sys.platform == "win32" and code > 0xFFFF:
        return f"crashed (0x{code:08X}). {advice}"
    return f"ended without a result (exit code {code}). {advice}"
