"""Compare a scene with what the checkpoint has seen, say what is unlike it and why, and draw a map of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from affine import Affine
from numpy.typing import NDArray

from ..bands import EXTRA, PRE
from ..card import Card
from ..errors import ScarpError
from ..reporter import Reporter
from ..scene import Scene
from ..scene.grid import Grid, Window
from ..scene.writers import RasterWriter
from . import domain
from .domain import NOTED, WARNED, Seen
from .domain_causes import Cause, find_causes
from .domain_sample import CELL, cell_medians, cells_of, known, names_in, sample

NODATA = -9999.0
DESCRIPTION = "distance to the training data"

_UNITS = {"SLOPE": " degrees", "DEM": " m"}
_FEWEST = 100  # pixels that say anything
_NAMED = 3  # bands told of
_OUTSIDE, _MOSTLY = 0.5, 0.9  # share of the terrain outside the range seen: to be noted, to be warned of


@dataclass
class Verdict:
    """How a scene compares with the training.

    Attributes:
        distance: Of the image that fits worst; None: nothing could be compared.
        facts: For the run record, JSON-able.
    """

    distance: float | None = None
    facts: dict[str, Any] = field(default_factory=dict)


def check_domain(card: Card, scene: Scene, reporter: Reporter) -> Verdict:
    """Compare samples of a scene with what the card remembers, and tell the user.

    Up to `NOTED` a scene is as usual for another place; from `WARNED` on, or if a mistake explains it, it is warned of.

    Args:
        card: The checkpoint's.
        scene: The scene.
        reporter: Told the result.
    """
    groups, quantiles = _remembered(card, reporter)
    places = names_in(scene)
    wanted = [name for name in quantiles if name in places]
    images = [seen.part([n for n in seen.names if n in wanted]) for seen in groups]
    images = [seen for seen in images if seen.names]
    if not images:
        if groups:
            reporter.info("The scene holds no band by itself: whether it is like the training data was not checked.")
        return Verdict()
    extra = [n for n in ("PRE_VALID",) if n in places and n in scene.names]
    names = [*wanted, *extra]
    pixels = sample(scene, [places.get(name, name) for name in names], reporter)
    if pixels.shape[1] < _FEWEST:
        reporter.info("Too few pixels of the scene are valid to compare it with the training data.")
        return Verdict()
    verdict = Verdict()
    for seen in images:
        values = known(names, pixels, seen.names)
        if values.shape[1] >= _FEWEST:
            median = np.median(values, axis=1)
            causes = find_causes(
                seen,
                median,
                radiometry=scene.radiometry,
                product=scene.product,
                trained_product=card.product,
                built=scene.engineered,
            )
            _judge(seen, median, causes, verdict, reporter)
    for name in EXTRA:
        if name in wanted:
            _judge_terrain(name, pixels[names.index(name)], quantiles[name], verdict, reporter)
    return verdict


def write_map(card: Card, scene: Scene, path: Path, reporter: Reporter) -> None:
    """Write the distance of each cell of 128 px, float32 with nodata -9999; reads the whole scene once.

    Raises:
        ScarpError: There is nothing to compare, or the raster cannot be written.
    """
    groups, _ = _remembered(card, reporter)
    places = names_in(scene)
    seen = groups[0].part([n for n in groups[0].names if n in places]) if groups else None
    if seen is None or not seen.names:
        raise ScarpError(
            "DOMAIN compares a scene with what the checkpoint has seen, which "
            + ("no band of this scene tells of." if groups else "this one does not remember: it was made before that.")
            + " Leave DOMAIN empty."
        )
    (top, bottom), (left, right) = (
        cells_of(start, size)
        for start, size in ((scene.window.row, scene.window.height), (scene.window.col, scene.window.width))
    )
    transform = scene.grid.transform @ Affine.translation(left * CELL, top * CELL) @ Affine.scale(CELL)
    grid = Grid(scene.grid.crs, transform, right - left, bottom - top)
    with RasterWriter(path, grid, [DESCRIPTION], "float32", NODATA) as writer:
        for row, medians in cell_medians(scene, [places[name] for name in seen.names], reporter):
            there = np.isfinite(medians).all(axis=1)
            line: NDArray[np.float32] = np.full((1, len(medians)), NODATA, np.float32)
            if there.any():
                line[0, there] = seen.distance(medians[there])
            writer.write(Window(row, 0, 1, len(medians)), line)


def _remembered(card: Card, reporter: Reporter) -> tuple[list[Seen], Mapping[str, Sequence[float]]]:
    if not card.seen:
        reporter.info("The checkpoint does not say what it has seen: whether the scene is like it was not checked.")
        return [], {}
    try:
        return domain.from_card(card.seen)
    except ValueError as error:
        reporter.warning(
            f"What the checkpoint's card says about its training data cannot be read ({error}): not checked."
        )
        return [], {}


def _judge(seen: Seen, median: NDArray[np.float64], causes: list[Cause], verdict: Verdict, reporter: Reporter) -> None:
    distance = float(seen.distance(median))
    before = seen.names[0].startswith(PRE)
    what = "The pre-event image" if before else "The scene"
    order = np.argsort(-np.abs(seen.ratios(median)))[:_NAMED]
    bands = ", ".join(f"{seen.names[i]} {median[i]:.4g} ({seen.median[i]:.4g})" for i in order)
    numbers = f"medians, in brackets those of the training: {bands}"
    if distance >= WARNED or causes:
        reporter.warning(
            f"{what} does not look like what the checkpoint was trained on: distance {distance:.2f}, up to {NOTED:g} "
            f"is usual for another place; {numbers}. {_advice(causes)}"
        )
    elif distance >= NOTED:
        reporter.info(
            f"{what} differs somewhat from what the checkpoint was trained on (distance {distance:.2f}, up to "
            f"{NOTED:g} is usual; {numbers}). Another season or kind of land can do that: look at the map with care."
        )
    else:
        reporter.info(f"{what} looks like the training data: distance {distance:.2f}, up to {NOTED:g} is usual.")
    verdict.distance = max(distance, verdict.distance or 0.0)
    verdict.facts["before" if before else "scene"] = {
        "distance": round(distance, 3),
        "warned": bool(distance >= WARNED or causes),
        "causes": [cause.text for cause in causes],
        "medians": {name: float(f"{value:.5g}") for name, value in zip(seen.names, median)},
    }


def _advice(causes: list[Cause]) -> str:
    if causes:
        told = "; or if ".join(f"{cause.text} (distance {cause.distance:.2f})" for cause in causes)
        return f"It would fit if {told}. Expect a wrong map otherwise."
    return (
        "Check BAND_MAP, RADIOMETRY and the product level (L1C or L2A); if they are right, the land or the season is "
        "unlike the training's: compare the map with the image, or fine-tune the checkpoint on polygons of this place."
    )


def _judge_terrain(
    name: str, values: NDArray[np.float64], quantiles: Sequence[float], verdict: Verdict, reporter: Reporter
) -> None:
    low, high = quantiles[0], quantiles[-1]
    outside = float(np.mean((values < low) | (values > high)))
    verdict.facts[name] = {"outside": round(outside, 3), "seen": [low, high]}
    if outside < _OUTSIDE:
        return
    unit = _UNITS[name]
    tell = reporter.warning if outside >= _MOSTLY else reporter.info
    tell(
        f"{outside:.0%} of the scene has a {name} outside {low:.4g} to {high:.4g}{unit}, where nearly all of the "
        f"training lay (median of the scene {np.median(values):.4g}{unit}). The network was never taught such "
        f"terrain. Check {name} and its unit; if they are right, look at the map with care."
    )
