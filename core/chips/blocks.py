"""The spatial split of a scene: one band of it validates, another may test, and gaps keep training chips away."""

from __future__ import annotations

from collections.abc import Sequence
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
        test: The band that is kept for the test; None where there is none.
        whole: The rectangles that may be learned from in the end: all but the test band and its gap.
    """

    validation: Window
    training: tuple[Window, ...]
    gap: int
    along: str
    test: Window | None = None
    whole: tuple[Window, ...] = ()

    def place(self, origin: Window, band: Window | None = None) -> str:
        """Where a band (None: that of the validation) lies in the grid that holds ``origin``: ``rows 163 to 344``."""
        band = (band or self.validation).shift(origin.row, origin.col)
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
    test: tuple[int, int] | None = None,
) -> Block:
    """Choose the band that validates: about a fifth of the scored pixels, across the longer axis if possible.

    With ``test`` the longer axis is cut into bands of equally many scored pixels first; one of them tests, and the
    validation is chosen within what is left beyond the gap.

    Of the positions at which both parts hold landslides, the one is taken whose landslide share is nearest to that
    of the whole area; among equals the one that leaves most to train on. It does not depend on the seed.

    Args:
        scored: Scored pixels of each row and of each column.
        landslide: Landslide pixels likewise.
        chip: Side of a training chip, pixels.
        test: Number of the band that tests (from 1) and of how many; None: there is no test.

    Raises:
        ScarpError: The area is too small for both parts, or all landslides lie in one place.
    """
    height, width = len(scored[0]), len(scored[1])
    axes = (0, 1) if height >= width else (1, 0)
    fits = False
    # All blocks must lie along one axis: else they would overlap.
    for axis in axes if test is None else axes[:1]:
        length = len(scored[axis])
        tested = _tested(scored[axis], landslide[axis], *test) if test else None
        segments = ((0, length),) if tested is None else ((0, tested[0] - GAP), (tested[1] + GAP, length))
        cuts = _cuts(scored[axis], chip, segments)
        fits = fits or bool(cuts)
        best = _best(cuts, scored[axis], landslide[axis])
        if best is not None:
            training = tuple(_band(axis, *side, height, width) for side in best.sides)
            return Block(
                _band(axis, best.start, best.stop, height, width),
                training,
                GAP,
                ("rows", "columns")[axis],
                _band(axis, *tested, height, width) if tested else None,
                tuple(_band(axis, a, b, height, width) for a, b in segments if b - a >= chip),
            )
    if fits:
        raise ScarpError(
            "All landslides lie so close together that either the training part or the validation block would hold "
            "none. Label landslides in more than one place, or enlarge the interpreted area."
        )
    raise ScarpError(
        f"The interpreted area has {height} x {width} px: too small for chips of {chip} px, a gap of {GAP} px and a "
        f"validation block of {VALIDATION_SHARE:.0%}{f' beside block {test[0]} of {test[1]}' if test else ''}. Enlarge "
        "EXTENT or AREA, or choose a smaller CHIP."
    )


def _tested(scored: NDArray[np.int64], landslide: NDArray[np.int64], number: int, count: int) -> tuple[int, int]:
    """First row (or column) of one of ``count`` bands, and the one after its last."""
    before = np.concatenate([[0], scored.cumsum()])
    edges = np.searchsorted(before, np.arange(count + 1) / count * before[-1], "left")
    edges[0], edges[-1] = 0, len(scored)
    start, stop = int(edges[number - 1]), int(edges[number])
    if not landslide[start:stop].any():
        raise ScarpError(
            f"Block {number} of {count} holds no landslide, so nothing could be tested on it. Choose another one, or "
            "fewer BLOCKS."
        )
    return start, stop


def _cuts(scored: NDArray[np.int64], chip: int, segments: Sequence[tuple[int, int]]) -> list[_Cut]:
    """Bands inside a segment with about a fifth of the segments' scored pixels that leave room for a chip."""
    free = np.zeros_like(scored)
    for a, b in segments:
        free[max(a, 0) : max(b, 0)] = scored[max(a, 0) : max(b, 0)]
    before = np.concatenate([[0], free.cumsum()])
    total = before[-1]
    cuts = []
    for share in np.linspace(0, 1 - VALIDATION_SHARE, _POSITIONS):
        start = int(np.searchsorted(before, share * total, "right")) - 1
        stop = int(np.searchsorted(before, (share + VALIDATION_SHARE) * total, "left"))
        pieces = [side for a, b in segments for side in ((a, min(b, start - GAP)), (max(a, stop + GAP), b))]
        sides = tuple((a, b) for a, b in pieces if b - a >= chip)
        inside = any(a <= start and stop <= b for a, b in segments)
        if stop > start and sides and inside:
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
