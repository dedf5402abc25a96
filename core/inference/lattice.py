"""Where tiles lie and how much each counts: a lattice anchored to the origin of the scene's grid.

Along one axis, tile i starts at ``i * stride - margin``. Stride, margin and tile are multiples of 32, so every tile
begins at the same phase of a network's pooling, whatever the tile size; and the positions depend on nothing but the
grid, so neither EXTENT nor batches nor strips change a result. Tiles reach beyond the grid's edges, where the scene is
mirrored.

Two neighbours share ``overlap`` pixels. The outer part of a tile has seen too little around it and is discarded; over
the 16 pixels in the middle of the overlap one tile fades into the next.

Hazard: where the weights of all tiles sum to zero, a pixel would be lost or divided by zero. It cannot happen while the
parts that are kept touch, that is, while the discarded part is less than half of the overlap; and at the first and last
tile of the grid nothing is discarded on the outside. `Axis.weights` divides by the sum over the tiles that exist, so
they sum to 1 at every pixel of the grid, and no array of weights has to be kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

STEP = 32
"""All positions are multiples of this: what the deepest network pools by."""

FADE = 16
"""Pixels over which a tile fades into the next."""


@dataclass(frozen=True)
class Axis:
    """The tiles along the rows or the columns of a grid.

    Attributes:
        length: Pixels of the grid along this axis.
        tile: Side of a tile in pixels, a multiple of 32.
        overlap: Pixels that neighbours share, a multiple of 32, less than ``tile``.
        margin: Pixels by which the first tile begins before the grid, a multiple of 32, about half the overlap or 0.
    """

    length: int
    tile: int
    overlap: int
    margin: int

    @property
    def stride(self) -> int:
        """Pixels from one tile to the next."""
        return self.tile - self.overlap

    @property
    def discard(self) -> int:
        """Pixels on each side of a tile that never count, except at the grid's edges."""
        return max(self.overlap - FADE, 0) // 2

    @property
    def count(self) -> int:
        """Number of tiles: the last one reaches beyond the grid by half the overlap at least, if there is a margin."""
        end = self.length + min(self.margin, self.overlap // 2)
        return 1 + max(0, -(-(end + self.margin - self.tile) // self.stride))

    def start(self, index: int) -> int:
        """First pixel of a tile in the grid; negative for tiles that begin before it."""
        return index * self.stride - self.margin

    def span(self, index: int) -> tuple[int, int]:
        """First pixel of the grid that a tile sees, and the one after the last, mirrored ones included."""
        seen = self.mirrored(self.start(index), self.start(index) + self.tile)
        return int(seen.min()), int(seen.max()) + 1

    def kept(self, index: int) -> tuple[int, int]:
        """First pixel, and the one after the last, of the part of a tile that counts; inside the grid."""
        start = self.start(index)
        low = 0 if index == 0 else start + self.discard
        high = self.length if index == self.count - 1 else start + self.tile - self.discard
        return max(low, 0), min(high, self.length)

    def touching(self, low: int, high: int) -> range:
        """The tiles that count for the pixels ``low`` to ``high - 1`` of the grid."""
        hits = [i for i in range(self.count) if self.kept(i)[0] < high and self.kept(i)[1] > low]
        return range(hits[0], hits[-1] + 1)

    def weights(self, index: int) -> npt.NDArray[np.float32]:
        """How much each pixel of a tile counts, float32 [tile]: sums to 1 over the tiles at every pixel of the grid."""
        return _weights(self, index)

    def mirrored(self, low: int, high: int) -> npt.NDArray[np.intp]:
        """The pixels of the grid that stand for ``low`` to ``high - 1``: mirrored (repeatedly) beyond its edges."""
        period = max(2 * (self.length - 1), 1)
        pixels = np.mod(np.arange(low, high), period)
        return np.minimum(pixels, period - pixels) if self.length > 1 else np.zeros_like(pixels)

    def trapezoid(self, index: int, pixels: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
        """Weight of tile ``index`` before normalisation at ``pixels`` of the grid."""
        from_start = pixels + 0.5 - self.start(index) - self.discard
        from_end = self.tile - 2 * self.discard - from_start
        rise, fall = (np.clip(x / FADE if self.overlap else x * 2, 0, 1) for x in (from_start, from_end))
        if index == 0:
            rise = np.ones_like(rise)
        if index == self.count - 1:
            fall = np.ones_like(fall)
        inside = (pixels >= 0) & (pixels < self.length)
        own = (pixels >= self.start(index)) & (pixels < self.start(index) + self.tile)
        return np.minimum(rise, fall) * (inside & own)


@lru_cache(maxsize=1024)
def _weights(axis: Axis, index: int) -> npt.NDArray[np.float32]:
    pixels = axis.start(index) + np.arange(axis.tile)
    reach = -(-axis.tile // axis.stride)
    near = range(max(0, index - reach), min(axis.count, index + reach + 1))
    total = np.sum([axis.trapezoid(i, pixels) for i in near], axis=0)
    own = axis.trapezoid(index, pixels)
    shares: npt.NDArray[np.float32] = np.divide(own, total, out=np.zeros_like(own), where=total > 0).astype(np.float32)
    shares.flags.writeable = False
    return shares


@dataclass(frozen=True)
class Lattice:
    """The tiles of a grid of ``height`` x ``width`` pixels."""

    height: int
    width: int
    tile: int
    overlap: int
    margin: int

    @property
    def rows(self) -> Axis:
        """The lattice from north to south."""
        return Axis(self.height, self.tile, self.overlap, self.margin)

    @property
    def columns(self) -> Axis:
        """The lattice from west to east."""
        return Axis(self.width, self.tile, self.overlap, self.margin)

    @property
    def tax(self) -> float:
        """Pixels computed for each pixel of a large map: what the overlap costs."""
        return (self.tile / (self.tile - self.overlap)) ** 2
