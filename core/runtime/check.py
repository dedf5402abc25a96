"""What the Python of the runtime can do, what is missing, and the fix: as a dict (JSON) and as HTML."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path
from typing import Any

from ..errors import Cancelled, ScarpError
from . import find, nvidia, process
from .interpreters import SUPPORTED

_LITTLE_MEMORY = 2_000_000_000  # bytes; a scene goes through in 1.5 GB


def check(
    python: str | os.PathLike[str],
    device: str = "auto",
    cancelled: Callable[[], bool] | None = None,
) -> dict[str, Any]:
    """Try a Python: every package is imported, every device computes.

    Args:
        python: Its path, or the answer of `find_python`. It need not hold any package.
        device: What jobs shall run on: with ``cuda``, a GPU that cannot be used is a problem.
        cancelled: Asked every 0.1 s.

    Returns:
        ``python`` (executable, version, supported), ``source``, ``system``, ``packages`` (name, version, minimum,
        problem), ``devices`` (name, description, usable, problem, memory in bytes), ``gpus`` that the driver knows,
        ``memory`` and ``disk`` (bytes), ``problems`` (what, fix), ``ready`` (no problem stands in the way of a job).

    Raises:
        Cancelled: ``cancelled`` said so.
    """
    path = os.fspath(python)
    facts: dict[str, Any] = {
        "python": {"executable": path, "version": "", "supported": False},
        "source": getattr(python, "source", ""),
        "system": "",
        "packages": [],
        "devices": [],
        "memory": {"total": None, "free": None},
    }
    trouble = _probe(path, facts, cancelled)
    disk = shutil.disk_usage(Path.home())
    facts["disk"] = {"folder": str(Path.home()), "total": disk.total, "free": disk.free}
    facts["gpus"] = [{"name": gpu.name, "driver": gpu.driver} for gpu in nvidia.gpus(cancelled)]
    facts["problems"] = [trouble] if trouble else _problems(facts, device)
    facts["ready"] = not any(problem["blocks"] for problem in facts["problems"])
    return facts


def _probe(path: str, facts: dict[str, Any], cancelled: Callable[[], bool] | None) -> dict[str, Any] | None:
    answer: list[str] = []
    try:
        ended = process.run([path, "-I", str(find.PROBE)], on_line=answer.append, cancelled=cancelled, timeout=300)
    except ScarpError as error:
        return _problem(str(error), f"{find.SETUP}, or correct the setting (SCARP_PYTHON).")
    if cancelled is not None and cancelled():
        raise Cancelled
    try:
        # The last line: a package may print while it is imported.
        facts.update(json.loads(answer[-1]))
    except (IndexError, ValueError):
        said = ended.errors.splitlines()[-1:] or ["nothing"]
        return _problem(
            f"'{path}' broke down while its packages were tried (exit code {ended.code}); it said: {said[0]}",
            f"{find.SETUP} into another folder.",
        )
    return None


def _problems(facts: dict[str, Any], device: str) -> list[dict[str, Any]]:
    problems = []
    if not facts["python"]["supported"]:
        problems.append(
            _problem(f"Python {facts['python']['version']} is not supported; {SUPPORTED} are.", f"{find.SETUP}.")
        )
    broken = [f"{item['name']} ({item['problem']})" for item in facts["packages"] if item["problem"]]
    if broken:
        problems.append(_problem(f"Packages: {', '.join(broken)}.", f"{find.SETUP}."))
    for item in facts["devices"]:
        if not item["usable"]:
            fix = "Update the NVIDIA driver, or choose the device 'cpu'."
            problems.append(
                _problem(f"The device {item['name']} cannot be used: {item['problem']}", fix, item["name"] == "cpu")
            )
    cuda = any(item["name"] != "cpu" and item["usable"] for item in facts["devices"])
    if facts["gpus"] and facts["devices"] and len(facts["devices"]) == 1:
        what = f"The GPU '{facts['gpus'][0]['name']}' is not used: this torch cannot reach it ({_torch(facts)})."
        problems.append(_problem(what, f"{find.SETUP} with the device 'cuda'.", device.startswith("cuda")))
    elif device.startswith("cuda") and not cuda:
        problems.append(_problem("There is no usable CUDA device.", "Install the NVIDIA driver, or choose 'cpu'."))
    free = facts["memory"]["free"]
    if free is not None and free < _LITTLE_MEMORY:
        problems.append(_problem(f"Only {free / 1e9:.1f} GB of memory are free.", "Close other programs.", False))
    return problems


def _problem(what: str, fix: str, blocks: bool = True) -> dict[str, Any]:
    return {"what": what, "fix": fix, "blocks": blocks}


def _torch(facts: dict[str, Any]) -> str:
    return f"torch {facts['packages'][0]['version']}"


def to_html(facts: dict[str, Any]) -> str:
    """The answer of `check` as a page of HTML for the user."""
    python = facts["python"]
    verdict = "The runtime is ready." if facts["ready"] else "The runtime cannot run jobs yet."
    problems = "".join(f"<li>{escape(item['what'])}<br><b>{escape(item['fix'])}</b></li>" for item in facts["problems"])
    packages = [(item["name"], item["version"] or "none", item["problem"] or "works") for item in facts["packages"]]
    devices = [
        (item["name"], item["description"], _memory(item), item["problem"] or "works") for item in facts["devices"]
    ]
    memory, disk = facts["memory"], facts["disk"]
    general = [
        ("Python", f"{python['version']} ({python['executable']})"),
        (
            "Chosen by",
            {"setting": "the setting", "managed": "set-up", "qgis": "QGIS"}.get(facts["source"], "the caller"),
        ),
        ("System", facts["system"]),
        ("Memory free", f"{_gigabytes(memory['free'])} of {_gigabytes(memory['total'])}"),
        (f"Disk free ({disk['folder']})", f"{_gigabytes(disk['free'])} of {_gigabytes(disk['total'])}"),
        ("GPU driver", "; ".join(f"{gpu['name']}, driver {gpu['driver']}" for gpu in facts["gpus"]) or "none"),
    ]
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Scarp: the runtime</title>'
        "<style>body{font-family:sans-serif;margin:2em}table{border-collapse:collapse;margin:1em 0}"
        "td{border:1px solid #bbb;padding:.25em .7em}</style></head><body>"
        f"<h1>{verdict}</h1>{f'<ul>{problems}</ul>' if problems else ''}"
        f"{_table(general)}<h2>Devices</h2>{_table(devices)}<h2>Packages</h2>{_table(packages)}</body></html>"
    )


def _table(rows: Iterable[tuple[Any, ...]]) -> str:
    cells = ("".join(f"<td>{escape(str(cell))}</td>" for cell in row) for row in rows)
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"


def _memory(device: dict[str, Any]) -> str:
    if "memory_total" in device:
        return f"{_gigabytes(device['memory_free'])} free of {_gigabytes(device['memory_total'])}"
    return f"{device['threads']} threads" if "threads" in device else ""


def _gigabytes(count: int | None) -> str:
    return "unknown" if count is None else f"{count / 1e9:.1f} GB"
