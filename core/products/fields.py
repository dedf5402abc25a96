"""The fields of a polygon layer: name, type, and what QGIS shows for it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Field:
    """A field of the layer.

    Attributes:
        kind: NumPy type, see `scarp.core.products.geopackage.PolygonLayer`.
        title: What attribute tables and forms show, with the unit.
        description: What it is, exactly.
    """

    kind: str
    title: str
    description: str


#: Fields of every polygon layer, in order; what is not known is NULL.
FIELDS = {
    "id": Field("int32", "Number", "Number of the landslide in this layer, from 1."),
    "area_m2": Field("float64", "Area (m²)", "True (ellipsoidal) area of the polygon."),
    "perimeter_m": Field(
        "float64", "Perimeter (m)", "Ellipsoidal, holes included; along pixel edges unless the outline was smoothed."
    ),
    "length_m": Field(
        "float64", "Length downslope (m)", "Horizontal extent along the mean downslope direction of the landslide."
    ),
    "width_m": Field("float64", "Width (m)", "Horizontal extent across the mean downslope direction."),
    "elongation": Field("float64", "Elongation", "Long by short side of the smallest rectangle around it; 1 or more."),
    "compactness": Field(
        "float64", "Compactness", "4 pi area / perimeter²: 1 for a circle, 0.79 for a square of pixels, less if ragged."
    ),
    "elev_min": Field("float64", "Elevation, lowest (m)", "Of the DEM inside the landslide."),
    "elev_max": Field("float64", "Elevation, highest (m)", "Of the DEM inside the landslide."),
    "elev_range": Field("float64", "Elevation, range (m)", "Highest minus lowest."),
    "slope_mean": Field("float64", "Slope, mean (°)", "Of the slope inside the landslide."),
    "slope_max": Field("float64", "Slope, largest (°)", "Of the slope inside the landslide."),
    "aspect_mean": Field(
        "float64", "Aspect, mean (°)", "Circular mean of the downslope direction, clockwise from grid north."
    ),
    "ndvi_mean": Field("float64", "NDVI, mean", "(B08 - B04) / (B08 + B04) of the scene, mean inside the landslide."),
    "prob_mean": Field("float64", "Probability, mean", "Of the landslide probability inside the landslide."),
    "prob_max": Field("float64", "Probability, largest", "Of the landslide probability inside the landslide."),
    "prob_std": Field("float64", "Probability, standard deviation", "Of the pixels inside the landslide."),
    "confidence": Field(
        "object",
        "Confidence (from the threshold to 1)",
        "Where the mean probability lies between the threshold and 1, in fifths: possible, probable, likely, "
        "confident, high.",
    ),
    "nodata_share": Field(
        "float64",
        "Not mapped around (share)",
        "Share of cloud, nodata and what lies beyond the raster in its bounding box and 5 pixels around.",
    ),
    "touches_edge": Field(
        "bool", "Touches edge of data", "A pixel touches nodata or the edge of the raster: the landslide may go on."
    ),
    "event_date": Field("datetime64[D]", "Date of the event", "As given."),
    "scene": Field("object", "Scene", "The scene that was mapped."),
    "checkpoint": Field("object", "Checkpoint", "The network that mapped it."),
    "reviewed": Field("object", "Reviewed", "For the analyst: right, wrong or unsure; empty: not looked at."),
}

#: Values of the field ``reviewed``, and what forms show for them.
REVIEWS = {"right": "right: a landslide", "wrong": "wrong: no landslide", "unsure": "unsure: cannot be told"}

#: The words of the confidence classes of the USGS inventory (Mirus et al. 2020), from its last to its best. There an
#: expert weighs the evidence; here they divide what a network can say beyond its threshold. Calibrated thresholds lie
#: far below 0.5, where fixed limits would give nearly all landslides the same word.
CONFIDENCE = ("possible", "probable", "likely", "confident", "high")


def confidence(mean: NDArray[np.float64], threshold: float) -> NDArray[np.object_]:
    """The class of each landslide by the fifth of the way from the threshold to 1 that its mean probability lies in.

    Args:
        mean: Mean probability inside each, [n]; lower than the threshold where landslides were grown or filled.
        threshold: Probability from which a pixel was landslide.

    Returns:
        [n] of text; None where ``mean`` is NaN.
    """
    words: NDArray[np.object_] = np.full(len(mean), None, object)
    known = np.isfinite(mean)
    words[known] = np.array(CONFIDENCE, object)[np.searchsorted(confidence_limits(threshold), mean[known], "right")]
    return words


def confidence_limits(threshold: float) -> list[float]:
    """The mean probability from which each word after the first is given."""
    return [threshold + (1 - threshold) * step / len(CONFIDENCE) for step in range(1, len(CONFIDENCE))]


def fields_at(threshold: float | None) -> dict[str, Field]:
    """`FIELDS`, with the limits of the confidence at a threshold told in its description."""
    if threshold is None:
        return FIELDS
    known = FIELDS["confidence"]
    limits = ", ".join(f"{word} {limit:.2f}" for word, limit in zip(CONFIDENCE[1:], confidence_limits(threshold)))
    told = f"{known.description} At the threshold of {threshold:.4g} of this layer from: {limits}."
    return {**FIELDS, "confidence": replace(known, description=told)}
