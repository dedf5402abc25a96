"""scarp:buildbands."""

from __future__ import annotations

from typing import Any, ClassVar

from qgis.core import QgsProcessingParameterRasterDestination, QgsProcessingParameterString

from ..core.jobs import BuildBandsJob
from .base import ScarpAlgorithm
from .scene_inputs import add_bands, add_details


class BuildBands(ScarpAlgorithm):
    """Write the engineered bands of a scene, which a network reads, as one raster with named bands.

    Inputs: Sentinel-2 bands in any mix of files, and a DEM where terrain bands are wanted. The finest band gives the
    grid; the others are resampled to it, and the log says so.

    Output: a GeoTIFF (32-bit float), one named band for each feature. Pixels that are invalid in any input are nodata.

    'Map landslides' and 'Train a network' build the bands themselves: use this to look at them, or to build them once
    for several runs.

    Cancel stops within seconds and leaves no file.
    """

    NAME = "buildbands"
    TITLE = "Build engineered bands"
    GROUP = "Prepare"
    TAGS = ("features", "sentinel-2", "ndvi", "slope", "index", "stack")
    JOB = BuildBandsJob
    LAYERS: ClassVar = {"OUTPUT": "Engineered bands"}

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:  # noqa: N802
        """See QgsProcessingAlgorithm."""
        add_bands(self)
        self.add(
            QgsProcessingParameterString("FEATURES", "Bands to build (preset or list)", defaultValue="auto"),
            "auto: all whose inputs are there. A preset: bands14, rgb9, bands17, bands21, bands23, bands25, bands26, "
            "edges22, sentinel21, deploy13, rgb3, rgb4dem, physical23. Or a list of channels and groups, for example "
            "b04,ndvi,slope,change (change: against the bands from before the event).",
        )
        add_details(self)
        self.add(
            QgsProcessingParameterRasterDestination("OUTPUT", "Engineered bands"),
            "GeoTIFF, 32-bit float, one named band for each feature; nodata where any input is invalid.",
        )
