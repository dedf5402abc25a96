"""scarp:importproduct."""

from __future__ import annotations

from typing import Any, ClassVar

from qgis.core import (
    QgsProcessingOutputString,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFile,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterString,
)

from ..core.jobs import ImportProductJob
from ..core.sentinel import find_product
from .base import ScarpAlgorithm


class ImportProduct(ScarpAlgorithm):
    """Turn a Sentinel-2 product as downloaded into one raster of named bands at 10 m, and its scene classification.

    Input: a level 1C or 2A product: the .SAFE folder, its zip (which need not be unpacked), or a folder that holds one.

    Output: a GeoTIFF (16-bit integer) with the bands B01 to B12 and B8A, reflectance x 10000. The radiometric offset
    that products have since processing baseline 04.00 is taken off, by the product's own metadata; the coarser bands
    are resampled to 10 m (bilinear); nodata and saturated pixels are nodata. For L2A also the scene classification
    (SCL), which 'Map landslides' takes as valid mask.

    The algorithms that take bands accept the product itself as well. Import it when several runs use it: a GeoTIFF is
    read many times faster, and holds the wanted bands and extent alone.

    Cancel stops within seconds and leaves no file.
    """

    NAME = "importproduct"
    TITLE = "Import a Sentinel-2 product"
    GROUP = "Prepare"
    TAGS = ("sentinel-2", "safe", "l1c", "l2a", "jp2", "zip", "stack", "offset", "scl")
    JOB = ImportProductJob
    LAYERS: ClassVar = {"OUTPUT": "Sentinel-2 bands", "MASK": "Scene classification"}

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:  # noqa: N802
        """See QgsProcessingAlgorithm."""
        self.add(
            QgsProcessingParameterFile("PRODUCT", "Product (.SAFE folder, zip, or MTD_MSIL1C.xml / MTD_MSIL2A.xml)"),
            "The product: its zip, or the file MTD_MSIL1C.xml or MTD_MSIL2A.xml inside the unpacked folder. The path "
            "of the .SAFE folder, of one of its granules, or of a folder that holds one product may be typed as well.",
        )
        self.add(
            QgsProcessingParameterExtent("EXTENT", "Extent", optional=True),
            "The part to import. Unset: the whole tile. It is read in its own CRS and snapped to the 10 m grid.",
        )
        self.add(
            QgsProcessingParameterString("BANDS_WANTED", "Bands to import", optional=True),
            "Names, comma-separated, for example B02,B03,B04,B08. Unset: all that the product has.",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterRasterDestination("OUTPUT", "Sentinel-2 bands"),
            "GeoTIFF, 16-bit integer, 10 m, reflectance x 10000 without offset; nodata -32768. One named band each.",
        )
        self.add(
            QgsProcessingParameterRasterDestination(
                "MASK", "Scene classification", optional=True, createByDefault=False
            ),
            "GeoTIFF, 8-bit, 10 m: the scene classification (SCL). L2A products alone have it. Give it as valid mask.",
        )
        self.addOutput(QgsProcessingOutputString("BANDS", "Names of the bands, comma-separated"))

    def check_job(self, job: Any) -> None:
        """Refuse what is no product before a worker is started."""
        super().check_job(job)
        find_product(job.product)
