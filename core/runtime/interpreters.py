"""Where Pythons are, on each platform. QGIS's own executable is often no Python: it must never be run as one."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import ScarpError
from . import process
from .probe import NEWEST, OLDEST

VERSIONS = tuple(f"3.{minor}" for minor in range(NEWEST[1], OLDEST[1] - 1, -1))
SUPPORTED = f"{VERSIONS[-1]} to {VERSIONS[0]}"

# -S leaves site-packages out: what then imports is what an isolated environment has. OSGeo4W's Python, for one, finds
# its ssl library only with the help of a file in its site-packages.
_SOUNDNESS = """\
import json, sys
missing = []
for name in ("venv", "ensurepip", "ssl", "ctypes", "sqlite3", "zlib"):
    try:
        __import__(name)
    except Exception:
        missing.append(name)
json.dump({"version": sys.version_info[:2], "missing": missing}, sys.stdout)
"""


@dataclass(frozen=True)
class Host:
    """The machine as this process sees it; tests make others.

    Attributes:
        platform: As `sys.platform`.
        executable: As `sys.executable`: QGIS itself on Windows and macOS.
        prefixes: Folders of the Python that QGIS embeds.
        version: Its version, ``3.12``.
        root: What absolute folders of the system are relative to.
    """

    platform: str = sys.platform
    executable: str = sys.executable or ""
    prefixes: tuple[str, ...] = (sys.base_prefix, sys.prefix, sys.base_exec_prefix)
    version: str = f"{sys.version_info[0]}.{sys.version_info[1]}"
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    home: Path = field(default_factory=Path.home)
    root: Path = Path("/")


@dataclass(frozen=True)
class Interpreter:
    """A Python that was tried: its version, and what it lacks to make environments (empty: nothing)."""

    path: Path
    version: tuple[int, int]
    missing: tuple[str, ...]

    @property
    def supported(self) -> bool:
        """Whether torch has builds for its version."""
        return OLDEST <= self.version <= NEWEST


def own(host: Host) -> list[Path]:
    """The Pythons that belong to the running QGIS, best first, each there and named as a Python."""
    executable = Path(host.executable) if host.executable else None
    names = ("python.exe", "python3.exe") if host.platform == "win32" else (f"python{host.version}", "python3")
    folders = []
    found = [executable] if executable is not None and _is_python(executable.name) else []
    for prefix in map(Path, host.prefixes):
        # The last one is the layout of vcpkg, which QGIS 4 for macOS is built with.
        folders += [prefix] if host.platform == "win32" else [prefix / "bin", prefix / "tools" / "python3"]
    if executable is not None:
        beside = executable.parent
        folders += [beside] if host.platform == "win32" else [beside / "bin", beside]
        if host.platform == "win32":
            folders += sorted((beside.parent / "apps").glob("Python3*"), reverse=True)
        if host.platform == "darwin":
            folders += sorted(
                (beside.parent / "Frameworks" / "Python.framework" / "Versions").glob("3.*/bin"), reverse=True
            )
    return _there([*found, *(folder / name for folder in folders for name in names)])


def others(host: Host) -> list[Path]:
    """The Pythons of the system and of the user, newest supported version first."""
    environment = host.environment
    found: list[Path] = []
    on_path = [Path(folder) for folder in environment.get("PATH", "").split(os.pathsep) if folder]
    if host.platform == "win32":
        for version in VERSIONS:
            short = version.replace(".", "")
            for folder in (
                Path(environment.get("LOCALAPPDATA", "")) / "Programs" / "Python",
                Path(environment.get("ProgramFiles", "")),
                Path(environment.get("SystemDrive", "C:") + os.sep),
            ):
                found.append(folder / f"Python{short}" / "python.exe")
        # The ones in WindowsApps are no Pythons but doors to the shop.
        found += [folder / "python.exe" for folder in on_path if "windowsapps" not in str(folder).lower()]
        return _there(found)
    folders = [*on_path, host.root / "usr/local/bin"]
    if host.platform == "darwin":
        folders.append(host.root / "opt/homebrew/bin")
        found += [
            host.root / f"Library/Frameworks/Python.framework/Versions/{version}/bin/python{version}"
            for version in VERSIONS
        ]
    else:
        folders.append(host.root / "usr/bin")
    found += [folder / f"python{version}" for version in VERSIONS for folder in folders]
    if host.platform != "darwin":  # there, /usr/bin/python3 asks to install developer tools
        found += [folder / "python3" for folder in folders]
    return _there(found)


def sound(path: Path) -> Interpreter | None:
    """Try a Python: its version and what it lacks; None when it does not run."""
    try:
        answer: list[str] = []
        process.run([str(path), "-I", "-S", "-c", _SOUNDNESS], on_line=answer.append, timeout=30)
        facts = json.loads(answer[-1])
        major, minor = facts["version"]
        return Interpreter(path, (int(major), int(minor)), tuple(facts["missing"]))
    except (ScarpError, IndexError, KeyError, TypeError, ValueError):
        return None


def base(host: Host | None = None) -> Path:
    """A Python that an environment can be made from: QGIS's own if it will do, else one of the system's.

    Raises:
        ScarpError: There is none; the message says what to install.
    """
    host = host or Host()
    tried = []
    for path in [*own(host), *others(host)]:
        interpreter = sound(path)
        if interpreter is None:
            continue
        if interpreter.supported and not interpreter.missing:
            return path
        tried.append(interpreter)
    raise ScarpError(_advice(host, tried))


def _advice(host: Host, tried: list[Interpreter]) -> str:
    supported = [interpreter for interpreter in tried if interpreter.supported]
    bare = [item for item in supported if not set(item.missing) - {"venv", "ensurepip"}]
    if bare and host.platform.startswith("linux"):
        version = ".".join(map(str, bare[0].version))
        return (
            f"Python {version} ({bare[0].path}) cannot make environments: it lacks the module '{bare[0].missing[0]}'. "
            "Install it and run this again; on Debian and Ubuntu: apt install python3-venv."
        )
    found = "; ".join(
        f"{item.path} ({'.'.join(map(str, item.version))}"
        + (f", without {', '.join(item.missing)}" if item.missing else "")
        + ")"
        for item in tried
    )
    where = "your distribution" if host.platform.startswith("linux") else "https://www.python.org/downloads"
    return (
        f"No Python was found that an environment can be made from. Expected: Python {SUPPORTED}. "
        f"Found: {found or 'none'}. Install Python {VERSIONS[2]} from {where} and run this again."
    )


def _there(paths: list[Path]) -> list[Path]:
    def unique() -> Iterator[Path]:
        seen = set()
        for path in paths:
            # Not resolved: an environment's python is a link whose place matters.
            if path not in seen and path.is_file():
                seen.add(path)
                yield path

    return list(unique())


def _is_python(name: str) -> bool:
    return re.fullmatch(r"python(3(\.\d+)?)?(\.exe)?", name.lower()) is not None
