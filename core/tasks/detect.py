"""Map landslides: a scene through a network to probability, mask and polygons."""

from __future__ import annotations

import time
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from .. import card as cards
from .. import checkpoint
from ..card import Card
from ..errors import ScarpError
from ..features.channels import STRETCHED
from ..features.filled import FilledReader
from ..inference.allocation import kept_memory
from ..inference.blending import Strip
from ..inference.budget import Shares
from ..inference.device import choose_device
from ..inference.domain_check import check_domain, write_map
from ..inference.lattice import STEP
from ..inference.mapping import map_scene
from ..inference.predictor import Predictor, check_heads
from ..inference.tiling import Tiling
from ..inference.writing import Behind
from ..jobs import DetectJob
from ..outputs import RASTER, VECTOR, Outputs, scratch_path
from ..products.geopackage import attach_record
from ..products.inventory import write_inventory
from ..products.layers import scene_layers
from ..products.polygons import LAYER
from ..products.record import run_record, tag_raster
from ..reporter import Reporter
from ..scene import Scene, gdal, open_scene
from ..scene.grid import Grid, Window
from ..scene.writers import RasterWriter

NODATA = -9999.0
NOTHING_VALID = (
    "No pixel is valid in all inputs, so there is nothing to map. Check the nodata values of BANDS, DEM and "
    "VALID_MASK, and that they overlap inside EXTENT."
)

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
        ``min_area`` (true area, m²), ``SECONDS``, and ``DOMAIN_DISTANCE``: how unlike the training the scene is (None:
        could not be told).

    Raises:
        ScarpError: The checkpoint, the scene or an output cannot be used as asked.
    """
    start = time.monotonic()
    with ExitStack() as stack:
        outputs = stack.enter_context(Outputs())
        staged = stage(job, outputs)
        ready = make_ready(job, stack, reporter)
        verdict = check_domain(ready.card, ready.scene, reporter)
        if "domain" in staged:
            write_map(ready.card, ready.scene, staged["domain"], reporter.part(0.0, 0.05))
        rasters = rasters_of(staged)
        if not ready.write(rasters, ready.scene.window, reporter.part(0.0, 0.9)):
            raise ScarpError(NOTHING_VALID)
        found = finish(job, ready, staged, rasters, reporter.part(0.9, 1.0), start=start, domain=verdict.facts)
    seconds = time.monotonic() - start
    reporter.info(f"{found['count']} landslides, {found['area_m2'] / 1e4:.2f} ha, in {seconds:.0f} s.")
    return {
        **{name.upper(): target for name, target in job.outputs().items()},
        "COUNT": found["count"],
        "AREA_M2": found["area_m2"],
        "SECONDS": seconds,
        "DOMAIN_DISTANCE": verdict.distance,
    }


@dataclass
class Ready:
    """A scene and a network made ready for each other: all that can be refused has been.

    Attributes:
        checkpoint: The file. card: its card. scene: open. device: where the network runs. predictor: the network.
        shares: Tiles, lanes and caches. threshold: probability from which a pixel is landslide.
    """

    checkpoint: Path
    card: Card
    scene: Scene
    device: torch.device
    predictor: Predictor
    shares: Shares
    threshold: float

    def write(self, rasters: dict[str, Path], window: Window, reporter: Reporter) -> int:
        """Map a window of the grid to rasters of its size (a name of `DESCRIPTIONS` to a file).

        Returns:
            How many pixels are valid.
        """
        strips = map_scene(
            FilledReader(self.scene, self.card),
            self.predictor,
            self.shares.lattice,
            window,
            reporter,
            apart=self.card.mode == "chip",
            lanes=self.shares.lanes,
        )
        maps = _Maps(rasters, self.scene.grid.part(window))
        with kept_memory(self.shares.keep) as give_back, closing(strips), maps:
            with Behind(maps.write, reporter) as writing:
                for strip in strips:
                    writing.put(strip)
                    give_back()
            return maps.valid


def stage(job: DetectJob, outputs: Outputs) -> dict[str, Path]:
    """Where to write each output that was asked for until the job has succeeded."""
    return {
        name: outputs.stage(target, VECTOR if name == "polygons" else RASTER) for name, target in job.outputs().items()
    }


def rasters_of(staged: dict[str, Path]) -> dict[str, Path]:
    """The rasters that the network's answers are written to: the probability always, be it for the inventory alone."""
    rasters = {name: file for name, file in staged.items() if name in DESCRIPTIONS}
    rasters.setdefault("probability", scratch_path(next(iter(staged.values()))))
    return rasters


def make_ready(job: DetectJob, stack: ExitStack, reporter: Reporter) -> Ready:
    """Load the checkpoint, open the scene, and choose device, tiles and threshold.

    Args:
        job: What to do.
        stack: Closes the scene, and takes GDAL's cache back.
        reporter: Told the choices.

    Raises:
        ScarpError: The checkpoint or the scene cannot be used as asked.
    """
    path = cards.find(job.checkpoint)
    model, card = checkpoint.load(path)
    if cards.is_shipped(path):
        cards.introduce(card, reporter, limits=1)
    check_heads(card.head, vote=job.vote, presence=bool(job.presence), spread=bool(job.uncertainty), tta=job.tta)
    device = choose_device(job.device, reporter)
    scene = stack.enter_context(open_scene(job, reporter))
    _check_scene(card, scene, reporter)
    tiling = Tiling(
        job.tile,
        job.overlap,
        reach=int(getattr(model, "reach", 6 * STEP)),
        chip=card.chip,
        bound_to_chip=card.pools_globally or card.mode == "chip",
    )
    lattices = tiling.lattices(*scene.grid.shape, reporter)
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
    shares = predictor.share_out(lattices, scene.cached_bytes, job.memory)
    tiling.say(shares.lattice, reporter)
    stack.enter_context(gdal.limits(shares.cache))
    threshold = card.threshold if job.threshold is None else job.threshold
    job.check_thresholds(threshold)
    reporter.info(
        f"Threshold: {threshold:g}, "
        + ("as asked." if job.threshold is not None else f"the checkpoint's. {card.threshold_choice}")
    )
    return Ready(path, card, scene, device, predictor, shares, threshold)


def finish(
    job: DetectJob,
    ready: Ready,
    staged: dict[str, Path],
    rasters: dict[str, Path],
    reporter: Reporter,
    *,
    start: float,
    **facts: Any,
) -> dict[str, Any]:
    """Make mask and polygons of a probability that is written, and give every output its run record.

    Args:
        job: What was asked for.
        ready: What mapped it.
        staged: See `stage`.
        rasters: See `rasters_of`.
        reporter: Told how far it is.
        start: When the job began, by `time.monotonic`.
        **facts: Further ones for the record.

    Returns:
        ``count`` and ``area_m2`` of the landslides.
    """
    origin = {"scene": job.bands[0].name or Path(job.bands[0].path).stem, "checkpoint": ready.checkpoint.stem}
    found = write_inventory(
        rasters["probability"],
        staged.get("mask"),
        staged.get("polygons"),
        threshold=ready.threshold,
        options=job,
        dem=job.dem,
        layers=[scene_layers(ready.scene, slope=bool(job.slope))],
        attributes={"event_date": job.event_date, **origin},
        reporter=reporter,
    )
    record = run_record(
        job,
        **{
            "checkpoint": ready.checkpoint,
            "scene": origin["scene"],
            "threshold": ready.threshold,
            "device": str(ready.device),
            "precision": ready.predictor.precision,
            "batch": ready.predictor.batch,
            "tile": ready.shares.lattice.tile,
            "overlap_px": ready.shares.lattice.overlap,
            "lanes": ready.shares.lanes,
            "sources": ready.scene.sources,
            "seconds": round(time.monotonic() - start, 1),
            **facts,
            **found,
        },
    )
    for name, file in staged.items():
        if name == "polygons":
            attach_record(file, LAYER, record)
        else:
            tag_raster(file, record)
    return found


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
    if scene.engineered and scene.mode != card.mode and not {*card.features}.isdisjoint(STRETCHED):
        reporter.warning(
            f"The engineered bands were built in mode '{scene.mode}', the checkpoint was trained in mode "
            f"'{card.mode}': local features differ. Expect a worse map, or give the Sentinel-2 bands themselves."
        )
    if cards.units(scene.radiometry) != cards.units(card.radiometry) and not scene.engineered:
        reporter.warning(
            f"RADIOMETRY of the scene is '{scene.radiometry}', that of the checkpoint's training data "
            f"'{card.radiometry}'. Expect a worse map, or set RADIOMETRY if it was not recognised."
        )


class _Maps:
    """The rasters of a map, written strip by strip, as a context; ``valid`` counts the pixels that are."""

    def __init__(self, paths: dict[str, Path], grid: Grid) -> None:
        self._grid = grid
        self.valid = 0
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
        self.valid += int(strip.valid.sum())

    def __exit__(self, *failure: Any) -> None:
        self._stack.__exit__(*failure)


def _with_nodata(layer: npt.NDArray[np.float32] | None, valid: npt.NDArray[np.bool_]) -> npt.NDArray[np.float32]:
    filled: npt.NDArray[np.float32] = np.where(valid, np.float32(0) if layer is None else layer, np.float32(NODATA))
    return filled
