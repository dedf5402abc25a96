"""Map landslides: a scene through a network to probability, mask and polygons."""

from __future__ import annotations

import time
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from .. import card as cards
from .. import checkpoint
from ..card import Card
from ..errors import ScarpError
from ..features.reader import FeatureReader
from ..inference.blending import Strip
from ..inference.device import choose_device
from ..inference.lattice import STEP
from ..inference.mapping import map_scene
from ..inference.predictor import Predictor, check_heads
from ..inference.tiling import choose_lattice
from ..jobs import DetectJob
from ..outputs import RASTER, VECTOR, Outputs, scratch_path
from ..products.geopackage import attach_record
from ..products.inventory import write_inventory
from ..products.polygons import LAYER
from ..products.record import run_record, tag_raster
from ..reporter import Reporter
from ..scene import Scene, open_scene
from ..scene.grid import Grid, Window
from ..scene.writers import RasterWriter

NODATA = -9999.0

DESCRIPTIONS = {
    "probability": "landslide probability",
    "uncertainty": "standard deviation of the landslide probability",
    "presence": "probability that the surrounding tile holds a landslide",
}


def perform(job: DetectJob, reporter: Reporter) -> dict[str, Any]:
    """Detect the landslides of a scene.

    Everything that can be refused is refused before the first pixel is computed.

    Args:
        job: What to do.
        reporter: Told the choices, the progress and the time left.

    Returns:
        The path of each output that was asked for, and ``COUNT`` and ``AREA_M2`` of the landslides of at least
        ``min_area`` (true area, m²), and ``SECONDS``.

    Raises:
        ScarpError: The checkpoint, the scene or an output cannot be used as asked.
    """
    start = time.monotonic()
    path = cards.find(job.checkpoint)
    model, card = checkpoint.load(path)
    check_heads(card.head, vote=job.vote, presence=bool(job.presence), spread=bool(job.uncertainty), tta=job.tta)
    with ExitStack() as stack:
        outputs = stack.enter_context(Outputs())
        staged = {
            name: outputs.stage(target, VECTOR if name == "polygons" else RASTER)
            for name, target in job.outputs().items()
        }
        device = choose_device(job.device, reporter)
        scene = stack.enter_context(open_scene(job, reporter))
        _check_scene(card, scene, reporter)
        lattice = choose_lattice(
            *scene.grid.shape,
            tile=job.tile,
            overlap=job.overlap,
            stride=int(getattr(model, "stride", STEP)),
            chip=card.chip,
            bound_to_chip=card.pools_globally or card.mode == "chip",
            reporter=reporter,
        )
        reader = FeatureReader(scene, card.features, card.mode)
        predictor = Predictor(
            model,
            card,
            device,
            precision=job.precision,
            batch=job.batch,
            tta=job.tta,
            vote=job.vote,
            presence=bool(job.presence),
            reporter=reporter,
        )
        threshold = card.threshold if job.threshold is None else job.threshold
        reporter.info(
            f"Threshold: {threshold:g}, "
            + ("as asked." if job.threshold is not None else f"the checkpoint's. {card.threshold_choice}")
        )

        rasters = {name: file for name, file in staged.items() if name in DESCRIPTIONS}
        rasters.setdefault("probability", scratch_path(next(iter(staged.values()))))
        strips = map_scene(reader, predictor, lattice, scene.window, reporter.part(0.0, 0.9), apart=card.mode == "chip")
        with closing(strips), _Maps(rasters, scene.grid.part(scene.window)) as maps:
            for strip in strips:
                maps.write(strip)
            maps.check()
        origin = {"scene": job.bands[0].name or Path(job.bands[0].path).stem, "checkpoint": path.stem}
        found = write_inventory(
            rasters["probability"],
            staged.get("mask"),
            staged.get("polygons"),
            threshold=threshold,
            min_area=job.min_area,
            dem=job.dem,
            attributes={"event_date": job.event_date, **origin},
            reporter=reporter.part(0.9, 1.0),
        )
        record = run_record(
            job,
            checkpoint=path,
            scene=origin["scene"],
            threshold=threshold,
            device=str(device),
            precision=predictor.precision,
            batch=predictor.batch,
            tile=lattice.tile,
            overlap_px=lattice.overlap,
            sources=scene.sources,
            seconds=round(time.monotonic() - start, 1),
            **found,
        )
        for name, file in staged.items():
            if name == "polygons":
                attach_record(file, LAYER, record)
            else:
                tag_raster(file, record)
    seconds = time.monotonic() - start
    reporter.info(f"{found['count']} landslides, {found['area_m2'] / 1e4:.2f} ha, in {seconds:.0f} s.")
    return {
        **{name.upper(): target for name, target in job.outputs().items()},
        "COUNT": found["count"],
        "AREA_M2": found["area_m2"],
        "SECONDS": seconds,
    }


def _check_scene(card: Card, scene: Scene, reporter: Reporter) -> None:
    """Refuse a scene that the network cannot map, and warn about one that it was not trained for."""
    cards.check_scene(card, scene.names, scene.grid.gsd, reporter)
    height, width = scene.grid.shape
    if min(height, width) < STEP:
        raise ScarpError(
            f"The scene has {width} x {height} pixels; at least {STEP} x {STEP} are needed to see a landslide "
            "in its surroundings. Give a larger scene, or a smaller RESOLUTION."
        )
    if min(height, width) < card.chip:
        reporter.warning(
            f"The scene has {width} x {height} pixels, less than the {card.chip} px that the network was trained on: "
            "it is mirrored at its edges, and results there are less certain."
        )
    if "" not in (card.product, scene.product) and card.product != scene.product:
        reporter.warning(
            f"The scene is a Sentinel-2 {scene.product} product, the checkpoint was trained on {card.product}: "
            "their values differ. Expect a worse map, or use the other product."
        )
    if (scene.radiometry == "raw") != (card.radiometry == "raw") and not scene.engineered:
        reporter.warning(
            f"RADIOMETRY of the scene is '{scene.radiometry}', that of the checkpoint's training data "
            f"'{card.radiometry}'. Expect a worse map, or set RADIOMETRY if it was not recognised."
        )


class _Maps:
    """The rasters of a map, written strip by strip, as a context."""

    def __init__(self, paths: dict[str, Path], grid: Grid) -> None:
        self._grid = grid
        self._valid = 0
        self._stack = ExitStack()
        self._writers = {
            name: RasterWriter(path, grid, [DESCRIPTIONS[name]], "float32", NODATA) for name, path in paths.items()
        }

    def __enter__(self) -> _Maps:
        with self._stack:
            for writer in self._writers.values():
                self._stack.enter_context(writer)
            self._stack = self._stack.pop_all()
        return self

    def write(self, strip: Strip) -> None:
        """Write finished rows."""
        layers = {"probability": strip.probability, "uncertainty": strip.spread, "presence": strip.presence}
        window = Window(strip.row, 0, *strip.valid.shape)
        for name, writer in self._writers.items():
            writer.write(window, _with_nodata(layers[name], strip.valid))
        self._valid += int(strip.valid.sum())

    def check(self) -> None:
        """Raise a `ScarpError` when nothing that was written is valid."""
        if not self._valid:
            raise ScarpError(
                "No pixel is valid in all inputs, so there is nothing to map. Check the nodata values of BANDS, "
                "DEM and VALID_MASK, and that they overlap inside EXTENT."
            )

    def __exit__(self, *failure: Any) -> None:
        self._stack.__exit__(*failure)


def _with_nodata(layer: npt.NDArray[np.float32] | None, valid: npt.NDArray[np.bool_]) -> npt.NDArray[np.float32]:
    filled: npt.NDArray[np.float32] = np.where(valid, np.float32(0) if layer is None else layer, np.float32(NODATA))
    return filled
