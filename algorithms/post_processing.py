"""The parameters between a probability and an inventory: what a landslide is, and how its outline is drawn."""

from __future__ import annotations

from qgis.core import (
    Qgis,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDateTime,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterNumber,
)

from ..core.jobs import MORPHOLOGIES, SLOPE_RULES, SPLITS
from .base import ScarpAlgorithm

_Double = Qgis.ProcessingNumberParameterType.Double


def add_min_area(algorithm: ScarpAlgorithm) -> None:
    """Add MIN_AREA."""
    algorithm.add(
        QgsProcessingParameterNumber("MIN_AREA", "Smallest landslide (m²)", _Double, 400, minValue=0),
        "Smaller bodies are left out of the mask and the polygons. A pixel of 10 m has 100 m².",
        decimals=1,
    )


def add_post_processing(algorithm: ScarpAlgorithm) -> None:
    """Add the advanced parameters, in the order in which they act."""
    algorithm.add(
        QgsProcessingParameterFeatureSource(
            "AREA", "Area to map", [Qgis.ProcessingSourceType.VectorPolygon], optional=True
        ),
        "Polygons; what lies outside of them is nodata in the mask and holds no polygon. Unset: everywhere.",
        advanced=True,
    )
    _add_mask_options(algorithm)
    _add_outline_options(algorithm)
    algorithm.add(
        QgsProcessingParameterDateTime(
            "EVENT_DATE", "Date of the event", Qgis.ProcessingDateTimeParameterDataType.Date, optional=True
        ),
        "Written to the polygons (year-month-day), for your inventory.",
        advanced=True,
    )


def _add_mask_options(algorithm: ScarpAlgorithm) -> None:
    algorithm.add(
        QgsProcessingParameterNumber(
            "GROW_THRESHOLD", "Grow down to (probability)", _Double, optional=True, minValue=0, maxValue=1
        ),
        "Landslides start where the threshold is reached and grow to all connected pixels of at least this lower "
        "probability (hysteresis): fuller outlines without new landslides. Unset: they don't grow.",
        advanced=True,
        decimals=3,
    )
    algorithm.add(
        QgsProcessingParameterEnum(
            "MORPHOLOGY",
            "Opening or closing (4 x 4 pixels)",
            options=list(MORPHOLOGIES),
            defaultValue="none",
            usesStaticStrings=True,
        ),
        "opening: drops what is narrower than 4 pixels. closing: fills gaps narrower than 4 pixels. Tidier, and less "
        "accurate: on one Landslide4Sense fold the macro F1 fell from 0.72 to 0.56 and 0.50 (arXiv 2312.16717).",
        advanced=True,
    )
    algorithm.add(
        QgsProcessingParameterNumber("FILL_HOLES", "Fill holes smaller than (m²)", _Double, 0, minValue=0),
        "Holes inside a landslide that are smaller are filled, unless there is nodata in them. 0: none is.",
        advanced=True,
        decimals=1,
    )
    algorithm.add(
        QgsProcessingParameterNumber("MIN_SLOPE", "Least slope (degrees)", _Double, 0, minValue=0, maxValue=90),
        "Flatter ground is no landslide: rivers, fields and roads are often taken for one. Needs a DEM. Where the "
        "slope is unknown, nothing is left out. 0: off.",
        advanced=True,
        decimals=1,
    )
    algorithm.add(
        QgsProcessingParameterEnum(
            "SLOPE_RULE",
            "What the least slope applies to",
            options=list(SLOPE_RULES),
            defaultValue="body",
            usesStaticStrings=True,
        ),
        "body: a landslide is left out by its mean slope, and keeps its flat runout. pixel: flat pixels are left out.",
        advanced=True,
    )


def _add_outline_options(algorithm: ScarpAlgorithm) -> None:
    algorithm.add(
        QgsProcessingParameterEnum(
            "SPLIT",
            "Divide merged landslides",
            options=list(SPLITS),
            defaultValue="none",
            usesStaticStrings=True,
        ),
        "Neighbouring landslides grow together in the mask. shape: polygons are divided at necks thinner than half of "
        "the thinner part. probability: along valleys of the probability that are deeper than 0.1. The mask stays as "
        "it is. No part is smaller than MIN_AREA.",
        advanced=True,
    )
    algorithm.add(
        QgsProcessingParameterBoolean("SMOOTH", "Smooth outlines", False),
        "Cuts the corners of the pixels: stairs become straight lines. Each area changes by less than 1 %, and "
        "neighbours don't overlap.",
        advanced=True,
    )
    algorithm.add(
        QgsProcessingParameterNumber("SIMPLIFY", "Simplify outlines (m)", _Double, 0, minValue=0, maxValue=1e4),
        "Tolerance of the simplification; the log says how the area changed. Parts of a divided landslide may then "
        "overlap or gape by as much. 0 keeps every vertex.",
        advanced=True,
        decimals=1,
    )
