"""scarp:polygonize."""

from __future__ import annotations

from typing import Any, ClassVar

from qgis.core import (
    Qgis,
    QgsProcessingParameterDateTime,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterVectorDestination,
)

from ..core.jobs import PolygonizeJob
from .base import ScarpAlgorithm

_Double = Qgis.ProcessingNumberParameterType.Double


class Polygonize(ScarpAlgorithm):
    """Turn a probability raster into a mask and polygons, with another threshold or smallest area.

    Inputs: the probability raster of 'Map landslides' and, for slope figures, a DEM.

    Outputs, each of them optional: mask (1 landslide, 0 none, 255 not mapped) and polygons with true area (m²),
    perimeter (m) and probability. Polygons follow the pixel edges unless they are simplified.

    No network is run: it takes seconds, so thresholds can be tried.

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
        self.add(
            QgsProcessingParameterNumber("MIN_AREA", "Smallest landslide (m²)", _Double, 400, minValue=0),
            "Smaller bodies are left out. A pixel of 10 m has 100 m².",
            decimals=1,
        )
        self.add(
            QgsProcessingParameterRasterLayer("DEM", "Digital elevation model", optional=True),
            "Elevation in metres, for the mean slope of each landslide.",
        )
        self.add(
            QgsProcessingParameterNumber("SIMPLIFY", "Simplify outlines (m)", _Double, 0, minValue=0, maxValue=1e4),
            "Tolerance of the simplification. 0 keeps the pixel edges.",
            advanced=True,
            decimals=1,
        )
        self.add(
            QgsProcessingParameterDateTime(
                "EVENT_DATE", "Date of the event", Qgis.ProcessingDateTimeParameterDataType.Date, optional=True
            ),
            "Written to the polygons (year-month-day), for your inventory.",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterRasterDestination("MASK", "Landslide mask", optional=True),
            "GeoTIFF, 8-bit: 1 landslide, 0 no landslide, 255 not mapped (nodata).",
        )
        self.add(
            QgsProcessingParameterVectorDestination("POLYGONS", "Landslides", optional=True),
            "GeoPackage: one polygon for each landslide, with area (m²), perimeter (m), probability and, with a DEM, "
            "slope.",
        )
        self.add_numbers({"COUNT": "Landslides", "AREA_M2": "Area of landslides (m²)"})
