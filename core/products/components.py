"""Connected bodies of a mask that is too large to hold: labelled strip by strip and joined across the cuts."""

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

_FIRST = np.iinfo(np.int32).max


class Components:
    """The connected bodies of a mask, found in one pass over it; `strips` passes over it once more.

    Only the tables of the bodies are held, never the mask.

    Args:
        read: ``read(row, height)`` gives those rows of the mask, bool [height, width]; called from top to bottom.
            It must give the same answer each time.
        height: Rows of the mask.
        width: Columns of the mask.
        pixel_areas: Area of a pixel in each row, m², float64 [height]; None: 1 each.
        connectivity: 8 (edges and corners) or 4 (edges alone), for what surrounds 8-connected bodies.
        rows: Rows read at a time; the bodies don't depend on it.
        reporter: Told how far the first pass is.

    Attributes:
        pixels: Pixels of each body, int64 [count + 1]; entry 0 is not a body.
        area: Area of each body in m², float64 [count + 1].
        first_row: The first row that each body reaches, int64 [count + 1]; likewise ``last_row``, ``first_col`` and
            ``last_col``.
    """

    def __init__(
        self,
        read: ReadMask,
        height: int,
        width: int,
        *,
        pixel_areas: NDArray[np.float64] | None = None,
        connectivity: int = 8,
        rows: int = STRIP_ROWS,
        reporter: Reporter | None = None,
    ) -> None:
        self._read, self._connectivity = read, connectivity
        self._height, self._width, self._rows = height, width, rows
        self._offsets: list[int] = []
        reporter = reporter or Reporter()

        pixels, areas, boxes, edges = [], [], [], []
        above = np.zeros(width, np.int32)
        offset = 0
        for row in range(0, height, rows):
            reporter.progress(row / height, "Finding bodies")
            mask = read(row, min(rows, height - row))
            count, labels, stats = _label(mask, connectivity)
            self._offsets.append(offset)
            edges.append(_touching(above, np.where(labels[0] > 0, labels[0] + offset, 0), connectivity))
            above = np.where(labels[-1] > 0, labels[-1] + offset, 0)
            pixels.append(stats[1:, cv2.CC_STAT_AREA])
            boxes.append(_boxes(stats[1:], row))
            if pixel_areas is not None:
                row_areas = np.repeat(pixel_areas[row : row + len(mask)], np.count_nonzero(mask, axis=1))
                areas.append(np.bincount(labels[mask], weights=row_areas, minlength=count + 1)[1:])
            offset += count

        # From the label of a strip (plus the strip's offset) to the body it is part of.
        self._body = np.concatenate([np.zeros(1, np.int32), join(np.concatenate(edges), offset)])
        count = int(self._body.max())
        part_pixels = np.concatenate(pixels)
        part_areas = np.concatenate(areas) if areas else part_pixels
        self.pixels = np.bincount(self._body[1:], weights=part_pixels, minlength=count + 1).astype(np.int64)
        self.area = np.bincount(self._body[1:], weights=part_areas, minlength=count + 1)
        first_row, last_row, first_col, last_col = np.concatenate(boxes, axis=1)
        self.first_row, self.first_col = (np.full(count + 1, _FIRST, np.int64) for _ in range(2))
        self.last_row, self.last_col = (np.zeros(count + 1, np.int64) for _ in range(2))
        for of_body, of_part in ((self.first_row, first_row), (self.first_col, first_col)):
            np.minimum.at(of_body, self._body[1:], of_part)
        for of_body, of_part in ((self.last_row, last_row), (self.last_col, last_col)):
            np.maximum.at(of_body, self._body[1:], of_part)

    @property
    def count(self) -> int:
        """How many bodies there are."""
        return len(self.pixels) - 1

    @property
    def ends(self) -> NDArray[np.int64]:
        """The row after which nothing more of a body comes, int64 [count + 1]: its last."""
        return self.last_row

    def body_of(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        """The bodies ``numbers`` themselves; see `Parts`."""
        return numbers

    def mask(self, row: int, height: int) -> NDArray[np.bool_]:
        """Rows of the mask as it is read, bool [height, width]; rows beyond its top and bottom repeat the outermost."""
        first, last = max(row, 0), min(row + height, self._height)
        return np.pad(self._read(first, last - first), ((first - row, row + height - last), (0, 0)), mode="edge")

    def drop_smaller(self, minimum_area: float) -> None:
        """Forget the bodies of less than ``minimum_area`` m² and number the others anew, from 1."""
        self.keep(self.area >= minimum_area * (1 - AREA_TOLERANCE))

    def keep(self, wanted: NDArray[np.bool_]) -> None:
        """Forget the bodies that are not ``wanted``, bool [count + 1], and number the others anew, from 1."""
        kept = wanted.copy()
        kept[0] = False
        renumbered = np.where(kept, np.cumsum(kept), 0).astype(np.int32)
        self._body = renumbered[self._body]
        kept[0] = True
        self.pixels, self.area = self.pixels[kept], self.area[kept]
        self.first_row, self.last_row = self.first_row[kept], self.last_row[kept]
        self.first_col, self.last_col = self.first_col[kept], self.last_col[kept]

    def strips(self) -> Iterator[tuple[int, NDArray[np.int32]]]:
        """Read the mask again: the first row of each strip, and int32 [h, width] with 0 or the number of the body."""
        for row, offset in zip(range(0, self._height, self._rows), self._offsets):
            mask = self._read(row, min(self._rows, self._height - row))
            _, labels, _ = _label(mask, self._connectivity)
            labels[mask] += offset
            yield row, self._body[labels]

    def reaching(self, read: ReadMask) -> NDArray[np.bool_]:
        """Which bodies have a pixel where ``read`` (as the mask's) is true, bool [count + 1]; entry 0 is false."""
        reached = np.zeros(self.count + 1, bool)
        for row, labels in self.strips():
            reached[labels[read(row, len(labels))]] = True
        reached[0] = False
        return reached


def _label(mask: NDArray[np.bool_], connectivity: int) -> tuple[int, NDArray[np.int32], NDArray[np.int32]]:
    result: Any = cv2.connectedComponentsWithStats(
        np.ascontiguousarray(mask).view(np.uint8), connectivity=connectivity, ltype=cv2.CV_32S
    )
    count, labels, stats, _ = result
    return count - 1, labels, stats


def _boxes(stats: NDArray[np.int32], row: int) -> NDArray[np.int64]:
    """First row, last row, first column and last column of each label of a strip, int64 [4, n]."""
    top, left = row + stats[:, cv2.CC_STAT_TOP].astype(np.int64), stats[:, cv2.CC_STAT_LEFT].astype(np.int64)
    return np.stack([top, top + stats[:, cv2.CC_STAT_HEIGHT] - 1, left, left + stats[:, cv2.CC_STAT_WIDTH] - 1])


def _touching(above: NDArray[np.int32], below: NDArray[np.int32], connectivity: int) -> NDArray[np.int32]:
    """Pairs of labels [n, 2] that meet across a cut."""
    width = len(above)
    pairs = []
    for shift in (-1, 0, 1) if connectivity == 8 else (0,):
        upper = above[max(0, -shift) : width - max(0, shift)]
        lower = below[max(0, shift) : width - max(0, -shift)]
        both = (upper > 0) & (lower > 0)
        pairs.append(np.stack([upper[both], lower[both]], axis=1))
    return np.unique(np.concatenate(pairs), axis=0)


def join(edges: NDArray[np.integer], count: int) -> NDArray[np.int32]:
    """The group, from 1, of each of the labels 1 to ``count``, given the pairs [n, 2] that belong together."""
    if not count:
        return np.zeros(0, np.int32)
    a, b = edges.T - 1
    graph = coo_matrix((np.ones(len(edges), np.int8), (a, b)), shape=(count, count))
    group: NDArray[np.int32] = connected_components(graph, directed=False)[1].astype(np.int32) + 1
    return group
