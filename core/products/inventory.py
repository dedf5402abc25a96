"""Probability to inventory: mask and polygons in one go, whichever of them is asked for."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import fields
from pathlib import Path
from typing import Any

from ..jobs import PostProcessing
from ..reporter import Reporter
from .cleaning import Cleaning
from .layers import slope_layers
from .polygons import polygons_from_mask
from .probability import Probability
from .raster import mask_from_probability
from .statistics import ReadLayers


def write_inventory(
    probability_path: str | Path,
    mask_path: str | Path | None,
    polygons_path: str | Path | None,
    *,
    threshold: float,
    options: PostProcessing,
    dem: str = "",
    layers: Sequence[ReadLayers] = (),
    attributes: Mapping[str, Any] | None = None,
    reporter: Reporter,
) -> dict[str, Any]:
    """Make a clean mask of a probability raster, and write the mask, the polygons, or both.

    Args:
        probability_path: Single-band raster, 0 to 1.
        mask_path: GeoTIFF to write; None: not wanted.
        polygons_path: GeoPackage to write; None: not wanted.
        threshold: Probability from which a pixel is landslide.
        options: What else is asked for.
        dem: See `polygons_from_mask`.
        layers: See `polygons_from_mask`.
        attributes: See `polygons_from_mask`.
        reporter: Told how far it is.

    Returns:
        ``count`` and ``area_m2`` (true area) of the landslides: of the polygons, where there are any.

    Raises:
        ScarpError: An input is unusable.
    """
    options.check_thresholds(threshold)
    chosen = {field.name: getattr(options, field.name) for field in fields(Cleaning) if field.name != "threshold"}
    with ExitStack() as stack:
        scratch = stack.enter_context(tempfile.TemporaryDirectory(prefix="scarp-"))
        mask = mask_path or Path(scratch) / "mask.tif"
        relief = list(layers)
        if dem and options.min_slope:
            with Probability(probability_path) as probability:
                grid = probability.grid
            relief.insert(0, stack.enter_context(slope_layers(dem, grid)))
        result = mask_from_probability(
            probability_path,
            mask,
            Cleaning(threshold, **chosen),
            reporter.part(0.0, 0.4),
            layers=relief,
            area=options.area,
        )
        if polygons_path:
            result = polygons_from_mask(
                mask,
                probability_path,
                polygons_path,
                threshold=threshold,
                dem=dem,
                layers=layers,
                split=options.split,
                min_area=options.min_area,
                smooth=options.smooth,
                simplify=options.simplify,
                attributes=attributes,
                reporter=reporter.part(0.4, 1.0),
            )
    return result
