"""Turn a Sentinel-2 product as downloaded into a stack of named bands at 10 m, and its classification."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from rasterio.enums import Resampling

from ..bands import BANDS
from ..errors import ScarpError
from ..jobs import ImportProductJob
from ..outputs import RASTER, Outputs
from ..products.record import RECORD_TAG, run_record, to_json
from ..reporter import Reporter
from ..scene import Grid, Window, gdal
from ..scene.classification import COLOURS, MEANINGS
from ..scene.grid import crs_name
from ..scene.product import Product, ProductRaster, band_rasters, open_product
from ..scene.product_metadata import Facts
from ..scene.raster import Raster
from ..scene.source import Source
from ..scene.writers import RasterWriter

NODATA = -32768
_HIGHEST = 32767
_CELL = 10.0  # m
_SIDE = 1024  # px: a tile of the 10 m images, so that each is decoded once


def perform(job: ImportProductJob, reporter: Reporter) -> dict[str, Any]:
    """Import a product.

    Args:
        job: What to do.
        reporter: Told the choices made and the progress.

    Returns:
        ``OUTPUT``: int16 GeoTIFF of DN without offset (reflectance x 10000), nodata -32768, a band each, named
        ``B01`` ..., on the product's 10 m grid (of EXTENT); coarser bands are resampled (bilinear). ``MASK``, when
        asked for: uint8 GeoTIFF of the scene classification on the same grid (nearest). ``BANDS``: the names.

    Raises:
        ScarpError: The product or a band of it cannot be read, EXTENT lies outside, or an output cannot be written.
        Cancelled: The user asked to stop.
    """
    start = time.monotonic()
    with Outputs() as outputs, ExitStack() as stack:
        targets = {name: outputs.stage(path, RASTER) for name, path in job.outputs().items()}
        product = open_product(job.product)
        for remark in product.remarks():
            reporter.info(remark)
        if job.mask and not product.files.scl:
            raise ScarpError(_no_classification(product))
        stack.enter_context(gdal.limits())
        rasters = band_rasters(product, _wanted(job, product))
        for raster in rasters:
            stack.callback(raster.close)
        grid = _grid(rasters, product)
        window = grid.window if job.extent is None else grid.window_of(job.extent, job.extent_crs)
        reporter.info(
            f"Output: {window.width} x {window.height} cells of {_CELL:g} m in {crs_name(grid.crs)}, bands "
            f"{', '.join(raster.band for raster in rasters)}."
        )
        sources = [_source(raster, grid, Resampling.bilinear, reporter, stack) for raster in rasters]
        classes = _classes(product, grid, reporter, stack) if job.mask else None
        names = [raster.band for raster in rasters]
        stack.enter_context(gdal.limits(max(gdal.CACHE_BYTES, sum(source.row_bytes for source in sources))))
        part = grid.part(window)
        with RasterWriter(targets["output"], part, names, "int16", NODATA, tags=_tags(product.facts)) as writer:
            _copy(window, rasters, sources, writer, reporter)
            record = run_record(job, seconds=round(time.monotonic() - start, 1))
            writer.tag(**{RECORD_TAG: to_json(record)})
        if classes:
            _copy_classes(window, classes, targets["mask"], part, reporter)
        reporter.progress(1.0, "Done")
    return {"OUTPUT": job.output, "MASK": job.mask, "BANDS": ",".join(names)}


def _wanted(job: ImportProductJob, product: Product) -> tuple[str, ...]:
    wanted = job.names() or tuple(band for band in BANDS if band in product.files.bands or band in product.missing)
    missing = [band for band in wanted if band not in product.files.bands]
    if missing:
        raise ScarpError(
            f"'{product.files.name}' has no image of {', '.join(missing)}; it has {', '.join(product.files.bands)}. "
            + (
                "Download the product again, whole, or name the bands to import in BANDS_WANTED."
                if set(missing) & set(product.missing)
                else "Correct BANDS_WANTED."
            )
        )
    return wanted


def _no_classification(product: Product) -> str:
    why = "which L1C products do not have" if product.facts.level == "L1C" else "which is missing in this product"
    return f"MASK is the scene classification (SCL), {why} ('{product.files.name}'). Leave MASK unset."


def _grid(rasters: Sequence[ProductRaster], product: Product) -> Grid:
    finest = min(rasters, key=lambda raster: raster.grid.gsd)
    if not np.isclose(finest.grid.gsd, _CELL, rtol=0.01):
        # Another band of the product gives the same lattice as with it.
        for name in product.files.bands:
            with_cell = ProductRaster(product, name)
            with_cell.close()
            if np.isclose(with_cell.grid.gsd, _CELL, rtol=0.01):
                return with_cell.grid
        return finest.grid.resampled(_CELL)
    return finest.grid


def _source(raster: Raster, grid: Grid, resampling: Resampling, reporter: Reporter, stack: ExitStack) -> Source:
    source = Source(raster, raster.data_bands, grid, resampling)
    stack.callback(source.close)
    if source.warped:
        reporter.info(f"'{raster.name}' ({raster.grid.gsd:.4g} m) is resampled ({resampling.name}).")
    return source


def _classes(product: Product, grid: Grid, reporter: Reporter, stack: ExitStack) -> Source:
    raster = Raster(product.files.scl)
    stack.callback(raster.close)
    return _source(raster, grid, Resampling.nearest, reporter, stack)


def _tags(facts: Facts) -> dict[str, str]:
    """What tells a scene that reads the stack: level, day, and that no offset is left in it."""
    return {
        "PRODUCT_URI": facts.uri,
        "PROCESSING_LEVEL": f"Level-{facts.level[1:]}",
        "PROCESSING_BASELINE": facts.baseline,
        "PRODUCT_START_TIME": facts.acquired,
        "SPACECRAFT_NAME": facts.spacecraft,
        "BOA_ADD_OFFSET" if facts.level == "L2A" else "RADIO_ADD_OFFSET": "0",
        "QUANTIFICATION_VALUE": "10000",
    }


def _copy(
    window: Window,
    rasters: Sequence[ProductRaster],
    sources: Sequence[Source],
    writer: RasterWriter,
    reporter: Reporter,
) -> None:
    tiles = list(_tiles(window))
    linear = np.array([raster.facts.linear(raster.band) for raster in rasters], dtype=np.float32)
    steps, done, clipped, seen = len(tiles) * len(sources), 0, 0, False
    for tile in tiles:
        stored = np.empty((len(sources), *tile.shape), np.float32)
        for number, (raster, source) in enumerate(zip(rasters, sources)):
            reporter.progress(0.95 * done / steps, f"Reading {raster.band}")
            stored[number] = source.read(tile)[0]
            done += 1
        dn, high = _dn(stored, linear)
        clipped += high
        seen |= bool((dn != NODATA).any())
        writer.write(tile.shift(-window.row, -window.col), dn)
    if not seen:
        raise ScarpError("Every pixel of the product is nodata inside EXTENT. Choose another extent.")
    if clipped:
        reporter.warning(f"{clipped} values above a reflectance of {_HIGHEST / 1e4:g} (glints) are written as that.")


def _dn(stored: npt.NDArray[np.float32], linear: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.int16], int]:
    """DN without offset as they are written, and how many were too high.

    Args:
        stored: [n,h,w], NaN where nodata or saturated. 0 in all bands is nodata too; 0 in some is a dark pixel.
        linear: [n,2], gain and bias of each band.
    """
    missing = np.isnan(stored)
    missing |= (missing | (stored == 0)).all(axis=0)
    values = np.rint(stored * linear[:, :1, None] + linear[:, 1:, None])
    high = int((values[~missing] > _HIGHEST).sum())
    values[missing] = NODATA
    return np.clip(values, NODATA, _HIGHEST).astype(np.int16), high


def _copy_classes(window: Window, source: Source, target: Path, grid: Grid, reporter: Reporter) -> None:
    with RasterWriter(target, grid, ["SCL"], "uint8", 0, colormap=COLOURS, categories=MEANINGS) as writer:
        for tile in _tiles(window):
            reporter.progress(0.96, "Writing the scene classification")
            values = np.nan_to_num(source.read(tile)[0]).astype(np.uint8)
            writer.write(tile.shift(-window.row, -window.col), values)


def _tiles(window: Window) -> Iterator[Window]:
    for row in range(window.row, window.row + window.height, _SIDE):
        for col in range(window.col, window.col + window.width, _SIDE):
            yield Window(row, col, _SIDE, _SIDE).intersect(window)
