"""How good a map is: all figures (CONTRIBUTING.md, Figures) for rasters and polygons of any size."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from ..reporter import Reporter
from ..scene.grid import Grid
from ..training.metrics import Histogram, Objects
from .comparison import Comparison, compare
from .objects import count_objects
from .probability import Probability
from .surfaces import open_surfaces

_DEFAULT_THRESHOLD = 0.5


@dataclass(frozen=True)
class Assessment:
    """What `assess` found.

    Attributes:
        figures: Every name of `scarp.core.training.metrics.score`; NaN where undefined.
        comparison: Pixel counts and areas.
        objects: Counts of bodies.
        grid: The grid of the comparison.
        threshold: The threshold that was applied; None for a prediction that is no probability.
        min_area: Smallest body that counted, m².
    """

    figures: dict[str, float]
    comparison: Comparison
    objects: Objects
    grid: Grid
    threshold: float | None
    min_area: float


def assess(
    prediction: str,
    reference: str,
    *,
    area: str,
    threshold: float | None,
    min_area: float,
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
            reporter=reporter.part(0.0, 0.7),
        )
    objects = count_objects(error_map_path, min_area, reporter.part(0.7, 1.0))
    figures = {
        **comparison.confusion.scores(),
        **(comparison.histogram or Histogram()).scores(),
        **objects.scores(),
    }
    return Assessment(figures, comparison, objects, grid, threshold, min_area)


def _threshold(probability: Probability, threshold: float | None, reporter: Reporter) -> float:
    if threshold is not None:
        return threshold
    recorded = probability.record.get("threshold")
    if isinstance(recorded, (int, float)):
        reporter.info(f"THRESHOLD is not set: {recorded:g}, with which the raster was made, is used.")
        return float(recorded)
    reporter.info(f"THRESHOLD is not set: {_DEFAULT_THRESHOLD:g} is used.")
    return _DEFAULT_THRESHOLD
