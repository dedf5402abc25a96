"""The spatial split of a scene: one band of it validates, and a gap keeps training chips away from that band."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import ScarpError
from ..scene.grid import Window
from .splits import VALIDATION_SHARE

# Landslides are seldom longer than 300 m: at 10 m none lies in both parts.
GAP = 32
_POSITIONS = 41


@dataclass(frozen=True)
class Block:
    """A spatial split, in pixels of the memory's window.

    Attributes:
        validation: The band. training: the rectangles on its sides beyond the gap that can hold a chip.
        gap: Pixels between them.
        along: ``rows`` or ``columns``: what the band is cut along.
    """

    validation: Window
    training: tuple[Window, ...]
    gap: int
    along: str

    def place(self, origin: Window) -> str:
        """Where the band lies in the grid of which the split window is ``origin``: ``rows 163 to 344``."""
        band = self.validation.shift(origin.row, origin.col)
        first, size = (band.row, band.height) if self.along == "rows" else (band.col, band.width)
        return f"{self.along} {first} to {first + size - 1}"


@dataclass(frozen=True)
class _Cut:
    """Validation from ``start`` to ``stop``; training on the ``sides`` (start, stop) that can hold a chip."""

    start: int
    stop: int
    sides: tuple[tuple[int, int], ...]


def spatial_block(
    scored: tuple[NDArray[np.int64], NDArray[np.int64]],
    landslide: tuple[NDArray[np.int64], NDArray[np.int64]],
    chip: int,
) -> Block:
    """Choose the band that validates: about a fifth of the scored pixels, across the longer axis if possible.

    Of the positions at which both parts hold landslides, the one is taken whose landslide share is nearest to that
    of the whole area; among equals the one that leaves most to train on. It does not depend on the seed.

    Args:
        scored: Scored pixels of each row and of each column.
        landslide: Landslide pixels likewise.
        chip: Side of a training chip, pixels.

    Raises:
        ScarpError: The area is too small for both parts, or all landslides lie in one place.
    """
    height, width = len(scored[0]), len(scored[1])
    axes = (0, 1) if height >= width else (1, 0)
    fits = False
    for axis in axes:
        cuts = _cuts(scored[axis], chip)
        fits = fits or bool(cuts)
        best = _best(cuts, scored[axis], landslide[axis])
        if best is not None:
            training = tuple(_band(axis, *side, height, width) for side in best.sides)
            return Block(_band(axis, best.start, best.stop, height, width), training, GAP, ("rows", "columns")[axis])
    if fits:
        raise ScarpError(
            "All landslides lie so close together that either the training part or the validation block would hold "
            "none. Label landslides in more than one place, or enlarge the interpreted area."
        )
    raise ScarpError(
        f"The interpreted area has {height} x {width} px: too small for chips of {chip} px, a gap of {GAP} px and a "
        f"validation block of {VALIDATION_SHARE:.0%}. Enlarge EXTENT or AREA, or choose a smaller CHIP."
    )


def _cuts(scored: NDArray[np.int64], chip: int) -> list[_Cut]:
    """Bands of about a fifth of the scored pixels that leave room for a chip on at least one side."""
    length, before = len(scored), np.concatenate([[0], scored.cumsum()])
    total = before[-1]
    cuts = []
    for share in np.linspace(0, 1 - VALIDATION_SHARE, _POSITIONS):
        start = int(np.searchsorted(before, share * total, "right")) - 1
        stop = int(np.searchsorted(before, (share + VALIDATION_SHARE) * total, "left"))
        sides = tuple((a, b) for a, b in ((0, start - GAP), (stop + GAP, length)) if b - a >= chip)
        if stop > start and sides:
            cuts.append(_Cut(start, stop, sides))
    return cuts


def _best(cuts: list[_Cut], scored: NDArray[np.int64], landslide: NDArray[np.int64]) -> _Cut | None:
    whole = landslide.sum() / max(scored.sum(), 1)
    ranked = []
    for cut in cuts:
        inside = landslide[cut.start : cut.stop].sum()
        outside = sum(int(landslide[a:b].sum()) for a, b in cut.sides)
        if inside and outside:
            share = inside / scored[cut.start : cut.stop].sum()
            trained = sum(int(scored[a:b].sum()) for a, b in cut.sides)
            ranked.append((round(abs(share - whole), 4), -trained, cut.start, cut))
    return min(ranked, key=lambda item: item[:3])[3] if ranked else None


def _band(axis: int, start: int, stop: int, height: int, width: int) -> Window:
    return Window(start, 0, stop - start, width) if axis == 0 else Window(0, start, height, stop - start)
