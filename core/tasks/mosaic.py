"""Put several probability rasters together."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date
from typing import Any

import numpy as np

from ..errors import ScarpError
from ..jobs import MosaicJob
from ..outputs import RASTER, Outputs
from ..products.dating import scene_day
from ..products.mosaic import Mosaic
from ..products.record import RECORD_TAG, raster_record, run_record, to_json
from ..reporter import Reporter
from ..scene.grid import Window
from ..scene.raster import Raster
from ..scene.writers import BLOCK, RasterWriter

NODATA = -9999.0
_SIDE = 4 * BLOCK  # whole blocks of the file


def perform(job: MosaicJob, reporter: Reporter) -> dict[str, Any]:
    """Run the job.

    Returns:
        ``OUTPUT``: float32 GeoTIFF with nodata -9999; ``VALID_SHARE``: the share of its pixels that are valid.

    Raises:
        ScarpError: A raster is no probability or cannot be read, they lie far apart, a date is missing, or nothing is
            valid.
    """
    start = time.monotonic()
    with ExitStack() as stack:
        outputs = stack.enter_context(Outputs())
        target = outputs.stage(job.output, RASTER)
        rasters = [_open(layer.path, layer.name, stack) for layer in job.probabilities]
        records = [raster_record(raster.dataset.tags()) for raster in rasters]
        checkpoint = _checkpoint(records, reporter)
        order = list(range(len(rasters)))
        days = _days(job, rasters, records, reporter) if job.method == "latest" else []
        if days:
            order.sort(key=lambda number: days[number], reverse=True)
        method = "first" if job.method == "latest" else job.method
        mosaic = stack.enter_context(Mosaic(rasters, reporter))
        valid = 0
        with RasterWriter(target, mosaic.grid, ["landslide probability"], "float32", NODATA) as writer:
            windows = _windows(mosaic.grid.height, mosaic.grid.width)
            for number, window in enumerate(windows):
                reporter.progress(number / len(windows), "Putting the rasters together")
                values, known = mosaic.read(window, method, order)
                valid += int(known.sum())
                writer.write(window, np.where(known, values, np.float32(NODATA)))
            if not valid:
                raise ScarpError("No pixel of any of the PROBABILITIES is valid. Check their nodata values.")
            record = run_record(
                job,
                scene=", ".join(
                    dict.fromkeys(str(r.get("scene") or raster.name) for r, raster in zip(records, rasters))
                ),
                dates=[day.isoformat() for day in days],
                seconds=round(time.monotonic() - start, 1),
            )
            writer.tag(**{RECORD_TAG: to_json({**record, **({"checkpoint": checkpoint} if checkpoint else {})})})
        reporter.progress(1.0, "Done")
    share = valid / (mosaic.grid.width * mosaic.grid.height)
    reporter.info(f"{len(rasters)} rasters put together; {share:.1%} of the mosaic is valid.")
    return {"OUTPUT": job.output, "VALID_SHARE": share}


def _open(path: str, name: str, stack: ExitStack) -> Raster:
    try:
        raster = Raster(path, name)
    except ScarpError as error:
        raise ScarpError(f"PROBABILITIES: {error}") from error
    stack.callback(raster.close)
    if len(raster.data_bands) != 1:
        raise ScarpError(
            f"PROBABILITIES: '{path}' has {len(raster.data_bands)} bands, expected one. Give the probability rasters "
            "that scarp:detect wrote."
        )
    return raster


def _days(
    job: MosaicJob, rasters: Sequence[Raster], records: Sequence[dict[str, Any]], reporter: Reporter
) -> list[date]:
    """The day of each raster, given or found; told either way."""
    given = job.days()
    if given:
        return given
    found = [scene_day(record, raster.path) for raster, record in zip(rasters, records)]
    missing = [raster.name for raster, (day, _) in zip(rasters, found) if day is None]
    if missing:
        raise ScarpError(
            f"METHOD=latest needs the day of each scene, but nothing tells that of {', '.join(missing)}. Give DATES "
            "(one a raster, in their order), or sort the rasters yourself and choose METHOD=first."
        )
    told = "; ".join(f"'{raster.name}' {day} ({where})" for raster, (day, where) in zip(rasters, found))
    reporter.info(f"Dates: {told}.")
    return [day for day, _ in found if day is not None]


def _checkpoint(records: Sequence[dict[str, Any]], reporter: Reporter) -> dict[str, Any]:
    """The checkpoint that all rasters come from; empty where they differ or do not tell."""
    found = [record.get("checkpoint") or {} for record in records]
    hashes = {checkpoint.get("sha256") for checkpoint in found} - {None}
    if len(hashes) > 1:
        names = ", ".join(dict.fromkeys(str(checkpoint.get("name")) for checkpoint in found if checkpoint))
        reporter.warning(
            f"The probabilities come from {len(hashes)} different checkpoints ({names}): one threshold may not fit all "
            "of them."
        )
    return dict(found[0]) if len(hashes) == 1 and all(found) else {}


def _windows(height: int, width: int) -> list[Window]:
    return [
        Window(row, col, _SIDE, _SIDE).clip(height, width)
        for row in range(0, height, _SIDE)
        for col in range(0, width, _SIDE)
    ]
