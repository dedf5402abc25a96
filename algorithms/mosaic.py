"""scarp:mosaic."""

from __future__ import annotations

from typing import Any, ClassVar

from qgis.core import (
    Qgis,
    QgsProcessingParameterEnum,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterString,
)

from ..core.jobs import METHODS, MosaicJob
from .base import ScarpAlgorithm


class Mosaic(ScarpAlgorithm):
    """Put the probability rasters of several scenes together: neighbouring tiles, or one place on several dates.

    Inputs: probability rasters of 'Map landslides', on any grids, UTM zones included. The first one gives the CRS and
    the cells; rasters whose cells do not coincide with them are resampled (bilinear), and the log names them.

    Output: one probability raster as far as all of them reach; nodata (-9999) where none is valid. 'Turn probability
    into mask and polygons' makes the inventory of it: landslides across the borders of scenes are whole.

    Where scenes overlap, METHOD decides. Map the scenes with the same checkpoint, so that one threshold fits all.

    Cancel stops within seconds and leaves no file.
    """

    NAME = "mosaic"
    TITLE = "Put probability rasters together"
    GROUP = "Map"
    TAGS = ("mosaic", "merge", "composite", "several dates", "utm zones", "probability")
    JOB = MosaicJob
    LAYERS: ClassVar = {"OUTPUT": "Landslide probability"}
    STYLES: ClassVar = {"OUTPUT": "probability"}

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:  # noqa: N802
        """See QgsProcessingAlgorithm."""
        self.add(
            QgsProcessingParameterMultipleLayers(
                "PROBABILITIES", "Landslide probabilities", Qgis.ProcessingSourceType.Raster
            ),
            "Probability rasters written by 'Map landslides' (0 to 1). Their order counts: the first gives the grid, "
            "and goes first where METHOD finds two alike.",
        )
        self.add(
            QgsProcessingParameterEnum(
                "METHOD",
                "Where scenes overlap",
                options=list(METHODS),
                defaultValue="best",
                usesStaticStrings=True,
            ),
            "best: the scene that lies farthest from its next cloud or edge there (up to 64 pixels): maps are worst "
            "beside those. mean: of all that are valid. max: the highest; finds most, and raises most false alarms. "
            "latest: the most recent scene that is valid there. first: the first in the list that is.",
        )
        self.add(
            QgsProcessingParameterString("DATES", "Dates of the scenes (year-month-day)", optional=True),
            "For METHOD=latest: one date a raster, in their order, comma-separated: 2018-09-08, 2018-09-13. Unset: "
            "from the names of the bands that were mapped, of the rasters, or EVENT_DATE; the log says which.",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterRasterDestination("OUTPUT", "Landslide probability"),
            "GeoTIFF, 32-bit: 0 to 1, nodata -9999.",
        )
        self.add_numbers({"VALID_SHARE": "Share of the mosaic that is valid (0 to 1)"})
