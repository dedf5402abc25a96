"""How a running job speaks: progress, messages, and the question whether it should stop."""

from __future__ import annotations

import logging
from typing import Callable

from .errors import Cancelled

Progress = Callable[[float, str], None]
Log = Callable[[str, str], None]

_logger = logging.getLogger("scarp")


def _log_to_python(level: str, message: str) -> None:
    _logger.log(logging.WARNING if level == "warning" else logging.INFO, message)


class Reporter:
    """Hands progress and messages to whoever runs the job, and raises `Cancelled` when they want it to stop.

    Args:
        progress: Called with the share done (0 to 1) and a short text.
        cancelled: Asked often; true means stop.
        log: Called with ``"info"`` or ``"warning"`` and a sentence. Default: Python's logger ``scarp``.
    """

    def __init__(
        self,
        progress: Progress | None = None,
        cancelled: Callable[[], bool] | None = None,
        log: Log | None = None,
    ) -> None:
        self._progress = progress
        self._cancelled = cancelled
        self._log = log or _log_to_python

    def info(self, message: str) -> None:
        """Tell the user something worth knowing: a choice made for them, an assumption, a result."""
        self._log("info", message)

    def warning(self, message: str) -> None:
        """Tell the user something that may spoil the result."""
        self._log("warning", message)

    def progress(self, share: float, text: str = "") -> None:
        """Report the share done (0 to 1, clipped).

        Raises:
            Cancelled: If the user asked to stop.
        """
        self.check()
        if self._progress is not None:
            self._progress(min(max(share, 0.0), 1.0), text)

    def check(self) -> None:
        """Raise `Cancelled` if the user asked to stop. Cheap: call it in every loop that can last 0.2 s."""
        if self._cancelled is not None and self._cancelled():
            raise Cancelled

    def part(self, start: float, end: float) -> Reporter:
        """A reporter whose 0 to 1 fills ``start`` to ``end`` of this one: for one stage of a job."""

        def inner(share: float, text: str) -> None:
            if self._progress is not None:
                self._progress(start + (end - start) * share, text)

        return Reporter(inner, self._cancelled, self._log)

    def quiet(self) -> Reporter:
        """A reporter whose messages nobody hears: for work that has been told of before."""
        return Reporter(self._progress, self._cancelled, lambda level, message: None)
