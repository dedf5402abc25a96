"""Local statistics: a lattice of cells anchored to the scene's grid, interpolated between cell centres.

The paper stretches each band between its minimum and maximum *in the chip*, so a pixel's value depends on how the
scene was cut. Here the extremes are taken in cells of 128 x 128 px, the paper's chip, that stand still on the grid.
A moving window would be independent of tiling as well, but costs a 128-px halo around every tile, a running extreme
over every pixel, and jumps wherever a bright roof enters or leaves the window; the lattice costs one pass over each
cell, remembers two numbers a cell, and changes smoothly. A scene of one cell is a chip, to the last bit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Callable, NamedTuple

import numpy as np
from numpy.typing import NDArray

CELL = 128
"""Side of a cell in pixels: the chip of the Landslide4Sense data, whose extremes the paper uses."""

Slices = tuple[slice, slice]
Field = NDArray[np.float64]
Image = NDArray[Any]
Mask = NDArray[np.bool_]

_UNKNOWN = np.empty((0, 0, 0))

# What a plane is stretched between, from the pixels of a cell.
Measure = Callable[[Image], tuple[float, float]]


def extremes(pixels: Image) -> tuple[float, float]:
    """Minimum and maximum."""
    return float(pixels.min()), float(pixels.max())


def moments(pixels: Image) -> tuple[float, float]:
    """Mean, and mean plus standard deviation."""
    mean = float(pixels.mean(dtype=np.float64))
    return mean, mean + float(pixels.std(dtype=np.float64))


class Stretched(NamedTuple):
    """An image [H, W] that is stretched, and how its cells are measured."""

    image: Image
    measure: Measure


@dataclass(frozen=True)
class Statistics:
    """What each cell was measured to be.

    Attributes:
        low, high: float64 [K, R, C], of K images in R x C cells; NaN where a cell has no valid pixel.
        first: (row, column) of the first cell in the lattice of the scene.
        single: One cell stands for the whole array (chip mode): nothing is interpolated.
    """

    low: Field
    high: Field
    first: tuple[int, int] = (0, 0)
    single: bool = False


def measure_cells(images: Collection[Stretched], valid: Mask | None, origin: tuple[int, int] = (0, 0)) -> Statistics:
    """Measure every cell that the arrays touch; a cell cut by the arrays' edge uses what is there.

    Args:
        images: K images [H, W], float.
        valid: bool [H, W]; False pixels are left out. None: all count.
        origin: (row, column) of the arrays' first pixel in the grid of the scene.
    """
    first = (origin[0] // CELL, origin[1] // CELL)
    if not images:
        return Statistics(_UNKNOWN, _UNKNOWN, first)
    shape = next(iter(images)).image.shape
    rows, cols = (_edges(start, size) for start, size in zip(origin, shape))
    low = np.full((len(images), len(rows), len(cols)), np.nan)
    high = low.copy()
    for i, (top, bottom) in enumerate(rows):
        for j, (left, right) in enumerate(cols):
            cell = (slice(top, bottom), slice(left, right))
            low[:, i, j], high[:, i, j] = _measure(images, valid, cell)
    return Statistics(low, high, first)


def measure_chip(images: Collection[Stretched], valid: Mask | None) -> Statistics:
    """Measure whole arrays as one cell (chip mode); arguments as in `measure_cells`."""
    low, high = _measure(images, valid, (slice(None), slice(None)))
    return Statistics(low[:, None, None], high[:, None, None], single=True)


def _measure(images: Collection[Stretched], valid: Mask | None, cell: Slices) -> tuple[Field, Field]:
    seen = None if valid is None else valid[cell]
    if seen is not None and not seen.any():
        return np.full(len(images), np.nan), np.full(len(images), np.nan)
    all_seen = seen is None or bool(seen.all())
    found = [measure(image[cell] if all_seen else image[cell][seen]) for image, measure in images]
    low, high = np.array(found, np.float64).reshape(-1, 2).T
    return low, high


def stretch(
    plane: Image,
    index: int,
    statistics: Statistics,
    origin: tuple[int, int],
    kind: type[np.floating[Any]] = np.float64,
    *,
    limits: tuple[float, float] = (0.0, 1.0),
) -> Iterator[tuple[Slices, Image]]:
    """Stretch a plane from low..high of its surroundings to 0..1: (x - low) / (high - low); 0 where high = low.

    Yields block after block, so that what is made of it stays in the processor's cache. A pixel goes through the same
    operations whatever block and window it came with, so that even its 8-bit value cannot flip.

    Args:
        plane: float [H, W].
        index: Which plane of ``statistics`` it is.
        statistics: Cells of at least the four centres around each pixel; those outside it take no part.
        origin: (row, column) of the array's first pixel in the grid of the scene.
        kind: Type to compute in.
        limits: What the result is kept within.

    Yields:
        Slices into ``plane``, and the stretched block, good until the next one.
    """
    low, high = statistics.low[index], statistics.high[index]
    # A lattice of one cell, as that of a chip, has nothing to interpolate either.
    if statistics.single or low.size == 1:
        whole = (slice(0, plane.shape[0]), slice(0, plane.shape[1]))
        yield whole, _between(plane, low, high - low, np.empty(plane.shape, kind), limits)
        return
    # Pixels between four neighbouring centres form a block: half a cell off the cells themselves.
    half = CELL // 2
    height, width = plane.shape
    space = np.empty((4, CELL, CELL), kind)
    columns = [_between_centres(origin[1], left, right, kind) for left, right in _edges(origin[1] + half, width)]
    for top, bottom in _edges(origin[0] + half, height):
        rows = _between_centres(origin[0], top, bottom, kind)
        for across in columns:
            block = (slice(top, bottom), across.pixels)
            corners = (rows.centre - statistics.first[0], across.centre - statistics.first[1])
            room = space[:, : bottom - top, : across.pixels.stop - across.pixels.start]
            least, reach = _interpolate(low, high, corners, (rows, across), room)
            yield block, _between(plane[block], least, reach, room[0], limits)


@dataclass(frozen=True)
class _Weights:
    """Pixels along one axis between two centres: the first centre, and how much both weigh at each pixel."""

    pixels: slice
    centre: int
    before: Image
    after: Image


def _between_centres(origin: int, first: int, last: int, kind: type[np.floating[Any]]) -> _Weights:
    centre = (origin + first + CELL // 2) // CELL - 1
    # Odd multiples of 1/256: exact in any type.
    after = ((origin + np.arange(first, last) + 0.5) / CELL - 0.5 - centre).astype(kind)
    return _Weights(slice(first, last), centre, 1 - after, after)


def _edges(start: int, size: int) -> list[tuple[int, int]]:
    """Cut 0..size where start + position is a multiple of the cell."""
    cuts = [0, *range(CELL - start % CELL, size, CELL), size]
    return list(zip(cuts[:-1], cuts[1:]))


def _between(plane: Image, low: Image, reach: Image, out: Image, limits: tuple[float, float]) -> Image:
    flat = ~(reach > 0)  # NaN, too: nothing valid
    np.subtract(plane, low.astype(out.dtype, copy=False), out=out)
    if flat.any():
        out[np.broadcast_to(flat, out.shape)] = 0
        reach = np.where(flat, 1, reach)
    out /= reach.astype(out.dtype, copy=False)
    return np.clip(out, *limits, out=out)


def _interpolate(
    low: Field, high: Field, corner: tuple[int, int], weights: tuple[_Weights, _Weights], room: Image
) -> tuple[Image, Image]:
    """Low, and high minus low, at the pixels between four centres; ``room`` may be used for them."""
    down, right = weights
    rows, cols = low.shape
    there = [
        (i, j, wy, wx)
        for i, wy in ((corner[0], down.before), (corner[0] + 1, down.after))
        for j, wx in ((corner[1], right.before), (corner[1] + 1, right.after))
        if 0 <= i < rows and 0 <= j < cols and not np.isnan(low[i, j])
    ]
    if not there:
        return np.zeros((1, 1)), np.zeros((1, 1))
    values = np.array([(low[i, j], high[i, j] - low[i, j]) for i, j, _, _ in there]).T
    # A constant is passed on untouched: interpolation would round it.
    if (values == values[:, :1]).all():
        return values[:1, :1], values[1:, :1]
    if len(there) == 4:
        for of_four, out in zip(values.astype(room.dtype), room[1:3]):
            west = down.before * of_four[0] + down.after * of_four[2]
            east = down.before * of_four[1] + down.after * of_four[3]
            np.multiply(west[:, None], right.before, out=out)
            np.add(out, np.multiply(east[:, None], right.after, out=room[3]), out=out)
        return room[1], room[2]
    products = [np.multiply.outer(wy, wx) for _, _, wy, wx in there]
    total = sum(products[1:], products[0])
    mixed = [sum((p * v for p, v in zip(products[1:], of_them[1:])), products[0] * of_them[0]) for of_them in values]
    # Where no centre that takes part has weight, there is no valid pixel either.
    least, reach = (np.divide(m, total, out=np.zeros_like(total), where=total > 0) for m in mixed)
    return least, reach
