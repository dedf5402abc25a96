"""Polygons with their attributes: read, turned into numbers for the forest, and written again with a verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError

from ...errors import ScarpError
from ..fields import Field
from ..geopackage import PolygonLayer, set_default_style
from ..polygons import LAYER
from ..schema import describe_fields

STYLE = Path(__file__).parents[3] / "resources" / "styles" / "verified.qml"

#: What is looked at unless the user chooses. Not the position, nor the height above the sea: they tell the place and
#: would be learned by heart.
ATTRIBUTES = (
    "area_m2",
    "perimeter_m",
    "length_m",
    "width_m",
    "elongation",
    "compactness",
    "elev_range",
    "slope_mean",
    "slope_max",
    "aspect_mean",
    "ndvi_mean",
    "prob_mean",
    "prob_max",
    "prob_std",
    "nodata_share",
    "touches_edge",
)
#: Degrees around the circle: 359 and 1 are neighbours.
_ANGLES = ("aspect_mean",)

#: The fields that are added.
FIELDS = {
    "verified": Field("float64", "Verified", "Probability that the polygon is a landslide, after the verifier."),
    "verdict": Field("object", "Verdict", "In one word: right, wrong or unsure."),
    "verdict_by": Field("object", "Verdict by", "Who says so: the analyst, the reference or the verifier."),
}
VERDICTS = {"right": "a landslide", "wrong": "no landslide", "unsure": "cannot be told"}

_REMEDY = (
    "Polygons of an older version of Scarp, or of other programs, lack some: make them again with 'Turn probability "
    "into mask and polygons' (scarp:polygonize) from the probability raster and the DEM, or name in ATTRIBUTES those "
    "to look at."
)


@dataclass
class Table:
    """The polygons of a layer.

    Attributes:
        source: Where they come from.
        shapes: Multipolygons [n], in the CRS ``wkt``.
        columns: Field name to values [n].
        wkt: Their coordinate reference system.
    """

    source: str
    shapes: NDArray[np.object_]
    columns: dict[str, NDArray[Any]]
    wkt: str

    def __len__(self) -> int:
        return len(self.shapes)

    def numbers(self, attributes: Sequence[str]) -> NDArray[np.float64]:
        """The attributes as numbers, float64 [n, columns], NaN where not known; an angle takes two columns.

        Raises:
            ScarpError: The layer lacks some of them (all are listed), or one holds no numbers.
        """
        missing = [name for name in attributes if name not in self.columns]
        if missing:
            raise ScarpError(
                f"POLYGONS: the layer '{self.source}' lacks the attributes {', '.join(missing)} (it has "
                f"{', '.join(self.columns) or 'none'}). {_REMEDY}"
            )
        found: list[NDArray[np.float64]] = []
        for name in attributes:
            values = self.columns[name]
            if values.dtype.kind not in "iufb":
                raise ScarpError(f"POLYGONS: the attribute {name} holds no numbers. Leave it out of ATTRIBUTES.")
            plain = values.astype(np.float64)
            plain[~np.isfinite(plain)] = np.nan
            angle = np.radians(plain)
            found += [np.cos(angle), np.sin(angle)] if name in _ANGLES else [plain]
        return np.column_stack(found) if found else np.zeros((len(self), 0))


def columns_of(attributes: Sequence[str]) -> list[list[int]]:
    """The columns of `Table.numbers` that each attribute takes."""
    found: list[list[int]] = []
    start = 0
    for name in attributes:
        width = 2 if name in _ANGLES else 1
        found.append(list(range(start, start + width)))
        start += width
    return found


def read_table(source: str) -> Table:
    """Read a polygon layer with its attributes.

    Args:
        source: ``file.gpkg`` or ``file.gpkg|layername=x``.

    Raises:
        ScarpError: It cannot be read, has no CRS, or holds no polygons or something else than polygons.
    """
    path, *parts = source.split("|")
    options = dict(part.split("=", 1) for part in parts if "=" in part)
    try:
        layer = options.get("layername") or _only_layer(path)
        meta, _, wkb, columns = pyogrio.raw.read(path, layer=layer)
    except (DataSourceError, DataLayerError, ValueError) as error:
        raise ScarpError(f"POLYGONS: the layer '{source}' cannot be read: {error}") from error
    if not meta.get("crs"):
        raise ScarpError(f"POLYGONS: the layer '{source}' has no CRS. Set it, then export the layer again.")
    shapes = shapely.force_2d(shapely.from_wkb(wkb))
    there = np.array([shape is not None and not shape.is_empty for shape in shapes], bool)
    kinds = np.isin(shapely.get_type_id(shapes), (3, 6))
    if not there.any() or not kinds[there].all():
        found = "is empty" if not there.any() else f"holds {shapes[there][~kinds[there]][0].geom_type} features"
        raise ScarpError(
            f"POLYGONS: the layer '{source}' {found}. Give landslide polygons, as scarp:detect writes them."
        )
    single = shapely.get_type_id(shapes) == 3
    shapes[single] = [shapely.MultiPolygon([shape]) for shape in shapes[single]]
    named = {str(name): values[there] for name, values in zip(meta["fields"], columns)}
    return Table(source, shapes[there], named, str(meta["crs"]))


def write_table(path: str | Path, table: Table, added: Mapping[str, NDArray[Any]], values: Mapping[str, Any]) -> None:
    """Write the polygons as they were, with the fields of `FIELDS` behind, as a GeoPackage with a style by verdict.

    Args:
        path: GeoPackage to write.
        table: The polygons.
        added: Values of `FIELDS`, [n] each; they replace those of an earlier run.
        values: Lists of values of other fields, for the attribute form: field to value to meaning.
    """
    kept = {name: column for name, column in table.columns.items() if name not in FIELDS and name != "fid"}
    kinds = {name: "object" if column.dtype.kind in "OUS" else str(column.dtype) for name, column in kept.items()}
    layer = PolygonLayer(path, LAYER, table.wkt, {**kinds, **{name: field.kind for name, field in FIELDS.items()}})
    layer.append(table.shapes, {**kept, **added})
    described = {name: listed for name, listed in values.items() if name in kept}
    describe_fields(path, LAYER, FIELDS, {"verdict": VERDICTS, **described})
    set_default_style(path, LAYER, STYLE.read_text(encoding="utf-8"))


def _only_layer(path: str) -> str:
    if not Path(path).exists():
        raise ScarpError(f"POLYGONS: the file '{path}' does not exist. Was it moved or deleted? Choose it again.")
    names = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
    if LAYER in names:
        return LAYER
    if len(names) != 1:
        raise ScarpError(
            f"POLYGONS: '{path}' holds {len(names)} layers ({', '.join(names)}). Say which: '{path}|layername=...'."
        )
    return names[0]
