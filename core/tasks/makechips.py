"""Cut a scene with its polygons into a folder of chips to train on."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from .. import bands
from ..chips import manifest
from ..chips.cutting import IMAGES, MASKS, Cutter, check_any, lattice
from ..chips.manifest import Facts
from ..chips.memory import interpreted_window
from ..chips.regions import open_regions
from ..chips.staging import staged_folder
from ..errors import ScarpError
from ..features.lattice import CELL
from ..jobs import MakeChipsJob
from ..products.record import run_record, versions
from ..reporter import Reporter
from ..scene import Scene, open_scene
from ..scene.vectors import Polygons, open_polygons

_OWN = (IMAGES, MASKS, manifest.FACTS, manifest.ROWS)


def perform(job: MakeChipsJob, reporter: Reporter) -> dict[str, Any]:
    """Cut chips with all bands of a scene, in the units of `Scene.read`, and their masks.

    ``image/chip_N.tif``: float32, one band an input, named; nodata -9999 where an input is invalid.
    ``mask/chip_N.tif``: uint8; 0 background, 1 landslide, 255 not scored (outside AREA, or invalid).
    ``manifest.csv``: where each chip lies. ``manifest.json``: what all chips have in common.

    Args:
        job: What to do.
        reporter: Told the choices made and the progress.

    Returns:
        ``FOLDER``, ``CHIPS`` and ``CHIPS_WITH_LANDSLIDE`` (how many).

    Raises:
        ScarpError: The scene, the labels or the folder cannot be used, or no chip is left.
        Cancelled: The user asked to stop; the folder is as it was before.
    """
    start = time.monotonic()
    folder = Path(job.folder)
    name = job.scene or folder.name
    with staged_folder(folder, _OWN, manifest.FACTS) as part, open_scene(job, reporter) as scene:
        if scene.engineered:
            raise ScarpError(
                "BANDS is a raster of engineered bands. Cut the bands themselves: features are computed when a network "
                "is trained, after each chip has been augmented."
            )
        if job.labels:
            labels = open_polygons(job.labels, scene.grid, scene.window, reporter=reporter)
        else:
            labels = Polygons([], scene.grid)
            reporter.warning("No LABELS: the scene is taken to hold no landslide.")
        area, window = interpreted_window(scene, job.area, job.chip, reporter)
        regions = open_regions(job.area, job.region_field, scene.grid, window, reporter) if job.region_field else {}
        stride = job.stride or job.chip
        side = job.chip + 2 * job.context
        if min(scene.window.shape) < side:
            raise ScarpError(
                f"A chip with its CONTEXT has {side} x {side} px, the scene {scene.window.height} x "
                f"{scene.window.width}. Choose a smaller CONTEXT or CHIP."
            )
        if side < CELL:
            reporter.warning(
                f"Chips of {side} px show less of their surroundings than local features see in a scene ({CELL} px), "
                f"and networks trained on them map worse. Set CONTEXT={(CELL - job.chip) // 2}, or CHIP={CELL}."
            )
        cutter = Cutter(
            scene,
            labels,
            area,
            regions=regions,
            min_scored=job.min_scored,
            skip_empty=job.skip_empty,
            context=job.context,
        )
        rows = cutter.cut(lattice(window, job.chip, stride), part, name, reporter)
        check_any(rows)
        record = run_record(job, sources=scene.sources, seconds=round(time.monotonic() - start, 1))
        manifest.write(part, _facts(scene, side, stride, name, record), rows)
    with_landslide = sum(row.landslide_share > 0 for row in rows)
    reporter.info(
        f"{len(rows)} chips of {side} x {side} px in '{folder}', {with_landslide} of them with landslide."
        + (" Train with this folder as DATASET." if with_landslide else "")
    )
    if not with_landslide:
        reporter.warning(
            "No chip holds a landslide: the folder can be added to others or be the NEGATIVES of a training, but not "
            "trained on alone."
        )
    return {"FOLDER": str(folder), "CHIPS": len(rows), "CHIPS_WITH_LANDSLIDE": with_landslide}


def _facts(scene: Scene, chip: int, stride: int, name: str, record: dict[str, Any]) -> Facts:
    return Facts(
        names=scene.names,
        units={band: _unit(band) for band in scene.names},
        chip=chip,
        stride=stride,
        gsd=round(scene.grid.gsd, 6),
        radiometry=scene.radiometry,
        product=scene.product,
        scene=name,
        grid=f"{scene.grid.crs.to_wkt()} {', '.join(repr(number) for number in scene.grid.transform[:6])}",
        versions=versions(),
        record=record,
    )


def _unit(band: str) -> str:
    if band.removeprefix(bands.PRE) in bands.RGB:
        return "as stored"
    known = {"SLOPE": "degrees", "DEM": "metres", bands.PRE_VALID: "1 where the pre-event bands are known, else 0"}
    return known.get(band, "DN without offset (reflectance x 10000)")
