"""Mask to polygons: one feature a body, along pixel edges, with attributes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from ..errors import ScarpError
from ..reporter import Reporter
from ..scene.grid import Grid, Window
from .attributes import Attributes
from .band import Band
from .components import Components
from .fields import FIELDS, REVIEWS, fields_at
from .form import compactness
from .geopackage import PolygonLayer, set_default_style
from .layers import probability_layer, relief_layers
from .measure import Ruler
from .outlines import Outlines
from .probability import Probability
from .schema import describe_fields
from .smoothing import simplify as simplified
from .smoothing import smooth as smoothed
from .splitting import split_bodies
from .squares import Numbered, Squares, without_noise
from .statistics import ReadLayers

LAYER = "landslides"
STYLE = Path(__file__).parents[2] / "resources" / "styles" / "polygons.qml"

_COMMON = {"event_date", "scene", "checkpoint"}


def polygons_from_mask(
    mask_path: str | Path,
    probability_path: str | Path | None,
    polygons_path: str | Path,
    *,
    threshold: float | None = None,
    dem: str = "",
    layers: Sequence[ReadLayers] = (),
    split: str = "none",
    min_area: float = 0.0,
    smooth: bool = False,
    simplify: float = 0.0,
    attributes: Mapping[str, Any] | None = None,
    reporter: Reporter,
) -> dict[str, Any]:
    """Write the 8-connected bodies of a mask as a GeoPackage layer, without ever holding the scene.

    A body that hangs together by corners only is one MultiPolygon; the layer is empty when the mask is. A body that is
    noise by its outline is divided into squares, see `scarp.core.products.squares`.

    Args:
        mask_path: Raster whose landslide pixels are 1 (0 and 255 are not).
        probability_path: Probability raster on the same grid, for its figures; None: NULL.
        polygons_path: GeoPackage to write.
        threshold: Probability from which a pixel of the mask is landslide, for the confidence; None: NULL.
        dem: Digital elevation model for the figures of relief, any grid; empty: NULL.
        layers: Further rasters to describe the bodies with, see `scarp.core.products.layers`.
        split: How merged bodies are divided, see `split_bodies`; ``none``: not at all.
        min_area: Smallest part that a body is divided into, m².
        smooth: Cut the corners of the pixels; areas change by less than 1 %.
        simplify: Tolerance in metres; 0 keeps the outlines exactly.
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
        known: list[ReadLayers] = []
        likely: ReadLayers | None = None
        if probability_path:
            probability = stack.enter_context(Probability(probability_path))
            _same_grid(grid, probability.grid)
            likely = probability_layer(probability)
            known.append(likely)
        if dem:
            known.append(stack.enter_context(relief_layers(dem, grid)))
        known.extend(layers)

        def landslide(row: int, height: int) -> NDArray[np.bool_]:
            values, valid = mask.read(Window(row, 0, height, grid.width))
            found: NDArray[np.bool_] = valid & (values == 1)
            return found

        found = Components(landslide, *grid.shape, reporter=reporter.part(0.0, 0.2))
        found, noise = without_noise(found, grid.shape, stack, reporter)
        bodies: Numbered = found
        if split != "none":
            bodies = split_bodies(found, grid, split, likely, min_area=min_area, reporter=reporter.part(0.2, 0.5))
        if noise:
            bodies = Squares(bodies, noise, grid.shape)
        described = Attributes(mask, bodies, known, threshold)
        outlines = Outlines(bodies.ends, bodies.body_of)
        layer = PolygonLayer(
            polygons_path, LAYER, grid.crs.to_wkt(), {name: field.kind for name, field in FIELDS.items()}
        )
        finish = _Finish(grid, smooth, simplify)
        count, area = 0, 0.0
        for row, labels in bodies.strips():
            reporter.progress(0.5 + 0.5 * row / grid.height, "Tracing polygons")
            described.add(Window(row, 0, len(labels), grid.width), labels)
            for numbers, exact in outlines.add(row, labels):
                columns = {**common, **described.columns(numbers, exact, grid)}
                shapes, columns["area_m2"], columns["perimeter_m"] = finish(exact, bodies.body_of(numbers))
                columns["compactness"] = compactness(columns["area_m2"], columns["perimeter_m"])
                columns["id"] = count + 1 + np.arange(len(numbers))
                layer.append(shapes, columns)
                count, area = count + len(numbers), area + float(columns["area_m2"].sum())
    describe_fields(polygons_path, LAYER, fields_at(threshold), {"reviewed": REVIEWS})
    if STYLE.is_file():
        set_default_style(polygons_path, LAYER, STYLE.read_text(encoding="utf-8"))
    finish.report(area, reporter)
    return {"count": count, "area_m2": area}


class _Finish:
    """Brings outlines from pixel edges to the map, smoothed and simplified as asked for, and measures them."""

    def __init__(self, grid: Grid, smooth: bool, tolerance: float) -> None:
        self._grid, self._smooth, self._tolerance = grid, smooth, tolerance
        self._ruler = Ruler(grid.crs.to_wkt())
        self._exact_area = 0.0

    def __call__(
        self, shapes: NDArray[np.object_], body: NDArray[np.int64]
    ) -> tuple[NDArray[np.object_], NDArray[np.float64], NDArray[np.float64]]:
        """Shapes on the map, their true area (m²) and their perimeter (m)."""
        if self._tolerance:
            self._exact_area += float(self._ruler.polygons(_on_map(shapes, self._grid))[0].sum())
        if self._smooth:
            shapes = smoothed(shapes, body)
        if self._tolerance:
            shapes = simplified(shapes, self._grid.cell_size(self._grid.height // 2), self._tolerance)
        shapes = _on_map(shapes, self._grid)
        return (shapes, *self._ruler.polygons(shapes))

    def report(self, area: float, reporter: Reporter) -> None:
        """Say what the simplification cost."""
        if self._exact_area:
            change = 100 * (area - self._exact_area) / self._exact_area
            reporter.info(f"SIMPLIFY = {self._tolerance:g} m changed the total area by {change:+.2f} %.")


def _common(attributes: Mapping[str, Any]) -> dict[str, Any]:
    unknown = sorted(set(attributes) - _COMMON)
    if unknown:
        raise ScarpError(f"Polygons have no field {', '.join(unknown)} to set. Known: {', '.join(sorted(_COMMON))}.")
    return {name: value for name, value in attributes.items() if value}


def _on_map(shapes: NDArray[np.object_], grid: Grid) -> NDArray[np.object_]:
    """Pixel coordinates to map coordinates, for a grid without rotation."""
    scale = np.array([grid.transform.a, grid.transform.e])
    origin = np.array([grid.transform.c, grid.transform.f])
    moved: NDArray[np.object_] = shapely.transform(shapes, lambda pixel: pixel * scale + origin)
    return moved


def _same_grid(mask: Grid, probability: Grid) -> None:
    if mask.shape != probability.shape or not mask.transform.almost_equals(probability.transform):
        raise ScarpError(
            f"MASK ({mask.width} x {mask.height} px) and PROBABILITY ({probability.width} x {probability.height} px) "
            "are not on the same grid. Make the mask from this probability raster."
        )
