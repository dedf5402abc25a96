"""Bodies found, missed and false, by their size, out of an error map of any size."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..reporter import Reporter
from ..scene.grid import Window
from ..training.metrics import FOUND_IOU, Objects
from .band import Band
from .boundary import Boundary, boundary_distances
from .comparison import FALSE_NEGATIVE, FALSE_POSITIVE, TRUE_POSITIVE
from .components import Components
from .raster import pixel_areas

#: Areas that are counted apart, m²: from, and below.
SIZE_CLASSES = ((0.0, 1e3), (1e3, 5e3), (5e3, 2e4), (2e4, 1e5), (1e5, np.inf))


@dataclass(frozen=True)
class Bodies:
    """What `count_objects` found.

    Attributes:
        objects: Counts of all bodies.
        by_size: The same for the bodies of each of `SIZE_CLASSES`, each by its own area.
        boundary: How far the outlines of matched bodies lie apart.
    """

    objects: Objects
    by_size: list[Objects]
    boundary: Boundary


def count_objects(error_map_path: str | Path, min_area: float, reporter: Reporter) -> Bodies:
    """Compare the 8-connected bodies of prediction and reference within the scored pixels of an error map.

    Args:
        error_map_path: As written by `scarp.core.products.comparison.compare`.
        min_area: Bodies of less than this many m² don't count, on either side.
        reporter: Told how far it is.
    """
    with Band(error_map_path, "ERROR_MAP") as errors:
        grid = errors.grid
        areas = pixel_areas(grid)

        def bodies_of(*codes: int, part: Reporter) -> Components:
            def read(row: int, height: int) -> NDArray[np.bool_]:
                return np.isin(errors.read(Window(row, 0, height, grid.width))[0], codes)

            bodies = Components(read, grid.height, grid.width, pixel_areas=areas, reporter=part)
            bodies.drop_smaller(min_area)
            return bodies

        said = bodies_of(TRUE_POSITIVE, FALSE_POSITIVE, part=reporter.part(0.0, 0.2))
        true = bodies_of(TRUE_POSITIVE, FALSE_NEGATIVE, part=reporter.part(0.2, 0.4))
        confirmed, found = _matched(said, true, grid.height, reporter.part(0.4, 0.7))
        boundary = boundary_distances(errors, said, true, (confirmed, found), reporter.part(0.7, 1.0))
    everything = _objects(said, true, confirmed, found, (-np.inf, np.inf))
    return Bodies(everything, [_objects(said, true, confirmed, found, size) for size in SIZE_CLASSES], boundary)


def _matched(
    said: Components, true: Components, height: int, reporter: Reporter
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which bodies of each side have a body of the other side with enough in common, bool [count + 1] each."""
    # A pair of bodies as one number; it can meet in several strips.
    pairs, shared = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for (row, said_labels), (_, true_labels) in zip(said.strips(), true.strips()):
        reporter.progress(row / height, "Matching bodies")
        both = (said_labels > 0) & (true_labels > 0)
        pair = said_labels[both].astype(np.int64) * (true.count + 1) + true_labels[both]
        for collected, new in zip((pairs, shared), np.unique(pair, return_counts=True)):
            collected.append(new)
    unique, index = np.unique(np.concatenate(pairs), return_inverse=True)
    overlap = np.bincount(index, np.concatenate(shared), len(unique))
    said_numbers, true_numbers = np.divmod(unique, true.count + 1)
    enough = overlap >= FOUND_IOU * (said.pixels[said_numbers] + true.pixels[true_numbers] - overlap)
    confirmed, found = np.zeros(said.count + 1, bool), np.zeros(true.count + 1, bool)
    confirmed[said_numbers[enough]] = True
    found[true_numbers[enough]] = True
    return confirmed, found


def _objects(
    said: Components,
    true: Components,
    confirmed: NDArray[np.bool_],
    found: NDArray[np.bool_],
    size: tuple[float, float],
) -> Objects:
    """Counts of the bodies whose area lies in ``size``."""
    objects = Objects()
    for bodies, matched, names in (
        (said, confirmed, ("predicted", "confirmed")),
        (true, found, ("referenced", "found")),
    ):
        counted = (bodies.area >= size[0]) & (bodies.area < size[1])
        counted[0] = False
        setattr(objects, names[0], int(np.count_nonzero(counted)))
        setattr(objects, names[1], int(np.count_nonzero(counted & matched)))
    return objects
