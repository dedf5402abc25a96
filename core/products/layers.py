"""The rasters that bodies are described with: probability, relief and vegetation, read on the grid of the product."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from ..scene import Scene
from ..scene.elevation import margin, open_elevation
from ..scene.grid import Grid, Window
from ..scene.terrain import smoothing_sigma
from .probability import Probability
from .statistics import ReadLayers

FloatArray = NDArray[np.float32]


def probability_layer(probability: Probability) -> ReadLayers:
    """``prob``, 0 to 1."""

    def read(window: Window) -> dict[str, FloatArray]:
        values, valid = probability.read(window)
        return {"prob": np.where(valid, values, np.float32(np.nan))}

    return read


@contextmanager
def relief_layers(dem: str, grid: Grid) -> Iterator[ReadLayers]:
    """``elev`` (m), ``slope`` (degrees), and ``east`` and ``north``: where downslope is, a vector of length 1.

    The direction is that of the steepest descent of the DEM, smoothed as for the slope, in the axes of the grid. It is
    unknown on flat ground and where a gap of the DEM is within reach of the smoothing.

    Args:
        dem: Elevations in metres, on any grid that overlaps.
        grid: The grid that windows refer to.

    Raises:
        ScarpError: The DEM cannot be read, or does not overlap the grid.
    """
    with open_elevation(dem, grid) as elevation:

        def read(window: Window) -> dict[str, FloatArray]:
            wide = window.grow(margin(grid))
            height = elevation.height(wide)
            east, north = _downslope(height, wide, grid)
            inside = window.slices(wide)
            return {
                "elev": height[inside],
                "slope": elevation.slope(window),
                "east": east[inside],
                "north": north[inside],
            }

        yield read


@contextmanager
def slope_layers(dem: str, grid: Grid) -> Iterator[ReadLayers]:
    """``slope`` alone; see `relief_layers`."""
    with open_elevation(dem, grid) as elevation:
        yield lambda window: {"slope": elevation.slope(window)}


def scene_layers(scene: Scene, *, slope: bool) -> ReadLayers:
    """``ndvi`` of a scene that has B04 and B08, and with ``slope`` its slope, on the grid of the scene's window."""
    spectral = {"B04", "B08"} <= set(scene.names) and scene.radiometry != "raw"
    names = [*(("B04", "B08") if spectral else ()), *(("SLOPE",) if slope and "SLOPE" in scene.names else ())]

    def read(window: Window) -> dict[str, FloatArray]:
        if not names:
            return {}
        values, valid = scene.read(window.shift(scene.window.row, scene.window.col), names)
        found = dict(zip(names, np.where(valid, values, np.float32(np.nan))))
        layers = {"slope": found["SLOPE"]} if "SLOPE" in found else {}
        if spectral:
            total = found["B08"] + found["B04"]
            layers["ndvi"] = (found["B08"] - found["B04"]) / np.where(total > 0, total, np.float32(np.nan))
        return layers

    return read


def _downslope(height: FloatArray, window: Window, grid: Grid) -> tuple[FloatArray, FloatArray]:
    """Unit vectors of the steepest descent, east and north, float32 [h, w] each; NaN where there is none."""
    sigma = smoothing_sigma(grid.cell_size(grid.height // 2))
    x_size, y_size = grid.cell_sizes(np.arange(window.row, window.row + window.height))

    def slope_along(axis: int) -> NDArray[np.float64]:
        values = height.astype(np.float64)  # NaN spreads as far as the filter reaches
        for each in (0, 1):
            values = gaussian_filter1d(values, sigma[each], axis=each, order=int(each == axis), mode="nearest")
        return values

    down, across = slope_along(0) / y_size[:, None], slope_along(1) / x_size[:, None]
    steepness = np.hypot(across, down)
    with np.errstate(divide="ignore", invalid="ignore"):
        east, north = (np.where(steepness > 1e-6, part / steepness, np.nan) for part in (-across, down))
    return east.astype(np.float32), north.astype(np.float32)
