"""The NVIDIA driver: which GPU there is, and which CUDA build of torch it can run."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..errors import ScarpError
from . import process
from .probe import numbers


@dataclass(frozen=True)
class Gpu:
    """A GPU as the driver describes it; ``capability`` is NVIDIA's compute capability."""

    name: str
    driver: str
    capability: tuple[int, ...]


@dataclass(frozen=True)
class _Build:
    """A CUDA build of torch: the driver it needs, and the compute capabilities that it was compiled for."""

    tag: str
    driver: int
    oldest: tuple[int, int]
    newest: tuple[int, int]


# PyTorch's support matrix for 2.13 (RELEASE.md), the newest first. NVIDIA: CUDA 13 needs driver 580, CUDA 12 needs 525.
_BUILDS = (_Build("cu130", 580, (7, 5), (12, 99)), _Build("cu126", 525, (5, 0), (9, 0)))


def gpus(cancelled: Callable[[], bool] | None = None) -> list[Gpu]:
    """The GPUs that the driver knows; empty without an NVIDIA driver."""
    program = shutil.which("nvidia-smi") or _on_windows()
    if program is None:
        return []
    lines: list[str] = []
    query = [program, "--query-gpu=name,driver_version,compute_cap", "--format=csv,noheader"]
    try:
        ended = process.run(query, on_line=lines.append, cancelled=cancelled, timeout=30)
    except ScarpError:
        return []
    return parse(lines) if ended.code == 0 else []


def parse(lines: list[str]) -> list[Gpu]:
    """Read the answer of ``nvidia-smi``: one GPU a line, ``NVIDIA RTX A2000, 580.65.06, 8.6``."""
    fields = [[part.strip() for part in line.rsplit(",", 2)] for line in lines]
    return [Gpu(name, driver, numbers(capability)) for name, driver, capability in (f for f in fields if len(f) == 3)]


def build_for(gpu: Gpu) -> str:
    """The tag of the CUDA build of torch that suits a GPU and its driver, ``cu130`` for example.

    Raises:
        ScarpError: There is none; the message says whether a newer driver would do.
    """
    fitting = [build for build in _BUILDS if build.oldest <= gpu.capability <= build.newest]
    driver = numbers(gpu.driver)[:1] or (0,)
    for build in fitting:
        if driver[0] >= build.driver:
            return build.tag
    if fitting:
        needed = min(build.driver for build in fitting)
        raise ScarpError(
            f"The driver {gpu.driver} of the GPU '{gpu.name}' is too old: version {needed} or later is needed. "
            "Update the NVIDIA driver, or choose the device 'cpu'."
        )
    capability = ".".join(map(str, gpu.capability))
    raise ScarpError(
        f"PyTorch has no build for the GPU '{gpu.name}' (compute capability {capability or 'unknown'}; "
        "5.0 to 12.x are supported). Choose the device 'cpu'."
    )


def _on_windows() -> str | None:
    if sys.platform != "win32":
        return None
    path = Path(os.environ.get("SYSTEMROOT", "C:\\Windows")) / "System32" / "nvidia-smi.exe"
    return str(path) if path.is_file() else None
