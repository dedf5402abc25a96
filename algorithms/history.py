"""How a layer came about, in words: its run record, shown in the layer's properties and saved with the project."""

from __future__ import annotations

import json
from typing import Any

from osgeo import gdal
from qgis.core import QgsMapLayer

#: GeoTIFF tag and GeoPackage metadata item in which the worker leaves the record.
RECORD = "SCARP_RUN"


def record_of(source: str) -> dict[str, Any]:
    """The run record of a raster, or of a layer of a vector file (the first unless named); empty: there is none."""
    path, _, name = source.partition("|layername=")
    try:
        data = gdal.OpenEx(path)
        if data is None:
            return {}
        holder = data if data.RasterCount else data.GetLayerByName(name) if name else data.GetLayer(0)
        record = json.loads(holder.GetMetadataItem(RECORD) or "{}") if holder is not None else {}
    except (RuntimeError, ValueError):  # no file of GDAL's, or no JSON
        return {}
    return record if isinstance(record, dict) else {}


def tell(layer: QgsMapLayer) -> None:
    """Write the record of a layer's file to its metadata: an abstract in sentences, the history line by line."""
    record = record_of(layer.source())
    if not record:
        return
    metadata = layer.metadata()
    metadata.setTitle(layer.name())
    metadata.setAbstract(abstract(layer.name(), record))
    metadata.setHistory(history(record))
    layer.setMetadata(metadata)


def abstract(title: str, record: dict[str, Any]) -> str:
    """What a layer is, in sentences."""
    versions, checkpoint = record.get("versions", {}), record.get("checkpoint", {})
    sentences = [
        f"{title}: made by scarp:{record.get('job', '?')} of Scarp {versions.get('scarp', '?')}, {record.get('date')}."
    ]
    if checkpoint:
        sentences.append(f"Checkpoint: {checkpoint.get('name')} (SHA-256 {checkpoint.get('sha256')}).")
    if isinstance(record.get("threshold"), (int, float)):
        sentences.append(f"Threshold: {record['threshold']:g} (probability).")
    if isinstance(record.get("count"), int) and isinstance(record.get("area_m2"), (int, float)):
        sentences.append(f"{record['count']} landslides, {record['area_m2'] / 1e4:.2f} ha.")
    return " ".join(sentences)


def history(record: dict[str, Any]) -> list[str]:
    """The record line by line: what went in, what was set, what it ran on, and all of it as JSON."""
    inputs = [f"Input {name}: {_short(value)}" for name, value in record.get("inputs", {}).items()]
    settings = {name: value for name, value in record.get("parameters", {}).items() if value not in (None, "", [])}
    parameters = ", ".join(f"{name}={_short(value)}" for name, value in settings.items())
    known = ("device", "precision", "tile", "batch", "seconds")
    ran = ", ".join(f"{name} {record[name]}" for name in known if record.get(name) not in (None, ""))
    return [
        *inputs,
        *([f"Parameters: {parameters}"] if parameters else []),
        *([f"Run: {ran}"] if ran else []),
        f"Run record: {json.dumps(record)}",
    ]


def _short(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_short(item) for item in value)
    if isinstance(value, dict):
        return str(value.get("path") or value)
    return str(value)
