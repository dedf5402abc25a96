"""Mountains with valleys: a drainage network, and the relief that such a network carves.

Every cell drains to an outlet along the easiest path through random rock; the slope of each step then follows the
stream-power law (steep where little water comes together, gentle along rivers) up to the angle at which rock fails.
Rivers re-route downhill and the relief is carved anew, a few times. After the steady state of landscape evolution
models (Braun and Willett 2013); the first network is a shortest-path tree, so that there are no pits to fill.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, special
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from ..reporter import Reporter
from .noise import fractal

Image = NDArray[np.float32]
Index = NDArray[np.int64]

CELL = 10.0  # m, of the scene
_NETWORK_CELL = 2  # cells of the scene to one of the drainage network
_NETWORK_WIDTH = 1600  # cells at most
_SPACING = 4500.0  # m between outlets
_FOOT = 6.0  # m, how gradually valley floors turn into slopes
_RIVER = 2.0e6  # m² that feed a river
_ROUNDS = 90
_CONCAVITY = 0.42
_STEP = {(-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)}


@dataclass(frozen=True)
class Terrain:
    """The ground.

    Attributes:
        height: float32 [H, W], metres.
        area: float32 [H, W], catchment in square kilometres.
        floor: float32 [H, W], 1 on the flat bottom of a valley, 0 on its sides.
        river: float32 [H, W], distance to the middle of the nearest river in metres.
        width: float32 [H, W], half the width of that river in metres.
    """

    height: Image
    area: Image
    floor: Image
    river: Image
    width: Image


def build(rng: np.random.Generator, shape: tuple[int, int], reporter: Reporter) -> Terrain:
    """Make a mountain landscape of ``shape`` cells of 10 m.

    Raises:
        Cancelled: The user asked to stop.
    """
    factor = max(_NETWORK_CELL, -(-shape[1] // _NETWORK_WIDTH))
    cell = factor * CELL
    height, area = _carve(rng, (-(-shape[0] // factor) + 4, -(-shape[1] // factor) + 4), cell, reporter)
    # Warped coordinates hide the eight directions in which the network runs.
    rows, cols = np.indices(shape, dtype=np.float32)
    rows, cols = ((axis + fractal(rng, shape, 60) * 2.2 + fractal(rng, shape, 14) * 0.6) for axis in (rows, cols))
    where = cols / factor + 1.5, rows / factor + 1.5

    streams = area > min(_RIVER, 0.5 * float(area.max()))
    gap, nearest = ndimage.distance_transform_edt(~streams, sampling=cell, return_indices=True)
    smooth = 120 / cell
    bed = ndimage.gaussian_filter(height[tuple(nearest)], smooth)
    size = ndimage.gaussian_filter(np.sqrt(area[tuple(nearest)] / 1e6), smooth)

    distance, bed, size = (_sample(image, where, cv2.INTER_LINEAR) for image in (gap, bed, size))
    ground = _sample(ndimage.gaussian_filter(height, 25 / cell), where, cv2.INTER_CUBIC)
    # Rivers fill their valleys with gravel: flat ground, up to where it meets the slopes.
    fill = 55 * (size - 1) * np.exp(0.3 * fractal(rng, shape, 150))
    level = bed + fill + 0.01 * distance - np.maximum(distance - 500, 0)
    above = (ground - level) / _FOOT
    side = special.expit(above)
    ground = level + _FOOT * np.logaddexp(above, 0) - 2 * (distance < 5 + 4.5 * size)
    ground += side * fractal(rng, shape, 40, 0.45) * 4 + 0.25 * fractal(rng, shape, 8)
    area = _sample(ndimage.maximum_filter(area, 3), where, cv2.INTER_LINEAR) / np.float32(1e6)
    return Terrain(ndimage.gaussian_filter(ground, 0.8), area, 1 - side, distance, 5 + 4.5 * size)


def slope(height: Image) -> Image:
    """Slope in degrees, float32 [H, W]."""
    dy, dx = np.gradient(height, CELL)
    return np.asarray(np.degrees(np.arctan(np.hypot(dx, dy))), np.float32)


def _sample(image: Image, where: tuple[Image, Image], how: int) -> Image:
    return np.asarray(cv2.remap(image.astype(np.float32), where[0], where[1], how, borderMode=cv2.BORDER_REPLICATE))


def _carve(rng: np.random.Generator, shape: tuple[int, int], cell: float, reporter: Reporter) -> tuple[Image, Image]:
    """Height (m) and catchment area (m²) on the drainage network's grid."""
    rock = np.exp(0.5 * fractal(rng, shape, 60, 0.7)).astype(np.float64)
    outlets = _outlets(rng, shape, cell)
    receiver = _first_network(rock, outlets)
    steepest = np.tan(np.radians(29 + 5 * fractal(rng, shape, 50))).clip(0.3, 1.0).ravel()
    erodible = 0.16 * np.exp(0.25 * fractal(rng, shape, 90)).ravel()
    for number in range(_ROUNDS):
        reporter.progress(number / _ROUNDS, "Carving valleys")
        area = _upstream(receiver) * cell**2
        rows, cols = np.divmod(np.arange(receiver.size), shape[1])
        down_rows, down_cols = np.divmod(receiver, shape[1])
        length = cell * np.hypot(rows - down_rows, cols - down_cols)
        step = length * np.minimum(erodible * (area / 1e6) ** -_CONCAVITY, steepest)
        height = _along(step, receiver).reshape(shape)
        receiver = _downhill(height, outlets)
    return height.astype(np.float32), area.reshape(shape).astype(np.float32)


def _outlets(rng: np.random.Generator, shape: tuple[int, int], cell: float) -> Index:
    count = max(round(shape[1] * cell / _SPACING), 1)
    cols = ((np.arange(count) + rng.uniform(0.2, 0.8, count)) * shape[1] / count).astype(np.int64)
    south = np.arange(count) % 2 == rng.integers(2)
    return np.where(south, (shape[0] - 1) * shape[1], 0) + cols


def _first_network(rock: NDArray[np.float64], outlets: Index) -> Index:
    rows, cols = rock.shape
    number = np.arange(rock.size).reshape(rock.shape)
    starts, ends, costs = [], [], []
    for dy, dx in ((0, 1), (1, 0), (1, 1), (1, -1)):
        here = (slice(0, rows - dy), slice(max(-dx, 0), cols - max(dx, 0)))
        there = (slice(dy, rows), slice(max(dx, 0), cols + min(dx, 0)))
        starts.append(number[here].ravel())
        ends.append(number[there].ravel())
        costs.append((np.hypot(dy, dx) * (rock[here] + rock[there])).ravel())
    start, end, cost = (np.concatenate(parts) for parts in (starts, ends, costs))
    graph = csr_array((cost, (start, end)), shape=(rock.size, rock.size))
    _, parent, _ = dijkstra(graph, directed=False, indices=outlets, return_predecessors=True, min_only=True)
    return np.where(parent < 0, np.arange(rock.size), parent).astype(np.int64)


def _downhill(height: NDArray[np.float64], outlets: Index) -> Index:
    """The steepest of the eight neighbours; outlets drain to themselves."""
    rows, cols = height.shape
    padded = np.pad(height, 1, constant_values=np.inf)
    best = np.zeros(height.shape)
    own = np.arange(height.size).reshape(height.shape)
    receiver = own
    for dy, dx in sorted(_STEP):
        fall = (height - padded[1 + dy : 1 + dy + rows, 1 + dx : 1 + dx + cols]) / np.hypot(dy, dx)
        steeper = fall > best
        best = np.where(steeper, fall, best)
        receiver = np.where(steeper, own + dy * cols + dx, receiver)
    result: Index = receiver.ravel()
    result[outlets] = outlets
    return result


def _upstream(receiver: Index) -> NDArray[np.float64]:
    """Number of cells that drain through each cell, itself included: paths are doubled, not walked."""
    sink = receiver.size
    jump = np.append(np.where(receiver == np.arange(sink), sink, receiver), sink)
    count = np.append(np.ones(sink), 0.0)
    while (jump < sink).any():
        count += np.bincount(jump, weights=count, minlength=sink + 1)
        count[sink] = 0
        jump = jump[jump]
    return count[:sink]


def _along(step: NDArray[np.float64], receiver: Index) -> NDArray[np.float64]:
    """Sum of ``step`` from each cell down to its outlet."""
    jump, total = receiver, step.copy()
    total[receiver == np.arange(receiver.size)] = 0
    while (jump[jump] != jump).any():
        total = total + total[jump]
        jump = jump[jump]
    return total
