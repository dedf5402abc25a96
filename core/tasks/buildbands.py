"""Write the engineered bands of a scene as one raster, each band named."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from ..errors import ScarpError
from ..features.reader import FeatureReader
from ..features.resolve import resolve
from ..jobs import BuildBandsJob
from ..outputs import RASTER, Outputs
from ..products.record import RECORD_TAG, run_record, to_json
from ..reporter import Reporter
from ..scene import Scene, open_scene
from ..scene.engineered import to_tag
from ..scene.grid import Grid, Window
from ..scene.writers import BLOCK, RasterWriter

NODATA = -9999.0
_SIDE = 2 * BLOCK  # whole blocks of the file, so that each is compressed once
_MODE = "scene"


def perform(job: BuildBandsJob, reporter: Reporter) -> dict[str, Any]:
    """Build the engineered bands of a scene.

    Args:
        job: What to do.
        reporter: Told the choices made and the progress.

    Returns:
        ``OUTPUT``: float32 GeoTIFF with nodata -9999 on the grid of the scene (of EXTENT), a band for each channel,
        tagged so that it is known again as BANDS.

    Raises:
        ScarpError: The scene cannot be opened, lacks bands that the features need or has no valid pixel, or the
            output cannot be written.
    """
    start = time.monotonic()
    with Outputs() as outputs:
        target = outputs.stage(job.output, RASTER)
        with open_scene(job, reporter) as scene:
            if scene.engineered:
                raise ScarpError(
                    f"BANDS '{job.bands[0].path}' holds engineered bands already ({', '.join(scene.names)}). "
                    "Give the Sentinel-2 bands themselves."
                )
            reader = FeatureReader(scene, resolve(job.features, scene.names), _MODE)
            reporter.info(f"{len(reader.channels)} bands: {', '.join(reader.channels)}.")
            grid = scene.grid.part(scene.window)
            tag = to_tag(reader.channels, _MODE, scene.radiometry, scene.product)
            with RasterWriter(target, grid, reader.channels, "float32", NODATA, tags=tag) as writer:
                _write(scene, reader, grid, writer, reporter)
                record = run_record(job, sources=scene.sources, seconds=round(time.monotonic() - start, 1))
                writer.tag(**{RECORD_TAG: to_json(record)})
    return {"OUTPUT": job.output}


def _write(scene: Scene, reader: FeatureReader, grid: Grid, writer: RasterWriter, reporter: Reporter) -> None:
    windows = list(_tiles(grid))
    seen = False
    for number, window in enumerate(windows):
        reporter.progress(number / len(windows), "Building bands")
        channels, valid = reader.read(window.shift(scene.window.row, scene.window.col))
        channels[:, ~valid] = NODATA
        writer.write(window, channels)
        seen |= bool(np.any(valid))
    if not seen:
        raise ScarpError(
            "No pixel is valid in all inputs, so there is nothing to build. Check the nodata values of BANDS, DEM and "
            "VALID_MASK, and that they overlap inside EXTENT."
        )
    reporter.progress(1.0, "Building bands")


def _tiles(grid: Grid) -> Iterator[Window]:
    for row in range(0, grid.height, _SIDE):
        for col in range(0, grid.width, _SIDE):
            yield Window(row, col, _SIDE, _SIDE).clip(*grid.shape)
