"""How bodies that are several landslides in one are divided: at thin necks, or where the probability falls."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from ..errors import ScarpError
from ..reporter import Reporter
from ..scene.grid import Grid, Window
from .components import Components
from .parts import Parts, ReadHeight
from .raster import pixel_areas
from .statistics import ReadLayers

#: A neck that is thinner than this share of the thinner of two parts divides them.
NECK = 0.5
#: A valley of the probability that is lower by this than the lower of two summits divides them.
VALLEY = 0.1
_BLUR = 1.0  # px: probabilities are smoothed before, summits of single pixels are noise
_REACH = 128  # px: thickness is measured so far from the outline


def split_bodies(
    bodies: Components,
    grid: Grid,
    kind: str,
    probability: ReadLayers | None,
    *,
    min_area: float,
    reporter: Reporter,
) -> Parts:
    """Divide bodies that are several landslides in one.

    Args:
        bodies: The bodies, none of which was dropped.
        grid: Their grid.
        kind: ``shape``: at necks thinner than half of the thinner part (`NECK`); ``probability``: along valleys of the
            probability (`VALLEY`).
        probability: Where ``prob`` is found; None: there is none.
        min_area: Smallest part, m².
        reporter: Told how far it is.

    Raises:
        ScarpError: ``probability`` without a probability.
    """
    options = {"pixel_areas": pixel_areas(grid), "min_area": min_area, "width": grid.width, "reporter": reporter}
    if kind == "shape":
        return Parts(bodies, _thickness(bodies), depth=-float(np.log(NECK)), **options)  # type: ignore[arg-type]
    if probability is None:
        raise ScarpError("SPLIT is 'probability', but there is no probability raster. Choose 'shape'.")
    return Parts(bodies, _blurred(bodies, grid, probability), depth=VALLEY, **options)  # type: ignore[arg-type]


def _thickness(bodies: Components) -> ReadHeight:
    """The logarithm of the distance to the outline in pixels: differences are then ratios."""

    def read(row: int, height: int) -> NDArray[np.float32]:
        mask = bodies.mask(row - _REACH, height + 2 * _REACH)
        distance = cv2.distanceTransform(mask.view(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
        distance = np.minimum(distance[_REACH:-_REACH], np.float32(_REACH))
        with np.errstate(divide="ignore"):
            return np.log(distance)  # type: ignore[no-any-return]

    return read


def _blurred(bodies: Components, grid: Grid, probability: ReadLayers) -> ReadHeight:
    """The probability, smoothed."""
    margin = int(4 * _BLUR + 0.5)

    def read(row: int, height: int) -> NDArray[np.float32]:
        wide = Window(row - margin, 0, height + 2 * margin, grid.width)
        inside = wide.clip(*grid.shape)
        values = np.zeros(wide.shape, np.float32)
        values[inside.slices(wide)] = np.nan_to_num(probability(inside)["prob"])
        values = gaussian_filter(values, _BLUR, mode="nearest")[margin:-margin]
        return np.where(bodies.mask(row, height), values, np.float32(-np.inf))

    return read
