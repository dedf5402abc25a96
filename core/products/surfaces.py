"""What is compared with what: a mask, a probability raster or polygons, each read in windows of one grid."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray
from pyogrio.errors import DataSourceError
from rasterio.crs import CRS
from rasterio.transform import Affine
from rasterio.warp import transform_bounds

from ..errors import ScarpError
from ..reporter import Reporter
from ..scene.grid import Grid, Window, crs_name
from ..scene.vectors import Polygons, open_polygons
from .band import Band
from .mask import Mask
from .probability import Probability

#: Cell size of the grid on which polygons are compared with polygons: Sentinel-2's.
CELL = 10.0
_LARGEST_GRID = 2_000_000_000
_WORLD = Grid(CRS.from_epsg(4326), Affine(1, 0, -180, 0, -1, 90), 360, 180)


class Surface(Protocol):
    """Where landslides are, or how probable they are."""

    def read(self, window: Window) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        """Landslide, bool [h, w], or its probability, float32 [h, w]; and where it is known, bool [h, w]."""


class PolygonSurface:
    """Polygons as a mask that is known everywhere."""

    def __init__(self, polygons: Polygons) -> None:
        self._polygons = polygons

    def read(self, window: Window) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        """See `Surface`."""
        return self._polygons.burn(window), np.ones(window.shape, bool)


def is_vector(source: str) -> bool:
    """Whether a source is a vector layer (``file.gpkg|layername=x`` or a file that holds one)."""
    if "|" in source:
        return True
    if not Path(source).exists():
        return False
    try:
        return len(pyogrio.list_layers(source)) > 0
    except DataSourceError:
        return False


def open_surfaces(
    prediction: str, reference: str, area: str, stack: ExitStack, reporter: Reporter
) -> tuple[Grid, Surface, Surface, Polygons | None]:
    """Open both sides of a comparison on one grid: the prediction's, else the reference's, else one of 10 m in UTM.

    Args:
        prediction: Mask or probability raster, or polygons.
        reference: Mask raster or polygons, in any coordinate reference system.
        area: Polygons that limit the comparison; empty: none.
        stack: Closes what was opened.
        reporter: Told about every choice made.

    Returns:
        The grid, the prediction, the reference, and the area.

    Raises:
        ScarpError: One of them is unusable, or they do not overlap.
    """
    if not is_vector(prediction):
        said: Surface = _open_prediction(prediction, stack, reporter)
        grid = said.grid  # type: ignore[attr-defined]
        true = _open_other(reference, "REFERENCE", grid, stack, reporter)
    elif not is_vector(reference):
        mask = stack.enter_context(Mask(reference, "REFERENCE", reporter))
        grid, true = mask.grid, mask
        reporter.info("PREDICTION is polygons: compared on the grid of the REFERENCE raster.")
        said = _open_other(prediction, "PREDICTION", grid, stack, reporter)
    else:
        grid = _polygon_grid(prediction, reference, area, reporter)
        # Whether they overlap was seen there; none inside AREA is a result.
        said = PolygonSurface(open_polygons(prediction, grid, what="PREDICTION", reporter=reporter, allow_empty=True))
        true = PolygonSurface(open_polygons(reference, grid, what="REFERENCE", reporter=reporter, allow_empty=True))
    limits = open_polygons(area, grid, what="AREA", reporter=reporter) if area else None
    return grid, said, true, limits


def _open_prediction(path: str, stack: ExitStack, reporter: Reporter) -> Band:
    with Band(path, "PREDICTION") as band:
        is_mask = band.dtype.kind in "iub"
    if is_mask:
        return stack.enter_context(Mask(path, "PREDICTION", reporter))
    return stack.enter_context(Probability(path, "PREDICTION"))


def _open_other(source: str, role: str, grid: Grid, stack: ExitStack, reporter: Reporter) -> Surface:
    if not is_vector(source):
        return stack.enter_context(Mask(source, role, reporter, onto=grid))
    polygons = open_polygons(source, grid, what=role, reporter=reporter, allow_empty=True)
    if not len(polygons):
        reporter.warning(f"{role}: the layer holds no polygon. Figures that need one are undefined (NaN).")
    elif not polygons.touching(grid.window):
        found = ", ".join(f"{value:.10g}" for value in shapely.total_bounds(polygons.geometries))
        raise ScarpError(
            f"{role} and the raster it is compared with do not overlap: its polygons cover {found}, the raster "
            f"{', '.join(f'{value:.10g}' for value in grid.bounds)} ({crs_name(grid.crs)}). "
            "Choose layers of the same place, or check their coordinate reference systems."
        )
    return PolygonSurface(polygons)


def _polygon_grid(prediction: str, reference: str, area: str, reporter: Reporter) -> Grid:
    """A UTM grid around the area, or around both layers, with edges on multiples of the cell."""
    layers = {
        role: open_polygons(source, _WORLD, what=role, allow_empty=True).geometries
        for role, source in (("PREDICTION", prediction), ("REFERENCE", reference), ("AREA", area))
        if source
    }
    for role, other in (("PREDICTION", "REFERENCE"), ("AREA", "PREDICTION"), ("AREA", "REFERENCE")):
        if not layers.get(role) or not layers[other] or (area and role == "PREDICTION"):
            continue
        if not _box(layers[role]).intersects(_box(layers[other])):
            raise ScarpError(
                f"{role} and {other} do not overlap: their polygons cover different places. Choose layers of the same "
                "place, or check their coordinate reference systems."
            )
    if not area:
        reporter.warning(
            "PREDICTION and REFERENCE are polygons and no AREA is given: scored within their common bounding box. "
            "Figures that count background (f1_macro, miou, accuracy) depend on it."
        )
    around = layers.get("AREA") or layers["PREDICTION"] + layers["REFERENCE"]
    if not around:
        raise ScarpError("PREDICTION and REFERENCE hold no polygon, and no AREA is given: there is nothing to compare.")
    west, south, east, north = shapely.total_bounds(around)
    zone = int(((west + east) / 2 + 180) // 6) % 60 + 1
    crs = CRS.from_epsg((32600 if south + north >= 0 else 32700) + zone)
    xmin, ymin, xmax, ymax = transform_bounds(_WORLD.crs, crs, west, south, east, north)
    left, bottom = (int(np.floor(value / CELL)) - 1 for value in (xmin, ymin))
    right, top = (int(np.ceil(value / CELL)) + 1 for value in (xmax, ymax))
    if (right - left) * (top - bottom) > _LARGEST_GRID:
        raise ScarpError(
            f"PREDICTION and REFERENCE cover {right - left} x {top - bottom} cells of {CELL:g} m: too much to compare "
            "at once. Give AREA, or check their coordinate reference systems."
        )
    reporter.info(f"PREDICTION and REFERENCE are polygons: compared on a grid of {CELL:g} m in {crs_name(crs)}.")
    return Grid(crs, Affine(CELL, 0, left * CELL, 0, -CELL, top * CELL), right - left, top - bottom)


def _box(geometries: list[shapely.Geometry]) -> shapely.Polygon:
    return shapely.box(*shapely.total_bounds(geometries))
