"""Outlines of labelled bodies along pixel edges, strip by strip, in pixel coordinates (x = column, y = row)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Callable

import numpy as np
from numpy.typing import NDArray

from .corners import Corners, find_corners, join_corners
from .rings import polygons_of

#: Corners that are made polygons of at once.
_BATCH = 300_000


class Outlines:
    """Collects the corners of bodies from strips, and gives a body out when its last row has been seen.

    Args:
        last_row: The row from which on each body can be given out, integers [count + 1] (`Components.ends`).
        body_of: What numbers are parts of; what is part of the same comes back together. None: of themselves.
    """

    def __init__(
        self, last_row: NDArray[np.integer], body_of: Callable[[NDArray[np.int64]], NDArray[np.int64]] | None = None
    ) -> None:
        self._last_row, self._body_of = last_row, body_of
        self._above: NDArray[np.int32] | None = None
        self._open: list[Corners] = []

    def add(self, row: int, labels: NDArray[np.int32]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.object_]]]:
        """Add the strip that starts at ``row``; the bodies that end in it come back, some at a time.

        Args:
            row: First row of the strip.
            labels: int32 [h, width], 0 or the number of the body.

        Yields:
            The numbers of finished bodies, int64 [n], rising, and their outlines [n]: valid MultiPolygons with
            integer coordinates and no vertex inside a straight edge.
        """
        end = row + len(labels)
        above = np.zeros(labels.shape[1], np.int32) if self._above is None else self._above
        # What ends in the last row has its lower edge there; of the others it is not known yet.
        ending = np.where(self._last_row[labels[-1]] < end, labels[-1], 0)
        self._above = labels[-1] - ending
        closing = np.zeros((1, labels.shape[1]), np.int32)
        self._open += [find_corners(above, labels, row), find_corners(ending, closing, end)]
        corners = join_corners(self._open)
        finished = self._last_row[corners.body] < end
        self._open = [corners.take(~finished)]
        corners = corners.take(finished)
        group = corners.body if self._body_of is None else self._body_of(corners.body.astype(np.int64))
        order = np.argsort(group, kind="stable")
        corners = corners.take(order)
        first = np.flatnonzero(np.diff(group[order], prepend=group.min(initial=0) - 1))
        bounds = np.append(first, len(corners.body))
        start = 0
        while start < len(first):
            stop = max(int(np.searchsorted(bounds, bounds[start] + _BATCH, side="right")) - 1, start + 1)
            batch = corners.take(np.arange(bounds[start], bounds[stop]))
            yield np.unique(batch.body).astype(np.int64), polygons_of(batch)
            start = stop
