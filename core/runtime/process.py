"""Running another program without freezing, hanging or flashing a console window: the one place that starts any.

It works from any thread, with or without a running event loop there, and where ``sys.stdout`` is None (QGIS on
Windows): the program is watched by an event loop of its own in a thread of its own, and all callbacks are called
in the caller's thread.
"""

from __future__ import annotations

import asyncio
import logging
import os
import queue
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Callable

from ..errors import ScarpError
from .environment import clean, redact

POLL = 0.1  # s between two looks at the user's cancel button
PATIENCE = 2.0  # s between asking to stop, terminating and killing
FAREWELL = 10.0  # s that a program may take to end after it said its last word
_LINE_LIMIT = 1 << 26  # bytes; a report as one line of JSON is large
_KEPT_LINES = 60
_NO_WINDOW = 0x08000000  # CREATE_NO_WINDOW of Windows

_logger = logging.getLogger("scarp.worker")


@dataclass(frozen=True)
class Ended:
    """How a program ended: its exit code (negative: the signal, on POSIX), whether it was stopped by us, and the
    last lines of its standard error."""  # noqa: D205, D209

    code: int
    stopped: bool
    errors: str


def run(
    command: Sequence[str],
    *,
    on_line: Callable[[str], object] | None = None,
    cancelled: Callable[[], bool] | None = None,
    first_line: str = "",
    cancel_line: str = "",
    environment: Mapping[str, str] | None = None,
    timeout: float | None = None,
) -> Ended:
    """Run a program to its end, and stop it when the user says so: asked, terminated 2 s later, killed 2 s later.

    Args:
        command: The program and its arguments.
        on_line: Called with each line of standard output. Returning True says that it was the last that matters: the
            program may then take 10 s to end before it is stopped.
        cancelled: Asked every 0.1 s.
        first_line: Written to standard input at the start. Without it the program finds its standard input empty;
            with it, standard input stays open until the program ends or this process does.
        cancel_line: What asks the program to stop, on its standard input; empty: it is terminated at once.
        environment: Variables that are set in addition to the cleaned environment of this process.
        timeout: Seconds after which the program is stopped.

    Raises:
        ScarpError: The program cannot be started.
    """
    watch = _Watch(list(command), first_line, cancel_line, {**clean(), **(environment or {})})
    thread = threading.Thread(target=watch.main, name="scarp-process", daemon=True)
    deadline = None if timeout is None else time.monotonic() + timeout
    thread.start()
    try:
        while True:
            try:
                line = watch.lines.get(timeout=POLL)
            except queue.Empty:
                line = ""
            if line is None:
                break
            if line and on_line is not None and on_line(line) is True:
                deadline = time.monotonic() + FAREWELL
                on_line = None
                watch.hang_up.set()
            late = deadline is not None and time.monotonic() > deadline
            if late or (cancelled is not None and cancelled()):
                watch.stop.set()
    finally:
        # Reached early when a callback raised or the user pressed Ctrl-C: the program must not outlive this call.
        watch.stop.set()
        thread.join()
    if watch.failure is not None:
        raise ScarpError(f"'{command[0]}' cannot be started: {watch.failure}.")
    return Ended(watch.code, watch.stopping, "\n".join(watch.errors))


class _Watch:
    """One program, watched by an event loop in the thread that calls `main`."""

    def __init__(self, command: list[str], first_line: str, cancel_line: str, environment: dict[str, str]) -> None:
        self._command = command
        self._first_line = first_line
        self._cancel_line = cancel_line
        self._environment = environment
        self.lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()  # of standard output; None: it has ended
        self.errors: deque[str] = deque(maxlen=_KEPT_LINES)
        self.stop = threading.Event()
        self.hang_up = threading.Event()
        self.stopping = False
        self.code = 0
        self.failure: str | None = None

    def main(self) -> None:
        # Not asyncio.run: another plugin may have set an event loop policy whose loops cannot start programs.
        loop: asyncio.AbstractEventLoop
        if sys.platform == "win32":
            loop = asyncio.ProactorEventLoop()
        else:
            loop = asyncio.SelectorEventLoop()
        try:
            loop.run_until_complete(self._run())
        except (OSError, ValueError) as error:
            self.failure = str(error)
        finally:
            loop.close()
            self.lines.put(None)

    async def _run(self) -> None:
        # A group of its own, so that a program's children die with it. It needs the parent's eye on it for that:
        # Ctrl-C in a terminal no longer reaches it by itself.
        group = {"creationflags": _NO_WINDOW} if sys.platform == "win32" else {"start_new_session": True}
        process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=self._environment,
            limit=_LINE_LIMIT,
            **group,  # type: ignore[arg-type]
        )
        readers = asyncio.gather(
            self._read(process.stdout, self.lines.put), self._read(process.stderr, self._note), return_exceptions=True
        )
        self._write(process, self._first_line)
        if not self._first_line:
            self._close(process)
        stopper = None
        # Not process.wait(): in some Python versions it also waits for grandchildren that hold the pipes.
        while process.returncode is None:
            await asyncio.sleep(0.02)
            if self.hang_up.is_set():
                self._close(process)
            if self.stop.is_set() and stopper is None:
                self.stopping = True
                stopper = asyncio.ensure_future(self._stop(process))
        if stopper is not None:
            stopper.cancel()
        await asyncio.wait([readers], timeout=1.0)
        if not readers.done():  # a grandchild lives on and holds the pipes
            _signal(process, kill=True)
            readers.cancel()
        self.code = process.returncode
        self._close(process)
        # asyncio forgets to close the pipes of a program that left some unread.
        process._transport.close()  # type: ignore[attr-defined]
        await asyncio.sleep(0)

    async def _stop(self, process: asyncio.subprocess.Process) -> None:
        if self._cancel_line:
            self._write(process, self._cancel_line)
            await asyncio.sleep(PATIENCE)
        _signal(process, kill=False)
        await asyncio.sleep(PATIENCE)
        _signal(process, kill=True)

    async def _read(self, stream: asyncio.StreamReader | None, use: Callable[[str], None]) -> None:
        while stream is not None:
            try:
                line = await stream.readline()
            except ValueError:
                _logger.debug("a line longer than %d bytes was left out", _LINE_LIMIT)
                continue
            if not line:
                return
            text = line.decode("utf-8", "replace").rstrip("\r\n")
            if text:
                use(text)

    def _note(self, text: str) -> None:
        text = redact(text)
        _logger.debug("%s", text)
        self.errors.append(text)

    def _write(self, process: asyncio.subprocess.Process, text: str) -> None:
        stdin = process.stdin
        if text and stdin is not None and not stdin.is_closing():
            stdin.write(text.encode() + b"\n")

    def _close(self, process: asyncio.subprocess.Process) -> None:
        if process.stdin is not None and not process.stdin.is_closing():
            process.stdin.close()


def _signal(process: asyncio.subprocess.Process, *, kill: bool) -> None:
    try:
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL if kill else signal.SIGTERM)
    except ProcessLookupError:
        _logger.debug("process %d has ended by itself", process.pid)
