"""Turn a probability raster into a mask and polygons."""

from __future__ import annotations

import time
from typing import Any

from ..jobs import PolygonizeJob
from ..outputs import RASTER, VECTOR, Outputs
from ..products.geopackage import attach_record
from ..products.inventory import write_inventory
from ..products.polygons import LAYER
from ..products.probability import Probability
from ..products.record import run_record, tag_raster
from ..reporter import Reporter


def perform(job: PolygonizeJob, reporter: Reporter) -> dict[str, Any]:
    """Run the job.

    Returns:
        ``MASK`` and ``POLYGONS`` as far as asked for, ``COUNT`` and ``AREA_M2``.

    Raises:
        ScarpError: The raster is no probability, or another input is unusable.
    """
    start = time.monotonic()
    with Outputs() as outputs:
        mask = outputs.stage(job.mask, RASTER) if job.mask else None
        polygons = outputs.stage(job.polygons, VECTOR) if job.polygons else None
        result = write_inventory(
            job.probability,
            mask,
            polygons,
            threshold=job.threshold,
            options=job,
            dem=job.dem,
            attributes={"event_date": job.event_date, **_origin(job.probability)},
            reporter=reporter,
        )
        record = run_record(job, threshold=job.threshold, seconds=round(time.monotonic() - start, 1), **result)
        if mask:
            tag_raster(mask, record)
        if polygons:
            attach_record(polygons, LAYER, record)
        reporter.progress(1.0, "Done")
    reporter.info(f"{result['count']} landslides, {result['area_m2'] / 1e4:.2f} ha.")
    named = {"MASK": job.mask, "POLYGONS": job.polygons}
    return {
        **{name: path for name, path in named.items() if path},
        "COUNT": result["count"],
        "AREA_M2": result["area_m2"],
    }


def _origin(probability: str) -> dict[str, str]:
    """What a probability raster that Scarp made says of its checkpoint and scene."""
    with Probability(probability) as raster:
        record = raster.record
    checkpoint = record.get("checkpoint") or {}
    return {"checkpoint": checkpoint.get("name", ""), "scene": record.get("scene", "")}
