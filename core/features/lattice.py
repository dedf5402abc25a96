"""Local minimum and maximum: a lattice of cells anchored to the scene's grid, interpolated between cell centres.

The paper stretches each band between its minimum and maximum *in the chip*, so a pixel's value depends on how the
scene was cut. Here the extremes are taken in cells of 128 x 128 px, the paper's chip, that stand still on the grid.
A moving window would be independent of tiling as well, but costs a 128-px halo around every tile, a running extreme
over every pixel, and jumps wherever a bright roof enters or leaves the window; the lattice costs one pass over each
cell, remembers two numbers a cell, and changes smoothly. A scene of one cell is a chip, to the last bit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

CELL = 128
"""Side of a cell in pixels: the chip of the Landslide4Sense data, whose extremes the paper uses."""

Slices = tuple[slice, slice]
Field = NDArray[np.float64]
Image = NDArray[Any]
Mask = NDArray[np.bool_]

_UNKNOWN = np.empty((0, 0, 0))


@dataclass(frozen=True)
class Statistics:
    """Extremes per cell.

    Attributes:
        low, high: float64 [K, R, C], extremes of K images in R x C cells; NaN where a cell has no valid pixel.
        first: (row, column) of the first cell in the lattice of the scene.
        single: One cell stands for the whole array (chip mode): nothing is interpolated.
    """

    low: Field
    high: Field
    first: tuple[int, int] = (0, 0)
    single: bool = False


def measure_cells(images: Sequence[Image], valid: Mask | None, origin: tuple[int, int] = (0, 0)) -> Statistics:
    """Measure every cell that the arrays touch; a cell cut by the arrays' edge uses what is there.

    Args:
        images: K images [H, W], float.
        valid: bool [H, W]; False pixels are left out. None: all count.
        origin: (row, column) of the arrays' first pixel in the grid of the scene.
    """
    first = (origin[0] // CELL, origin[1] // CELL)
    if not images:
        return Statistics(_UNKNOWN, _UNKNOWN, first)
    rows, cols = (_edges(start, size) for start, size in zip(origin, images[0].shape))
    low = np.full((len(images), len(rows), len(cols)), np.nan)
    high = low.copy()
    for i, (top, bottom) in enumerate(rows):
        for j, (left, right) in enumerate(cols):
            cell = (slice(top, bottom), slice(left, right))
            low[:, i, j], high[:, i, j] = _extremes(images, valid, cell)
    return Statistics(low, high, first)


def measure_chip(images: Sequence[Image], valid: Mask | None) -> Statistics:
    """Measure whole arrays as one cell (chip mode); arguments as in `measure_cells`."""
    low, high = _extremes(images, valid, (slice(None), slice(None)))
    return Statistics(low[:, None, None], high[:, None, None], single=True)


def _extremes(images: Sequence[Image], valid: Mask | None, cell: Slices) -> tuple[Field, Field]:
    seen = None if valid is None else valid[cell]
    if seen is not None and not seen.any():
        return np.full(len(images), np.nan), np.full(len(images), np.nan)
    if seen is None or seen.all():
        pixels = [image[cell] for image in images]
    else:
        pixels = [image[cell][seen] for image in images]
    return np.array([p.min() for p in pixels], np.float64), np.array([p.max() for p in pixels], np.float64)


def stretch(
    plane: Image, index: int, statistics: Statistics, origin: tuple[int, int]
) -> Iterator[tuple[Slices, Field]]:
    """Stretch a plane to 0..1 between its local extremes: (x - min) / (max - min), clipped; 0 where max = min.

    Yields block after block, so that what is made of it stays in the processor's cache. A pixel goes through the same
    float64 operations whatever block and window it came with, so that even its 8-bit value cannot flip.

    Args:
        plane: float [H, W].
        index: Which plane of ``statistics`` it is.
        statistics: Cells of at least the four centres around each pixel; those outside it take no part.
        origin: (row, column) of the array's first pixel in the grid of the scene.

    Yields:
        Slices into ``plane``, and the stretched float64 block.
    """
    low, high = statistics.low[index], statistics.high[index]
    # A lattice of one cell, as that of a chip, has nothing to interpolate either.
    if statistics.single or low.size == 1:
        yield (slice(0, plane.shape[0]), slice(0, plane.shape[1])), _between(plane, low, high)
        return
    # Pixels between four neighbouring centres form a block: half a cell off the cells themselves.
    half = CELL // 2
    height, width = plane.shape
    for top, bottom in _edges(origin[0] + half, height):
        i = (origin[0] + top + half) // CELL - 1
        y = (origin[0] + np.arange(top, bottom) + 0.5) / CELL - 0.5 - i
        for left, right in _edges(origin[1] + half, width):
            j = (origin[1] + left + half) // CELL - 1
            x = (origin[1] + np.arange(left, right) + 0.5) / CELL - 0.5 - j
            block = (slice(top, bottom), slice(left, right))
            corners = (i - statistics.first[0], j - statistics.first[1])
            yield block, _between(plane[block], *_interpolate((low, high), corners, y, x))


def _edges(start: int, size: int) -> list[tuple[int, int]]:
    """Cut 0..size where start + position is a multiple of the cell."""
    cuts = [0, *range(CELL - start % CELL, size, CELL), size]
    return list(zip(cuts[:-1], cuts[1:]))


def _between(plane: Image, low: Field, high: Field) -> Field:
    reach = high - low
    result: Field = np.subtract(plane, low, dtype=np.float64)
    flat = ~(reach > 0)  # NaN, too: nothing valid
    if flat.any():
        result[np.broadcast_to(flat, result.shape)] = 0
        reach = np.where(flat, 1, reach)
    result /= reach
    return np.clip(result, 0, 1, out=result)


def _interpolate(fields: tuple[Field, ...], corner: tuple[int, int], y: Field, x: Field) -> list[Field]:
    rows, cols = fields[0].shape
    weights: list[tuple[Field, Field]] = []
    values: list[list[float]] = []
    for i, wy in ((corner[0], 1 - y), (corner[0] + 1, y)):
        for j, wx in ((corner[1], 1 - x), (corner[1] + 1, x)):
            if 0 <= i < rows and 0 <= j < cols and not np.isnan(fields[0][i, j]):
                weights.append((wy, wx))
                values.append([float(field[i, j]) for field in fields])
    if not values:
        return [np.zeros((1, 1)) for _ in fields]
    return [_mix(weights, value) for value in zip(*values)]


def _mix(weights: list[tuple[Field, Field]], values: tuple[float, ...]) -> Field:
    # A constant is passed on untouched: interpolation would round it.
    if len(set(values)) == 1:
        return np.full((1, 1), values[0])
    if len(values) == 4:
        (up, left), (down, right) = weights[0], weights[3]
        west, east = up * values[0] + down * values[2], up * values[1] + down * values[3]
        return np.multiply.outer(west, left) + np.multiply.outer(east, right)
    products = [np.multiply.outer(wy, wx) for wy, wx in weights]
    total = sum(products[1:], products[0])
    mixed = sum((p * v for p, v in zip(products[1:], values[1:])), products[0] * values[0])
    # Where no centre that takes part has weight, there is no valid pixel either.
    return np.divide(mixed, total, out=np.zeros_like(total), where=total > 0)
