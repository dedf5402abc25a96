"""Polygon layers in a GeoPackage, written in chunks, with a run record and a default style that QGIS applies."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, GeometryError

from ..errors import ScarpError
from .record import RECORD_TAG, to_json

#: Version 1.2 opens without a warning in every GDAL that QGIS 3.40 comes with.
_VERSION = {"VERSION": "1.2"}


class PolygonLayer:
    """A new layer of MultiPolygons. It is written with all its fields even when nothing is ever appended.

    Args:
        path: The GeoPackage to create.
        layer: Name of the layer.
        wkt: Its coordinate reference system.
        fields: Name and NumPy type of each field: ``int32``, ``float64``, ``datetime64[D]`` (a date) or ``object``
            (text). NaN, NaT and None are written as NULL.
    """

    def __init__(self, path: str | Path, layer: str, wkt: str, fields: Mapping[str, str]) -> None:
        self.path, self.layer = str(path), layer
        self._wkt = wkt
        self._fields = dict(fields)
        self._write(np.array([], object), {})

    def append(self, geometries: NDArray[np.object_], columns: Mapping[str, Any]) -> None:
        """Append polygons [n] with their attributes ([n] each; a field that is left out is NULL)."""
        if len(geometries):
            self._write(shapely.to_wkb(geometries), columns, append=True)

    def _write(self, wkb: NDArray[np.object_], columns: Mapping[str, Any], **options: Any) -> None:
        if not options.get("append"):
            options["dataset_options"] = _VERSION
        _write(
            self.path,
            wkb,
            {name: _column(columns.get(name), kind, len(wkb)) for name, kind in self._fields.items()},
            layer=self.layer,
            geometry_type="MultiPolygon",
            crs=self._wkt,
            **options,
        )


def set_default_style(path: str | Path, layer: str, qml: str, name: str = "Scarp") -> None:
    """Store a QGIS style for ``layer`` in its GeoPackage (table ``layer_styles``) as its default.

    Args:
        path: The GeoPackage.
        layer: Name of the layer.
        qml: The style, as QGIS saves it.
        name: What the style is called.
    """
    row = {
        "f_table_catalog": "",
        "f_table_schema": "",
        "f_table_name": layer,
        "f_geometry_column": pyogrio.read_info(path, layer=layer)["geometry_name"],
        "styleName": name,
        "styleQML": qml,
        "styleSLD": "",
        "useAsDefault": True,
        "description": "",
        "owner": "",
        "ui": "",
        "update_time": np.datetime64("now", "ms"),
    }
    _write(
        path,
        None,
        {name: np.array([value], object if isinstance(value, str) else None) for name, value in row.items()},
        layer="layer_styles",
        append=True,
        layer_options={"FID": "id"},
    )


def attach_record(path: str | Path, layer: str, record: Mapping[str, Any]) -> None:
    """Store a run record in the metadata of a layer."""
    _write(
        path,
        np.array([], object),
        {},
        layer=layer,
        geometry_type="MultiPolygon",
        crs=pyogrio.read_info(path, layer=layer)["crs"],
        append=True,
        layer_metadata={RECORD_TAG: to_json(record)},
    )


def _write(
    path: str | Path, wkb: NDArray[np.object_] | None, columns: Mapping[str, NDArray[Any]], **options: Any
) -> None:
    try:
        pyogrio.raw.write(str(path), wkb, list(columns.values()), list(columns), driver="GPKG", **options)
    except (DataSourceError, DataLayerError, FeatureError, GeometryError) as error:
        raise ScarpError(
            f"'{path}' could not be written ({error}). Is the disk full, or the folder read-only? "
            "Free some space or choose another folder."
        ) from error


def _column(values: Any, kind: str, count: int) -> NDArray[Any]:
    if values is None:
        empty = {"object": None, "float64": np.nan, "datetime64[D]": "NaT"}.get(kind, 0)
        return np.full(count, empty, kind)
    return np.broadcast_to(np.asarray(values, kind), count)
