"""Probability to inventory: mask and polygons in one go, whichever of them is asked for."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..reporter import Reporter
from .polygons import polygons_from_mask
from .raster import mask_from_probability


def write_inventory(
    probability_path: str | Path,
    mask_path: str | Path | None,
    polygons_path: str | Path | None,
    *,
    threshold: float,
    min_area: float,
    dem: str = "",
    simplify: float = 0.0,
    attributes: Mapping[str, Any] | None = None,
    reporter: Reporter,
) -> dict[str, Any]:
    """Threshold a probability raster, remove small bodies, and write the mask, the polygons, or both.

    Args:
        probability_path: Single-band raster, 0 to 1.
        mask_path: GeoTIFF to write; None: not wanted.
        polygons_path: GeoPackage to write; None: not wanted.
        threshold: Probability from which a pixel is landslide.
        min_area: Smallest 8-connected body kept, true m².
        dem: See `polygons_from_mask`.
        simplify: See `polygons_from_mask`.
        attributes: See `polygons_from_mask`.
        reporter: Told how far it is.

    Returns:
        ``count`` and ``area_m2`` (true area) of the landslides.

    Raises:
        ScarpError: An input is unusable.
    """
    with tempfile.TemporaryDirectory(prefix="scarp-") as scratch:
        mask = mask_path or Path(scratch) / "mask.tif"
        result = mask_from_probability(probability_path, mask, threshold, min_area, reporter.part(0.0, 0.4))
        if polygons_path:
            result = polygons_from_mask(
                mask,
                probability_path,
                polygons_path,
                dem=dem,
                simplify=simplify,
                attributes=attributes,
                reporter=reporter.part(0.4, 1.0),
            )
    return result
