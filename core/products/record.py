"""The run record: what made a product, so that it can be made again."""

from __future__ import annotations

import hashlib
import json
import math
import platform
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import datetime, timezone
from importlib import metadata
from pathlib import Path
from typing import Any

import rasterio
from rasterio.errors import RasterioError

from ... import __version__
from ..errors import ScarpError
from ..jobs import Job
from ..scene.gdal import limits, short

#: GeoTIFF tag and GeoPackage metadata item that hold the record as JSON.
RECORD_TAG = "SCARP_RUN"

_INPUTS = {
    "area",
    "band_map",
    "bands",
    "checkpoint",
    "dataset",
    "dem",
    "init",
    "labels",
    "polygons",
    "pre_band_map",
    "pre_bands",
    "pre_valid_mask",
    "prediction",
    "probabilities",
    "probability",
    "product",
    "reference",
    "resume",
    "slope",
    "valid_mask",
    "verifier",
}
_PACKAGES = (
    *("numpy", "scipy", "opencv-python-headless", "rasterio", "pyogrio", "shapely", "pyproj", "torch", "scikit-learn"),
)


def run_record(job: Job, **facts: Any) -> dict[str, Any]:
    """Describe a run in plain JSON types.

    Args:
        job: The job that was run. Its checkpoint is hashed when it names a file.
        **facts: Whatever only the run knows: ``seconds``, ``device``, ``threshold`` (the one that was applied),
            ``sources`` (`Scene.sources`), ``checkpoint`` (the path that a shipped name was resolved to), ...

    Returns:
        ``job``, ``inputs``, ``parameters``, ``outputs``, ``checkpoint`` (name and sha256, where there is one),
        ``versions``, ``date`` (UTC, ISO 8601), and the facts.
    """
    values = asdict(job)
    outputs = {f.name for f in fields(job) if f.metadata.get("role") == "output"}
    inputs = {name for name in values if name in _INPUTS} - outputs
    record: dict[str, Any] = {
        "job": job.KIND,
        "inputs": {name: values[name] for name in sorted(inputs) if values[name]},
        "parameters": {name: value for name, value in values.items() if name not in inputs | outputs},
        "outputs": {name: values[name] for name in sorted(outputs) if values[name]},
        "versions": versions(),
        "date": datetime.now(timezone.utc).isoformat(timespec="seconds"),
    }
    checkpoint = facts.pop("checkpoint", None) or ("" if "checkpoint" in outputs else values.get("checkpoint"))
    if checkpoint and Path(checkpoint).is_file():
        record["checkpoint"] = {"name": Path(checkpoint).name, "sha256": sha256(checkpoint)}
    return {**record, **facts}


def to_json(record: Mapping[str, Any]) -> str:
    """The record as JSON that every parser accepts: NaN becomes null, paths and NumPy numbers what they stand for."""
    return json.dumps(_plain(record))


def tag_raster(path: str | Path, record: Mapping[str, Any]) -> None:
    """Store a run record in a GeoTIFF that has been written."""
    try:
        with limits(), rasterio.open(path, "r+") as raster:
            raster.update_tags(**{RECORD_TAG: to_json(record)})
    except RasterioError as error:
        raise ScarpError(
            f"'{path}' could not be written ({short(error)}). Is the disk full? "
            "Free some space or choose another folder."
        ) from error


def raster_record(tags: Mapping[str, str]) -> dict[str, Any]:
    """The run record among the tags of a raster; empty when there is none."""
    try:
        record = json.loads(tags.get(RECORD_TAG, "{}"))
    except ValueError:
        return {}
    return record if isinstance(record, dict) else {}


def versions() -> dict[str, str]:
    """Versions of Scarp, Python and the packages that results depend on; packages that are not there are left out."""
    found = {"scarp": __version__, "python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found


def sha256(path: str | Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)
