"""Probability to mask: 0 no landslide, 1 landslide, 255 no data, cleaned up."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..reporter import Reporter
from ..scene.grid import Grid, Window
from ..scene.vectors import Polygons, open_polygons
from ..scene.writers import RasterWriter
from .cleaning import Cleaning, Steps
from .components import STRIP_ROWS, Components
from .measure import Ruler
from .probability import Probability
from .scratch import ScratchMask
from .statistics import ReadLayers, occupied

NODATA = 255
COLOURS = {0: (0, 0, 0, 0), 1: (200, 30, 30, 255), NODATA: (0, 0, 0, 0)}
CATEGORIES = {0: "no landslide", 1: "landslide", NODATA: "no data"}


def mask_from_probability(
    probability_path: str | Path,
    mask_path: str | Path,
    cleaning: Cleaning,
    reporter: Reporter,
    *,
    layers: Sequence[ReadLayers] = (),
    area: str = "",
) -> dict[str, Any]:
    """Make a mask of a probability raster, without ever holding the scene.

    In this order: AREA, slope of pixels, thresholds, opening or closing, holes, smallest area, slope of bodies.

    Args:
        probability_path: Single-band raster, 0 to 1.
        mask_path: GeoTIFF to write, uint8: 0, 1, 255 (where the probability is not valid, and outside ``area``).
        cleaning: What to do.
        reporter: Told how far it is.
        layers: Where ``slope`` is found; see `scarp.core.products.layers`.
        area: Polygons outside of which nothing is mapped; empty: none.

    Returns:
        ``count`` and ``area_m2`` of the bodies (true area).

    Raises:
        ScarpError: An input is unusable; see `Probability`.
    """
    with ExitStack() as stack:
        probability = stack.enter_context(Probability(probability_path))
        grid, areas = probability.grid, pixel_areas(probability.grid)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="scarp-")))
        valid = ScratchMask(folder / "valid.bits", *grid.shape)
        steps = Steps(grid, valid, folder, areas)
        limits = open_polygons(area, grid, what="AREA", reporter=reporter) if area else None
        bodies = _clean(
            probability, cleaning, steps, valid, layers=layers, limits=limits, reporter=reporter.part(0.0, 0.8)
        )
        with RasterWriter(
            mask_path, grid, ["landslide"], "uint8", NODATA, colormap=COLOURS, categories=CATEGORIES
        ) as writer:
            for row, labels in bodies.strips():
                reporter.progress(0.8 + 0.2 * row / grid.height, "Writing the mask")
                found = np.where(valid.read(row, len(labels)), labels > 0, NODATA).astype(np.uint8)
                writer.write(Window(row, 0, *labels.shape), found)
    return {"count": bodies.count, "area_m2": float(bodies.area[1:].sum())}


def _clean(
    probability: Probability,
    cleaning: Cleaning,
    steps: Steps,
    valid: ScratchMask,
    *,
    layers: Sequence[ReadLayers],
    limits: Polygons | None,
    reporter: Reporter,
) -> Components:
    mask, seeds = steps.new(), steps.new()
    low = cleaning.threshold if cleaning.grow_threshold is None else cleaning.grow_threshold
    gate = cleaning.min_slope if cleaning.slope_rule == "pixel" else 0.0
    for window in strips(probability.grid):
        reporter.progress(0.4 * window.row / probability.grid.height, "Applying the threshold")
        values, known = probability.read(window)
        if limits is not None:
            known &= limits.burn(window)
        valid.append(known)
        found = known & (values >= low)
        if gate:
            found &= ~_flatter(found, window, gate, layers)
        mask.append(found)
        if low < cleaning.threshold:
            seeds.append(found & (values >= cleaning.threshold))
    if low < cleaning.threshold:
        mask = steps.grow(mask, seeds, reporter.part(0.4, 0.55))
    if cleaning.morphology != "none":
        mask = steps.morphology(mask, cleaning.morphology, reporter.part(0.55, 0.65))
    if cleaning.fill_holes:
        mask = steps.fill_holes(mask, cleaning.fill_holes, reporter.part(0.65, 0.8))
    of_bodies = cleaning.min_slope if cleaning.slope_rule == "body" else 0.0
    return steps.drop(mask, cleaning.min_area, of_bodies, layers, reporter.part(0.8, 1.0))


def _flatter(found: NDArray[np.bool_], window: Window, limit: float, layers: Sequence[ReadLayers]) -> NDArray[np.bool_]:
    """Where candidates [h, w] lie on ground flatter than ``limit`` degrees; false where the slope is unknown."""
    flatter = np.zeros_like(found)
    for part, (rows, cols) in occupied(found, window):
        for read in layers:
            layer = read(part)
            if "slope" in layer:
                flatter[rows, cols] = layer["slope"] < limit
    return flatter


def pixel_areas(grid: Grid) -> NDArray[np.float64]:
    """True area of a pixel in each row of a grid, m², float64 [height]."""
    return Ruler(grid.crs.to_wkt()).pixel_areas(tuple(grid.transform), grid.width, grid.height)


def strips(grid: Grid, rows: int = STRIP_ROWS) -> Iterator[Window]:
    """The windows that cover a grid from top to bottom, over its whole width."""
    for row in range(0, grid.height, rows):
        yield Window(row, 0, min(rows, grid.height - row), grid.width)
