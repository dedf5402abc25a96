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


class Components:
    """The connected bodies of a mask, found in one pass over it; `strips` passes over it once more.

    Only the tables of the bodies are held, never the mask: some 60 bytes for each body.

    Args:
        read: ``read(row, height)`` gives those rows of the mask, bool [height, width]; called from top to bottom.
            It must give the same answer each time.
        height: Rows of the mask.
        width: Columns of the mask.
        pixel_areas: Area of a pixel in each row, m², float64 [height]; None: 1 each.
        min_area: Smaller bodies (m²) are forgotten, most of them as soon as they are found; see `drop_smaller`.
        connectivity: 8 (edges and corners) or 4 (edges alone), for what surrounds 8-connected bodies.
        rows: Rows read at a time; the bodies don't depend on it.
        reporter: Told how far the first pass is.

    Attributes:
        pixels: Pixels of each body, int64 [count + 1]; entry 0 is not a body.
        area: Area of each body in m², float64 [count + 1].
        first_row: The first row that each body reaches, int32 [count + 1]; likewise ``last_row``, ``first_col`` and
            ``last_col``.
    """

    def __init__(
        self,
        read: ReadMask,
        height: int,
        width: int,
        *,
        pixel_areas: NDArray[np.float64] | None = None,
        min_area: float = 0.0,
        connectivity: int = 8,
        rows: int = STRIP_ROWS,
        reporter: Reporter | None = None,
    ) -> None:
        self._read, self._connectivity = read, connectivity
        self._height, self._width, self._rows = height, width, rows
        self._offsets: list[int] = []
        reporter = reporter or Reporter()

        pixels, areas, boxes, edges, places = [], [], [], [], [np.zeros(1, np.int32)]
        least = min_area * (1 - AREA_TOLERANCE)
        above = np.zeros(width, np.int32)
        offset, known = 0, 0
        for row in range(0, height, rows):
            reporter.progress(row / height, "Finding bodies")
            mask = read(row, min(rows, height - row))
            count, labels, stats = _label(mask, connectivity)
            self._offsets.append(offset)
            area: NDArray[np.floating] = stats[1:, cv2.CC_STAT_AREA].astype(np.float64)
            if pixel_areas is not None:
                row_areas = np.repeat(pixel_areas[row : row + len(mask)], np.count_nonzero(mask, axis=1))
                area = np.bincount(labels[mask], weights=row_areas, minlength=count + 1)[1:].astype(np.float64)
            # What touches a cut may be larger than it seems.
            kept = area >= least
            for edge in (labels[0], labels[-1]):
                kept[edge[edge > 0] - 1] = True
            place = np.zeros(count + 1, np.int32)
            place[1:][kept] = known + 1 + np.arange(np.count_nonzero(kept))
            edges.append(_touching(above, place[labels[0]], connectivity))
            above = place[labels[-1]]
            places.append(place[1:])
            pixels.append(stats[1:, cv2.CC_STAT_AREA][kept])
            boxes.append(_boxes(stats[1:][kept], row))
            areas.append(area[kept])
            offset, known = offset + count, known + len(pixels[-1])

        group = np.concatenate([np.zeros(1, np.int32), join(np.concatenate(edges), known)])
        # From the label of a strip (plus the strip's offset) to the body it is part of.
        self._body = group[np.concatenate(places)]
        del places
        count = int(group.max())
        self.pixels = np.bincount(group[1:], np.concatenate(pixels), count + 1).astype(np.int64)
        self.area = np.bincount(group[1:], np.concatenate(areas), count + 1)
        del pixels, areas
        self.first_row, self.last_row, self.first_col, self.last_col = (
            _extreme(group[1:], np.concatenate([box[side] for box in boxes]), count, first=side % 2 == 0)
            for side in range(4)
        )
        if min_area:
            self.drop_smaller(min_area)

    @property
    def count(self) -> int:
        """How many bodies there are."""
        return len(self.pixels) - 1

    @property
    def ends(self) -> NDArray[np.integer]:
        """The row after which nothing more of a body comes, int32 [count + 1]: its last."""
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


def _boxes(stats: NDArray[np.int32], row: int) -> NDArray[np.int32]:
    """First row, last row, first column and last column of each label of a strip, int32 [4, n]."""
    top, left = row + stats[:, cv2.CC_STAT_TOP], stats[:, cv2.CC_STAT_LEFT]
    return np.stack([top, top + stats[:, cv2.CC_STAT_HEIGHT] - 1, left, left + stats[:, cv2.CC_STAT_WIDTH] - 1])


def _extreme(group: NDArray[np.int32], values: NDArray[np.int32], count: int, *, first: bool) -> NDArray[np.int32]:
    """The first or last of the values of each group from 1 to ``count``, int32 [count + 1]."""
    found = np.full(count + 1, np.iinfo(np.int32).max if first else 0, np.int32)
    (np.minimum if first else np.maximum).at(found, group, values)
    return found


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
