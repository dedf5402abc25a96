"""The worker's side of the conversation: JSON lines out, commands in, and the wish to stop."""

from __future__ import annotations

import json
import math
import os
import sys
import threading
import time
from typing import Any, Callable, TextIO

_THROTTLE = 0.1  # s between two progress lines: QGIS redraws at each
_GRACE = 10.0  # s to clean up in after the parent has gone
_TEXT_WAIT = 0.2  # s in which the end of a text that was piped in shows


def claim_stdout() -> TextIO:
    """Take standard output for the JSON lines alone.

    What else writes to it from now on, `print` and C libraries included, goes to standard error.
    """
    sys.stdout.flush()
    claimed = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return claimed


class Channel:
    """Says how a job is going.

    Args:
        lines: Where the JSON lines go.
        readable: Where a person reads progress and messages; None: nobody does. When ``lines`` is a terminal too,
            progress and messages are only said there once, in words.
    """

    def __init__(self, lines: TextIO, readable: TextIO | None = None) -> None:
        self._lines = lines
        self._readable = readable
        self._terse = readable is not None and lines.isatty()
        self._lock = threading.Lock()
        self._last = float("-inf")
        self.stop = False

    def send(self, event: str, **facts: Any) -> None:
        """Write one line; a reader that has gone is the same as the wish to stop."""
        text = json.dumps({"event": event, **plain(facts)}, allow_nan=False)
        try:
            with self._lock:
                self._lines.write(f"{text}\n")
                self._lines.flush()
        except OSError:
            self.stop = True

    def progress(self, share: float, text: str) -> None:
        """Say the share done (0 to 1), at most ten times a second."""
        now = time.monotonic()
        if now - self._last < _THROTTLE and share < 1:
            return
        self._last = now
        if self._readable is not None:
            self._readable.write(f"{100 * share:5.1f} %  {text}\n")
        if not self._terse:
            self.send("progress", share=round(share, 4), text=text)

    def log(self, level: str, message: str) -> None:
        """Say a sentence; ``level`` is ``info`` or ``warning``."""
        if self._readable is not None:
            self._readable.write(f"{'Warning: ' if level == 'warning' else ''}{message}\n")
        if not self._terse:
            self.send("log", level=level, message=message)

    def stopped(self) -> bool:
        """Whether the job should stop."""
        return self.stop

    def obey(self, commands: Commands, clean_up: Callable[[], None], *, may_be_text: bool) -> None:
        """Follow the parent's commands from now on, and end this process some time after the parent has gone.

        Args:
            commands: Standard input.
            clean_up: Called when the job does not stop by itself within 10 s, before the process is ended.
            may_be_text: An end that is there already means that there never was a parent: the job was piped in.
        """
        listener = threading.Thread(target=self._obey, args=(commands, clean_up, may_be_text), daemon=True)
        listener.start()
        if may_be_text:
            listener.join(_TEXT_WAIT)

    def _obey(self, commands: Commands, clean_up: Callable[[], None], may_be_text: bool) -> None:
        start = time.monotonic()
        while True:
            line = commands.line()
            if line is None:
                break
            if _is_cancel(line):
                # Answered from this thread: the main one may be in a long call. Or in a short one: said first, since
                # nothing may follow its last word.
                self.log("info", "Cancelling.")
                self.stop = True
        if may_be_text and time.monotonic() - start < _TEXT_WAIT:
            return
        self.stop = True
        time.sleep(_GRACE)
        clean_up()
        os._exit(1)


class Commands:
    """Lines of standard input, read from the bare file descriptor.

    Python's own buffered reader would block the end of the interpreter while a thread waits in it.
    """

    def __init__(self, descriptor: int = 0) -> None:
        self._descriptor = descriptor
        self._rest = b""

    def line(self) -> str | None:
        """The next line without its end; None when there is no more."""
        while b"\n" not in self._rest:
            if not self._read():
                last, self._rest = self._rest, b""
                return last.decode("utf-8", "replace") if last else None
        line, self._rest = self._rest.split(b"\n", 1)
        return line.decode("utf-8", "replace")

    def rest(self) -> str:
        """Everything up to the end."""
        while self._read():
            continue
        text, self._rest = self._rest, b""
        return text.decode("utf-8", "replace")

    def _read(self) -> bool:
        try:
            data = os.read(self._descriptor, 1 << 16)
        except OSError:
            return False
        self._rest += data
        return bool(data)


def plain(value: Any) -> Any:
    """The value as JSON knows it: NaN and infinity become null, NumPy's numbers plain ones, paths text."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if value is None or isinstance(value, (str, int, float)) else str(value)


def _is_cancel(line: str) -> bool:
    try:
        command = json.loads(line)
    except ValueError:
        return False
    return isinstance(command, dict) and command.get("cmd") == "cancel"
