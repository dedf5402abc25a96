"""scarp:polygonize."""

from __future__ import annotations

from typing import Any, ClassVar

from qgis.core import (
    Qgis,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterVectorDestination,
)

from ..core.jobs import PolygonizeJob
from .base import ScarpAlgorithm
from .post_processing import add_min_area, add_post_processing

_Double = Qgis.ProcessingNumberParameterType.Double


class Polygonize(ScarpAlgorithm):
    """Turn a probability raster into a mask and polygons, with another threshold or smallest area.

    Inputs: the probability raster of 'Map landslides' and, for slope figures, a DEM.

    Outputs, each of them optional: mask (1 landslide, 0 none, 255 not mapped) and polygons with true area (m²),
    perimeter (m), probability and form. Polygons follow the pixel edges unless they are smoothed or simplified.

    No network is run: it takes seconds, so thresholds can be tried. Further options let landslides grow to a lower
    probability, fill holes, leave out flat ground, divide merged landslides and smooth the outlines. In this
    order: area, slope of pixels, thresholds, opening or closing, holes, smallest landslide, slope of bodies, division,
    outline.

    Cancel stops within seconds and leaves no file.
    """

    NAME = "polygonize"
    TITLE = "Turn probability into mask and polygons"
    GROUP = "Map"
    TAGS = ("vectorize", "threshold", "sieve", "mask", "polygons")
    JOB = PolygonizeJob
    LAYERS: ClassVar = {"MASK": "Landslide mask", "POLYGONS": "Landslides"}

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:  # noqa: N802
        """See QgsProcessingAlgorithm."""
        self.add(
            QgsProcessingParameterRasterLayer("PROBABILITY", "Landslide probability"),
            "The probability raster written by 'Map landslides' (0 to 1).",
        )
        self.add(
            QgsProcessingParameterNumber("THRESHOLD", "Threshold (probability)", _Double, 0.5, minValue=0, maxValue=1),
            "Pixels from this probability on are landslide.",
            decimals=3,
        )
        add_min_area(self)
        self.add(
            QgsProcessingParameterRasterLayer("DEM", "Digital elevation model", optional=True),
            "Elevation in metres, for elevation, slope, aspect and downslope length of each landslide, and for "
            "MIN_SLOPE.",
        )
        add_post_processing(self)
        self.add(
            QgsProcessingParameterRasterDestination("MASK", "Landslide mask", optional=True),
            "GeoTIFF, 8-bit: 1 landslide, 0 no landslide, 255 not mapped (nodata).",
        )
        self.add(
            QgsProcessingParameterVectorDestination("POLYGONS", "Landslides", optional=True),
            "GeoPackage: one polygon for each landslide, with area (m²), perimeter (m), form, probability, confidence "
            "in words and, with a DEM, elevation, slope, aspect, length and width. A field for your review.",
        )
        self.add_numbers({"COUNT": "Landslides", "AREA_M2": "Area of landslides (m²)"})
