"""What the benchmarks of detection share: networks by a short name, jobs, quiet runs, and clocks."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from noise_scene import BANDS, write_checkpoint, write_scene
from scarp.core.features import resolve
from scarp.core.jobs import DetectJob
from scarp.core.reporter import Reporter

NEEDED = (*BANDS, "SLOPE", "DEM")
QUIET = Reporter(log=lambda *line: None)


class Clock(NamedTuple):
    """Seconds of the clock on the wall and of all cores together."""

    wall: float
    cpu: float


def timed(function: Callable[[], Any]) -> tuple[Any, Clock]:
    """Call a function; what it returns, and how long it took."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = function()
    return result, Clock(time.perf_counter() - wall, time.process_time() - cpu)


def fastest(clocks: list[Clock]) -> Clock:
    """The least of both: what else the machine does only ever slows a run down."""
    return Clock(min(clock.wall for clock in clocks), min(clock.cpu for clock in clocks))


def network(folder: Path, text: str, features: str = "bands23") -> str:
    """A checkpoint with random weights; ``text`` is ``NAME`` or ``NAME:WIDTHS``, such as ``unet:16-32-64``."""
    name, _, widths = text.partition(":")
    options = {"widths": [int(width) for width in widths.split("-")]} if widths else {}
    path = folder / f"{text.replace(':', '-')}-{features}.safetensors"
    return str(path) if path.exists() else write_checkpoint(path, resolve(features, NEEDED), NEEDED, name, **options)


def detect_job(folder: Path, width: int, height: int, checkpoint: str, *outputs: str, **changes: Any) -> DetectJob:
    """Map a generated scene of 12 bands and a DEM, from which the slope is derived; in fp32 unless said otherwise."""
    bands, dem = write_scene(folder / f"scene{width}x{height}", width, height, BANDS)
    targets = {name: str(folder / f"{name}.{'gpkg' if name == 'polygons' else 'tif'}") for name in outputs}
    settings = {"radiometry": "dn", "device": "cpu", "precision": "fp32", "checkpoint": checkpoint, **targets}
    return DetectJob(bands=bands, dem=dem, **{**settings, **changes})
