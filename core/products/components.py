"""8-connected bodies of a mask that is too large to hold: labelled strip by strip and joined across the cuts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Callable

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from ..reporter import Reporter

#: Rows of a strip: a multiple of the tiles that rasters are stored in, so that no tile is decompressed twice.
STRIP_ROWS = 512

#: Bodies may be this much smaller than the minimum area: the nominal pixel of a projected grid is off by as much, and
#: four pixels of 10 m are 400 m² to everybody.
AREA_TOLERANCE = 0.005

ReadMask = Callable[[int, int], NDArray[np.bool_]]


class Components:
    """The 8-connected bodies of a mask, found in one pass over it; `strips` passes over it once more.

    Only the tables of the bodies are held, never the mask.

    Args:
        read: ``read(row, height)`` gives those rows of the mask, bool [height, width]; called from top to bottom.
            It must give the same answer each time.
        height: Rows of the mask.
        width: Columns of the mask.
        pixel_areas: Area of a pixel in each row, m², float64 [height]; None: 1 each.
        rows: Rows read at a time; the bodies don't depend on it.
        reporter: Told how far the first pass is.

    Attributes:
        pixels: Pixels of each body, int64 [count + 1]; entry 0 is not a body.
        area: Area of each body in m², float64 [count + 1].
        last_row: The last row that each body reaches, int64 [count + 1].
    """

    def __init__(
        self,
        read: ReadMask,
        height: int,
        width: int,
        *,
        pixel_areas: NDArray[np.float64] | None = None,
        rows: int = STRIP_ROWS,
        reporter: Reporter | None = None,
    ) -> None:
        self._read = read
        self._height, self._width, self._rows = height, width, rows
        self._offsets: list[int] = []
        reporter = reporter or Reporter()

        pixels, areas, last_rows, edges = [], [], [], []
        above = np.zeros(width, np.int32)
        offset = 0
        for row in range(0, height, rows):
            reporter.progress(row / height, "Finding bodies")
            mask = read(row, min(rows, height - row))
            count, labels, stats = _label(mask)
            self._offsets.append(offset)
            edges.append(_touching(above, np.where(labels[0] > 0, labels[0] + offset, 0)))
            above = np.where(labels[-1] > 0, labels[-1] + offset, 0)
            pixels.append(stats[1:, cv2.CC_STAT_AREA])
            last_rows.append(row + stats[1:, cv2.CC_STAT_TOP] + stats[1:, cv2.CC_STAT_HEIGHT] - 1)
            if pixel_areas is not None:
                row_areas = np.repeat(pixel_areas[row : row + len(mask)], np.count_nonzero(mask, axis=1))
                areas.append(np.bincount(labels[mask], weights=row_areas, minlength=count + 1)[1:])
            offset += count

        # From the label of a strip (plus the strip's offset) to the body it is part of.
        self._body = np.concatenate([np.zeros(1, np.int32), _join(np.concatenate(edges), offset)])
        count = int(self._body.max())
        part_pixels = np.concatenate(pixels)
        part_areas = np.concatenate(areas) if areas else part_pixels
        self.pixels = np.bincount(self._body[1:], weights=part_pixels, minlength=count + 1).astype(np.int64)
        self.area = np.bincount(self._body[1:], weights=part_areas, minlength=count + 1)
        self.last_row = np.zeros(count + 1, np.int64)
        np.maximum.at(self.last_row, self._body[1:], np.concatenate(last_rows))

    @property
    def count(self) -> int:
        """How many bodies there are."""
        return len(self.pixels) - 1

    def drop_smaller(self, minimum_area: float) -> None:
        """Forget the bodies of less than ``minimum_area`` m² and number the others anew, from 1."""
        kept = self.area >= minimum_area * (1 - AREA_TOLERANCE)
        kept[0] = False
        renumbered = np.where(kept, np.cumsum(kept), 0).astype(np.int32)
        self._body = renumbered[self._body]
        kept[0] = True
        self.pixels, self.area, self.last_row = self.pixels[kept], self.area[kept], self.last_row[kept]

    def strips(self) -> Iterator[tuple[int, NDArray[np.int32]]]:
        """Read the mask again: the first row of each strip, and int32 [h, width] with 0 or the number of the body."""
        for row, offset in zip(range(0, self._height, self._rows), self._offsets):
            mask = self._read(row, min(self._rows, self._height - row))
            _, labels, _ = _label(mask)
            labels[mask] += offset
            yield row, self._body[labels]


def _label(mask: NDArray[np.bool_]) -> tuple[int, NDArray[np.int32], NDArray[np.int32]]:
    result: Any = cv2.connectedComponentsWithStats(
        np.ascontiguousarray(mask).view(np.uint8), connectivity=8, ltype=cv2.CV_32S
    )
    count, labels, stats, _ = result
    return count - 1, labels, stats


def _touching(above: NDArray[np.int32], below: NDArray[np.int32]) -> NDArray[np.int32]:
    """Pairs of labels [n, 2] that meet across a cut, over edges and corners."""
    width = len(above)
    pairs = []
    for shift in (-1, 0, 1):
        upper = above[max(0, -shift) : width - max(0, shift)]
        lower = below[max(0, shift) : width - max(0, -shift)]
        both = (upper > 0) & (lower > 0)
        pairs.append(np.stack([upper[both], lower[both]], axis=1))
    return np.unique(np.concatenate(pairs), axis=0)


def _join(edges: NDArray[np.int32], count: int) -> NDArray[np.int32]:
    """The body, from 1, of each of the labels 1 to ``count``."""
    if not count:
        return np.zeros(0, np.int32)
    a, b = edges.T - 1
    graph = coo_matrix((np.ones(len(edges), np.int8), (a, b)), shape=(count, count))
    body: NDArray[np.int32] = connected_components(graph, directed=False)[1].astype(np.int32) + 1
    return body
