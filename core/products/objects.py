"""Bodies found, missed and false, out of an error map of any size."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..reporter import Reporter
from ..scene.grid import Window
from ..training.metrics import FOUND_IOU, Objects
from .band import Band
from .comparison import FALSE_NEGATIVE, FALSE_POSITIVE, TRUE_POSITIVE
from .components import Components
from .raster import pixel_areas


def count_objects(error_map_path: str | Path, min_area: float, reporter: Reporter) -> Objects:
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

        said = bodies_of(TRUE_POSITIVE, FALSE_POSITIVE, part=reporter.part(0.0, 0.3))
        true = bodies_of(TRUE_POSITIVE, FALSE_NEGATIVE, part=reporter.part(0.3, 0.6))
        # A pair of bodies as one number; it can meet in several strips.
        pairs, shared = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for (row, said_labels), (_, true_labels) in zip(said.strips(), true.strips()):
            reporter.progress(0.6 + 0.4 * row / grid.height, "Matching bodies")
            both = (said_labels > 0) & (true_labels > 0)
            pair = said_labels[both].astype(np.int64) * (true.count + 1) + true_labels[both]
            for collected, new in zip((pairs, shared), np.unique(pair, return_counts=True)):
                collected.append(new)

    unique, index = np.unique(np.concatenate(pairs), return_inverse=True)
    overlap = np.bincount(index, np.concatenate(shared), len(unique))
    said_numbers, true_numbers = np.divmod(unique, true.count + 1)
    matched = overlap >= FOUND_IOU * (said.pixels[said_numbers] + true.pixels[true_numbers] - overlap)

    objects = Objects()
    objects.predicted, objects.referenced = said.count, true.count
    objects.confirmed, objects.found = (len(np.unique(n[matched])) for n in (said_numbers, true_numbers))
    return objects
