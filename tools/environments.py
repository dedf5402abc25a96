"""Make both development environments under .venv: called by ``make setup`` with the Python that QGIS uses.

Nothing is done when the stamp of the last time still fits: the requirement files, the folder, the Python.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import subprocess
import sys
import time
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
STAMP = VENV / "stamp"
TOOLS = ROOT / "tools"
RUNTIME, QGIS = VENV / "runtime", VENV / "qgis"


def main() -> None:
    """Make what is missing or out of date."""
    stamp = fingerprint()
    pythons = [folder / "bin" / "python" for folder in (RUNTIME, QGIS)]
    if STAMP.is_file() and STAMP.read_text() == stamp and all(python.exists() for python in pythons):
        return
    start = time.monotonic()
    STAMP.unlink(missing_ok=True)
    say("Making .venv/runtime (torch and the rest; some minutes)")
    make_runtime()
    add_to(RUNTIME, "requirements-runtime.txt")
    say("Making .venv/qgis (QGIS's own Python, and pytest)")
    if not pythons[1].exists():
        run(sys.executable, "-I", "-m", "venv", "--system-site-packages", str(QGIS))
    add_to(QGIS, "requirements-qgis.txt")
    STAMP.write_text(stamp)
    say(f"Both environments are ready ({time.monotonic() - start:.0f} s).")


def fingerprint() -> str:
    """What both environments follow from."""
    files = [ROOT / "core" / "runtime" / "requirements.txt", *sorted(TOOLS.glob("requirements-*.txt"))]
    parts = [sys.executable, sys.version, str(ROOT), *(file.read_text() for file in files)]
    parts.append((ROOT / "pyproject.toml").read_text())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def make_runtime() -> None:
    """Make the worker's environment with the same code as ``scarp:setupruntime``."""
    spec = importlib.util.spec_from_file_location("scarp", ROOT / "__init__.py", submodule_search_locations=[str(ROOT)])
    if spec is None or spec.loader is None:
        fail(f"'{ROOT}' holds no package")
    package = importlib.util.module_from_spec(spec)
    sys.modules["scarp"] = package
    spec.loader.exec_module(package)
    create = importlib.import_module("scarp.core.runtime.create")
    errors = importlib.import_module("scarp.core.errors")
    try:
        create.create(RUNTIME, "cpu", progress, lambda level, message: say(f"  {message}"))
    except errors.ScarpError as error:
        fail(str(error))


def add_to(folder: Path, requirements: str) -> None:
    """Install development tools and ``scarp`` itself, as a link to this checkout."""
    pip = [str(folder / "bin" / "python"), "-I", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run(*pip, "--requirement", str(TOOLS / requirements))
    run(*pip, "--no-deps", "--no-build-isolation", "--editable", str(ROOT))


def run(*command: str) -> None:
    """Run a command; its words appear only when it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        last = "\n".join((done.stdout + done.stderr).splitlines()[-25:])
        fail(f"{' '.join(command)} failed. Its last words:\n{last}")


def progress(share: float, text: str) -> None:
    """Show a step; on a terminal in one line."""
    if sys.stdout.isatty():
        sys.stdout.write(f"\r\033[K  {100 * share:3.0f} % {text}" + ("\n" if share >= 1 else ""))
        sys.stdout.flush()


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def fail(text: str) -> NoReturn:
    """Stop with a message."""
    sys.exit(f"setup: {text}")


if __name__ == "__main__":
    main()
