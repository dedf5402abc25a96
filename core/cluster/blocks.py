"""One huge scene on many workers: blocks of whole rows of tiles are mapped apart, then put together.

The lattice of tiles is anchored to the grid, so every tile is the same in whichever block it is computed; only the
row of tiles that two blocks share is computed twice. Mask and polygons are made of the whole probability, by the code
of a single run: landslides that cross blocks are whole.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.errors import RasterioError

from ... import __version__
from ..errors import ScarpError
from ..inference.blending import STRIP_ROWS
from ..inference.domain_check import check_domain, write_map
from ..inference.lattice import Axis
from ..jobs import DetectJob
from ..outputs import Outputs, is_remote
from ..products.band import Band
from ..products.record import sha256
from ..reporter import Reporter
from ..scene.gdal import limits
from ..scene.grid import Grid, Window
from ..scene.writers import RasterWriter
from ..tasks.detect import DESCRIPTIONS, NODATA, NOTHING_VALID, finish, make_ready, rasters_of, stage
from .fresh import local_inputs

BLOCK_TAG = "SCARP_BLOCK"


@dataclass(frozen=True)
class Plan:
    """How a job is divided; JSON-able.

    Attributes:
        folder: Where the blocks are kept; all workers have to see it.
        key: Tells this job, its inputs and this division from all others.
        tile: Side of a tile, pixels. overlap: share of it. precision: of the network.
        rows: First row of each block in the grid, and the one after the last.
        domain: How unlike the training the scene is, for the record. distance: see `perform` of ``detect``.
    """

    folder: str
    key: str
    tile: int
    overlap: float
    precision: str
    rows: list[list[int]]
    domain: dict[str, Any]
    distance: float | None

    def fixed(self, job: DetectJob) -> DetectJob:
        """The job with all that workers would otherwise choose by themselves, each in its own way."""
        return replace(job, tile=self.tile, overlap=self.overlap, precision=self.precision)

    def file(self, block: int, name: str) -> Path:
        """Where a raster of a block is kept."""
        return Path(self.folder) / f"block-{block:04}-{name}.tif"


def folder_of(job: DetectJob, folder: str = "") -> Path:
    """The folder for the blocks of a job: hidden, beside its first output, or in ``folder``.

    Raises:
        ScarpError: The output lies in an object store, and no folder was given.
    """
    first = next(iter(job.outputs().values()))
    if folder:
        return Path(folder) / f".{Path(first).stem}.blocks"
    if is_remote(first):
        raise ScarpError(
            f"'{first}' lies in an object store, where blocks cannot be put together. Give --folder: a folder that "
            "all workers see."
        )
    return Path(first).absolute().parent / f".{Path(first).stem}.blocks"


def make_plan(job: DetectJob, count: int, folder: str, reporter: Reporter) -> Plan:
    """Divide a job into up to ``count`` blocks.

    Raises:
        ScarpError: See `perform` of ``detect``: what would be refused there is refused here.
    """
    precision = job.precision
    if precision == "auto":
        precision = "fp32"
        reporter.info("PRECISION=auto is fp32 for blocks, so that all workers compute alike. Set it for another one.")
    with ExitStack() as stack:
        ready = make_ready(replace(job, precision=precision), stack, reporter)
        verdict = check_domain(ready.card, ready.scene, reporter)
        lattice, window = ready.shares.lattice, ready.scene.window
        rows = divide(lattice.rows, window.row, window.row + window.height, count)
        whole = len(lattice.rows.touching(window.row, window.row + window.height))
        computed = sum(len(lattice.rows.touching(*block)) for block in rows)
        reporter.info(
            f"{len(rows)} blocks of about {window.height // len(rows)} rows, {computed / whole - 1:.0%} more tiles "
            "than in one go."
        )
        settings = {
            "job": {**asdict(job), "mask": "", "polygons": ""},
            "lattice": asdict(lattice),
            "precision": precision,
            "rows": rows,
            "checkpoint": sha256(ready.checkpoint),
            "files": [(path, os.stat(path).st_size, os.stat(path).st_mtime_ns) for path in local_inputs(job)],
            "version": __version__,
        }
        return Plan(
            folder=str(folder_of(job, folder)),
            key=hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest(),
            tile=lattice.tile,
            overlap=lattice.overlap / lattice.tile,
            precision=precision,
            rows=rows,
            domain=verdict.facts,
            distance=verdict.distance,
        )


def divide(axis: Axis, low: int, high: int, count: int) -> list[list[int]]:
    """Cut the rows ``low`` to ``high - 1`` of a grid into up to ``count`` parts, where a row of tiles begins to count.

    Returns:
        First row of each part and the one after the last, from top to bottom.
    """
    cuts = [axis.kept(index)[0] for index in axis.touching(low, high)]
    cuts = [row for row in cuts if low < row < high]
    ends: list[int] = []
    for part in range(1, count):
        left = [row for row in cuts if row > (ends[-1] if ends else low)]
        if left:
            ends.append(min(left, key=lambda row: abs(row - (low + (high - low) * part / count))))
    edges = [low, *ends, high]
    return [[start, end] for start, end in zip(edges, edges[1:])]


def map_block(job: DetectJob, plan: Plan, number: int, reporter: Reporter) -> dict[str, Any]:
    """Map a block into the plan's folder, unless an earlier run has left it there.

    Returns:
        ``kept`` (it was there), ``device`` and ``seconds``.
    """
    start = time.monotonic()
    names = [name for name in DESCRIPTIONS if name == "probability" or getattr(job, name)]
    files = {name: plan.file(number, name) for name in names}
    if all(_tag(file) == plan.key for file in files.values()):
        return {"kept": True, "device": "", "seconds": 0.0}
    low, high = plan.rows[number]
    with ExitStack() as stack:
        outputs = stack.enter_context(Outputs())
        staged = {name: outputs.stage(file) for name, file in files.items()}
        ready = make_ready(plan.fixed(job), stack, reporter)
        window = Window(low, ready.scene.window.col, high - low, ready.scene.window.width)
        ready.write(staged, window, reporter)
        for file in staged.values():
            with limits(), rasterio.open(file, "r+") as raster:
                raster.update_tags(**{BLOCK_TAG: plan.key})
        return {"kept": False, "device": str(ready.device), "seconds": time.monotonic() - start}


def merge(job: DetectJob, plan: Plan, devices: Sequence[str], start: float, reporter: Reporter) -> dict[str, Any]:
    """Put the blocks together, make mask and polygons, and put all outputs in place.

    Args:
        job: What was asked for.
        plan: How it was divided.
        devices: What the blocks were computed on, for the record.
        start: When the job began, by `time.monotonic` of this machine.
        reporter: Told how far it is.

    Returns:
        As `perform` of ``detect``.
    """
    with ExitStack() as stack:
        outputs = stack.enter_context(Outputs())
        staged = stage(job, outputs)
        ready = make_ready(plan.fixed(job), stack, reporter)
        if "domain" in staged:
            write_map(ready.card, ready.scene, staged["domain"], reporter.part(0.0, 0.1))
        rasters = rasters_of(staged)
        grid = ready.scene.grid.part(ready.scene.window)
        valid = 0
        for name, target in rasters.items():
            valid = _join(plan, name, target, grid, reporter.part(0.1, 0.4))
        if not valid:
            raise ScarpError(NOTHING_VALID)
        found = finish(
            job,
            ready,
            staged,
            rasters,
            reporter.part(0.4, 1.0),
            start=start,
            device=", ".join(sorted(set(devices))),
            precision=plan.precision,
            batch=None,
            lanes=None,
            blocks=len(plan.rows),
            domain=plan.domain,
        )
    return {
        **{name.upper(): target for name, target in job.outputs().items()},
        "COUNT": found["count"],
        "AREA_M2": found["area_m2"],
        "SECONDS": time.monotonic() - start,
        "DOMAIN_DISTANCE": plan.distance,
    }


def _join(plan: Plan, name: str, target: Path, grid: Grid, reporter: Reporter) -> int:
    """Write the blocks of a raster one below the other, in whole blocks of the file, and count the valid pixels."""
    valid, top = 0, plan.rows[0][0]
    with ExitStack() as stack:
        bands = [stack.enter_context(Band(plan.file(number, name), name.upper())) for number in range(len(plan.rows))]
        writer = stack.enter_context(RasterWriter(target, grid, [DESCRIPTIONS[name]], "float32", NODATA))
        for row in range(0, grid.height, STRIP_ROWS):
            reporter.progress(row / grid.height, "Putting the blocks together")
            strip = Window(row, 0, min(STRIP_ROWS, grid.height - row), grid.width)
            lines = np.full(strip.shape, NODATA, np.float32)
            for band, (low, high) in zip(bands, plan.rows):
                part = strip.intersect(Window(low - top, 0, high - low, grid.width))
                if not part.empty:
                    values, known = band.read(part.shift(top - low, 0))
                    lines[part.slices(strip)] = values
                    valid += int(known.sum())
            writer.write(strip, lines)
    return valid


def _tag(file: Path) -> str:
    try:
        with limits(), rasterio.open(file) as raster:
            return str(raster.tags().get(BLOCK_TAG, ""))
    except RasterioError:
        return ""
