"""Slope from a DEM, as the Landslide4Sense slope band was best reproduced: smoothed, then Horn."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

SMOOTHING = 15.0  # metres: sigma 1.5 px at 10 m
_TRUNCATE = 4.0

FloatArray = npt.NDArray[np.float64]

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
    height = np.where(valid, dem, 0.0).astype(np.float64)
    if valid.all():
        smooth = _gauss(height, sigma)
        down, across = _horn(smooth)
    else:
        down, across = _horn_beside_nodata(height, valid.astype(np.float64), sigma)
    across /= x_size[:, None]
    down /= y_size[:, None]
    gradient = np.sqrt(across * across + down * down).astype(np.float32)
    degrees = np.degrees(np.arctan(gradient, out=gradient), out=gradient)
    degrees[~valid] = np.nan
    return degrees


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
