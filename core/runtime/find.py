"""Which Python runs the jobs: the user's setting, the managed environment, or QGIS's own if it has all packages."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import ScarpError
from . import interpreters, process
from .interpreters import Host

PROBE = Path(__file__).with_name("probe.py")
REQUIREMENTS = Path(__file__).with_name("requirements.txt")
MARKER = "scarp-runtime.json"  # in the environment's folder, written last: without it the environment is unfinished

SETUP = "Run 'Set up the runtime' (scarp:setupruntime)"


class NoRuntime(ScarpError):  # noqa: N818 - what there is, in the user's words
    """There is no runtime, or only a part of one: set-up is the way."""


@dataclass(frozen=True)
class Runtime:
    """The Python that runs the jobs.

    Attributes:
        python: Its path.
        source: ``setting``, ``managed`` or ``qgis``.
        note: What the user should know; empty: nothing.
    """

    python: str
    source: str
    note: str = ""

    def __fspath__(self) -> str:
        return self.python


def find_python(setting: str = "", host: Host | None = None) -> Runtime:
    """Find the Python that runs the jobs.

    Args:
        setting: The plugin's option: a Python, or the folder of an environment. The variable ``SCARP_PYTHON`` wins.
        host: The machine; default: this one.

    Raises:
        ScarpError: The setting is wrong (it is never replaced silently), or there is no runtime yet.
    """
    host = host or Host()
    variable = host.environment.get("SCARP_PYTHON", "").strip()
    wanted = variable or setting.strip()
    if wanted:
        return Runtime(
            str(_chosen(wanted, "SCARP_PYTHON" if variable else "The option 'Python of the runtime'")), "setting"
        )
    folder = managed_folder(host)
    python = python_in(folder, host)
    marker = read_marker(folder)
    if marker and python.is_file():
        note = (
            ""
            if marker.get("requirements") == requirements_hash()
            else (f"The runtime in '{folder}' was made for another version of Scarp. {SETUP} to bring it up to date.")
        )
        return Runtime(str(python), "managed", note)
    for python in interpreters.own(host):
        if _has_everything(python):
            return Runtime(str(python), "qgis")
    if python_in(folder, host).exists():
        raise NoRuntime(
            f"The set-up of the runtime in '{folder}' was interrupted. {SETUP}: it goes on where it stopped."
        )
    raise NoRuntime(
        f"There is no runtime yet: a Python of its own, with torch and the other packages that Scarp needs. {SETUP} "
        "once, or set the variable SCARP_PYTHON to the Python of an environment that holds them."
    )


def managed_folder(host: Host | None = None) -> Path:
    """Folder of the managed environment in the user's data folder; it may not be there."""
    return data_folder(host) / "runtime"


def data_folder(host: Host | None = None) -> Path:
    """Scarp's folder in the user's data folder; it may not be there."""
    host = host or Host()
    if host.platform == "win32":
        data = Path(host.environment.get("LOCALAPPDATA") or host.home / "AppData" / "Local")
    elif host.platform == "darwin":
        data = host.home / "Library" / "Application Support"
    else:
        data = Path(host.environment.get("XDG_DATA_HOME") or host.home / ".local" / "share")
    return data / "scarp"


def python_in(folder: str | Path, host: Host | None = None) -> Path:
    """The Python of the virtual environment in ``folder``."""
    windows = (host or Host()).platform == "win32"
    return Path(folder) / ("Scripts/python.exe" if windows else "bin/python")


def read_marker(folder: str | Path) -> dict[str, Any]:
    """What `create` wrote when the environment was complete; empty when it is not."""
    try:
        marker = json.loads((Path(folder) / MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return marker if isinstance(marker, dict) else {}


def requirements_hash() -> str:
    """What tells whether an environment holds the pinned versions of this Scarp."""
    return hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()[:16]


def _chosen(wanted: str, who: str) -> Path:
    path = Path(wanted).expanduser()
    if path.is_dir():
        path = python_in(path)
    if not path.is_file():
        raise ScarpError(f"{who} is '{wanted}', which is no Python and no environment. Correct it, or clear it.")
    if os.name != "nt" and not os.access(path, os.X_OK):
        raise ScarpError(f"{who} is '{wanted}', which cannot be run. Correct it, or clear it.")
    return path


def _has_everything(python: Path) -> bool:
    answer: list[str] = []
    try:
        process.run([str(python), "-I", str(PROBE), "--quick"], on_line=answer.append, timeout=30)
        facts = json.loads(answer[-1])
    except (ScarpError, IndexError, ValueError):
        return False
    return bool(facts["python"]["supported"]) and not any(item["problem"] for item in facts["packages"])
