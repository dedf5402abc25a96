"""Landslides: they start on steep slopes, run downhill, and come to rest where the ground flattens."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ..reporter import Reporter
from .landcover import LandCover
from .noise import fractal
from .spectra import Cover
from .terrain import CELL, Terrain, slope

Image = NDArray[np.float32]
Slices = tuple[slice, slice]

SHARE = 0.032
"""Share of the scene that slides; Landslide4Sense has 0.023."""

_SMALLEST = 1200.0  # m²
_LARGEST = 120_000.0
_EXPONENT = 1.1  # of the power law of areas, cumulative
_REST = 8.0  # degrees, where debris comes to rest


@dataclass(frozen=True)
class Landslides:
    """The landslides of the event.

    Attributes:
        mask: bool [H, W].
        paths: Per landslide, int64 [n, 2]: rows and columns of its middle line, from crown to toe.
    """

    mask: NDArray[np.bool_]
    paths: list[NDArray[np.int64]]


def build(rng: np.random.Generator, terrain: Terrain, land: LandCover, reporter: Reporter) -> Landslides:
    """Let landslides happen, and change the land cover where they went.

    Raises:
        Cancelled: The user asked to stop.
    """
    height = np.asarray(cv2.GaussianBlur(terrain.height, (0, 0), 1.5), np.float32)
    steep = slope(height)
    result = Landslides(np.zeros(steep.shape, bool), [])
    ragged = fractal(rng, steep.shape, 8, 0.6)
    patchy = fractal(rng, steep.shape, 10, 0.7)
    covered = 0
    for crown in _crowns(rng, steep, land):
        if covered > SHARE * steep.size:
            break
        reporter.check()
        if result.mask[crown]:
            continue
        area = min(_SMALLEST * (1 - rng.random()) ** (-1 / _EXPONENT), _LARGEST)
        slenderness = rng.uniform(1.6, 5.5) * (area / 5000) ** 0.12
        length, width = np.sqrt(area * slenderness) / CELL, np.sqrt(area / slenderness) / CELL
        path = _run(height, steep, crown, length)
        if len(path) < min(length, 3):
            continue
        window, inside, progress = _body(path, width, ragged)
        covered += int(np.count_nonzero(inside & ~result.mask[window]))
        result.mask[window] |= inside
        regrown = rng.uniform(0, 0.22) + 0.22 * progress**2 + 0.12 * patchy[window]
        land.part(window).put(inside, Cover.SOIL, Cover.MEADOW, regrown.clip(0, 0.75))
        land.lookalike[window][inside] = False
        result.paths.append(np.round(path).astype(np.int64))
    return result


def _crowns(rng: np.random.Generator, steep: Image, land: LandCover) -> list[tuple[int, int]]:
    """Where landslides start, in random order: on steep ground with soil, more in some places than in others."""
    soil = np.isin(land.cover, (Cover.CONIFER, Cover.BROADLEAF, Cover.MEADOW, Cover.ALPINE, Cover.SOIL))
    weight = np.exp(-(((steep - 37) / 6) ** 2) + 0.55 * fractal(rng, steep.shape, 130)) * (soil & (steep > 25))
    weight[:3], weight[-3:], weight[:, :3], weight[:, -3:] = 0, 0, 0, 0
    total = np.cumsum(weight.ravel(), dtype=np.float64)
    if total[-1] <= 0:
        return []
    draws = np.searchsorted(total, rng.random(steep.size // 200) * total[-1])
    return [(int(i) // steep.shape[1], int(i) % steep.shape[1]) for i in draws]


def _run(height: Image, steep: Image, crown: tuple[int, int], length: float) -> NDArray[np.float64]:
    """Follow the slope down from the crown for ``length`` steps of a pixel, or until at rest: float64 [n, 2]."""
    position = np.array(crown, np.float64)
    heading = np.zeros(2)
    path = [position]
    lowest = float(height[crown])
    resting = 0
    row, col = crown
    while len(path) < length and resting < 0.25 * length:
        fall = np.array([height[row - 1, col] - height[row + 1, col], height[row, col - 1] - height[row, col + 1]])
        # Debris has momentum: it does not turn at once.
        heading = 0.45 * heading + fall / max(float(np.hypot(*fall)), 1e-6)
        position = position + heading / max(float(np.hypot(*heading)), 1e-6)
        row, col = (round(float(value)) for value in position)
        inside = 1 < row < height.shape[0] - 2 and 1 < col < height.shape[1] - 2
        if not inside or height[row, col] > lowest + 0.5:
            break
        lowest = min(lowest, float(height[row, col]))
        resting += int(steep[row, col] < _REST)
        path.append(position)
    return np.array(path)


def _body(path: NDArray[np.float64], width: float, ragged: Image) -> tuple[Slices, NDArray[np.bool_], Image]:
    """The ground around the path that slides: a window, bool [h, w], and how far down the path, 0 to 1 [h, w]."""
    progress = np.linspace(0, 1, len(path))
    # Broad where it breaks away, narrow on its way, broad again where it spreads.
    profile = np.interp(progress, [0, 0.15, 0.45, 0.75, 1], [0.7, 1.3, 0.65, 0.7, 1.1])
    radius = np.maximum(0.5 * width * profile, 0.6)
    reach = int(np.ceil(radius.max() * 1.5)) + 1
    (top, left), (bottom, right) = path.min(axis=0).astype(int) - reach, path.max(axis=0).astype(int) + reach + 1
    window = (slice(max(top, 0), min(bottom, ragged.shape[0])), slice(max(left, 0), min(right, ragged.shape[1])))
    y, x = np.mgrid[window].astype(np.float32)
    depth = np.full(y.shape, -np.inf, np.float32)
    where = np.zeros(y.shape, np.float32)
    for (row, col), r, share in zip(path, radius, progress):
        here = 1 - np.hypot(y - np.float32(row), x - np.float32(col)) / np.float32(r)
        where = np.where(here > depth, np.float32(share), where)
        depth = np.maximum(depth, here)
    return window, depth + np.float32(0.22) * ragged[window] > 0, where
