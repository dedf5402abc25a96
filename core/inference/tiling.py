"""Tile size and overlap: what the user asked for, or what a network needs to see around each pixel.

What counts is the distance of a pixel from the tile's edge in pixels, not the share of the tile. For a U-Net of four
poolings trained on the Hokkaido event, probabilities were off by more than 0.03 (against a tile of 1024 px) at 16 % of
the pixels 16 px from the edge, at 10 % at 32 px, 2 to 4 % at 48 px, 0.02 % at 56 px and nowhere from 60 px on, alike in
tiles of 128 and 256 px. The distance grows with the coarsest level: 3.5 of its pixels are kept as context.
"""

from __future__ import annotations

from ..errors import ScarpError
from ..reporter import Reporter
from .lattice import FADE, STEP, Lattice

CONTEXT = 3.5
"""Pixels of a network's coarsest level that are discarded at a tile's edge."""

DEFAULT_TILE = 512

CHIP_OVERLAP = 32
"""Of chip-sized tiles whose result depends on the tile anyway: only the seams have to be hidden."""


def needed_overlap(stride: int) -> int:
    """Pixels that neighbouring tiles should share, for a network whose coarsest level has pixels of ``stride``."""
    return _round_up(2 * CONTEXT * stride + FADE)


def choose_lattice(
    height: int,
    width: int,
    *,
    tile: int | None,
    overlap: float | None,
    stride: int,
    chip: int,
    bound_to_chip: bool,
    reporter: Reporter,
) -> Lattice:
    """Choose tile size and overlap where the user left them open, check them where not, and say what they cost.

    Args:
        height: Of the scene's grid, pixels.
        width: Of the scene's grid, pixels.
        tile: TILE, pixels.
        overlap: OVERLAP, share of the tile.
        stride: Side of a pixel of the network's coarsest level, pixels.
        chip: Side of the chips that the network was trained on, pixels.
        bound_to_chip: The result depends on the size of the tile by construction (the network pools over all of it,
            or its features are normalised chip by chip), so it runs at the size of its chips.
        reporter: Told the choice.

    Raises:
        ScarpError: A tile that is no multiple of 32, or not the chip size of a network that is bound to it.
    """
    wanted = CHIP_OVERLAP if bound_to_chip else needed_overlap(stride)
    if bound_to_chip:
        chosen = _chip_tile(tile, chip)
    elif tile is None:
        enough = _round_up(max(height, width) + wanted)
        chosen = min(max(enough, 2 * wanted), max(DEFAULT_TILE, 4 * wanted))
    else:
        chosen = _asked_tile(tile, overlap, 2 * wanted, reporter)
    if overlap is None:
        shared = min(wanted, chosen // 2 // STEP * STEP)
    else:
        shared = min(round(overlap * chosen / STEP) * STEP, chosen - STEP)
    # Networks that look at the whole tile see a scene of one chip as they saw that chip in training: unmirrored.
    margin = 0 if bound_to_chip else _round_up(shared / 2)
    lattice = Lattice(height, width, chosen, shared, margin)
    reporter.info(
        f"Tiles of {chosen} px that overlap by {shared} px: {lattice.rows.count} x {lattice.columns.count} for the "
        f"whole grid, {lattice.tax:.2f} pixels computed for each one mapped."
    )
    if shared < wanted:
        reporter.warning(
            f"Neighbouring tiles share only {shared} px. Below {wanted} px this network sees too little around "
            "a tile's edge, and seams may show. Leave TILE and OVERLAP unset, or choose larger ones."
        )
    return lattice


def _chip_tile(tile: int | None, chip: int) -> int:
    if tile not in (None, chip):
        raise ScarpError(
            f"TILE is {tile} px, but this network or its features look at the whole tile at once, so it works "
            f"only at the size of its training chips. Leave TILE unset, or set it to {chip}."
        )
    return chip


def _asked_tile(tile: int, overlap: float | None, smallest: int, reporter: Reporter) -> int:
    if tile % STEP:
        below = max(tile // STEP, 1) * STEP
        raise ScarpError(f"TILE is {tile} px; choose a multiple of {STEP}, such as {below} or {below + STEP}.")
    if tile >= smallest or overlap is not None:
        return tile
    reporter.warning(
        f"TILE: {smallest} px instead of {tile}, because this network sees too little around the pixels of smaller "
        "tiles, and seams would show. Set OVERLAP as well to insist."
    )
    return smallest


def _round_up(pixels: float) -> int:
    """The next multiple of `STEP`."""
    return int(-(-pixels // STEP)) * STEP
