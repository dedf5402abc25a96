"""The demonstration scene put together: ground, light, landslides and sky, and what a satellite sees of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from affine import Affine
from numpy.typing import NDArray
from rasterio.crs import CRS

from ..reporter import Reporter
from ..scene.grid import Grid
from . import clouds, landcover, landslides, light, spectra, terrain
from .noise import fractal

Image = NDArray[np.float32]
Mask = NDArray[np.bool_]

CELL = terrain.CELL
COARSEST = 6  # cells of 10 m to one of the 60 m bands
MARGIN = 2 * COARSEST
"""Cells simulated around the scene, so that the DEM reaches beyond it."""

BYTES = 120
"""Memory that a cell takes while a scene is generated."""

GSD = {
    **dict.fromkeys(("B02", "B03", "B04", "B08"), 10),
    **dict.fromkeys(("B05", "B06", "B07", "B11", "B12"), 20),
    **dict.fromkeys(("B01", "B09", "B10"), 60),
}
"""Ground sampling distance of each band, metres."""

_CRS = CRS.from_epsg(32633)
_NORTHING = 5_160_000.0  # the latitude of the Alps; the place itself does not exist
_CENTRAL_MERIDIAN = 500_000.0


@dataclass(frozen=True)
class DemoScene:
    """A generated scene. Arrays marked (wide) have `MARGIN` more cells on each side and end on whole 60 m cells.

    Attributes:
        grid: The 10 m grid.
        wide: The grid of the arrays marked (wide).
        ground: The terrain (wide).
        land: The land cover (wide).
        slides: The landslides (wide), seen or not.
        sky: Clouds and swath (wide).
        sun: float32, direct sunlight relative to flat ground (wide).
        seed: What it was generated from.
    """

    grid: Grid
    wide: Grid
    ground: terrain.Terrain
    land: landcover.LandCover
    slides: landslides.Landslides
    sky: clouds.Sky
    sun: Image
    seed: int

    def crop(self, image: NDArray[Any]) -> NDArray[Any]:
        """The part of a wide array that lies on `grid`."""
        return image[MARGIN : MARGIN + self.grid.height, MARGIN : MARGIN + self.grid.width]

    @property
    def clear(self) -> Mask:
        """Where the ground can be seen, bool [H, W]: inside the swath, not under cloud or in its shadow."""
        return self.crop(self.sky.clear)

    @property
    def truth(self) -> Mask:
        """The landslides that can be seen, bool [H, W]: what an interpreter could trace."""
        return self.crop(self.slides.mask) & self.clear

    def band(self, name: str) -> tuple[Grid, NDArray[np.uint16]]:
        """A band at its own resolution.

        Returns:
            Its grid, whose upper left corner is that of `grid`, and uint16 [h, w]: DN without offset, 0 = no data.
        """
        number = spectra.BANDS.index(name)
        image = spectra.ground(number, self.land.cover, self.land.mate, self.land.mix, self._texture())
        image = spectra.lit(number, image, self.sun * (1 - self.sky.shadow))
        image = spectra.veiled(number, image, self.sky.cloud)
        factor = GSD[name] // int(CELL)
        if factor == 1:
            image = np.asarray(cv2.GaussianBlur(image, (0, 0), 0.5), np.float32)
        else:
            size = (image.shape[1] // factor, image.shape[0] // factor)
            image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.float32)
        noise = np.random.default_rng([self.seed, 100 + number]).standard_normal(image.shape, np.float32)
        image = np.rint(image + noise * (6 + 0.006 * image)).clip(1, 65535)
        image[~self.sky.swath[::factor, ::factor]] = 0
        return self.at(factor, image.astype(np.uint16))

    def at(self, factor: int, image: NDArray[Any]) -> tuple[Grid, NDArray[Any]]:
        """Grid of ``factor`` times coarser cells from the corner of `grid`, and what lies on it of a wide ``image``."""
        rows, cols = -(-self.grid.height // factor), -(-self.grid.width // factor)
        start = MARGIN // factor
        grid = Grid(self.grid.crs, self.grid.transform @ Affine.scale(factor), cols, rows)
        return grid, image[start : start + rows, start : start + cols]

    def _texture(self) -> tuple[Image, Image]:
        shape = self.wide.shape
        grain = fractal(np.random.default_rng([self.seed, 10]), shape, 6, 0.9, 1.5)
        return grain, fractal(np.random.default_rng([self.seed, 11]), shape, 150, 0.6)


def build(seed: int, size: int, reporter: Reporter) -> DemoScene:
    """Generate a scene, ``size`` cells of 10 m wide and half as high.

    Unlike the scenes that Scarp reads, this one is held in memory (about `BYTES` a cell): water runs across all of it.

    Raises:
        Cancelled: The user asked to stop.
    """
    width, height = size, size // 2
    shape = tuple(-(-length // COARSEST) * COARSEST + 2 * MARGIN for length in (height, width))
    left = _CENTRAL_MERIDIAN - width // (2 * COARSEST) * COARSEST * CELL
    transform = Affine(CELL, 0, left, 0, -CELL, _NORTHING)
    wide_transform = transform @ Affine.translation(-MARGIN, -MARGIN)
    streams = [np.random.default_rng([seed, number]) for number in range(4)]
    ground = terrain.build(streams[0], (shape[0], shape[1]), reporter.part(0, 0.4))
    reporter.progress(0.4, "Growing forests")
    land = landcover.build(streams[1], ground)
    reporter.progress(0.6, "Triggering landslides")
    slides = landslides.build(streams[2], ground, land, reporter)
    reporter.progress(0.8, "Waiting for clouds")
    return DemoScene(
        grid=Grid(_CRS, transform, width, height),
        wide=Grid(_CRS, wide_transform, shape[1], shape[0]),
        ground=ground,
        land=land,
        slides=slides,
        sky=clouds.build(streams[3], (shape[0], shape[1])),
        sun=light.sunlight(ground.height),
        seed=seed,
    )
