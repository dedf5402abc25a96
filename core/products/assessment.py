"""How good a map is: all figures (CONTRIBUTING.md, Figures) for rasters and polygons of any size."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from ..reporter import Reporter
from ..scene.grid import Grid
from ..training.bootstrap import intervals
from ..training.metrics import Histogram
from .comparison import FALSE_NEGATIVE, FALSE_POSITIVE, TRUE_NEGATIVE, TRUE_POSITIVE, Comparison, compare
from .layers import slope_layers
from .objects import Bodies, count_objects
from .probability import Probability
from .surfaces import open_surfaces

_DEFAULT_THRESHOLD = 0.5
#: With fewer blocks their spread says nothing.
LEAST_BLOCKS = 10


@dataclass(frozen=True)
class Assessment:
    """What `assess` found.

    Attributes:
        figures: Every name of `scarp.core.training.metrics.score`; NaN where undefined.
        intervals: 95 % interval (low, high) of each figure of pixels; empty with fewer than `LEAST_BLOCKS` blocks.
        comparison: Pixel counts and areas.
        bodies: Counts of bodies, all of them and by size, and the distance of their outlines.
        grid: The grid of the comparison.
        threshold: The threshold that was applied; None for a prediction that is no probability.
        min_area: Smallest body that counted, m².
        block: Side of the blocks that were drawn for the intervals, in pixels.
    """

    figures: dict[str, float]
    intervals: dict[str, tuple[float, float]]
    comparison: Comparison
    bodies: Bodies
    grid: Grid
    threshold: float | None
    min_area: float
    block: int


def assess(
    prediction: str,
    reference: str,
    *,
    area: str,
    threshold: float | None,
    min_area: float,
    dem: str = "",
    block: int = 64,
    resamples: int = 1000,
    error_map_path: str | Path,
    reporter: Reporter,
) -> Assessment:
    """Compare a map with a reference inside an area, and write the error map.

    Args:
        prediction: Mask or probability raster, or polygons.
        reference: Mask raster or polygons, in any coordinate reference system.
        area: Polygons; nothing outside of them is scored. Empty: everywhere.
        threshold: For probabilities; None: the one in the raster's run record, else 0.5.
        min_area: Smallest body that counts in the object figures, m².
        dem: Digital elevation model for the counts by slope, any grid; empty: none.
        block: Side of the blocks that are drawn for the intervals, in pixels.
        resamples: How often they are drawn; 0: no intervals.
        error_map_path: GeoTIFF to write.
        reporter: Told every choice made, and how far it is.

    Raises:
        ScarpError: An input is unusable, or they do not overlap.
    """
    with ExitStack() as stack:
        grid, said, true, limits = open_surfaces(prediction, reference, area, stack, reporter)
        if isinstance(said, Probability):
            threshold = _threshold(said, threshold, reporter)
        elif threshold is not None:
            reporter.warning("THRESHOLD is not used: PREDICTION is no probability raster.")
            threshold = None
        comparison = compare(
            said,
            true,
            grid,
            area=limits,
            threshold=threshold or 0.0,
            error_map_path=error_map_path,
            block=block,
            slope=stack.enter_context(slope_layers(dem, grid)) if dem else None,
            reporter=reporter.part(0.0, 0.6),
        )
    bodies = count_objects(error_map_path, min_area, reporter.part(0.6, 0.9))
    figures = {
        **comparison.confusion.scores(),
        **(comparison.histogram or Histogram()).scores(),
        **bodies.objects.scores(),
    }
    reporter.progress(0.9, "Drawing blocks")
    found = _intervals(comparison, resamples, reporter) if resamples else {}
    return Assessment(figures, found, comparison, bodies, grid, threshold, min_area, block)


def _intervals(comparison: Comparison, resamples: int, reporter: Reporter) -> dict[str, tuple[float, float]]:
    """Percentile intervals of the figures of pixels when blocks of the grid are drawn with replacement."""
    if len(comparison.blocks) < LEAST_BLOCKS:
        reporter.info(
            f"No intervals: only {len(comparison.blocks)} blocks were scored, and {LEAST_BLOCKS} are needed. "
            "Choose a smaller BLOCK or a larger AREA."
        )
        return {}
    order = [TRUE_POSITIVE, FALSE_POSITIVE, FALSE_NEGATIVE, TRUE_NEGATIVE]
    return intervals(comparison.blocks[:, order], resamples=resamples)


def _threshold(probability: Probability, threshold: float | None, reporter: Reporter) -> float:
    if threshold is not None:
        return threshold
    recorded = probability.record.get("threshold")
    if isinstance(recorded, (int, float)):
        reporter.info(f"THRESHOLD is not set: {recorded:g}, with which the raster was made, is used.")
        return float(recorded)
    reporter.info(f"THRESHOLD is not set: {_DEFAULT_THRESHOLD:g} is used.")
    return _DEFAULT_THRESHOLD
