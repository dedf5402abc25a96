"""Whether a job has been done already: its outputs are there, tell of this very job, and no input is newer."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pyogrio
import rasterio
from pyogrio.errors import DataLayerError, DataSourceError
from rasterio.errors import RasterioError

from .. import card as cards
from ..errors import ScarpError
from ..jobs import Job
from ..outputs import RASTER, VECTOR, is_remote
from ..products.record import RECORD_TAG, raster_record, run_record, to_json
from ..scene.gdal import limits
from .listing import texts_in

_SAME = ("job", "inputs", "parameters", "outputs", "checkpoint")


def is_done(job: Job, file: Path | None = None) -> bool:
    """Whether nothing would change if the job were run again.

    Its outputs carry run records: one at least is there, and all tell of this job, of its checkpoint and of this
    version of Scarp. Where none can carry one (reports, tables, checkpoints, folders), the outputs have to be newer
    than the file that holds the job. No input on this machine's disks may be newer than an output; what lies in
    object stores is taken as unchanged.

    Args:
        job: What to do.
        file: Where it was read from.
    """
    targets = list(job.outputs().values())
    if not targets or not all(_exists(path) for path in targets):
        return False
    try:
        expected = _record(job)
    except ScarpError:
        return False  # to be said by the job itself
    found = [record for path in targets if (record := read_record(path)) is not None]
    if any(not _alike(record, expected) for record in found):
        return False
    oldest = min((_modified(path) for path in targets if not is_remote(path)), default=None)
    if oldest is None:
        return bool(found)
    if not found and (file is None or not file.exists() or file.stat().st_mtime > oldest):
        return False
    return all(_modified(path) <= oldest for path in local_inputs(job))


def local_inputs(job: Job) -> list[str]:
    """The files and folders on this machine's disks that a job reads."""
    paths = {path.partition("|")[0] for path in texts_in(run_inputs(job))}
    return sorted(path for path in paths if path and not is_remote(path) and Path(path).exists())


def run_inputs(job: Job) -> dict[str, Any]:
    """What the run record calls inputs, with the file that a shipped checkpoint's name stands for."""
    state = {f.name for f in fields(job) if f.metadata.get("role") == "state"}
    inputs = {name: value for name, value in _record(job)["inputs"].items() if name not in state}
    checkpoint = _checkpoint(job)
    return {**inputs, **({"checkpoint": str(checkpoint)} if checkpoint else {})}


def read_record(path: str) -> dict[str, Any] | None:
    """The run record in an output; None where there is none."""
    suffix = Path(path).suffix.lower()
    try:
        if suffix in RASTER:
            with limits(), rasterio.open(path) as raster:
                return raster_record(raster.tags()) or None
        if suffix in VECTOR:
            for layer in pyogrio.list_layers(path)[:, 0]:
                tags = pyogrio.read_info(path, layer=layer).get("layer_metadata") or {}
                if RECORD_TAG in tags:
                    return raster_record(tags)
    except (RasterioError, DataSourceError, DataLayerError):
        return {}  # damaged: unlike any record
    return None


def _record(job: Job) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(to_json(run_record(job, checkpoint=_checkpoint(job))))
    return record


def _checkpoint(job: Job) -> Path | None:
    name = getattr(job, "checkpoint", "")
    return cards.find(name) if name and "checkpoint" not in job.outputs() else None


def _alike(record: dict[str, Any], expected: dict[str, Any]) -> bool:
    versions = (record.get("versions") or {}).get("scarp"), expected["versions"]["scarp"]
    return versions[0] == versions[1] and all(record.get(name) == expected.get(name) for name in _SAME)


def _exists(path: str) -> bool:
    if not is_remote(path):
        return Path(path).exists()
    try:
        with limits(), rasterio.open(path):
            return True
    except RasterioError:
        return False


def _modified(path: str) -> float:
    return Path(path).stat().st_mtime
