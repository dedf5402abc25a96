"""scarp:demoscene."""

from __future__ import annotations

import os
from typing import Any

from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputRasterLayer,
    QgsProcessingOutputVectorLayer,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterNumber,
)

from ..core.jobs import DemoSceneJob
from .base import ScarpAlgorithm
from .translation import tr

_Integer = Qgis.ProcessingNumberParameterType.Integer


class DemoScene(ScarpAlgorithm):
    """Generate a landslide event to try everything on: twelve Sentinel-2 bands, a DEM and the true polygons.

    The scene is invented, and the same for the same seed: mountains with rivers and land cover, clouds with shadow in
    one corner, nodata along one edge, landslides that run down steep slopes, and look-alikes that are none.

    Outputs: a folder with one GeoTIFF for each band (UTM; 10 m and 20 m), a DEM (30 m, another CRS) and the landslide
    polygons.

    Next: 'Train a network' on its western half, 'Map landslides' in its eastern half, 'Assess a landslide map'.
    """

    NAME = "demoscene"
    TITLE = "Generate a demonstration scene"
    GROUP = "Prepare"
    TAGS = ("demo", "example", "synthetic", "sentinel-2", "tutorial")
    JOB = DemoSceneJob

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:  # noqa: N802
        """See QgsProcessingAlgorithm."""
        self.add(
            QgsProcessingParameterNumber(
                "SIZE", "Width (px of 10 m)", _Integer, self.JOB.size, minValue=256, maxValue=10980
            ),
            "Width of the scene; it is half as high.",
        )
        self.add(
            QgsProcessingParameterNumber("SEED", "Seed", _Integer, self.JOB.seed, minValue=0),
            "Another seed gives another scene.",
        )
        self.add(
            QgsProcessingParameterBoolean("OPEN", "Open the scene in the project", True),
            "Adds the rasters and polygons to the project, in a group.",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterFolderDestination("FOLDER", "Folder"),
            "The folder that the scene is written to.",
        )
        self.addOutput(QgsProcessingOutputVectorLayer("LABELS", "True landslides"))
        self.addOutput(QgsProcessingOutputRasterLayer("DEM", "Digital elevation model"))

    def processAlgorithm(  # noqa: N802
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Generate the scene, and have its layers opened."""
        results = super().processAlgorithm(parameters, context, feedback)
        if results and context.project() is not None and self.parameterAsBoolean(parameters, "OPEN", context):
            rasters = sorted(file for file in os.listdir(results["FOLDER"]) if file.endswith(".tif"))
            paths = [os.path.join(results["FOLDER"], file) for file in rasters] + [results["LABELS"]]
            for order, path in enumerate(paths):
                self._open(path, order, context)
        return results

    @staticmethod
    def _open(path: str, order: int, context: QgsProcessingContext) -> None:
        name = os.path.splitext(os.path.basename(path.partition("|")[0]))[0]
        details = QgsProcessingContext.LayerDetails(name, context.project(), name)
        details.groupName = tr("Scarp demonstration scene")
        details.layerSortKey = order
        context.addLayerToLoadOnCompletion(path, details)
