"""Slope from a DEM, as the Landslide4Sense slope band was best reproduced: smoothed, then Horn."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

SMOOTHING = 15.0  # metres: sigma 1.5 px at 10 m
_TRUNCATE = 4.0
_BLOCK = 64  # pixels: what is computed beside nodata, where it takes ten times as long

FloatArray = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float32]
Slices = tuple[slice, slice]

_MEAN = np.array([0.25, 0.5, 0.25])
_SLOPE = np.array([-0.5, 0.0, 0.5])


def smoothing_sigma(cell_size: tuple[float, float]) -> tuple[float, float]:
    """Sigma of the Gaussian in pixels, rows and columns, for cells of (x, y) metres."""
    return SMOOTHING / cell_size[1], SMOOTHING / cell_size[0]


def halo(sigma: tuple[float, float]) -> int:
    """Pixels around a window that `slope` needs so that the window's own pixels do not depend on it."""
    return max(int(_TRUNCATE * s + 0.5) for s in sigma) + 1


def slope(
    dem: npt.NDArray[np.float32], x_size: FloatArray, y_size: FloatArray, sigma: tuple[float, float]
) -> npt.NDArray[np.float32]:
    """Slope in degrees after Horn (1981), of a DEM smoothed by a Gaussian.

    At the edge of nodata the Gaussian sees one side only and would flatten the slope. There the surface is compared
    with the place that its smoothed value belongs to, the equally smoothed coordinates (normalised convolution,
    Knutsson and Westin 1993): a plane keeps its slope up to the edge, and away from edges it is Horn's formula.

    Args:
        dem: Metres, float32 [h,w], NaN where invalid.
        x_size: Width of a cell in each row, metres [h].
        y_size: Height of a cell in each row, metres [h].
        sigma: Of the Gaussian, pixels (rows, columns).

    Returns:
        Degrees, float32 [h,w]; NaN where the DEM is invalid or its neighbourhood leaves the slope undefined. Right
        from `halo` pixels inward.
    """
    valid = np.isfinite(dem)
    if not valid.any():
        return np.full(dem.shape, np.nan, dtype=np.float32)
    known = bool(valid.all())
    down, across = _horn_away_from_nodata(dem if known else np.where(valid, dem, np.float32(0)), sigma)
    if not known:
        # Chosen pixel by pixel, not block by block, or the last digits would depend on where an array begins.
        for block, around, near in _beside_nodata(valid, halo(sigma)):
            seen = valid[around]
            if seen.any():
                height = np.where(seen, dem[around], 0.0).astype(np.float64)
                inner = tuple(slice(b.start - a.start, b.stop - a.start) for b, a in zip(block, around))
                found = _horn_beside_nodata(height, seen.astype(np.float64), sigma)
                for differences, target in zip(found, (down, across)):
                    np.copyto(target[block], differences[inner], where=near, casting="same_kind")
    across /= x_size.astype(np.float32)[:, None]
    down /= y_size.astype(np.float32)[:, None]
    degrees = np.arctan(np.asarray(cv2.magnitude(across, down, across), np.float32))
    np.multiply(degrees, np.float32(180 / np.pi), out=degrees)
    if not known:
        degrees[~valid] = np.nan
    return degrees


def _horn_away_from_nodata(height: Floats, sigma: tuple[float, float]) -> tuple[Floats, Floats]:
    """As `_horn` of the smoothed heights, where all of them are known; right from `halo` pixels inward.

    Differences are taken first: those of neighbours are exact in single precision, while smoothed heights of thousands
    of metres are not, to a hundredth of a degree.
    """
    down, across = (_kernel(s) for s in sigma)
    across_first, down_first = np.zeros_like(height), np.zeros_like(height)
    np.subtract(height[:, 2:], height[:, :-2], out=across_first[:, 1:-1])
    np.subtract(height[2:], height[:-2], out=down_first[1:-1])
    return (
        _smooth(down_first, np.convolve(across, _MEAN), down / 2),
        _smooth(across_first, across / 2, np.convolve(down, _MEAN)),
    )


def _smooth(values: Floats, across: FloatArray, down: FloatArray) -> Floats:
    kernels = across.astype(np.float32), down.astype(np.float32)
    return np.asarray(cv2.sepFilter2D(values, cv2.CV_32F, *kernels, borderType=cv2.BORDER_CONSTANT), np.float32)


def _beside_nodata(valid: npt.NDArray[np.bool_], reach: int) -> Iterator[tuple[Slices, Slices, npt.NDArray[np.bool_]]]:
    """Blocks with pixels that have nodata within ``reach``, what these see, and which ones they are."""
    kernel = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
    near = np.asarray(cv2.dilate((~valid).view(np.uint8), kernel, borderType=cv2.BORDER_CONSTANT, borderValue=0) > 0)
    for row in range(0, valid.shape[0], _BLOCK):
        for col in range(0, valid.shape[1], _BLOCK):
            block = slice(row, min(row + _BLOCK, valid.shape[0])), slice(col, min(col + _BLOCK, valid.shape[1]))
            if near[block].any():
                around = _grown(block[0], reach, valid.shape[0]), _grown(block[1], reach, valid.shape[1])
                yield block, around, near[block]


def _grown(part: slice, reach: int, length: int) -> slice:
    return slice(max(part.start - reach, 0), min(part.stop + reach, length))


def _horn_beside_nodata(
    height: FloatArray, weight: FloatArray, sigma: tuple[float, float]
) -> tuple[FloatArray, FloatArray]:
    rows, cols = np.ogrid[: height.shape[0], : height.shape[1]]
    total = _gauss(weight, sigma)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean_height, mean_row, mean_col = (
            _gauss(values * weight, sigma) / total for values in (height, rows.astype(float), cols.astype(float))
        )
        (zr, zc), (rr, rc), (cr, cc) = _horn(mean_height), _horn(mean_row), _horn(mean_col)
        determinant = rr * cc - rc * cr
        determinant = np.where(determinant > 1e-6, determinant, np.nan)
        return (zr * cc - zc * cr) / determinant, (zc * rr - zr * rc) / determinant


def _gauss(values: FloatArray, sigma: tuple[float, float]) -> FloatArray:
    down, across = (_kernel(s) for s in sigma)
    return _filtered(values, across, down, cv2.BORDER_CONSTANT)


@lru_cache(maxsize=16)
def _kernel(sigma: float) -> FloatArray:
    reach = int(_TRUNCATE * sigma + 0.5)
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    kernel: FloatArray = weights / weights.sum()
    return kernel


def _horn(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Differences per pixel along rows (downward) and columns, 1-2-1 weighted across."""
    return _filtered(values, _MEAN, _SLOPE, cv2.BORDER_REPLICATE), _filtered(
        values, _SLOPE, _MEAN, cv2.BORDER_REPLICATE
    )


def _filtered(values: FloatArray, across: FloatArray, down: FloatArray, border: int) -> FloatArray:
    return np.asarray(cv2.sepFilter2D(values, cv2.CV_64F, across, down, borderType=border), np.float64)
