"""scarp:verify."""

from __future__ import annotations

from typing import Any, ClassVar

from qgis.core import (
    Qgis,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
    QgsProcessingParameterVectorDestination,
)

from ..core.jobs import VerifyJob
from .base import ScarpAlgorithm

_Integer = Qgis.ProcessingNumberParameterType.Integer
_Double = Qgis.ProcessingNumberParameterType.Double
_POLYGONS = [Qgis.ProcessingSourceType.VectorPolygon]


class Verify(ScarpAlgorithm):
    """Learn from the polygons that you have judged which of the others are landslides.

    Inputs: the polygons of 'Map landslides', some of which you have marked as right or wrong in the field 'reviewed',
    at least 10 of each. Or reference polygons, and the area where they are complete: a polygon is right if they cover
    enough of it. Or a verifier that has learned elsewhere.

    Outputs, each of them optional: the polygons with the probability of being a landslide (verified), a verdict (right,
    wrong or unsure) and who gave it; the verifier, for other maps of the same network; and a report.

    A forest of decision trees looks at the form, the relief and the probability of each polygon. How good it is, is
    measured in blocks of the map that it has not learned from, and stands in log and report. It removes false alarms;
    it finds no landslide that the map has missed.

    Mark polygons all over the map, doubtful ones too, and not only where the network was trained: there it is better
    than elsewhere, and a verifier that has seen only clear cases fails at the others.
    """

    NAME = "verify"
    TITLE = "Verify landslide polygons"
    GROUP = "Map"
    TAGS = ("verify", "review", "false alarms", "classifier", "random forest", "active learning", "inventory")
    JOB = VerifyJob
    LAYERS: ClassVar = {"OUTPUT": "Verified landslides"}
    STYLES: ClassVar = {"OUTPUT": "verified"}

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:  # noqa: N802
        """See QgsProcessingAlgorithm."""
        self.add(
            QgsProcessingParameterFeatureSource("POLYGONS", "Landslide polygons", _POLYGONS),
            "Polygons with the attributes that Scarp writes. A selection and edits not yet saved count.",
        )
        self.add(
            QgsProcessingParameterString("FIELD", "Field with your marks", defaultValue="reviewed", optional=True),
            "Text: right, wrong or unsure; empty where you have not looked. Yes and no, or 1 and 0, do too.",
        )
        self.add(
            QgsProcessingParameterFeatureSource("REFERENCE", "Reference polygons", _POLYGONS, optional=True),
            "Landslides known to be true. They judge instead of your marks.",
        )
        self.add(
            QgsProcessingParameterFeatureSource(
                "AREA", "Area where the reference is complete", _POLYGONS, optional=True
            ),
            "Polygons; only landslide polygons with at least half of their area in it are judged by the reference.",
        )
        self.add(
            QgsProcessingParameterFile("VERIFIER", "Verifier that has learned elsewhere", optional=True),
            "A .safetensors file that was written as 'Verifier' here before. Nothing is learned then; your marks, if "
            "there are any, measure how good it is here.",
        )
        self._add_advanced()
        self.add(
            QgsProcessingParameterVectorDestination("OUTPUT", "Verified landslides", optional=True),
            "GeoPackage: the polygons as they were, with the fields verified (0 to 1), verdict and verdict_by.",
        )
        self.add(
            QgsProcessingParameterFileDestination(
                "MODEL", "Verifier", "safetensors (*.safetensors)", optional=True, createByDefault=False
            ),
            "File with the forest and what it has learned from, to be used on other maps. It cannot run code.",
        )
        self.add(
            QgsProcessingParameterFileDestination("REPORT", "Report", "HTML (*.html)", optional=True),
            "HTML: figures in blocks left out, what is gained at which threshold, and the attributes that matter.",
        )
        self.add_numbers(
            {
                "COUNT": "Polygons",
                "RIGHT": "Polygons that are right",
                "WRONG": "Polygons that are wrong",
                "UNSURE": "Polygons without a clear verdict",
                "MARKED": "Polygons judged by you or the reference",
                "AUROC": "Area under the ROC curve, of polygons in blocks left out",
                "POLYGON_PRECISION": "Share of right polygons among those kept, in blocks left out",
                "POLYGON_RECALL": "Share of the right polygons that are kept, in blocks left out",
            }
        )

    def _add_advanced(self) -> None:
        self.add(
            QgsProcessingParameterNumber("THRESHOLD", "Threshold (probability)", _Double, 0.5, minValue=0, maxValue=1),
            "Polygons from this probability on count as right in the figures; the verdict leaves a margin around it.",
            advanced=True,
            decimals=3,
        )
        self.add(
            QgsProcessingParameterNumber(
                "UNSURE", "Margin without a verdict (probability)", _Double, 0.15, minValue=0, maxValue=0.5
            ),
            "On both sides of the threshold, polygons are 'unsure': look at these first.",
            advanced=True,
            decimals=3,
        )
        self.add(
            QgsProcessingParameterNumber(
                "SHARE", "Share that the reference must cover", _Double, 0.3, minValue=0.01, maxValue=1
            ),
            "A polygon of which the reference covers at least this share of the area is right.",
            advanced=True,
            decimals=2,
        )
        self.add(
            QgsProcessingParameterString("ATTRIBUTES", "Attributes to look at", optional=True),
            "Number fields, comma separated. Unset: form, relief, vegetation and probability, as Scarp writes them.",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterNumber(
                "BLOCK", "Side of the blocks left out (m)", _Double, optional=True, minValue=1
            ),
            "The figures come from square blocks of the map that are left out in turn. Unset: a sixth of the map.",
            advanced=True,
            decimals=0,
        )
        self.add(
            QgsProcessingParameterNumber("TREES", "Trees", _Integer, 300, minValue=1, maxValue=10_000),
            "Of the forest. More are steadier and slower.",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterNumber("SEED", "Seed", _Integer, 0, minValue=0),
            "Where chance starts from: the same seed gives the same verifier.",
            advanced=True,
        )
