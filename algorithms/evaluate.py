"""scarp:evaluate."""

from __future__ import annotations

from typing import Any, ClassVar

from qgis.core import (
    Qgis,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterMapLayer,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
)

from ..core.jobs import EvaluateJob
from .base import ScarpAlgorithm

_Integer = Qgis.ProcessingNumberParameterType.Integer
_Double = Qgis.ProcessingNumberParameterType.Double
_ANY = [Qgis.ProcessingSourceType.Raster, Qgis.ProcessingSourceType.VectorPolygon]

#: The figures of an assessment, by their full names.
FIGURES = {
    "F1_LANDSLIDE": "F1, landslide class",
    "IOU_LANDSLIDE": "IoU, landslide class",
    "PRECISION": "Precision, landslide class",
    "RECALL": "Recall, landslide class",
    "F1_MACRO": "F1, mean of both classes",
    "MIOU": "IoU, mean of both classes",
    "ACCURACY": "Accuracy",
    "AUPRC": "Area under the precision-recall curve",
    "AUROC": "Area under the ROC curve",
    "ECE": "Expected calibration error",
    "OBJECT_PRECISION": "Precision of whole landslides (IoU from 0.3)",
    "OBJECT_RECALL": "Recall of whole landslides (IoU from 0.3)",
    "OBJECT_F1": "F1 of whole landslides (IoU from 0.3)",
}

_MORE = {
    "F1_LANDSLIDE_LOW": "F1, landslide class: low end of the 95 % interval",
    "F1_LANDSLIDE_HIGH": "F1, landslide class: high end of the 95 % interval",
    "IOU_LANDSLIDE_LOW": "IoU, landslide class: low end of the 95 % interval",
    "IOU_LANDSLIDE_HIGH": "IoU, landslide class: high end of the 95 % interval",
    "OUTLINE_MEAN_M": "Distance of outlines of matched landslides, mean (m)",
    "OUTLINE_P95_M": "Distance of outlines of matched landslides, 95 % (m)",
}


class Evaluate(ScarpAlgorithm):
    """Compare a landslide map with a reference: figures, a map of the errors and a report.

    Inputs: a mask, probability raster or polygons to judge; reference polygons or a reference mask; and the area where
    the reference is complete. Pixels outside it, and nodata, are not scored. Vector layers may be memory layers, and
    edits not yet saved count.

    Outputs: figures for the landslide class and as means over both classes, each named in full; an error map (found,
    missed, false alarm); a report with the picture, 95 % intervals (blocks of the map drawn again and again), whole
    landslides by size, the distance of outlines, figures by slope (with a DEM), and curves to judge threshold and
    calibration of a probability. Figures that are undefined, such as the recall where the reference is empty, are NaN.
    AUPRC, AUROC and ECE need a probability raster.

    Judge a map only where its network was not trained.
    """

    NAME = "evaluate"
    TITLE = "Assess a landslide map"
    GROUP = "Assess"
    TAGS = ("accuracy", "validation", "confusion", "error map", "f1", "iou", "precision", "recall")
    JOB = EvaluateJob
    LAYERS: ClassVar = {"ERROR_MAP": "Error map"}

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:  # noqa: N802
        """See QgsProcessingAlgorithm."""
        self.add(
            QgsProcessingParameterMapLayer("PREDICTION", "Map to judge (mask, probability or polygons)", types=_ANY),
            "A landslide mask, a probability raster, or polygons.",
        )
        self.add(
            QgsProcessingParameterMapLayer("REFERENCE", "Reference (polygons or mask)", types=_ANY),
            "Landslides known to be true: polygons, or a mask raster (1 landslide, 0 none).",
        )
        self.add(
            QgsProcessingParameterFeatureSource(
                "AREA", "Interpreted area", [Qgis.ProcessingSourceType.VectorPolygon], optional=True
            ),
            "Polygons where the reference is complete; nothing outside is scored. Unset: wherever the map has data.",
        )
        self.add(
            QgsProcessingParameterNumber(
                "THRESHOLD", "Threshold (probability)", _Double, optional=True, minValue=0, maxValue=1
            ),
            "For probability rasters: pixels from this probability on are landslide. Unset: the threshold that the "
            "raster was made with, else 0.5.",
            decimals=3,
        )
        self.add(
            QgsProcessingParameterBoolean("SELECTED", "Use only the selected features", False),
            "For a map or reference of polygons: where features are selected in the project, only they count.",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterNumber("MIN_AREA", "Smallest landslide (m²)", _Double, 0, minValue=0),
            "For the figures of whole landslides: smaller bodies are left out.",
            advanced=True,
            decimals=1,
        )
        self.add(
            QgsProcessingParameterRasterLayer("DEM", "Digital elevation model", optional=True),
            "Elevation in metres, for a table of the figures by slope in the report.",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterNumber(
                "BLOCK", "Blocks for the intervals (px)", _Integer, 64, minValue=8, maxValue=4096
            ),
            "Side of the squares that are drawn with replacement for the 95 % intervals. They should be larger than "
            "most landslides, and there should be many: fewer than 10 give no intervals.",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterNumber(
                "RESAMPLES", "Draws for the intervals", _Integer, 1000, minValue=0, maxValue=100000
            ),
            "How often the blocks are drawn. 0: no intervals.",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterRasterDestination("ERROR_MAP", "Error map", optional=True),
            "GeoTIFF, 8-bit: found, missed, false alarm, correctly empty; nodata where nothing was scored.",
        )
        self.add(
            QgsProcessingParameterFileDestination("REPORT", "Assessment report", "HTML (*.html)", optional=True),
            "HTML with all figures and the picture of the error map.",
        )
        self.add_numbers({**FIGURES, **_MORE})
