"""scarp:explain."""

from __future__ import annotations

from typing import Any, ClassVar

from qgis.core import (
    Qgis,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterString,
)

from ..core import card
from ..core.jobs import OCCLUSIONS, ExplainJob
from .base import ScarpAlgorithm
from .computing import add_device
from .scene_inputs import add_bands, add_details

_Integer = Qgis.ProcessingNumberParameterType.Integer
_Double = Qgis.ProcessingNumberParameterType.Double


class Explain(ScarpAlgorithm):
    """Show what a network looks at when it maps landslides: a heat map, and the bands that matter.

    Inputs: the scene and the checkpoint, as for 'Map landslides'. Choose an extent with landslides that you know:
    explaining takes about four times as long as mapping.

    Outputs: a Grad-CAM heat map (0 to 1; nodata -9999): bright places hold what speaks for the landslides that are
    mapped in the extent, at a stage of the network that you choose. A report and a table, both optional: how much the
    probability falls inside the mapped landslides, and rises elsewhere, when a group of bands is taken away.

    One scale holds for the whole extent: two places of a heat map can be compared, two heat maps cannot. A heat map
    shows where the network looks, not whether it is right.

    Cancel stops within seconds and leaves no file.
    """

    NAME = "explain"
    TITLE = "Explain a network"
    GROUP = "Assess"
    TAGS = ("explain", "grad-cam", "heat map", "attribution", "interpretability", "importance", "occlusion")
    JOB = ExplainJob
    LAYERS: ClassVar = {"OUTPUT": "Grad-CAM"}
    STYLES: ClassVar = {"OUTPUT": "grad_cam"}

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:  # noqa: N802
        """See QgsProcessingAlgorithm."""
        add_bands(self)
        self.add(
            QgsProcessingParameterFile("CHECKPOINT", "Checkpoint"),
            "A trained network: a .safetensors file written by 'Train a network', or the name of one that comes with "
            "Scarp.",
        )
        self.add(
            QgsProcessingParameterString("STAGE", "Stage of the network (deep, full or a number)", defaultValue="deep"),
            "deep: the deepest map, which knows most of the surroundings and is coarse. full: the last map, as sharp "
            "as the scene. A number: a block, counted from 1 at the input; a wrong one is answered with the list.",
        )
        add_details(self)
        self._add_advanced()
        add_device(self)
        self.add(
            QgsProcessingParameterRasterDestination("OUTPUT", "Grad-CAM"),
            "GeoTIFF, 32-bit float: heat as a share of its maximum in the extent, 0 to 1.",
        )
        self.add(
            QgsProcessingParameterFileDestination(
                "REPORT", "Report", "HTML (*.html)", optional=True, createByDefault=False
            ),
            "HTML with the heat map, and a chart of the bands that matter.",
        )
        self.add(
            QgsProcessingParameterFileDestination(
                "TABLE", "Table of bands", "CSV (*.csv)", optional=True, createByDefault=False
            ),
            "CSV, one row a group of bands: mean probability without it inside mapped landslides and elsewhere.",
        )
        self.add_numbers({"PIXELS": "Pixels mapped as landslide", "SECONDS": "Seconds it took"})

    def _add_advanced(self) -> None:
        self.add(
            QgsProcessingParameterNumber(
                "THRESHOLD", "Threshold (probability)", _Double, optional=True, minValue=0, maxValue=1
            ),
            "Pixels from this probability on are landslide, and are what is explained. Unset: the threshold chosen in "
            "training.",
            advanced=True,
            decimals=3,
        )
        self.add(
            QgsProcessingParameterEnum(
                "OCCLUDE",
                "Bands taken away at a time",
                options=list(OCCLUSIONS),
                defaultValue="groups",
                usesStaticStrings=True,
            ),
            "For report and table. groups: visible, near infrared, terrain, ...; channels: each by itself, which takes "
            "longer, and the others stand in for it.",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterNumber("SAMPLE", "Tiles that bands are taken away from", _Integer, 24, minValue=1),
            "For report and table: that many tiles, spread over the extent, half of them with mapped landslides.",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterNumber("TILE", "Tile (px)", _Integer, optional=True, minValue=32, maxValue=4096),
            "Side of a tile, a multiple of 32. Unset: chosen. Smaller ones take less memory.",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterNumber(
                "OVERLAP", "Overlap (share of the tile)", _Double, optional=True, minValue=0, maxValue=0.75
            ),
            "What neighbouring tiles share. Unset: as much as the network needs to see.",
            advanced=True,
            decimals=2,
        )

    def check_job(self, job: Any) -> None:
        """Refuse a file that is no checkpoint before a worker is started."""
        super().check_job(job)
        card.read(card.find(job.checkpoint))
