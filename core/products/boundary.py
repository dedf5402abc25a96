"""How far the outlines of two maps lie apart, where both show the same landslides."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ..reporter import Reporter
from ..scene.grid import Window
from .band import Band
from .comparison import FALSE_NEGATIVE, FALSE_POSITIVE, TRUE_POSITIVE
from .components import Components
from .raster import NODATA

Points = NDArray[np.float64]

_STEP = 0.1  # m: what the percentile is exact to


@dataclass(frozen=True)
class Boundary:
    """Distances from each outline pixel of one map to the nearest of the other, both ways pooled.

    Attributes:
        mean: Metres; NaN where no body is matched.
        p95: 95 % are nearer, metres.
        pixels: Outline pixels that were measured, of both maps.
    """

    mean: float
    p95: float
    pixels: int


def boundary_distances(
    errors: Band,
    said: Components,
    true: Components,
    matched: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    reporter: Reporter,
) -> Boundary:
    """Measure the outlines of matched bodies against each other.

    An outline pixel has an edge in common with a scored pixel outside of its body; where a body is cut off by the edge
    of what is scored, there is no outline. Distances go from the middle of a pixel to that of another.

    Args:
        errors: The error map.
        said: Bodies of the prediction.
        true: Bodies of the reference.
        matched: Which of them count, bool [count + 1] each.
        reporter: Told how far it is.
    """
    height = errors.grid.height
    cell = errors.grid.cell_size(height // 2)[::-1]
    result = _Distances()
    # The strip before, this one, the strip after: further away nothing of the same body is looked for.
    near: deque[tuple[Points, Points]] = deque([(np.zeros((0, 2)),) * 2] * 2, maxlen=3)
    for (row, said_labels), (_, true_labels) in zip(said.strips(), true.strips()):
        reporter.progress(row / height, "Measuring outlines")
        codes = _codes(errors, row, len(said_labels))
        near.append(
            (
                _outline(codes, (TRUE_POSITIVE, FALSE_POSITIVE), matched[0][said_labels], row) * cell,
                _outline(codes, (TRUE_POSITIVE, FALSE_NEGATIVE), matched[1][true_labels], row) * cell,
            )
        )
        result.add(near)
    near.append((np.zeros((0, 2)),) * 2)
    result.add(near)
    return result.summary()


class _Distances:
    def __init__(self) -> None:
        self._counts = np.zeros(0, np.int64)
        self._total = 0.0

    def add(self, near: deque[tuple[Points, Points]]) -> None:
        """Add the distances from the middle one of three strips."""
        for side in (0, 1):
            there = np.concatenate([strip[1 - side] for strip in near])
            if not len(near[1][side]) or not len(there):
                continue
            distances = cKDTree(there).query(near[1][side])[0]
            self._total += float(distances.sum())
            counts = np.bincount(np.floor(distances / _STEP + 1e-6).astype(np.int64), minlength=len(self._counts))
            counts[: len(self._counts)] += self._counts
            self._counts = counts

    def summary(self) -> Boundary:
        pixels = int(self._counts.sum())
        if not pixels:
            return Boundary(float("nan"), float("nan"), 0)
        at = np.searchsorted(self._counts.cumsum(), 0.95 * pixels)
        return Boundary(self._total / pixels, float(at * _STEP), pixels)


def _codes(errors: Band, row: int, height: int) -> NDArray[np.uint8]:
    """Codes of a strip and a pixel around it, [h + 2, w + 2]."""
    wide = Window(row - 1, -1, height + 2, errors.grid.width + 2)
    codes = np.full(wide.shape, NODATA, np.uint8)
    inside = wide.clip(*errors.grid.shape)
    codes[inside.slices(wide)] = errors.read(inside)[0]
    return codes


def _outline(codes: NDArray[np.uint8], landslide: tuple[int, int], wanted: NDArray[np.bool_], row: int) -> Points:
    """Row and column of the outline pixels, float64 [n, 2]."""
    outside = (codes != NODATA) & ~np.isin(codes, landslide)
    beside = outside[:-2, 1:-1] | outside[2:, 1:-1] | outside[1:-1, :-2] | outside[1:-1, 2:]
    found: Points = np.argwhere(wanted & beside) + np.array([float(row), 0.0])
    return found
