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
from .statistics import ReadLayers, occupied
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
#: Slopes that are counted apart, degrees: from, and below.
SLOPE_CLASSES = ((0, 5), (5, 15), (15, 25), (25, 35), (35, 45), (45, 90))
#: Indexed [predicted, true].
_CODES = np.array([[TRUE_NEGATIVE, FALSE_NEGATIVE], [FALSE_POSITIVE, TRUE_POSITIVE]], np.uint8)


@dataclass
class Comparison:
    """What `compare` counted.

    Attributes:
        confusion: Pooled pixel counts.
        histogram: Counts by probability; None for a prediction that is no probability.
        area_m2: True area of each code of the error map, float64 [4].
        blocks: Pixels of each code (columns) in each square block of the grid that holds scored pixels, int64 [n, 4].
        by_slope: Pixels of each code (columns) in each of `SLOPE_CLASSES` and, last, where the slope is unknown,
            int64 [classes + 1, 4]; those of code 0 are not counted. None: no slope was given.
        scored: The smallest window that holds every scored pixel.
    """

    confusion: Confusion = field(default_factory=Confusion)
    histogram: Histogram | None = None
    area_m2: NDArray[np.float64] = field(default_factory=lambda: np.zeros(4))
    blocks: NDArray[np.int64] = field(default_factory=lambda: np.zeros((0, 4), np.int64))
    by_slope: NDArray[np.int64] | None = None
    scored: Window = field(default_factory=lambda: Window(0, 0, 0, 0))


def compare(
    prediction: Surface,
    reference: Surface,
    grid: Grid,
    *,
    area: Polygons | None,
    threshold: float,
    error_map_path: str | Path,
    block: int = 64,
    slope: ReadLayers | None = None,
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
        block: Side of the blocks that are counted, in pixels.
        slope: Where ``slope`` is found, for the counts by slope.
        reporter: Told how far it is.

    Raises:
        ScarpError: No pixel is known in both and inside the area.
    """
    result = Comparison()
    row_areas = pixel_areas(grid)
    blocks = np.zeros((-(-grid.height // block), -(-grid.width // block), 4), np.int64)
    if slope is not None:
        result.by_slope = np.zeros((len(SLOPE_CLASSES) + 1, 4), np.int64)
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
            _count_blocks(blocks, codes, window, block)
            if slope is not None and result.by_slope is not None:
                _count_slopes(result.by_slope, codes, window, slope)
            out.write(window, codes)
    counts = result.confusion
    result.blocks = blocks[blocks.any(axis=2)]
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


def _count_blocks(blocks: NDArray[np.int64], codes: NDArray[np.uint8], window: Window, side: int) -> None:
    """Add the codes of a strip to those of the blocks [rows, columns, 4] it lies in."""
    first, columns = window.row // side, blocks.shape[1]
    last = (window.row + window.height - 1) // side
    rows = np.arange(window.row, window.row + window.height) // side - first
    at = (rows[:, None] * columns + np.arange(window.width) // side) * 4
    scored = codes != NODATA
    counts = np.bincount((at + codes)[scored], minlength=(last - first + 1) * columns * 4)
    blocks[first : last + 1] += counts.reshape(-1, columns, 4)


def _count_slopes(by_slope: NDArray[np.int64], codes: NDArray[np.uint8], window: Window, slope: ReadLayers) -> None:
    """Add the landslides of a strip, in either map, to the counts by slope."""
    landslide = (codes != TRUE_NEGATIVE) & (codes != NODATA)
    for part, (rows, cols) in occupied(landslide, window):
        counted = landslide[rows, cols]
        degrees = slope(part)["slope"][counted]
        index = np.searchsorted([low for low, _ in SLOPE_CLASSES[1:]], degrees, side="right")
        index[np.isnan(degrees)] = len(SLOPE_CLASSES)
        flat = index * 4 + codes[rows, cols][counted]
        by_slope += np.bincount(flat, minlength=by_slope.size).reshape(by_slope.shape)


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
