"""Probability to mask: 0 no landslide, 1 landslide, 255 no data, small bodies removed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..reporter import Reporter
from ..scene.grid import Grid, Window
from ..scene.writers import RasterWriter
from .components import STRIP_ROWS, Components
from .measure import Ruler
from .probability import Probability

NODATA = 255
COLOURS = {0: (0, 0, 0, 0), 1: (200, 30, 30, 255), NODATA: (0, 0, 0, 0)}
CATEGORIES = {0: "no landslide", 1: "landslide", NODATA: "no data"}


def mask_from_probability(
    probability_path: str | Path, mask_path: str | Path, threshold: float, min_area: float, reporter: Reporter
) -> dict[str, Any]:
    """Threshold a probability raster and remove the bodies that are too small, without ever holding the scene.

    Args:
        probability_path: Single-band raster, 0 to 1.
        mask_path: GeoTIFF to write, uint8: 0, 1, 255 (where the probability is not valid).
        threshold: Probability from which a pixel is landslide.
        min_area: Smallest 8-connected body kept, true m².
        reporter: Told how far it is.

    Returns:
        ``count`` and ``area_m2`` of the bodies (true area).

    Raises:
        ScarpError: The raster is unusable; see `Probability`.
    """
    with Probability(probability_path) as probability:
        grid = probability.grid

        def above(row: int, height: int) -> NDArray[np.bool_]:
            values, valid = probability.read(Window(row, 0, height, grid.width))
            found: NDArray[np.bool_] = valid & (values >= threshold)
            return found

        bodies = Components(
            above, grid.height, grid.width, pixel_areas=pixel_areas(grid), reporter=reporter.part(0.0, 0.5)
        )
        bodies.drop_smaller(min_area)
        with RasterWriter(
            mask_path, grid, ["landslide"], "uint8", NODATA, colormap=COLOURS, categories=CATEGORIES
        ) as writer:
            for row, labels in bodies.strips():
                reporter.progress(0.5 + 0.5 * row / grid.height, "Writing the mask")
                window = Window(row, 0, len(labels), grid.width)
                _, valid = probability.read(window)
                writer.write(window, np.where(valid, labels > 0, NODATA).astype(np.uint8))
    return {"count": bodies.count, "area_m2": float(bodies.area[1:].sum())}


def pixel_areas(grid: Grid) -> NDArray[np.float64]:
    """True area of a pixel in each row of a grid, m², float64 [height]."""
    return Ruler(grid.crs.to_wkt()).pixel_areas(tuple(grid.transform), grid.width, grid.height)


def strips(grid: Grid, rows: int = STRIP_ROWS) -> Iterator[Window]:
    """The windows that cover a grid from top to bottom, over its whole width."""
    for row in range(0, grid.height, rows):
        yield Window(row, 0, min(rows, grid.height - row), grid.width)
