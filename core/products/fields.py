"""The fields of a polygon layer: name, type, and what QGIS shows for it."""

from __future__ import annotations

from dataclasses import dataclass

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
        "Confidence",
        "By mean and largest probability: high, confident, likely, probable or possible.",
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

# The words of the confidence classes of the USGS inventory (Mirus et al. 2020), from its best to its last, given here
# by what a network says and not by an expert: mean and largest probability must both reach these.
_CONFIDENCE = {
    "high": (0.85, 0.95),
    "confident": (0.7, 0.9),
    "likely": (0.55, 0.75),
    "probable": (0.4, 0.5),
    "possible": (0.0, 0.0),
}


def confidence(mean: NDArray[np.float64], largest: NDArray[np.float64]) -> NDArray[np.object_]:
    """The class of each landslide by mean and largest probability, [n] of text; None where they are NaN.

    The words are a rule of thumb: probabilities of an uncalibrated network promise more than they keep.
    """
    words = np.full(len(mean), None, object)
    for word, (of_mean, of_largest) in reversed(_CONFIDENCE.items()):
        words[(mean >= of_mean) & (largest >= of_largest)] = word
    return words
