"""Small Sentinel-2 products of the structure and the names of real ones, made for the tests."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine
from scarp.core.bands import BANDS

CORNER = (500000.0, 4700000.0)
SIZE = 96  # pixels of 10 m
CELL = {name: 20 for name in ("B05", "B06", "B07", "B8A", "B11", "B12")} | {name: 60 for name in ("B01", "B09", "B10")}
STAMP = "20180908T012651"


def stored(name: str, size: int = SIZE, offset: int = 0) -> np.ndarray:
    """The numbers of a band, uint16 [n,n]: nodata in the leftmost 6 px of 10 m, one saturated pixel in B04."""
    cell = CELL.get(name, 10)
    side = size * 10 // cell
    values = np.random.default_rng(BANDS.index(name)).integers(200, 4000, (side, side)) + offset
    values[:, : max(60 // cell, 1)] = 0
    if name == "B04":
        values[40, 50] = 65535
    return values.astype(np.uint16)


def write_jp2(path: Path, array: np.ndarray, cell: float) -> None:
    """Write [h,w] without loss."""
    path.parent.mkdir(parents=True, exist_ok=True)
    height, width = array.shape
    options = {"QUALITY": "100", "REVERSIBLE": "YES", "BLOCKXSIZE": "64", "BLOCKYSIZE": "64"}
    place = {"crs": "EPSG:32654", "transform": Affine(cell, 0, CORNER[0], 0, -cell, CORNER[1])}
    shape = {"width": width, "height": height, "count": 1, "dtype": array.dtype}
    with rasterio.open(path, "w", driver="JP2OpenJPEG", **shape, **place, **options) as dataset:
        dataset.write(array, 1)


def metadata(level="L1C", baseline="05.00", offset=-1000, spacecraft="Sentinel-2A", images=(), uri="") -> str:
    """MTD_MSIL1C.xml or MTD_MSIL2A.xml, as far as it is read."""
    prefix = "RADIO" if level == "L1C" else "BOA"
    offsets = "".join(f'<{prefix}_ADD_OFFSET band_id="{n}">{offset}</{prefix}_ADD_OFFSET>' for n in range(13))
    listed = "".join(f"<IMAGE_FILE>{image}</IMAGE_FILE>" for image in images)
    quantification = (
        '<QUANTIFICATION_VALUE unit="none">10000</QUANTIFICATION_VALUE>'
        if level == "L1C"
        else '<QUANTIFICATION_VALUES_LIST><BOA_QUANTIFICATION_VALUE unit="none">10000</BOA_QUANTIFICATION_VALUE>'
        '<AOT_QUANTIFICATION_VALUE unit="none">1000.0</AOT_QUANTIFICATION_VALUE></QUANTIFICATION_VALUES_LIST>'
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><n1:Level-{level[1:]}_User_Product '
        f'xmlns:n1="https://psd-14.sentinel2.eo.esa.int/PSD/User_Product_Level-{level[1:]}.xsd"><n1:General_Info>'
        f"<Product_Info><PRODUCT_START_TIME>2018-09-08T01:26:51.024Z</PRODUCT_START_TIME>"
        f"<PRODUCT_URI>{uri}</PRODUCT_URI><PROCESSING_LEVEL>Level-{level[1:]}</PROCESSING_LEVEL>"
        f"<PROCESSING_BASELINE>{baseline}</PROCESSING_BASELINE>"
        f'<Datatake datatakeIdentifier="x"><SPACECRAFT_NAME>{spacecraft}</SPACECRAFT_NAME></Datatake>'
        f"<Product_Organisation><Granule_List><Granule>{listed}</Granule></Granule_List></Product_Organisation>"
        f"</Product_Info><Product_Image_Characteristics>"
        "<Special_Values><SPECIAL_VALUE_TEXT>NODATA</SPECIAL_VALUE_TEXT><SPECIAL_VALUE_INDEX>0</SPECIAL_VALUE_INDEX>"
        "</Special_Values><Special_Values><SPECIAL_VALUE_TEXT>SATURATED</SPECIAL_VALUE_TEXT>"
        f"<SPECIAL_VALUE_INDEX>65535</SPECIAL_VALUE_INDEX></Special_Values>{quantification}"
        + (f"<Offsets_List>{offsets}</Offsets_List>" if offset is not None else "")
        + f"</Product_Image_Characteristics></n1:General_Info></n1:Level-{level[1:]}_User_Product>"
    )


def make_product(
    folder: Path, *, level="L1C", baseline="05.00", offset=-1000, bands=None, scl=True, size=SIZE, **changes
) -> Path:
    """Write a product into ``folder`` and return its ``.SAFE``.

    Args:
        folder: Where.
        level: ``L1C`` or ``L2A``.
        baseline: Of the processing.
        offset: What the metadata says is to be added; None: nothing, as before baseline 04.00.
        bands: Names; default: all that the level has.
        scl: Whether L2A has its classification: 4 everywhere, but 9 (cloud) in the upper quarter.
        size: Side in pixels of 10 m.
        changes: Of `metadata`.
    """
    name = f"S2A_MSI{level}_{STAMP}_N{baseline.replace('.', '')}_R074_T54TWN_20180908T030000.SAFE"
    granule = f"GRANULE/{level}_T54TWN_A016784_20180908T012653"
    wanted = bands or [band for band in BANDS if level == "L1C" or band != "B10"]
    images = []
    for band in wanted:
        cell = CELL.get(band, 10)
        array = stored(band, size, -(offset or 0))
        if level == "L1C":
            images.append(f"{granule}/IMG_DATA/T54TWN_{STAMP}_{band}")
            write_jp2(folder / name / f"{images[-1]}.jp2", array, cell)
            continue
        for each in (c for c in (10, 20, 60) if c >= cell):
            images.append(f"{granule}/IMG_DATA/R{each}m/T54TWN_{STAMP}_{band}_{each}m")
            write_jp2(folder / name / f"{images[-1]}.jp2", array[:: each // cell, :: each // cell], each)
    if level == "L2A" and scl:
        classes = np.full((size // 2, size // 2), 4, np.uint8)
        classes[: size // 8] = 9
        write_jp2(folder / name / granule / f"IMG_DATA/R20m/T54TWN_{STAMP}_SCL_20m.jp2", classes, 20)
    changes = {"images": images, "uri": name, **changes}
    text = metadata(level, baseline, offset, **changes)
    (folder / name / f"MTD_MSI{level}.xml").write_text(text, encoding="utf-8")
    return folder / name


def zipped(product: Path, file: Path, compression: int = zipfile.ZIP_STORED) -> Path:
    """Zip a product as it is downloaded."""
    with zipfile.ZipFile(file, "w", compression) as archive:
        for path in sorted(product.rglob("*")):
            archive.write(path, path.relative_to(product.parent))
    return file
