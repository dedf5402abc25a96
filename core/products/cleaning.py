"""Steps between a probability and a clean mask: each reads a mask strip by strip and leaves another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ..reporter import Reporter
from ..scene.grid import Grid, Window
from .components import STRIP_ROWS, Components
from .scratch import ScratchMask
from .statistics import BodyStatistics, ReadLayers, gather

#: Side of the square of opening and closing, in pixels.
SIDE = 4


@dataclass(frozen=True)
class Cleaning:
    """How a mask is made of a probability; see the parameters of ``scarp:polygonize``.

    Attributes:
        threshold: Probability from which a pixel is landslide.
        grow_threshold: Lower probability down to which such pixels grow; None: they don't.
        morphology: ``none``, ``opening`` or ``closing`` by a square of `SIDE` pixels.
        fill_holes: Holes of less than this many m² are filled.
        min_slope: Degrees; flatter ground is left out. 0: none is.
        slope_rule: ``body`` (by the mean slope of a body) or ``pixel``.
        min_area: Smallest 8-connected body kept, true m².
    """

    threshold: float
    grow_threshold: float | None = None
    morphology: str = "none"
    fill_holes: float = 0.0
    min_slope: float = 0.0
    slope_rule: str = "body"
    min_area: float = 0.0


class Steps:
    """Runs the steps on masks in a folder for temporary files.

    Args:
        grid: The grid of the masks.
        valid: Where pixels are mapped at all; no step makes a landslide elsewhere.
        folder: For temporary files.
        pixel_areas: Area of a pixel in each row, m², float64 [height].
    """

    def __init__(self, grid: Grid, valid: ScratchMask, folder: Path, pixel_areas: NDArray[np.float64]) -> None:
        self._grid, self._valid, self._folder, self._areas = grid, valid, folder, pixel_areas
        self._made = 0

    def new(self) -> ScratchMask:
        """An empty mask of the grid's size."""
        self._made += 1
        return ScratchMask(self._folder / f"{self._made}.bits", *self._grid.shape)

    def bodies(self, mask: ScratchMask, reporter: Reporter, min_area: float = 0.0) -> Components:
        """The bodies of a mask, of at least ``min_area`` m²."""
        return Components(mask.read, *self._grid.shape, pixel_areas=self._areas, min_area=min_area, reporter=reporter)

    def grow(self, mask: ScratchMask, seeds: ScratchMask, reporter: Reporter) -> ScratchMask:
        """Hysteresis: the bodies of a mask that hold a seed."""
        bodies = self.bodies(mask, reporter.part(0.0, 0.5))
        bodies.keep(bodies.reaching(seeds.read))
        return self._written(bodies, reporter.part(0.5, 1.0))

    def morphology(self, mask: ScratchMask, kind: str, reporter: Reporter) -> ScratchMask:
        """Opening (drops what is narrower than the square) or closing (fills what is), 4 x 4 pixels.

        Pixels that are not mapped, and what lies beyond the raster, neither take from a body nor add to it.
        """
        made = self.new()
        for row in range(0, self._grid.height, STRIP_ROWS):
            reporter.progress(row / self._grid.height, kind.capitalize())
            rows = min(STRIP_ROWS, self._grid.height - row)
            # Each pixel depends on the pixels within both squares.
            wide, within = row - 2 * SIDE, slice(2 * SIDE, 2 * SIDE + rows)
            beside = ((0, 0), (2 * SIDE, 2 * SIDE))
            found, valid = (np.pad(each.read(wide, rows + 4 * SIDE), beside) for each in (mask, self._valid))
            if kind == "opening":
                changed = found & _dilated(_eroded(found | ~valid))
            else:
                changed = valid & (found | _eroded(_dilated(found) | ~valid))
            made.append(changed[within, 2 * SIDE : -2 * SIDE])
        return made

    def fill_holes(self, mask: ScratchMask, limit: float, reporter: Reporter) -> ScratchMask:
        """Fill holes of less than ``limit`` m²: 4-connected, all of it mapped, and enclosed by the body alone."""

        def around(row: int, height: int) -> NDArray[np.bool_]:
            return ~mask.read(row, height)

        background = Components(
            around, *self._grid.shape, pixel_areas=self._areas, connectivity=4, reporter=reporter.part(0.0, 0.4)
        )
        hole = background.area < limit
        hole &= (background.first_row > 0) & (background.last_row < self._grid.height - 1)
        hole &= (background.first_col > 0) & (background.last_col < self._grid.width - 1)
        background.keep(hole)
        background.keep(~background.reaching(lambda row, height: ~self._valid.read(row, height)))
        made = self.new()
        for row, labels in background.strips():
            reporter.progress(0.4 + 0.6 * row / self._grid.height, "Filling holes")
            made.append(mask.read(row, len(labels)) | (labels > 0))
        return made

    def drop(
        self, mask: ScratchMask, min_area: float, min_slope: float, layers: Sequence[ReadLayers], reporter: Reporter
    ) -> Components:
        """The bodies of at least ``min_area`` m² whose mean slope is not below ``min_slope`` degrees, where known."""
        bodies = self.bodies(mask, reporter.part(0.0, 0.5), min_area)
        if min_slope:
            statistics = {"slope": BodyStatistics(bodies.count)}
            for row, labels in bodies.strips():
                reporter.progress(0.5 + 0.5 * row / self._grid.height, "Slope of bodies")
                gather(statistics, bodies.count, labels, Window(row, 0, *labels.shape), layers)
            bodies.keep(~(statistics["slope"].mean(np.arange(bodies.count + 1)) < min_slope))
        return bodies

    def _written(self, bodies: Components, reporter: Reporter) -> ScratchMask:
        made = self.new()
        for row, labels in bodies.strips():
            reporter.progress(row / self._grid.height, "Growing from seeds")
            made.append(labels > 0)
        return made


# OpenCV does not mirror a square of even size between the two halves of an opening, so it would move bodies by a
# pixel; the anchors do. Beyond the array it counts what changes nothing, which is wanted at the edge of a raster.
_SQUARE = np.ones((SIDE, SIDE), np.uint8)
_ANCHOR = (SIDE // 2, SIDE // 2)
_MIRRORED = (SIDE - 1 - SIDE // 2, SIDE - 1 - SIDE // 2)


def _eroded(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return cv2.erode(mask.view(np.uint8), _SQUARE, anchor=_ANCHOR).view(bool)


def _dilated(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return cv2.dilate(mask.view(np.uint8), _SQUARE, anchor=_MIRRORED).view(bool)
