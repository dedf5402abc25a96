"""The two exceptions that Scarp raises on purpose.

Everything else that escapes is a defect of ours and is reported as such, with a traceback in the debug log.
"""

from __future__ import annotations


class ScarpError(Exception):
    """A problem that the user can solve: the message says what was expected, what was found and what to do."""


class Cancelled(ScarpError):  # noqa: N818 - it is an outcome, not an error
    """The user asked to stop. Nothing half-written is left behind."""

    def __init__(self, message: str = "Cancelled.") -> None:
        super().__init__(message)
