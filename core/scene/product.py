"""A Sentinel-2 product as downloaded: its bands as rasters that know how their numbers become reflectance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import rasterio
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader

from ..errors import ScarpError
from ..sentinel import ProductFiles, find_product
from . import gdal
from .product_metadata import Facts, parse
from .raster import Raster


@dataclass(frozen=True)
class Product:
    """A product: its files and its metadata."""

    files: ProductFiles
    facts: Facts

    @property
    def missing(self) -> tuple[str, ...]:
        """Bands that the metadata lists but whose image is not there."""
        return tuple(sorted(self.facts.listed - set(self.files.bands)))

    def remarks(self) -> list[str]:
        """What the user should know: sentences for the log."""
        found = [f"Product '{self.files.name}': {self.facts.describe()}. Bands: {', '.join(self.files.bands)}."]
        if self.files.compressed:
            found.append(f"'{self.files.path}' is a compressed zip: unpacked, its images are read faster.")
        return found


class ProductRaster(Raster):
    """The image of one band.

    The two special values (nodata, saturated) are one here, declared as nodata. Where no offset is added, 0
    may also be a dark pixel; then it counts as nodata only in the coarse bands, which are resampled (as everywhere).

    Raises:
        ScarpError: The image cannot be opened, or GDAL has no driver for JPEG 2000.
    """

    facts: Facts

    def __init__(self, product: Product, band: str) -> None:
        self.path = product.files.bands[band]
        self.name = Path(self.path).stem
        self.facts = product.facts
        self.band = band
        self.dataset = self._open()
        self.grid = self._grid()

    def _open(self) -> DatasetReader:
        with rasterio.Env() as env:
            if not any(name.startswith("JP2") for name in env.drivers()):
                raise ScarpError(
                    "The runtime's GDAL reads no JPEG 2000, the format of Sentinel-2 products. Convert the bands to "
                    "GeoTIFF first, or install the rasterio wheel of PyPI in the runtime."
                )
        with gdal.open_raster(self.path) as image:
            description = _view(image, self.path, self.facts)
        try:
            return rasterio.open(description)
        except RasterioError as error:
            raise ScarpError(f"'{self.path}' cannot be read ({gdal.short(error)}). Download it again.") from error

    def texts(self, band: int) -> tuple[str, ...]:
        """See `Raster.texts`: what the product says is certain."""
        return (self.band,)


def open_product(path: str) -> Product:
    """Find a product and read its metadata; see `scarp.core.sentinel.find_product` for what ``path`` may be.

    Raises:
        ScarpError: It is missing, damaged, incomplete, or of another satellite.
    """
    files = find_product(path)
    return Product(files, parse(files.metadata(), files.level, files.name))


def band_rasters(product: Product, names: Sequence[str] = ()) -> list[ProductRaster]:
    """Open the images of some bands (default: all), each for the caller to close.

    Raises:
        ScarpError: One is not there or cannot be opened.
    """
    opened: list[ProductRaster] = []
    try:
        for name in names or product.files.bands:
            opened.append(ProductRaster(product, name))
    except ScarpError:
        for raster in opened:
            raster.close()
        raise
    return opened


def _view(image: DatasetReader, path: str, facts: Facts) -> str:
    """A virtual raster of an image, with the special values made one."""
    if image.count != 1 or image.dtypes[0] != "uint16":
        raise ScarpError(
            f"'{path}' has {image.count} bands of {image.dtypes[0]}; a band of a product is one of uint16. Download "
            "the product again."
        )
    zero_is_nodata = facts.has_offset or image.transform.a > 10
    size = f'xOff="0" yOff="0" xSize="{image.width}" ySize="{image.height}"'
    height, width = image.block_shapes[0]
    place = ", ".join(repr(value) for value in image.transform.to_gdal())
    crs = escape(image.crs.to_wkt()) if image.crs else ""
    source = (
        f'<SourceFilename relativeToVRT="0">{escape(path)}</SourceFilename><SourceBand>1</SourceBand>'
        f"<SrcRect {size}/><DstRect {size}/>"
    )
    kind = "ComplexSource" if zero_is_nodata else "SimpleSource"
    extra = "<NODATA>0</NODATA>" if zero_is_nodata else ""
    return (
        f'<VRTDataset rasterXSize="{image.width}" rasterYSize="{image.height}"><SRS>{crs}</SRS>'
        f"<GeoTransform>{place}</GeoTransform>"
        f'<VRTRasterBand dataType="UInt16" band="1" blockXSize="{width}" blockYSize="{height}">'
        f"<NoDataValue>{facts.saturated}</NoDataValue><{kind}>{source}{extra}</{kind}></VRTRasterBand></VRTDataset>"
    )
