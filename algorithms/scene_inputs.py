"""The parameters by which an algorithm takes a scene: the same ones, in the same words, everywhere."""

from __future__ import annotations

from qgis.core import (
    Qgis,
    QgsProcessingParameterEnum,
    QgsProcessingParameterExtent,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from ..core.jobs import RADIOMETRIES
from .base import ScarpAlgorithm

#: What shows in a dialog which bands were recognised. A name, imported by QGIS's dialogs alone.
_WIDGET = f"{__package__}.band_widget.BandsWrapper"


def _bands(name: str, title: str, optional: bool) -> QgsProcessingParameterMultipleLayers:
    parameter = QgsProcessingParameterMultipleLayers(name, title, Qgis.ProcessingSourceType.Raster, optional=optional)
    parameter.setMetadata({"widget_wrapper": {"class": _WIDGET}})
    return parameter


def add_bands(algorithm: ScarpAlgorithm, *, optional: bool = False) -> None:
    """Add what a user must think of: the bands and the DEM."""
    algorithm.add(
        _bands("BANDS", "Bands of the scene", optional),
        "Post-event image: Sentinel-2 bands as single rasters or stacks, an RGB photograph, or a raster written by "
        "'Build engineered bands'. Bands are recognised by band description, file name or layer name (B04, B8A, ...). "
        "A Sentinel-2 product as downloaded will do as well: add its zip or its MTD_MSIL1C.xml or MTD_MSIL2A.xml as a "
        "file. Its own offset and, unless there is a valid mask, its scene classification are then used.",
    )
    algorithm.add(
        QgsProcessingParameterRasterLayer("DEM", "Digital elevation model", optional=True),
        "Elevation in metres, on any grid and in any CRS; it is warped to the bands, and the slope is computed from "
        "it.",
    )


def add_details(algorithm: ScarpAlgorithm) -> None:
    """Add the rest, as advanced parameters with defaults."""
    algorithm.add(
        QgsProcessingParameterString("BAND_MAP", "Which band is which", optional=True),
        "Only where names don't tell, for example B02=1,B03=2,B04=3. The number counts the bands of all rasters in the "
        "order given, from 1; a raster's name may stand instead.",
        advanced=True,
    )
    algorithm.add(
        QgsProcessingParameterEnum(
            "RADIOMETRY", "Radiometry", options=list(RADIOMETRIES), defaultValue="auto", usesStaticStrings=True
        ),
        "What the pixel values are. auto: from metadata, else from type and range, said in the log. dn: reflectance "
        "x 10000. dn_offset1000: the same + 1000 (Sentinel-2 processing baseline 04.00 and later, from 2022). "
        "reflectance: 0 to 1. raw: 8-bit or unknown RGB.",
        advanced=True,
    )
    algorithm.add(
        QgsProcessingParameterRasterLayer("SLOPE", "Slope (degrees)", optional=True),
        "A slope raster of your own, instead of the one computed from the DEM.",
        advanced=True,
    )
    algorithm.add(
        QgsProcessingParameterRasterLayer("VALID_MASK", "Valid mask or scene classification", optional=True),
        "A raster that is 0 or nodata where the scene must not be used, or a Sentinel-2 scene classification (SCL), "
        "whose clouds, shadows and defects are left out.",
        advanced=True,
    )
    algorithm.add(
        QgsProcessingParameterExtent("EXTENT", "Extent", optional=True),
        "The part of the scene to work on. Unset: all of it. It is read in its own CRS and snapped to the grid.",
        advanced=True,
    )
    algorithm.add(
        QgsProcessingParameterNumber(
            "RESOLUTION", "Resolution (m)", Qgis.ProcessingNumberParameterType.Double, optional=True, minValue=0.001
        ),
        "Ground sampling distance to work at. Unset: that of the finest band.",
        advanced=True,
        decimals=2,
    )
    _add_before(algorithm)


def _add_before(algorithm: ScarpAlgorithm) -> None:
    """Add the pre-event image, as advanced parameters."""
    algorithm.add(
        _bands("PRE_BANDS", "Bands from before the event", optional=True),
        "Pre-event image of the same place, for features of change: what a pixel is now minus what it was. Best from "
        "the same season and the same product (L1C or L2A). It may cover a part of the scene only: elsewhere change "
        "counts as unknown, and the scene is mapped all the same. Warped to the grid of the scene.",
        advanced=True,
    )
    algorithm.add(
        QgsProcessingParameterString("PRE_BAND_MAP", "Which band is which before the event", optional=True),
        "As 'Which band is which', for the bands from before the event: B02=1,B03=2,B04=3.",
        advanced=True,
    )
    algorithm.add(
        QgsProcessingParameterEnum(
            "PRE_RADIOMETRY",
            "Radiometry before the event",
            options=list(RADIOMETRIES),
            defaultValue="auto",
            usesStaticStrings=True,
        ),
        "As 'Radiometry', for the bands from before the event: their processing baseline may be another.",
        advanced=True,
    )
    algorithm.add(
        QgsProcessingParameterRasterLayer(
            "PRE_VALID_MASK", "Valid mask or scene classification before the event", optional=True
        ),
        "As 'Valid mask', for the bands from before the event: where they are clouded, change counts as unknown.",
        advanced=True,
    )
