"""scarp:makechips."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    Qgis,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from ..core.jobs import MakeChipsJob
from .base import ScarpAlgorithm
from .scene_inputs import add_bands, add_details

_Integer = Qgis.ProcessingNumberParameterType.Integer
_Double = Qgis.ProcessingNumberParameterType.Double


class MakeChips(ScarpAlgorithm):
    """Cut a scene with its landslide polygons into a folder of chips, to train on it later, elsewhere, or with others.

    Inputs: as for 'Train a network' on a scene. All bands of the scene are kept, so that networks with different bands
    can be trained on one folder.

    Outputs: GeoTIFF images and masks, and a manifest that says where each chip lies. 'Train a network' takes the folder
    as its folder of chips, and keeps training, validation and test apart on the ground. A folder that holds several
    such folders, one for each event, is taken as one set of chips; then a whole event or region can be kept for the
    test.

    To train on one scene alone chips are not needed: 'Train a network' reads the scene itself.

    Cancel leaves the folder as it was before.
    """

    NAME = "makechips"
    TITLE = "Cut chips"
    GROUP = "Prepare"
    TAGS = ("chips", "tiles", "patches", "training data", "data set", "export", "sentinel-2", "deep learning")
    JOB = MakeChipsJob

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:  # noqa: N802
        """See QgsProcessingAlgorithm."""
        add_bands(self)
        self.add(
            QgsProcessingParameterFeatureSource(
                "LABELS", "Landslide polygons", [Qgis.ProcessingSourceType.VectorPolygon], optional=True
            ),
            "Landslides traced in the scene. A selection and edits not yet saved count. Unset: the scene holds none, "
            "as before an event; give the chips to a training as NEGATIVES.",
        )
        self.add(
            QgsProcessingParameterFeatureSource(
                "AREA", "Interpreted area", [Qgis.ProcessingSourceType.VectorPolygon], optional=True
            ),
            "Where the polygons are complete: what lies outside is marked as not known (255 in the masks). Unset: the "
            "whole scene.",
        )
        self.add(
            QgsProcessingParameterNumber("CHIP", "Chip (px)", _Integer, self.JOB.chip, minValue=32, maxValue=1024),
            "Side of a chip, a multiple of 32.",
        )
        self.add(
            QgsProcessingParameterNumber(
                "STRIDE", "Distance of neighbouring chips (px)", _Integer, optional=True, minValue=1, maxValue=10240
            ),
            "Unset: that of the chip, and each pixel counts once. Smaller: chips overlap.",
        )
        self.add(
            QgsProcessingParameterNumber(
                "CONTEXT", "Context around a chip (px)", _Integer, self.JOB.context, minValue=0, maxValue=512
            ),
            "Pixels around each chip that are written with it and not learned from. For chips below 128 px: local "
            "bands depend on the surroundings. A multiple of 16.",
            advanced=True,
        )
        add_details(self)
        self._add_choice_of_chips()
        self.add(
            QgsProcessingParameterFolderDestination("FOLDER", "Folder of chips"),
            "A new folder, or one that this algorithm wrote before: it is replaced.",
        )
        self.add_numbers({"CHIPS": "Chips", "CHIPS_WITH_LANDSLIDE": "Chips that hold a landslide"})

    def _add_choice_of_chips(self) -> None:
        self.add(
            QgsProcessingParameterString("REGION_FIELD", "Field that names the region", optional=True),
            "A field of the interpreted area's polygons. Each chip notes the region that most of it lies in; 'Train a "
            "network' can keep one region for the test. The area must be a file: temporary layers lose their fields.",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterString("SCENE", "Name of the scene", optional=True),
            "Stands in the manifest. Unset: the name of the folder.",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterNumber(
                "MIN_SCORED",
                "Least known share of a chip (0 to 1)",
                _Double,
                self.JOB.min_scored,
                minValue=0,
                maxValue=1,
            ),
            "Chips are left out of which less lies inside the interpreted area and is valid.",
            advanced=True,
            decimals=2,
        )
        self.add(
            QgsProcessingParameterNumber(
                "SKIP_EMPTY",
                "Share of chips without landslide to leave out (0 to 1)",
                _Double,
                self.JOB.skip_empty,
                minValue=0,
                maxValue=1,
            ),
            "0 keeps the scene as it is, which makes the figures on it honest. To show more landslides in training, "
            "'Share of chips with a landslide' of 'Train a network' does it without losing chips.",
            advanced=True,
            decimals=2,
        )
