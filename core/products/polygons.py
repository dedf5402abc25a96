"""Mask to polygons: one feature a body, along pixel edges, with attributes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from ..errors import ScarpError
from ..reporter import Reporter
from ..scene.elevation import open_elevation
from ..scene.grid import Grid, Window
from .band import Band
from .components import Components
from .geopackage import PolygonLayer, set_default_style
from .measure import Ruler
from .outlines import Outlines
from .probability import Probability
from .statistics import BodyStatistics

LAYER = "landslides"
STYLE = Path(__file__).parents[2] / "resources" / "styles" / "polygons.qml"

#: Fields of every polygon layer, in order; what is not known is NULL.
FIELDS = {
    "id": "int32",
    "area_m2": "float64",
    "perimeter_m": "float64",
    "prob_mean": "float64",
    "prob_max": "float64",
    "slope_mean": "float64",
    "event_date": "datetime64[D]",
    "scene": "object",
    "checkpoint": "object",
}


def polygons_from_mask(
    mask_path: str | Path,
    probability_path: str | Path | None,
    polygons_path: str | Path,
    *,
    dem: str = "",
    simplify: float = 0.0,
    attributes: Mapping[str, Any] | None = None,
    reporter: Reporter,
) -> dict[str, Any]:
    """Write the 8-connected bodies of a mask as a GeoPackage layer, without ever holding the scene.

    A body that hangs together by corners only is one MultiPolygon; the layer is empty when the mask is.

    Args:
        mask_path: Raster whose landslide pixels are 1 (0 and 255 are not).
        probability_path: Probability raster on the same grid, for mean and maximum; None: NULL.
        polygons_path: GeoPackage to write.
        dem: Digital elevation model for the mean slope, any grid; empty: NULL.
        simplify: Tolerance in metres; 0 keeps pixel edges exactly.
        attributes: The same value for every feature: ``event_date`` (ISO date), ``scene``, ``checkpoint``.
        reporter: Told how far it is.

    Returns:
        ``count`` and ``area_m2`` (true area, sum of the features).

    Raises:
        ScarpError: An input is unusable.
    """
    common = _common(attributes or {})
    with ExitStack() as stack:
        mask = stack.enter_context(Band(mask_path, "MASK"))
        grid = mask.grid
        quantities: dict[str, Callable[[Window], tuple[NDArray[np.float32], NDArray[np.bool_]]]] = {}
        if probability_path:
            probability = stack.enter_context(Probability(probability_path))
            _same_grid(grid, probability.grid)
            quantities["prob"] = probability.read
        if dem:
            elevation = stack.enter_context(open_elevation(dem, grid))
            quantities["slope"] = lambda window: _known(elevation.slope(window))

        def landslide(row: int, height: int) -> NDArray[np.bool_]:
            values, valid = mask.read(Window(row, 0, height, grid.width))
            found: NDArray[np.bool_] = valid & (values == 1)
            return found

        bodies = Components(landslide, grid.height, grid.width, reporter=reporter.part(0.0, 0.3))
        statistics = {name: BodyStatistics(bodies.count) for name in quantities}
        outlines = Outlines(bodies.last_row)
        layer = PolygonLayer(polygons_path, LAYER, grid.crs.to_wkt(), FIELDS)
        ruler = Ruler(grid.crs.to_wkt())
        count, area, exact_area = 0, 0.0, 0.0
        for row, labels in bodies.strips():
            reporter.progress(0.3 + 0.7 * row / grid.height, "Tracing polygons")
            window = Window(row, 0, len(labels), grid.width)
            for name, read in quantities.items() if labels.any() else ():
                statistics[name].add(labels, *read(window))
            numbers, shapes = outlines.add(row, labels)
            if simplify:
                exact_area += float(ruler.polygons(_on_map(shapes, grid))[0].sum())
                shapes = _simplified(shapes, grid, simplify)
            shapes = _on_map(shapes, grid)
            columns = {**common, **_columns(statistics, numbers), "id": count + 1 + np.arange(len(numbers))}
            columns["area_m2"], columns["perimeter_m"] = ruler.polygons(shapes)
            layer.append(shapes, columns)
            count, area = count + len(numbers), area + float(columns["area_m2"].sum())
    if STYLE.is_file():
        set_default_style(polygons_path, LAYER, STYLE.read_text(encoding="utf-8"))
    if simplify and exact_area:
        reporter.info(
            f"SIMPLIFY = {simplify:g} m changed the total area by {100 * (area - exact_area) / exact_area:+.2f} %."
        )
    return {"count": count, "area_m2": area}


def _known(values: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    return values, np.isfinite(values)


def _common(attributes: Mapping[str, Any]) -> dict[str, Any]:
    unknown = sorted(set(attributes) - {"event_date", "scene", "checkpoint"})
    if unknown:
        raise ScarpError(f"Polygons have no field {', '.join(unknown)}. Known: {', '.join(FIELDS)}.")
    common = {name: value for name, value in attributes.items() if value}
    return common


def _columns(statistics: Mapping[str, BodyStatistics], numbers: NDArray[np.int64]) -> dict[str, NDArray[np.float64]]:
    columns = {f"{name}_mean": found.mean(numbers) for name, found in statistics.items()}
    if "prob" in statistics:
        columns["prob_max"] = statistics["prob"].maximum(numbers)
    return columns


def _on_map(shapes: NDArray[np.object_], grid: Grid) -> NDArray[np.object_]:
    """Pixel coordinates to map coordinates, for a grid without rotation."""
    scale = np.array([grid.transform.a, grid.transform.e])
    origin = np.array([grid.transform.c, grid.transform.f])
    moved: NDArray[np.object_] = shapely.transform(shapes, lambda pixel: pixel * scale + origin)
    return moved


def _simplified(shapes: NDArray[np.object_], grid: Grid, tolerance: float) -> NDArray[np.object_]:
    metres = np.array(grid.cell_size(grid.height // 2))
    simple = shapely.simplify(shapely.transform(shapes, lambda pixel: pixel * metres), tolerance)
    broken = ~shapely.is_valid(simple)
    simple[broken] = [_polygonal(shape) for shape in shapely.make_valid(simple[broken])]
    back: NDArray[np.object_] = shapely.transform(simple, lambda xy: xy / metres)
    return back


def _polygonal(shape: shapely.Geometry) -> shapely.MultiPolygon:
    """The polygons of a repaired geometry, without the lines and points that a repair can leave."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    return shapely.MultiPolygon(list(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]))


def _same_grid(mask: Grid, probability: Grid) -> None:
    if mask.shape != probability.shape or not mask.transform.almost_equals(probability.transform):
        raise ScarpError(
            f"MASK ({mask.width} x {mask.height} px) and PROBABILITY ({probability.width} x {probability.height} px) "
            "are not on the same grid. Make the mask from this probability raster."
        )
