r"""The worker: one job in, JSON lines out, in a process of its own.

Protocol, one JSON object a line, UTF-8:

* standard input: the job (`Job.to_json`); then commands, ``{"cmd": "cancel"}``; its end means that the parent is gone.
* standard output: ``{"event": ...}`` with

  - ``started``: ``python``, ``executable``, ``versions`` (package to version), ``device`` (empty: the job needs none);
  - ``progress``: ``share`` (0 to 1), ``text``;
  - ``log``: ``level`` (``info`` or ``warning``), ``message``;
  - ``result``: ``result``, the outputs and numbers, NaN as null. Always the last line, as is
  - ``error``: ``message``, which a user can act on; ``cancelled``; ``defect``, true when the fault is Scarp's.

Everything else, tracebacks included, goes to standard error. Exit code: 0 result, 1 error, 130 cancelled.
"""

from __future__ import annotations

import importlib.metadata
import json
import signal
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Any, Callable

from ..errors import Cancelled, ScarpError
from ..jobs import Job, from_json
from ..reporter import Reporter
from ..tasks import perform
from .channel import Channel, Commands, claim_stdout
from .jobfile import holds_several
from .openmp import wait_briefly
from .parts import remove_parts

_REPORTED = ("torch", "numpy", "rasterio")
_USAGE = """\
Usage: python -m scarp.core FILE.json    run the job in FILE.json
       python -m scarp.core -            run the job on standard input
       python -m scarp.core              the same, for programs: the end of standard input stops the job
       python -m scarp.core [OPTIONS] FILE...
                                         run several jobs; a FILE may hold an array of them, or a job a line

  --again               do also the jobs whose outputs are up to date
  --workers N           share them among N processes (Dask)
  --scheduler ADDRESS   share them among the workers of a Dask cluster, such as tcp://HOST:8786
  --blocks N            divide each detect job into N blocks of rows
  --folder FOLDER       where blocks are kept; default: beside the first output
"""


def main(arguments: Sequence[str]) -> int:
    """Run the job that ``arguments`` name (see the usage) and return the exit code."""
    source = arguments[0] if arguments else ""
    if len(arguments) == 1 and source.startswith("-") and source != "-":
        sys.stderr.write(_USAGE)
        return 2
    by_hand = source not in ("", "-")
    wait_briefly()
    several = _several(arguments) if by_hand else None
    lines = claim_stdout()
    channel = Channel(lines, sys.stderr if by_hand and sys.stderr.isatty() else None)
    _stop_on_signals(channel)
    try:
        code = _run(source, channel) if several is None else several(channel)
    except Cancelled as error:
        channel.send("error", message=str(error), cancelled=True, defect=False)
        code = 130
    except ScarpError as error:
        channel.send("error", message=str(error), cancelled=False, defect=False)
        code = 1
    except (MemoryError, ImportError) as error:
        traceback.print_exc(file=sys.stderr)
        channel.send("error", message=_explain(error), cancelled=False, defect=False)
        code = 1
    except Exception as error:  # the last chance to say anything
        traceback.print_exc(file=sys.stderr)
        message = f"Something went wrong inside Scarp ({type(error).__name__}: {error}). Please report it with the log."
        channel.send("error", message=message, cancelled=False, defect=True)
        code = 1
    return code


def _several(arguments: Sequence[str]) -> Callable[[Channel], int] | None:
    """What runs a list of jobs, where one was given; None: it is one job."""
    if len(arguments) == 1 and not holds_several(arguments[0]):
        return None
    from ..cluster import command

    asked = command.parse(arguments)
    return lambda channel: command.run(asked, channel)


def _run(source: str, channel: Channel) -> int:
    commands = Commands()
    job = from_json(_read_job(source, commands))
    if source in ("", "-"):
        channel.obey(commands, lambda: remove_parts(job), may_be_text=source == "-")
    channel.send(
        "started", python=sys.version.split()[0], executable=sys.executable, versions=_versions(), device=_device(job)
    )
    reporter = Reporter(channel.progress, channel.stopped, channel.log)
    reporter.check()
    channel.send("result", result=perform(job, reporter))
    return 0


def _read_job(source: str, commands: Commands) -> str:
    if source not in ("", "-"):
        try:
            return Path(source).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ScarpError(f"The job file '{source}' cannot be read: {error}.") from error
    text = commands.line() or ""
    if source == "-" and not _is_json(text):
        text += commands.rest()  # a person's JSON stands on several lines
    if not text.strip():
        raise ScarpError("No job was given: standard input is empty.")
    return text


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _stop_on_signals(channel: Channel) -> None:
    def stop(number: int, frame: FrameType | None) -> None:
        channel.stop = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)


def _versions() -> dict[str, str]:
    # Read from the packages' metadata: importing them takes seconds, and they may not be there.
    found = {}
    for name in _REPORTED:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = ""
    return {name: version for name, version in found.items() if version}


def _device(job: Job) -> str:
    """What the job will most likely run on; the job itself makes sure, and says so."""
    wanted = str(getattr(job, "device", ""))
    if wanted != "auto":
        return wanted
    try:
        import torch
    except (ImportError, OSError):  # the job will say so, if it needs torch at all
        return ""
    return f"cuda ({torch.cuda.get_device_name()})" if torch.cuda.is_available() else "cpu"


def _explain(error: BaseException) -> str:
    if isinstance(error, MemoryError):
        return "The memory ran out. Close other programs, or choose a smaller TILE or BATCH."
    name: Any = getattr(error, "name", None)
    if name and str(name).split(".")[0] == "scarp":
        return f"A part of Scarp is missing ({error}). Install the plugin again."
    return (
        f"The Python of the runtime ({sys.executable}) cannot load what the job needs: {error}. "
        "Run 'Set up the runtime' (scarp:setupruntime), or choose another Python (SCARP_PYTHON)."
    )
