"""What an explanation looks like: a page with the heat map and the bands that mattered, and a table of the latter."""

from __future__ import annotations

import base64
import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from rasterio.enums import Resampling

from ..inference.occlusion import Effect
from ..scene.gdal import limits
from ..scene.grid import Grid
from .page import render
from .record import to_json

COLUMNS = ("group", "channels", "inside", "outside", "drop_inside", "change_outside", "pixels_inside", "pixels_outside")

_SIDE = 1000


def write_table(path: str | Path, base: Effect, effects: Sequence[Effect], pixels: tuple[float, float]) -> None:
    """Write the effects as CSV: one row with all channels, then one a group, strongest first.

    ``inside`` and ``outside`` are mean probabilities where landslide is mapped with all channels, and elsewhere;
    ``drop_inside`` is what the group's absence takes away inside, ``change_outside`` what it adds elsewhere. A mean
    over no pixel is left empty.

    Args:
        path: CSV file to write.
        base: With all channels.
        effects: Without each group.
        pixels: Pixels inside and outside.
    """
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for effect in (base, *ranked(base, effects)):
            means = (effect.inside, effect.outside, base.inside - effect.inside, effect.outside - base.outside)
            texts = ["" if np.isnan(value) else f"{value:.6f}" for value in means]
            counts = [f"{value:.0f}" for value in pixels]
            writer.writerow([effect.name or "all", " ".join(effect.channels), *texts, *counts])


def write_page(
    path: str | Path,
    heat_path: str | Path,
    base: Effect,
    effects: Sequence[Effect],
    *,
    facts: Mapping[str, Any],
    record: Mapping[str, Any],
) -> None:
    """Write the report of an explanation.

    Args:
        path: HTML file to write.
        heat_path: The Grad-CAM raster.
        base: The sample with all channels.
        effects: Without each group.
        facts: ``stage``, ``channels``, ``stride``, ``target``, ``threshold``, ``tiles``, ``pixels`` (inside, outside).
        record: The run record.
    """
    html = render(
        "explain.html",
        heat=_heat_picture(heat_path),
        bars=_bars_picture(base, effects),
        base=base,
        effects=ranked(base, effects),
        facts=facts,
        date=record.get("date", ""),
        record=json.dumps(json.loads(to_json(record)), indent=2),
    )
    Path(path).write_text(html, encoding="utf-8")


def ranked(base: Effect, effects: Sequence[Effect]) -> list[Effect]:
    """The effects, largest drop inside first; where nothing is mapped, largest change elsewhere first."""
    if np.isnan(base.inside):
        return sorted(effects, key=lambda effect: -abs(effect.outside - base.outside))
    return sorted(effects, key=lambda effect: effect.inside)


def _heat_picture(path: str | Path) -> str:
    with limits(), rasterio.open(path) as raster:
        factor = max(1.0, max(raster.shape) / _SIDE)
        shape = tuple(max(1, round(side / factor)) for side in raster.shape)
        heat = raster.read(1, out_shape=shape, masked=True, resampling=Resampling.average)
        grid = Grid(raster.crs, raster.transform, raster.width, raster.height)
    across, down = grid.cell_size(grid.height // 2)
    ratio = grid.height * down / (grid.width * across)
    figure = Figure(figsize=(9, min(12.0, max(3.0, 8 * ratio))), dpi=120, layout="constrained")
    axes = figure.add_subplot()
    drawn = axes.imshow(heat, vmin=0, vmax=1, cmap="inferno", interpolation="nearest", aspect=down / across)
    axes.set_axis_off()
    figure.colorbar(drawn, ax=axes, shrink=0.6, label="heat, share of its maximum")
    return _data_uri(figure)


def _bars_picture(base: Effect, effects: Sequence[Effect]) -> str:
    rows = ranked(base, effects)[::-1]
    figure = Figure(figsize=(9, 1.1 + 0.42 * len(rows)), dpi=120, layout="constrained")
    axes = figure.add_subplot()
    places = np.arange(len(rows))
    if not np.isnan(base.inside):
        drops = [base.inside - effect.inside for effect in rows]
        axes.barh(places + 0.2, drops, 0.38, color="#2c6e8f", label="drop inside mapped landslides")
    changes = [effect.outside - base.outside for effect in rows]
    axes.barh(places - 0.2, changes, 0.38, color="#e67814", label="rise elsewhere")
    axes.set_yticks(places, [effect.name for effect in rows])
    axes.axvline(0, color="black", linewidth=0.8)
    axes.set_xlabel("change of the mean probability when the bands are taken away")
    axes.grid(axis="x", alpha=0.3)
    axes.legend(fontsize=8)
    return _data_uri(figure)


def _data_uri(figure: Figure) -> str:
    buffer = io.BytesIO()
    FigureCanvasAgg(figure)
    figure.savefig(buffer, format="png", bbox_inches="tight")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
