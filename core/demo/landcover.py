"""Forest, meadows, fields, rivers, roads, villages and rock, where the terrain lets them be.

Much of it looks like a landslide and is none: fallow fields, gravel bars, roads cut into slopes, quarries, clear-cuts.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from .noise import fractal
from .spectra import Codes, Cover
from .terrain import Terrain, slope

Image = NDArray[np.float32]
Mask = NDArray[np.bool_]

_TABLE = 1 << 16


@dataclass
class LandCover:
    """What grows and stands on the ground: the arguments of `spectra.ground`, [H, W] each.

    Attributes:
        cover: uint8, the main kind.
        mate: uint8, what it is mixed with.
        mix: float32, share of ``mate``.
        lookalike: bool, bare ground that is no landslide.
    """

    cover: Codes
    mate: Codes
    mix: Image
    lookalike: Mask

    def put(self, where: Mask, cover: Cover, mate: Cover, mix: Image | float) -> None:
        """Replace what is at ``where``."""
        self.cover[where] = cover
        self.mate[where] = mate
        self.mix[where] = mix[where] if isinstance(mix, np.ndarray) else mix
        self.lookalike[where] = cover in (Cover.SOIL, Cover.GRAVEL, Cover.STUBBLE)

    def part(self, window: tuple[slice, slice]) -> LandCover:
        """A view of a window: what is put there is put here."""
        return LandCover(self.cover[window], self.mate[window], self.mix[window], self.lookalike[window])


def build(rng: np.random.Generator, terrain: Terrain) -> LandCover:
    """Cover a terrain."""
    shape = terrain.height.shape
    steep = np.asarray(cv2.GaussianBlur(slope(terrain.height), (0, 0), 1.5), np.float32)
    land = LandCover(
        np.full(shape, Cover.CONIFER, np.uint8),
        np.full(shape, Cover.BROADLEAF, np.uint8),
        _share(fractal(rng, shape, 70, 0.65) - _relative(terrain.height) * 1.5, 0.6),
        np.zeros(shape, bool),
    )
    _slopes(rng, terrain, steep, land)
    _valleys(rng, terrain, steep, land)
    _clearings(rng, terrain, steep, land)
    _forest_roads(rng, terrain, steep, land)
    _rivers(rng, terrain, land)
    return land


def _share(field: Image, spread: float) -> Image:
    return np.asarray((0.5 + field / (4 * spread)).clip(0, 1), np.float32)


def _relative(height: Image) -> Image:
    low, high = np.percentile(height[::4, ::4], (5, 95))
    return np.asarray((height - low) / (high - low) - 0.5, np.float32)


def _slopes(rng: np.random.Generator, terrain: Terrain, steep: Image, land: LandCover) -> None:
    shape = steep.shape
    tree_line = _relative(terrain.height) + 0.09 * fractal(rng, shape, 60, 0.65)
    land.put(tree_line > 0.36, Cover.ALPINE, Cover.MEADOW, _share(fractal(rng, shape, 30), 0.6))
    pasture = (fractal(rng, shape, 55, 0.6) > 1.15) & (steep < 30)
    land.put(pasture, Cover.MEADOW, Cover.ALPINE, _share(fractal(rng, shape, 25), 0.8))
    crags = steep + 9 * tree_line + 4 * fractal(rng, shape, 16, 0.7)
    land.put(crags > 51, Cover.ROCK, Cover.ALPINE, _share(fractal(rng, shape, 8), 0.7) * 0.6)


def _valleys(rng: np.random.Generator, terrain: Terrain, steep: Image, land: LandCover) -> None:
    shape = steep.shape
    farmed = (terrain.floor > 0.25) & (steep < 13)
    meadow = farmed | ((terrain.floor > 0.08) & (steep < 18) & (fractal(rng, shape, 40) > -0.3))
    land.put(meadow, Cover.MEADOW, Cover.CROP, _share(fractal(rng, shape, 20), 0.8))
    parcel, edge = _parcels(rng, shape)
    kind, state = rng.random(_TABLE, np.float32)[parcel], rng.random(_TABLE, np.float32)[parcel]
    farmed &= fractal(rng, shape, 60) > -0.9
    for low, high, cover, mate, mix in (
        (0.00, 0.30, Cover.CROP, Cover.MEADOW, state),
        (0.30, 0.45, Cover.STUBBLE, Cover.SOIL, state),
        (0.45, 0.75, Cover.SOIL, Cover.MEADOW, state * 0.4),
    ):
        land.put(farmed & (kind >= low) & (kind < high), cover, mate, mix)
    land.put(farmed & edge & (kind < 0.75), Cover.MEADOW, Cover.BROADLEAF, 0.4)
    village = farmed & (fractal(rng, shape, 45, 0.45) > 1.25)
    houses = rng.random(shape, np.float32)
    land.put(village & (houses < 0.75), Cover.ROOFS, Cover.MEADOW, houses)
    # A road along each valley, and field tracks between the parcels.
    offset = np.abs(terrain.river - 3 * terrain.width - 70 - 18 * fractal(rng, shape, 60))
    land.put((offset < 6) & (terrain.floor > 0.02), Cover.ASPHALT, Cover.MEADOW, 0.25)


def _parcels(rng: np.random.Generator, shape: tuple[int, int]) -> tuple[NDArray[np.int64], Mask]:
    """Number of the field at each pixel, and where fields meet: rows of strips that turn from place to place."""
    rows, cols = np.indices(shape, dtype=np.float32)
    turn = np.round(fractal(rng, shape, 180, 0.3) * 2) * 0.5 + rng.uniform(0, np.pi)
    along = (cols * np.cos(turn) + rows * np.sin(turn)) + 1.2 * fractal(rng, shape, 40)
    across = (rows * np.cos(turn) - cols * np.sin(turn)) + 1.2 * fractal(rng, shape, 40)
    row = np.floor(along / 22).astype(np.int64)
    width = (5 + 7 * rng.random(_TABLE, np.float32))[row * 7919 % _TABLE]
    strip = np.floor(across / width)
    edge = (along - row * 22 < 0.8) | (across - strip * width < 0.5)
    number = row * 104729 + strip.astype(np.int64) * 1299709 + np.round(turn * 50).astype(np.int64) * 15485863
    return number % _TABLE, edge


def _clearings(rng: np.random.Generator, terrain: Terrain, steep: Image, land: LandCover) -> None:
    """Clear-cuts (straight-edged) and quarries (round) on slopes."""
    height, width = steep.shape
    area = steep.size / 1e4
    forest = land.cover <= Cover.BROADLEAF
    ragged = fractal(rng, steep.shape, 12) * 1.2
    for _ in range(round(area * 1.4)):
        row, col, turn = rng.uniform(0, height), rng.uniform(0, width), rng.uniform(0, np.pi)
        length, breadth = rng.uniform(4, 14), rng.uniform(3, 8)
        window, y, x = _around(row, col, 16, steep.shape)
        along, across = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
        cut = (np.abs(along) < length) & (np.abs(across) < breadth) & forest[window] & (steep[window] < 27)
        kinds = (Cover.MEADOW, Cover.CONIFER) if rng.random() < 0.45 else (Cover.SOIL, Cover.CONIFER)
        land.part(window).put(cut, *kinds, rng.uniform(0.1, 0.5))
    for _ in range(max(round(area * 0.16), 2)):
        row, col = rng.uniform(0, height), rng.uniform(0, width)
        window, y, x = _around(row, col, 22, steep.shape)
        pit = np.hypot(x, y) + ragged[window] < rng.uniform(4, 13)
        pit &= (terrain.floor[window] < 0.9) & (steep[window] < 30)
        land.part(window).put(pit, Cover.GRAVEL, Cover.SOIL, rng.uniform(0.2, 0.9))


def _forest_roads(rng: np.random.Generator, terrain: Terrain, steep: Image, land: LandCover) -> None:
    """Unpaved roads that follow the contour lines of some slopes."""
    smooth = cv2.GaussianBlur(terrain.height, (0, 0), 3) + 8 * fractal(rng, steep.shape, 60)
    some = fractal(rng, steep.shape, 75, 0.35) > 0.75
    fall = np.tan(np.radians(steep)).clip(0.1)
    step = 130.0
    level = np.abs((smooth + rng.uniform(0, step)) % step - step / 2)
    road = some & (level < 5.5 * fall) & (steep > 8) & (steep < 36) & (terrain.floor < 0.3)
    land.put(road, Cover.GRAVEL, Cover.CONIFER, 0.45)


def _rivers(rng: np.random.Generator, terrain: Terrain, land: LandCover) -> None:
    wobble = np.exp(0.45 * fractal(rng, terrain.river.shape, 20))
    bars = (terrain.river < 1.7 * terrain.width * wobble) & (terrain.floor > 0.3)
    land.put(bars, Cover.GRAVEL, Cover.SOIL, 0.6 * _share(fractal(rng, bars.shape, 12), 0.7))
    land.put(terrain.river < terrain.width, Cover.WATER, Cover.GRAVEL, 0.12)


def _around(row: float, col: float, reach: int, shape: tuple[int, int]) -> tuple[tuple[slice, slice], Image, Image]:
    rows = slice(max(int(row) - reach, 0), min(int(row) + reach, shape[0]))
    cols = slice(max(int(col) - reach, 0), min(int(col) + reach, shape[1]))
    y, x = np.mgrid[rows, cols].astype(np.float32)
    return (rows, cols), y - np.float32(row), x - np.float32(col)
