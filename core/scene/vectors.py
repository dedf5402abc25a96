"""Polygon layers (labels, areas, references) on the grid of a scene."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyogrio
import pyproj
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from rasterio.features import rasterize

from ..errors import ScarpError
from ..reporter import Reporter
from .grid import Grid, Window, crs_name

Geometries = npt.NDArray[np.object_]

_POLYGON, _MULTIPOLYGON, _COLLECTION = 3, 6, 7

# What these parameters name is taken to be true, unless the analyst has marked it otherwise.
_TRUE = ("LABELS", "REFERENCE")
_REVIEWED = "reviewed"


class Polygons:
    """Valid polygons in the CRS of a grid, found quickly by window.

    Attributes:
        geometries: Shapely polygons and multipolygons, in the CRS of ``grid``.
        grid: The grid that windows refer to.
    """

    def __init__(self, geometries: Sequence[shapely.Geometry], grid: Grid) -> None:
        self.geometries = list(geometries)
        self.grid = grid
        self._tree = shapely.STRtree(self.geometries)

    def __len__(self) -> int:
        return len(self.geometries)

    def touching(self, window: Window) -> list[int]:
        """Indices of the geometries whose bounding box touches the window, ascending."""
        return sorted(int(i) for i in self._tree.query(shapely.box(*self.grid.part(window).bounds)))

    def burn(self, window: Window) -> npt.NDArray[np.bool_]:
        """Bool [h,w] of any window: True where the centre of a pixel lies in a polygon."""
        shapes = [(self.geometries[i], 1) for i in self.touching(window)]
        if not shapes:
            return np.zeros(window.shape, dtype=bool)
        transform = self.grid.part(window).transform
        inside: npt.NDArray[np.bool_] = rasterize(
            shapes, out_shape=window.shape, transform=transform, dtype="uint8"
        ).astype(bool)
        return inside


def open_polygons(
    source: str,
    grid: Grid,
    window: Window | None = None,
    *,
    what: str = "LABELS",
    reporter: Reporter | None = None,
    allow_empty: bool = False,
) -> Polygons:
    """Read a polygon layer, reprojected to the CRS of the grid.

    Of LABELS and REFERENCE, polygons whose text field ``reviewed`` says ``wrong`` are left out: a map that was
    corrected can be learned from as it is.

    Args:
        source: ``file.gpkg`` (or any vector file) or ``file.gpkg|layername=x``, as QGIS writes it.
        grid: The grid of the scene.
        window: The part of the grid that they must touch; None: all of it.
        what: The parameter, for messages.
        reporter: Told about what was repaired or left out.
        allow_empty: No polygon at all, or none in the window, is a result and not an error.

    Raises:
        ScarpError: Missing, no vector layer, several layers to choose from, no CRS, no polygons, none valid, all marked
            as wrong, or none inside the window.
    """
    reporter = reporter or Reporter()
    path, options = _options(source)
    layer = options["layername"] if "layername" in options else _only_layer(path, options, what)
    try:
        meta, _, wkb, marks = pyogrio.raw.read(path, layer=layer, columns=[_REVIEWED], where=options.get("subset"))
    except (DataSourceError, DataLayerError, ValueError) as error:
        raise ScarpError(f"{what}: the layer '{source}' cannot be read: {error}") from error
    kept = np.array([g is not None for g in wkb], dtype=bool)
    if what in _TRUE and len(marks):
        kept &= _not_wrong(marks[0], kept, source, what, reporter, allow_empty=allow_empty)
    found = shapely.from_wkb(wkb[kept] if len(wkb) else [])
    if len(found) == 0:
        if allow_empty:
            return Polygons([], grid)
        raise ScarpError(f"{what}: the layer '{source}' is empty. Give a layer that holds at least one polygon.")
    if not meta.get("crs"):
        raise ScarpError(
            f"{what}: the layer '{source}' has no CRS. Set it (Layer > Set CRS of layer, then export it again)."
        )
    polygons = _polygonal(found, source, what, reporter)
    if (meta.get("geometry_type") or "").endswith("Z"):
        polygons = shapely.force_2d(polygons)
    polygons = _reproject(polygons, meta["crs"], grid, what)
    inside = shapely.box(*grid.part(window or grid.window).bounds)
    if not allow_empty and not shapely.intersects(polygons, inside).any():
        box = ", ".join(f"{v:.10g}" for v in shapely.total_bounds(polygons))
        here = ", ".join(f"{v:.10g}" for v in inside.bounds)
        raise ScarpError(
            f"{what}: none of the {len(polygons)} polygons in '{source}' lies in the scene. They cover {box}, the "
            f"scene {here} (xmin, ymin, xmax, ymax in {crs_name(grid.crs)}). Choose polygons of this scene, or check "
            "their CRS."
        )
    return Polygons(list(polygons), grid)


def _not_wrong(
    marks: npt.NDArray[np.generic],
    there: npt.NDArray[np.bool_],
    source: str,
    what: str,
    reporter: Reporter,
    *,
    allow_empty: bool,
) -> npt.NDArray[np.bool_]:
    """Which features the analyst has not marked as wrong, bool [n]; ``there``: those with a geometry."""
    words = np.array([str(mark).strip().lower() for mark in marks.tolist()], dtype=object)
    wrong, unsure = words == "wrong", words == "unsure"
    if wrong.any() and wrong[there].all() and not allow_empty:
        raise ScarpError(
            f"{what}: all {len(words)} polygons in '{source}' are marked as wrong in the field '{_REVIEWED}', so no "
            "landslide is left. Draw the true ones, or clear the marks that do not apply."
        )
    if wrong.any():
        reporter.info(
            f"{what}: {int(wrong.sum())} of {len(words)} polygons are marked as wrong in the field '{_REVIEWED}' and "
            "were left out: they are no landslides."
        )
    if unsure.any():
        reporter.warning(
            f"{what}: {int(unsure.sum())} polygons are marked as unsure in the field '{_REVIEWED}' and count as "
            "landslides. Mark them as wrong, or leave them outside AREA, if they should not."
        )
    kept: npt.NDArray[np.bool_] = ~wrong
    return kept


def _options(source: str) -> tuple[str, dict[str, str]]:
    path, *parts = source.split("|")
    options = dict(part.split("=", 1) for part in parts if "=" in part)
    return path, {name.lower(): value for name, value in options.items()}


def _only_layer(path: str, options: dict[str, str], what: str) -> str | int:
    if not path:
        raise ScarpError(f"{what}: no layer was given.")
    if not path.startswith("/vsi") and "://" not in path and not Path(path).exists():
        raise ScarpError(f"{what}: the file '{path}' does not exist. Was it moved or deleted? Choose it again.")
    try:
        layers = pyogrio.list_layers(path)
    except DataSourceError as error:
        raise ScarpError(f"{what}: '{path}' cannot be read as a vector layer: {error}") from error
    if re.fullmatch(r"\d+", options.get("layerid", "")):
        return int(options["layerid"])
    names = [str(name) for name, kind in layers if kind is not None]
    if len(names) > 1:
        raise ScarpError(
            f"{what}: '{path}' holds {len(names)} layers: {', '.join(names)}. "
            f"Say which, for example '{path}|layername={names[0]}'."
        )
    return names[0] if names else 0


def _polygonal(found: Geometries, source: str, what: str, reporter: Reporter) -> Geometries:
    kinds = shapely.get_type_id(found)
    areal = np.isin(kinds, (_POLYGON, _MULTIPOLYGON, _COLLECTION))
    if not areal.any():
        raise ScarpError(
            f"{what}: '{source}' holds {found[0].geom_type} features, no polygons. Draw polygons, or convert them "
            "(Vector geometry > Lines to polygons, or Buffer)."
        )
    broken = areal & ~shapely.is_valid(found)
    repaired = found.copy()
    repaired[broken] = shapely.make_valid(found[broken])
    collections = shapely.get_type_id(repaired) == _COLLECTION
    repaired[collections] = [
        shapely.union_all([part for part in shapely.get_parts(g) if part.geom_type in ("Polygon", "MultiPolygon")])
        for g in repaired[collections]
    ]
    kept = areal & ~shapely.is_empty(repaired) & (shapely.area(repaired) > 0)
    if broken.any():
        lost = int((broken & ~kept).sum())
        left_out = f"; {lost} of them enclosed no area and were left out" if lost else ""
        reporter.warning(f"{what}: {int(broken.sum())} invalid polygons were repaired{left_out}.")
    other = int((~areal).sum())
    if other:
        reporter.warning(f"{what}: {other} features are no polygons and were left out.")
    if not kept.any():
        raise ScarpError(
            f"{what}: no polygon in '{source}' encloses an area. Repair them (Vector geometry > Fix geometries)."
        )
    polygons: Geometries = repaired[kept]
    return polygons


def _reproject(polygons: Geometries, crs: str, grid: Grid, what: str) -> Geometries:
    try:
        source = pyproj.CRS.from_user_input(crs)
        target = pyproj.CRS.from_wkt(grid.crs.to_wkt())
    except pyproj.exceptions.CRSError as error:
        raise ScarpError(f"{what}: the CRS of the layer cannot be used: {error}. Set a known CRS.") from error
    if source.equals(target, ignore_axis_order=True):
        return polygons
    transformer = pyproj.Transformer.from_crs(source, target, always_xy=True)

    def move(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))

    moved: Geometries = shapely.transform(polygons, move)
    finite = np.isfinite(shapely.bounds(moved)).all(axis=1)
    if not finite.any():
        raise ScarpError(f"{what}: the polygons cannot be expressed in {crs_name(grid.crs)}. Check the layer's CRS.")
    moved = moved[finite]
    # Straight edges can cross once their ends have moved.
    invalid = ~shapely.is_valid(moved)
    moved[invalid] = shapely.buffer(moved[invalid], 0)
    return moved
