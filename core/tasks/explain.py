"""Explain a network on a scene: a heat map of what speaks for landslide, and the bands that matter."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import numpy as np
from torch import nn

from .. import card as cards
from .. import checkpoint
from ..card import Card
from ..errors import ScarpError
from ..features.filled import FilledReader
from ..inference import stages
from ..inference.blending import STRIP_ROWS
from ..inference.device import choose_device
from ..inference.explanation import Explainer
from ..inference.heatmap import Channels, Cut, HeatRows, heat_strips, weigh_channels
from ..inference.lattice import STEP, Lattice
from ..inference.occlusion import choose_tiles, group_channels, occlude
from ..inference.tiling import choose_lattice, needed_overlap
from ..jobs import ExplainJob
from ..outputs import RASTER, REPORT, TABLE, Outputs, scratch_path
from ..products.band import Band
from ..products.explanation import write_page, write_table
from ..products.record import run_record, tag_raster
from ..reporter import Reporter
from ..scene import Scene, open_scene
from ..scene.grid import Grid, Window
from ..scene.writers import RasterWriter

NODATA = -9999.0
DESCRIPTION = "Grad-CAM of the landslide class, share of its maximum"


def perform(job: ExplainJob, reporter: Reporter) -> dict[str, Any]:
    """Explain what a network maps in a scene.

    Args:
        job: What to do.
        reporter: Told the choices and the progress.

    Returns:
        ``OUTPUT`` (float32, 0 to 1, nodata -9999), ``REPORT`` and ``TABLE`` where they were asked for,
        ``PIXELS`` (mapped as landslide: what is explained) and ``SECONDS``.

    Raises:
        ScarpError: The checkpoint, the scene, the stage or an output cannot be used as asked.
    """
    start = time.monotonic()
    path = cards.find(job.checkpoint)
    model, card = checkpoint.load(path)
    threshold = card.threshold if job.threshold is None else job.threshold
    with ExitStack() as stack:
        outputs = stack.enter_context(Outputs())
        target = outputs.stage(job.output, RASTER)
        page = outputs.stage(job.report, REPORT) if job.report else None
        table = outputs.stage(job.table, TABLE) if job.table else None
        device = choose_device(job.device, reporter)
        scene = stack.enter_context(open_scene(job, reporter))
        cards.check_scene(card, scene.names, scene.grid.gsd, reporter)
        explainer = Explainer(model, card, device, job.stage, reporter)
        reporter.info(f"Stage: {explainer.stage}. Precision: fp32, which gradients need.")
        lattice = _lattice(job, card, scene, model, reporter)
        cut = Cut(FilledReader(scene, card), lattice, scene.window, card.mode == "chip")
        wanted = bool(page or table)
        channels, aim = _weigh(explainer, cut, threshold, reporter.part(0.0, 0.5 if wanted else 0.6))
        second = reporter.part(0.5, 0.75) if wanted else reporter.part(0.6, 1.0)
        rows = heat_strips(explainer, cut, channels.weights, second)
        largest = _write_heat(target, scene.grid.part(scene.window), rows)
        if not largest:
            reporter.warning(
                f"The heat is 0 everywhere: no channel of the stage '{job.stage}' speaks for landslide here. "
                "Try another STAGE."
            )
        facts: dict[str, Any] = {
            "stage": str(explainer.stage),
            "target": aim,
            "threshold": threshold,
            "largest_heat": largest,
            "tile": cut.lattice.tile,
            "overlap_px": cut.lattice.overlap,
        }
        if wanted:
            sample = choose_tiles(channels, job.sample)
            groups = group_channels(card.features, singly=job.occlude == "channels")
            base, effects, pixels = occlude(
                explainer, cut, sample, groups=groups, threshold=threshold, reporter=reporter.part(0.75, 1.0)
            )
            facts = {**facts, "tiles": len(sample), "pixels": pixels}
        record = run_record(
            job,
            checkpoint=path,
            device=str(device),
            sources=scene.sources,
            seconds=round(time.monotonic() - start, 1),
            **facts,
        )
        tag_raster(target, record)
        if table:
            write_table(table, base, effects, pixels)
        if page:
            shape = {"channels": explainer.stage.channels, "stride": explainer.stage.stride}
            write_page(page, target, base, effects, facts={**facts, **shape}, record=record)
    return {
        **{name.upper(): file for name, file in job.outputs().items()},
        "PIXELS": round(channels.pixels) if aim == _LANDSLIDE else 0,
        "SECONDS": time.monotonic() - start,
    }


_WIDE = 128
_LANDSLIDE = "landslide where it is mapped"
_EVERYWHERE = "landslide anywhere (none is mapped)"


def _lattice(job: ExplainJob, card: Card, scene: Scene, model: nn.Module, reporter: Reporter) -> Lattice:
    bound = card.pools_globally or card.mode == "chip"
    if min(scene.grid.shape) < STEP:
        height, width = scene.grid.shape
        raise ScarpError(f"The scene has {width} x {height} pixels; at least {STEP} x {STEP} are needed.")
    # Gradients keep the maps of the network in memory, the wide ones at full resolution above all: tiles are smaller
    # than for mapping. A U-Net of 31 million parameters takes 1.2 GB with tiles of 384 px.
    wide = stages.find(model, len(card.features), stages.FULL).channels > _WIDE
    reach = int(getattr(model, "reach", 6 * STEP))
    overlap = needed_overlap(reach)
    tile = job.tile if job.tile or bound else max(2 * overlap, 0 if wide else 384)
    return choose_lattice(
        *scene.grid.shape,
        tile=tile,
        overlap=job.overlap,
        reach=reach,
        chip=card.chip,
        bound_to_chip=bound,
        reporter=reporter,
    )


def _weigh(explainer: Explainer, cut: Cut, threshold: float, reporter: Reporter) -> tuple[Channels, str]:
    """The weights of the channels for the mapped landslides; where none is mapped, for all pixels."""
    channels = weigh_channels(explainer, cut, threshold, reporter)
    if not channels.found:
        raise ScarpError(
            "No pixel is valid in all inputs, so there is nothing to explain. Check the nodata values of BANDS, "
            "DEM and VALID_MASK, and that they overlap inside EXTENT."
        )
    if channels.pixels:
        reporter.info(f"{channels.pixels:,.0f} pixels are mapped as landslide: what speaks for them is shown.")
        return channels, _LANDSLIDE
    reporter.warning(
        f"No pixel reaches the threshold of {threshold:g}: what would speak for landslide anywhere is shown instead. "
        "Choose an EXTENT with mapped landslides, or a lower THRESHOLD."
    )
    return weigh_channels(explainer, cut, None, reporter), _EVERYWHERE


def _write_heat(target: Path, grid: Grid, rows: Generator[HeatRows, None, None]) -> float:
    """Write the heat divided by its maximum, so that the whole extent has one scale, and return the maximum."""
    raw, largest = scratch_path(target), 0.0
    with closing(rows), RasterWriter(raw, grid, [DESCRIPTION], "float32", NODATA) as writer:
        for row, heat, valid in rows:
            largest = max(largest, float(heat.max(where=valid, initial=0.0)))
            writer.write(Window(row, 0, *valid.shape), np.where(valid, heat, np.float32(NODATA)))
    with Band(raw, "OUTPUT") as band, RasterWriter(target, grid, [DESCRIPTION], "float32", NODATA) as writer:
        for row in range(0, grid.height, STRIP_ROWS):
            window = Window(row, 0, min(STRIP_ROWS, grid.height - row), grid.width)
            heat, valid = band.read(window)
            scaled = np.clip(heat / np.float32(largest or 1.0), 0, 1)
            writer.write(window, np.where(valid, scaled, np.float32(NODATA)))
    return largest
