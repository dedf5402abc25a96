"""scarp:detect."""

from __future__ import annotations

from typing import Any, ClassVar

from qgis.core import (
    Qgis,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterVectorDestination,
)

from ..core import card
from ..core.jobs import PRECISIONS, TEST_TIME_AUGMENTATIONS, DetectJob
from .base import ScarpAlgorithm
from .computing import add_device
from .post_processing import add_min_area, add_post_processing
from .scene_inputs import add_bands, add_details

_Integer = Qgis.ProcessingNumberParameterType.Integer
_Double = Qgis.ProcessingNumberParameterType.Double


class Detect(ScarpAlgorithm):
    """Map landslides in a scene with a trained network: probability, mask and polygons.

    Inputs: the post-event bands (and DEM) that the checkpoint was trained on, and the checkpoint. Its card says which
    bands are needed; a scene that lacks one is refused before any work, with the list of what is missing.

    Outputs, each of them optional: landslide probability (0 to 1; nodata -9999), mask (1 landslide, 0 none, 255 not
    mapped), polygons with true area (m²), perimeter, probability and slope. A scene without landslides gives empty
    layers.

    The scene goes through in tiles that overlap and are blended, so its size does not matter. A GPU is used where there
    is one.

    The log warns of a scene that is unlike what the checkpoint was trained on, and names the probable cause: another
    product level, wrong units, bands exchanged.

    Cancel stops within seconds and leaves no file.
    """

    NAME = "detect"
    TITLE = "Map landslides"
    GROUP = "Map"
    TAGS = ("detect", "segmentation", "deep learning", "inference", "u-net", "inventory", "sentinel-2", "predict")
    JOB = DetectJob
    LAYERS: ClassVar = {
        "PROBABILITY": "Landslide probability",
        "MASK": "Landslide mask",
        "POLYGONS": "Landslides",
        "UNCERTAINTY": "Uncertainty",
        "PRESENCE": "Landslide presence",
        "DOMAIN": "Distance to the training data",
    }

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:  # noqa: N802
        """See QgsProcessingAlgorithm."""
        add_bands(self)
        self.add(
            QgsProcessingParameterFile("CHECKPOINT", "Checkpoint"),
            "A trained network: a .safetensors file written by 'Train a network', or the name of one that comes with "
            "Scarp.",
        )
        self.add(
            QgsProcessingParameterNumber(
                "THRESHOLD", "Threshold (probability)", _Double, optional=True, minValue=0, maxValue=1
            ),
            "Pixels from this probability on are landslide. Unset: the threshold chosen in training. Lower finds "
            "more and raises more false alarms.",
            decimals=3,
        )
        add_min_area(self)
        add_details(self)
        add_post_processing(self)
        self._add_computing()
        self._add_outputs()

    def _add_computing(self) -> None:
        self.add(
            QgsProcessingParameterEnum(
                "TTA",
                "Average over turned images",
                options=list(TEST_TIME_AUGMENTATIONS),
                defaultValue="none",
                usesStaticStrings=True,
            ),
            "Maps each tile several times, turned (rotations: 4 times; all: turned and mirrored, 8 times), and "
            "averages: slightly better, 4 or 8 times slower. Needed for UNCERTAINTY.",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterBoolean("VOTE", "Average the resolutions of a multi-resolution network", False),
            "Only for networks with the 'multires' head: averages their three outputs.",
            advanced=True,
        )
        add_device(self)
        self.add(
            QgsProcessingParameterNumber("TILE", "Tile (px)", _Integer, optional=True, minValue=32, maxValue=4096),
            "Side of the tiles, a multiple of 32. Unset: chosen for the network, and said in the log. Networks that "
            "pool over the whole tile always run at the size of their training chips.",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterNumber(
                "OVERLAP", "Overlap of tiles (share of a tile)", _Double, optional=True, minValue=0, maxValue=0.75
            ),
            "0 to 0.75. Unset: chosen, and said in the log. More overlap blends better and takes longer.",
            advanced=True,
            decimals=2,
        )
        self.add(
            QgsProcessingParameterNumber("BATCH", "Batch (tiles at once)", _Integer, optional=True, minValue=1),
            "Unset: chosen for the device. It is halved when memory runs out.",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterNumber("MEMORY", "Memory (MB)", _Double, optional=True, minValue=600),
            "What the worker may take of the computer's memory; tiles and caches are chosen to fit. Unset: 1500. With "
            "more, tiles are larger and overlap less, which is faster.",
            advanced=True,
            decimals=0,
        )
        self.add(
            QgsProcessingParameterEnum(
                "PRECISION", "Precision", options=list(PRECISIONS), defaultValue="auto", usesStaticStrings=True
            ),
            "auto: bf16 or fp16 where the device is faster with it, else fp32. fp32: the same result on every device.",
            advanced=True,
        )

    def _add_outputs(self) -> None:
        self.add(
            QgsProcessingParameterRasterDestination("PROBABILITY", "Landslide probability", optional=True),
            "GeoTIFF, 32-bit float, 0 to 1; nodata -9999.",
        )
        self.add(
            QgsProcessingParameterRasterDestination("MASK", "Landslide mask", optional=True),
            "GeoTIFF, 8-bit: 1 landslide, 0 no landslide, 255 not mapped (nodata).",
        )
        self.add(
            QgsProcessingParameterVectorDestination("POLYGONS", "Landslides", optional=True),
            "GeoPackage: one polygon for each landslide, with area (m²), perimeter (m), form, probability, confidence "
            "in words and, with a DEM, elevation, slope, aspect, length and width. A field for your review.",
        )
        self.add(
            QgsProcessingParameterRasterDestination("UNCERTAINTY", "Uncertainty", optional=True, createByDefault=False),
            "GeoTIFF, 32-bit float: how far the turned images disagree (standard deviation of the probability). "
            "Needs 'Average over turned images'.",
        )
        self.add(
            QgsProcessingParameterRasterDestination(
                "PRESENCE", "Landslide presence", optional=True, createByDefault=False
            ),
            "GeoTIFF, 32-bit float: probability that a tile holds any landslide. Only from networks with the 'dual' "
            "head.",
        )
        self.add(
            QgsProcessingParameterRasterDestination(
                "DOMAIN", "Distance to the training data", optional=True, createByDefault=False
            ),
            "GeoTIFF, 32-bit float, one pixel for 128 x 128 px of the scene: how unlike the bands are to those the "
            "checkpoint was trained on. Up to 0.9 is usual for another place, from 1.3 on the map is doubtful there. "
            "The scene is read once more for it.",
            advanced=True,
        )
        self.add_numbers(
            {
                "COUNT": "Landslides",
                "AREA_M2": "Area of landslides (m²)",
                "SECONDS": "Seconds the mapping took",
                "DOMAIN_DISTANCE": "Distance of the scene to the training data (NaN: not known)",
            }
        )

    def check_job(self, job: Any) -> None:
        """Refuse a file that is no checkpoint before a worker is started."""
        super().check_job(job)
        card.read(card.find(job.checkpoint))
