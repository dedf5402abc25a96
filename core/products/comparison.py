"""Prediction against reference, pixel by pixel: an error map and pooled counts, window by window."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..errors import ScarpError
from ..reporter import Reporter
from ..scene.grid import Grid, Window
from ..scene.vectors import Polygons
from ..scene.writers import RasterWriter
from ..training.metrics import Confusion, Histogram
from .raster import NODATA, pixel_areas, strips
from .surfaces import Surface

TRUE_NEGATIVE, TRUE_POSITIVE, FALSE_POSITIVE, FALSE_NEGATIVE = range(4)
COLOURS = {
    TRUE_NEGATIVE: (235, 235, 230, 255),
    TRUE_POSITIVE: (44, 140, 60, 255),
    FALSE_POSITIVE: (230, 120, 20, 255),
    FALSE_NEGATIVE: (190, 30, 110, 255),
    NODATA: (0, 0, 0, 0),
}
CATEGORIES = {
    TRUE_NEGATIVE: "true negative: no landslide in either",
    TRUE_POSITIVE: "true positive: landslide found",
    FALSE_POSITIVE: "false positive: false alarm",
    FALSE_NEGATIVE: "false negative: landslide missed",
    NODATA: "not scored",
}
#: Indexed [predicted, true].
_CODES = np.array([[TRUE_NEGATIVE, FALSE_NEGATIVE], [FALSE_POSITIVE, TRUE_POSITIVE]], np.uint8)


@dataclass
class Comparison:
    """What `compare` counted.

    Attributes:
        confusion: Pooled pixel counts.
        histogram: Counts by probability; None for a prediction that is no probability.
        area_m2: True area of each code of the error map, float64 [4].
        scored: The smallest window that holds every scored pixel.
    """

    confusion: Confusion = field(default_factory=Confusion)
    histogram: Histogram | None = None
    area_m2: NDArray[np.float64] = field(default_factory=lambda: np.zeros(4))
    scored: Window = field(default_factory=lambda: Window(0, 0, 0, 0))


def compare(
    prediction: Surface,
    reference: Surface,
    grid: Grid,
    *,
    area: Polygons | None,
    threshold: float,
    error_map_path: str | Path,
    reporter: Reporter,
) -> Comparison:
    """Score every pixel where both are known, inside the area.

    Args:
        prediction: Mask, or probability that ``threshold`` is applied to.
        reference: Mask.
        grid: The grid of the comparison and of the error map.
        area: Polygons that limit the comparison; None: the whole grid.
        threshold: Probability from which a pixel is landslide.
        error_map_path: GeoTIFF to write, uint8, codes as in `CATEGORIES`, 255 = not scored.
        reporter: Told how far it is.

    Raises:
        ScarpError: No pixel is known in both and inside the area.
    """
    result = Comparison()
    row_areas = pixel_areas(grid)
    with RasterWriter(
        error_map_path, grid, ["errors"], "uint8", NODATA, colormap=COLOURS, categories=CATEGORIES
    ) as out:
        for window in strips(grid):
            reporter.progress(window.row / grid.height, "Comparing")
            said, said_valid = prediction.read(window)
            true, scored = reference.read(window)
            scored = scored & said_valid
            if area is not None:
                scored &= area.burn(window)
            landslide = said if said.dtype == bool else said >= threshold
            if said.dtype != bool:
                result.histogram = result.histogram or Histogram()
                result.histogram.add(said, true, scored)
            result.confusion.add(landslide, true, scored)
            codes = np.where(scored, _CODES[landslide.astype(np.intp), true.astype(np.intp)], NODATA).astype(np.uint8)
            areas = np.repeat(row_areas[window.row : window.row + window.height], window.width)
            result.area_m2 += np.bincount(codes.ravel(), areas, NODATA + 1)[:4]
            result.scored = _around(result.scored, window, scored)
            out.write(window, codes)
    counts = result.confusion
    if not counts.tp + counts.fp + counts.fn + counts.tn:
        raise ScarpError(
            f"PREDICTION, REFERENCE{' and AREA' if area is not None else ''} share no pixel with data. "
            "Choose layers of the same place, and check their coordinate reference systems and nodata values."
        )
    if not counts.tp + counts.fn:
        reporter.warning(
            "REFERENCE holds no landslide where it is compared: recall and what rests on it are undefined."
        )
    return result


def _around(found: Window, window: Window, scored: NDArray[np.bool_]) -> Window:
    """``found``, grown to hold the scored pixels of a strip."""
    rows, cols = np.flatnonzero(scored.any(axis=1)), np.flatnonzero(scored.any(axis=0))
    if not len(rows):
        return found
    top, left = window.row + int(rows[0]), window.col + int(cols[0])
    bottom, right = window.row + int(rows[-1]) + 1, window.col + int(cols[-1]) + 1
    if not found.empty:
        top, left = min(top, found.row), min(left, found.col)
        right = max(right, found.col + found.width)
    return Window(top, left, bottom - top, right - left)
