"""Neighbourhood filters of the engineered bands, with invalid pixels left out.

Borders are OpenCV's own (mirrored without repeating the edge; repeated for the median), as in the paper's features.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

U8 = NDArray[np.uint8]
Mask = NDArray[np.bool_]

BLUR = (10, 10)
MEDIAN = 15
SOBEL_SCALE = 27.32001
CANNY = (150, 227)
GAUSSIAN = (11, 11)  # the nearest odd size to the paper's 10: a Gaussian kernel has a centre
SIGMA = 2.0  # px; what OpenCV takes for a kernel of 11
_LARGE = 2**20
"""Pixels from which OpenCV takes a median whose time does not grow with its window: 15 instead of 36 ns a pixel."""
REACH = 7
"""How far the widest filter looks, in pixels; holes are filled from as far again."""

# Tiles and worker threads are what runs in parallel; threads inside such short calls only get in each other's way.
cv2.setNumThreads(1)


def blur(image: U8, valid: Mask | None) -> U8:
    """Mean of 10 x 10 px (5 before, 4 after), rounded half up, over valid pixels only (normalised convolution)."""
    if valid is None:
        return np.asarray(cv2.blur(image, BLUR))
    total, count = _sums(image, valid, BLUR, cv2.BORDER_DEFAULT)
    return _mean(total, count)


def median(image: U8) -> U8:
    """Median of 15 x 15 px. Invalid pixels must have been filled."""
    height, width = image.shape
    if _LARGE // 2 < image.size < _LARGE:
        # The edge is repeated by the filter as well, so rows more of it change nothing but the method.
        image = np.asarray(cv2.copyMakeBorder(image, 0, -(-_LARGE // width) - height, 0, 0, cv2.BORDER_REPLICATE))
    filtered: U8 = np.asarray(cv2.medianBlur(np.ascontiguousarray(image), MEDIAN), np.uint8)
    return filtered[:height]


def fill(image: U8, valid: Mask) -> U8:
    """Fill invalid pixels with the mean of the valid ones in 15 x 15 px: as far as any filter can see them."""
    total, count = _sums(image, valid, (MEDIAN, MEDIAN), cv2.BORDER_CONSTANT)
    return np.where(valid, image, _mean(total, count))


def sobel(image: NDArray[np.float32], horizontal: bool) -> NDArray[np.float32]:
    """First derivative of a 5 x 5 Sobel kernel, not scaled."""
    dx, dy = (1, 0) if horizontal else (0, 1)
    return np.asarray(cv2.Sobel(image, cv2.CV_32F, dx, dy, ksize=5))


def canny(image: U8) -> U8:
    """Canny edges (0 or 255) at the thresholds 150 and 227."""
    return np.asarray(cv2.Canny(np.ascontiguousarray(image), *CANNY))


def gaussian(image: NDArray[np.float32], valid: Mask | None) -> NDArray[np.float32]:
    """Gaussian of 11 x 11 px, sigma 2 px, over valid pixels only (normalised convolution)."""
    if valid is None:
        return np.asarray(cv2.GaussianBlur(image, GAUSSIAN, SIGMA))
    weight = cv2.GaussianBlur(valid.astype(np.float32), GAUSSIAN, SIGMA)
    smooth = cv2.GaussianBlur(np.where(valid, image, np.float32(0)), GAUSSIAN, SIGMA)
    return np.divide(smooth, weight, out=np.zeros_like(smooth), where=weight > 0)


def _sums(image: U8, valid: Mask, size: tuple[int, int], border: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    # Sums of bytes are exact in float32 (15 x 15 x 255 < 2^24), so they do not depend on where a window begins.
    kept = np.where(valid, image, np.uint8(0))
    parts = (kept, valid.astype(np.uint8))
    total, count = (
        cv2.boxFilter(part, cv2.CV_32F, size, normalize=False, borderType=border).astype(np.int32) for part in parts
    )
    return total, count


def _mean(total: NDArray[np.int32], count: NDArray[np.int32]) -> U8:
    mean = (total + count // 2) // np.maximum(count, 1)
    return mean.astype(np.uint8)
