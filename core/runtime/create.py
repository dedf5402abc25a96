"""Creates the managed environment: a Python of its own with the pinned packages. QGIS's own is never touched."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .. import outputs
from ..errors import Cancelled, ScarpError
from ..reporter import Log, Progress, Reporter
from . import check, find, interpreters, nvidia, process, wheels
from .environment import behind, redact

# Bytes free on the disk: the environment (1.6 GB for the CPU, measured) and pip's downloads; generous for CUDA.
_SPACE = {"cpu": 3_000_000_000, "cuda": 12_000_000_000}
UNFINISHED = "scarp-runtime.unfinished"


def create(
    folder: str | Path = "",
    device: str = "auto",
    progress: Progress | None = None,
    log: Log | None = None,
    cancelled: Callable[[], bool] | None = None,
    *,
    base: str | Path = "",
    wheel_folder: str | Path = "",
    index: str = "",
    proxy: str = "",
    repair: bool = False,
) -> dict[str, Any]:
    """Create the environment, go on with one that was interrupted, or bring one up to date.

    Args:
        folder: Where; empty: `find.managed_folder`. It must be empty, missing, or an environment made by this function.
        device: ``cpu``, ``cuda``, or ``auto``: CUDA where an NVIDIA GPU and its driver will do.
        progress: Called with the share done (0 to 1) and a short text.
        log: Called with ``"info"`` or ``"warning"`` and a sentence.
        cancelled: Asked every 0.1 s. What was installed so far stays, and is used the next time.
        base: The Python to make it from; empty: found.
        wheel_folder: Folder with wheels, for a machine without network.
        index: Address of an index with PyTorch's builds; empty: the one that PyTorch documents.
        proxy: Address of a proxy, with name and password where it needs them, for pip; variables such as HTTPS_PROXY
            win. It is never logged.
        repair: Install every package anew, even where the environment looks complete.

    Returns:
        The marker of the environment: ``python``, ``version``, ``torch``, ``build``, ``requirements``.

    Raises:
        ScarpError: It cannot be done; the message says what to do.
        Cancelled: ``cancelled`` said so.
    """
    folder = Path(folder or find.managed_folder()).absolute()
    reporter = Reporter(progress, cancelled, log)
    build = _choose_build(device, reporter)
    python = find.python_in(folder)
    marker = find.read_marker(folder)
    current = marker.get("requirements") == find.requirements_hash() and marker.get("build") == build
    if current and python.is_file() and not repair:
        reporter.info(f"The runtime in '{folder}' is complete and up to date.")
        reporter.progress(1.0)
        return marker
    reporter.info(wheels.forecast(build, str(wheel_folder)))
    setup = _Setup(folder, python, reporter, cancelled or (lambda: False), proxy)
    setup.prepare(_SPACE["cpu" if build == "cpu" else "cuda"])
    setup.make_environment(base)
    setup.install(build, str(wheel_folder), index, repair=repair)
    reporter.progress(0.93, "Trying the packages")
    facts = check.check(python, cancelled=cancelled)
    _refuse_broken(facts, build, device, reporter)
    return setup.finish(facts, build)


class _Setup:
    """The steps, each of which finds what an interrupted run has left and goes on from there."""

    def __init__(
        self, folder: Path, python: Path, reporter: Reporter, cancelled: Callable[[], bool], proxy: str
    ) -> None:
        self._folder = folder
        self._python = python
        self._reporter = reporter
        self._cancelled = cancelled
        self._variables = {"PIP_USER": "0", **behind(proxy)}

    def prepare(self, space: int) -> None:
        """Refuse a folder with other things in it and a disk without room, and mark the environment as unfinished."""
        folder = outputs.check_folder(self._folder)
        ours = (folder / find.MARKER).exists() or (folder / UNFINISHED).exists()
        if not ours and any(folder.iterdir()):
            raise ScarpError(
                f"The folder '{folder}' holds other things. Choose an empty folder, or one that is missing."
            )
        free = shutil.disk_usage(folder).free
        if not ours and free < space:
            raise ScarpError(
                f"The disk of '{folder}' has {free / 1e9:.1f} GB free; the runtime needs {space / 1e9:.0f} GB. "
                "Make room, or choose another folder."
            )
        (folder / UNFINISHED).touch()
        (folder / find.MARKER).unlink(missing_ok=True)

    def make_environment(self, base: str | Path) -> None:
        """Make the empty environment, unless there is a sound one."""
        self._reporter.progress(0.01, "Making the environment")
        if self._has_pip():
            self._reporter.info(f"Going on with the environment in '{self._folder}'.")
            return
        for leftover in self._folder.iterdir():
            if leftover.name != UNFINISHED:
                outputs.remove(leftover)
        base = Path(base) if base else interpreters.base()
        self._reporter.info(f"The environment is made with {base}.")
        ended, lines = self._run([str(base), "-I", "-m", "venv", str(self._folder)])
        if ended.code:
            raise ScarpError(
                f"Python's 'venv' could not make the environment with {base}. Its last words:\n" + "\n".join(lines[-6:])
            )

    def install(self, build: str, wheel_folder: str, index: str, *, repair: bool) -> None:
        """Install the pinned packages; pip keeps what it has installed (unless ``repair``) or downloaded already."""
        if wheel_folder and not Path(wheel_folder).is_dir():
            raise ScarpError(f"The folder of wheels '{wheel_folder}' is missing.")
        total, seen = wheels.count(), 0

        def follow(line: str) -> None:
            nonlocal seen
            self._reporter.check()
            if re.match(r"(Collecting|Requirement already satisfied|Processing) ?", line):
                seen += 1
            if re.match(r"Collecting|Downloading|Processing|Installing", line.strip()):
                text = re.sub(r"\S*/", "", line.strip())[:80]
                self._reporter.progress(0.05 + 0.85 * min(1.0, seen / total) * (0.9 if seen < total else 1), text)

        pip = [str(self._python), "-I", "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
        pip += ["--progress-bar", "off", "--only-binary", ":all:"]
        if repair:
            pip += ["--force-reinstall"]
        lines: list[str] = []
        for arguments in wheels.attempts(build, wheel_folder, index):
            seen = 0
            self._reporter.progress(0.05, "Looking for the packages")
            ended, lines = self._run([*pip, *arguments], follow)
            if ended.code == 0:
                return
            if repair and wheels.record_is_missing(lines):
                raise ScarpError(
                    f"A package in '{self._folder}' is too damaged for pip to replace it. Remove the runtime "
                    "(MODE=remove), then create it."
                )
            if wheels.is_offline(lines):
                self._reporter.info(f"On a machine with network: {wheels.fetch_command(build, index)}")
            if not wheels.torch_is_missing(lines):
                raise ScarpError(wheels.cause(lines))
        where = wheel_folder or f"where pip looks, nor at {index or wheels.INDEX}"
        raise ScarpError(
            f"The build '{build}' of torch {wheels.torch_version()} was not found {where}. {wheels.cause(lines)}"
        )

    def finish(self, facts: dict[str, Any], build: str) -> dict[str, Any]:
        """Write the marker that makes the environment count."""
        marker = {
            "python": str(self._python),
            "version": facts["python"]["version"],
            "torch": facts["packages"][0]["version"],
            "build": build,
            "requirements": find.requirements_hash(),
        }
        part = self._folder / f"{find.MARKER}.part"
        part.write_text(json.dumps(marker, indent=2), encoding="utf-8")
        os.replace(part, self._folder / find.MARKER)
        (self._folder / UNFINISHED).unlink(missing_ok=True)
        self._reporter.progress(1.0, "Ready")
        self._reporter.info(
            f"The runtime in '{self._folder}' is ready: Python {marker['version']}, torch {marker['torch']}."
        )
        return marker

    def _has_pip(self) -> bool:
        try:
            return self._run([str(self._python), "-I", "-m", "pip", "--version"])[0].code == 0
        except Cancelled:
            raise
        except ScarpError:
            return False

    def _run(self, command: list[str], follow: Callable[[str], None] | None = None) -> tuple[process.Ended, list[str]]:
        lines: list[str] = []

        def hear(line: str) -> None:
            line = redact(line)
            lines.append(line)
            if follow is not None:
                follow(line)

        ended = process.run(command, on_line=hear, cancelled=self._cancelled, environment=self._variables)
        if ended.stopped:
            raise Cancelled("Cancelled. What was installed so far is used the next time.")
        return ended, lines + ended.errors.splitlines()


def _choose_build(device: str, reporter: Reporter) -> str:
    if device not in ("auto", "cpu", "cuda"):
        raise ScarpError(f"DEVICE is '{device}'; choose auto, cpu or cuda.")
    if device == "cuda" and sys.platform == "darwin":
        raise ScarpError("DEVICE is 'cuda', but there is no CUDA on macOS. Choose 'cpu'.")
    if device == "cpu" or sys.platform == "darwin":
        return "cpu"
    found = nvidia.gpus()
    if not found and device == "cuda":
        raise ScarpError(
            "DEVICE is 'cuda', but no NVIDIA driver answers (nvidia-smi). Install the driver, or choose 'cpu'."
        )
    if not found:
        reporter.info("No NVIDIA GPU was found: the runtime will use the CPU.")
        return "cpu"
    try:
        build = nvidia.build_for(found[0])
    except ScarpError as error:
        if device == "cuda":
            raise
        reporter.warning(f"The runtime will use the CPU. {error}")
        return "cpu"
    reporter.info(f"GPU: {found[0].name}, driver {found[0].driver}. The build '{build}' of torch is installed.")
    return build


def _refuse_broken(facts: dict[str, Any], build: str, device: str, reporter: Reporter) -> None:
    broken = [f"{item['name']} {item['problem']}" for item in facts["packages"] if item["problem"]]
    if broken:
        raise ScarpError(f"The packages were installed, but do not all work: {'; '.join(broken)}.")
    if build != "cpu" and not any(item["name"] != "cpu" and item["usable"] for item in facts["devices"]):
        problems = " ".join(item["fix"] for item in facts["problems"])
        if device == "cuda":
            raise ScarpError(f"The runtime is installed, but the GPU cannot be used. {problems}")
        reporter.warning(f"The runtime will use the CPU: the GPU cannot be used. {problems}")
