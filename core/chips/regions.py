"""Regions of a scene: polygons of the interpreted area by the value of one of their fields."""

from __future__ import annotations

import numpy as np
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from ..errors import ScarpError
from ..reporter import Reporter
from ..scene.grid import Grid, Window
from ..scene.vectors import Polygons, open_polygons

_MOST = 1000


def open_regions(area: str, field: str, grid: Grid, window: Window, reporter: Reporter) -> dict[str, Polygons]:
    """The polygons of AREA by region.

    Args:
        area: Source of the interpreted area, as `open_polygons` reads it.
        field: Field that names the region of each polygon; values are taken as text, NULL is no region.
        grid: The grid of the scene.
        window: The part of it that is used.
        reporter: Told about what was repaired or left out.

    Raises:
        ScarpError: There is no such field, or it holds no value.
    """
    path, _, options = area.partition("|")
    layer = dict(part.split("=", 1) for part in options.split("|") if "=" in part).get("layername")
    try:
        if layer is None:
            layer = next((str(name) for name, kind in pyogrio.list_layers(path) if kind is not None), None)
        fields = list(pyogrio.read_info(path, layer=layer)["fields"])
        if field not in fields:
            raise ScarpError(
                f"REGION_FIELD is '{field}', but AREA has {', '.join(fields) or 'no fields'}. Fields of temporary "
                "layers and selections do not come along: save the layer as a GeoPackage."
            )
        values = pyogrio.raw.read(path, layer=layer, columns=[field], read_geometry=False)[3][0]
    except (DataSourceError, DataLayerError, ValueError) as error:
        raise ScarpError(f"AREA: the fields of '{area}' cannot be read: {error}") from error
    names = sorted({_text(value) for value in values} - {""})
    if not names or len(names) > _MOST:
        raise ScarpError(
            f"REGION_FIELD is '{field}', which holds {len(names)} different values in AREA. Choose a field that names "
            "a few regions."
        )
    regions = {}
    for name in names:
        reporter.check()
        where = f"CAST(\"{field}\" AS CHARACTER(254)) = '{name.replace(chr(39), chr(39) * 2)}'"
        source = f"{path}|layername={layer}|subset={where}"
        regions[name] = open_polygons(source, grid, window, what="AREA", reporter=reporter, allow_empty=True)
    return regions


def _text(value: object) -> str:
    missing = value is None or (isinstance(value, (float, np.floating)) and np.isnan(value))
    return "" if missing else str(value)
