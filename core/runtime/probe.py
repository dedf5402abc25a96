"""What a Python can do, said as JSON: ``python -I probe.py [--quick]``. It runs in the Python that is looked at.

It stands alone, so that it still works where everything is missing. Without ``--quick`` each package is really
imported and each device really computes: a package that is installed may still be broken, and so may a driver.
"""

from __future__ import annotations

import ctypes
import importlib
import importlib.metadata
import importlib.util
import json
import os
import platform
import re
import sys
from typing import Any

# Import name: (distribution, oldest version that will do). A test compares them with pyproject.toml.
PACKAGES = {
    "torch": ("torch", "2.4"),
    "numpy": ("numpy", "1.26"),
    "scipy": ("scipy", "1.11"),
    "rasterio": ("rasterio", "1.3"),
    "cv2": ("opencv-python-headless", "4.8"),
    "sklearn": ("scikit-learn", "1.5"),
    "h5py": ("h5py", "3.10"),
    "safetensors": ("safetensors", "0.4"),
    "pyogrio": ("pyogrio", "0.9"),
    "shapely": ("shapely", "2.0"),
    "pyproj": ("pyproj", "3.6"),
    "defusedxml": ("defusedxml", "0.7"),
    "jinja2": ("Jinja2", "3.1"),
    "matplotlib": ("matplotlib", "3.8"),
}
OLDEST, NEWEST = (3, 10), (3, 14)


def package(name: str, *, quick: bool) -> dict[str, str]:
    """Version and problem (empty: none) of a package, given by its import name."""
    distribution, minimum = PACKAGES[name]
    facts = {"name": distribution, "version": "", "minimum": minimum, "problem": ""}
    if importlib.util.find_spec(name) is None:
        return {**facts, "problem": "missing"}
    try:
        facts["version"] = importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        facts["version"] = ""  # the same module of another distribution, such as opencv-python's cv2
    if not quick:
        try:
            module = importlib.import_module(name)
            facts["version"] = facts["version"] or str(getattr(module, "__version__", ""))
        except Exception as error:  # a broken package may raise anything
            return {**facts, "problem": f"does not load: {type(error).__name__}: {error}"[:300]}
    if facts["version"] and numbers(facts["version"]) < numbers(minimum):
        facts["problem"] = f"too old; {minimum} or later is needed"
    return facts


def numbers(version: str) -> tuple[int, ...]:
    """The leading numbers of a version: ``2.13.0+cpu`` is (2, 13, 0)."""
    match = re.match(r"\d+(\.\d+)*", version)
    return tuple(int(part) for part in match.group().split(".")) if match else ()


def devices() -> list[dict[str, Any]]:
    """The devices that torch knows, each tried with a real convolution."""
    import torch

    found = [_device("cpu", platform.processor() or platform.machine())]
    found[0]["threads"] = torch.get_num_threads()
    if torch.cuda.is_available():
        for index in range(torch.cuda.device_count()):
            facts = _device(f"cuda:{index}", torch.cuda.get_device_name(index))
            if facts["usable"]:
                facts["memory_free"], facts["memory_total"] = torch.cuda.mem_get_info(index)
            found.append(facts)
    return found


def _device(name: str, description: str) -> dict[str, Any]:
    import torch

    facts = {"name": name, "description": description, "usable": True, "problem": ""}
    try:
        image = torch.ones(1, 3, 32, 32, device=name)
        kernel = torch.ones(4, 3, 3, 3, device=name)
        total = float(torch.nn.functional.conv2d(image, kernel).sum())
        if total != 4 * 27 * 30 * 30:
            raise RuntimeError(f"a convolution gave {total:g} instead of {4 * 27 * 30 * 30}")
    except Exception as error:
        facts.update(usable=False, problem=f"{type(error).__name__}: {error}"[:300])
    return facts


def memory() -> dict[str, int | None]:
    """Main memory in bytes: total, and free for programs (None where the system does not tell)."""
    if sys.platform == "win32":
        return _windows_memory()
    try:
        with open("/proc/meminfo", encoding="ascii") as file:
            lines = dict(line.split(":", 1) for line in file)
        return {
            "total": int(lines["MemTotal"].split()[0]) * 1024,
            "free": int(lines["MemAvailable"].split()[0]) * 1024,
        }
    except (OSError, KeyError, ValueError):
        return {"total": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"), "free": None}


def _windows_memory() -> dict[str, int | None]:
    class Status(ctypes.Structure):
        _fields_ = (
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            *((name, ctypes.c_ulonglong) for name in ("total", "free", "c", "d", "e", "f", "g")),
        )

    status = Status()
    status.length = ctypes.sizeof(status)
    ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))  # type: ignore[attr-defined]
    return {"total": int(status.total), "free": int(status.free)}


def look(*, quick: bool) -> dict[str, Any]:
    """Everything as one dict, ready for JSON."""
    facts: dict[str, Any] = {
        "python": {
            "executable": sys.executable,
            "version": platform.python_version(),
            "supported": OLDEST <= sys.version_info[:2] <= NEWEST,
        },
        "packages": [package(name, quick=quick) for name in PACKAGES],
        "devices": [],
    }
    if not quick:
        facts["system"] = platform.platform()
        facts["memory"] = memory()
        if not facts["packages"][0]["problem"]:
            facts["devices"] = devices()
    return facts


if __name__ == "__main__":
    json.dump(look(quick="--quick" in sys.argv), sys.stdout)
