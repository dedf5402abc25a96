"""Tile size and overlap: what the user asked for, or what a network needs to see around each pixel.

What counts is the distance of a pixel from the tile's edge in pixels, not the share of the tile. On the Hokkaido
event, probabilities of trained networks were off by more than 0.03 (against a tile that reaches far beyond)

* of a U-Net of four poolings, which can see 96 px: at 15 % of the pixels 16 px from the edge, 10 % at 32 px, 2 to 4 %
  at 48 px, 0.02 to 0.3 % at 56 px, and nowhere from 64 px on, alike in tiles of 128, 256 and 320 px;
* of a ScarpNet, which looks further around on its coarse levels and can see 168 px: at 15 % at 32 px, 7 % at 64 px, 2 %
  at 80 px, 0.6 % at 96 px, 0.04 % at 112 px, and nowhere from 120 px on.

What a network makes use of is thus about seven twelfths of what it can see: so much is kept as context.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import ScarpError
from ..reporter import Reporter
from .lattice import FADE, STEP, Lattice

USED = 7, 12
"""Share of its reach that a network makes use of, as a fraction: what is discarded at a tile's edge."""

DEFAULT_TILE = 512

LARGEST_TILE = 1024
"""Larger tiles save little overlap, and make cancel, progress and the last tile wait."""

CHIP_OVERLAP = 32
"""Of chip-sized tiles whose result depends on the tile anyway: only the seams have to be hidden."""


def needed_overlap(reach: int) -> int:
    """Pixels that neighbouring tiles should share, for a network that can see ``reach`` pixels around each."""
    share, whole = USED
    return _round_up(2 * share * reach / whole + FADE)


@dataclass(frozen=True)
class Tiling:
    """What decides about tiles: the user's wishes and the network.

    Attributes:
        tile: TILE, pixels; None: not asked for.
        overlap: OVERLAP, share of the tile; None: not asked for.
        reach: How far the network can see around a pixel, pixels.
        chip: Side of the chips that the network was trained on, pixels.
        bound_to_chip: The result depends on the size of the tile by construction (the network pools over all of it,
            or its features are normalised chip by chip), so it runs at the size of its chips.
    """

    tile: int | None
    overlap: float | None
    reach: int
    chip: int
    bound_to_chip: bool

    @property
    def wanted(self) -> int:
        """Pixels that neighbouring tiles should share."""
        return CHIP_OVERLAP if self.bound_to_chip else needed_overlap(self.reach)

    def lattices(self, height: int, width: int, reporter: Reporter) -> list[Lattice]:
        """All that make sense for a grid of ``height`` x ``width`` pixels, small tiles first.

        Raises:
            ScarpError: A tile was asked for that is no multiple of 32, or not the chip size of a network that is
                bound to it.
        """
        if self.bound_to_chip:
            sides = [_chip_tile(self.tile, self.chip)]
        elif self.tile is not None:
            sides = [_asked_tile(self.tile, self.overlap, 2 * self.wanted, reporter)]
        else:
            enough = max(_round_up(max(height, width) + self.wanted), 2 * self.wanted)
            most = min(enough, max(LARGEST_TILE, 4 * self.wanted))
            sides = list(range(min(most, 2 * self.wanted), most + 1, STEP))
        return [self._lattice(height, width, side) for side in sides]

    def _lattice(self, height: int, width: int, tile: int) -> Lattice:
        if self.overlap is None:
            shared = min(self.wanted, tile // 2 // STEP * STEP)
        else:
            shared = min(round(self.overlap * tile / STEP) * STEP, tile - STEP)
        # Networks that look at the whole tile see a scene of one chip as they saw that chip in training: unmirrored.
        return Lattice(height, width, tile, shared, 0 if self.bound_to_chip else _round_up(shared / 2))

    def say(self, lattice: Lattice, reporter: Reporter) -> None:
        """Tell what the tiles cost, and warn where they share too little."""
        rows, columns = lattice.rows.count, lattice.columns.count
        tax = rows * columns * lattice.tile**2 / (lattice.height * lattice.width)
        reporter.info(
            f"Tiles of {lattice.tile} px that overlap by {lattice.overlap} px: {rows} x {columns} for the whole grid, "
            f"{tax:.2f} pixels computed for each one mapped."
        )
        if lattice.overlap < self.wanted:
            reporter.warning(
                f"Neighbouring tiles share only {lattice.overlap} px. Below {self.wanted} px this network sees too "
                "little around a tile's edge, and seams may show. Leave TILE and OVERLAP unset, or choose larger ones."
            )


def choose_lattice(
    height: int,
    width: int,
    *,
    tile: int | None,
    overlap: float | None,
    reach: int,
    chip: int,
    bound_to_chip: bool,
    reporter: Reporter,
) -> Lattice:
    """Choose tiles of moderate size where the user left it open, check them where not, and say what they cost.

    Args:
        height: Of the scene's grid, pixels.
        width: Of the scene's grid, pixels.
        tile: See `Tiling`, as for the others.
        overlap: Share of the tile.
        reach: Pixels.
        chip: Pixels.
        bound_to_chip: Whether the tile has to be ``chip``.
        reporter: Told the choice.

    Raises:
        ScarpError: See `Tiling.lattices`.
    """
    tiling = Tiling(tile, overlap, reach, chip, bound_to_chip)
    found = tiling.lattices(height, width, reporter)
    moderate = [lattice for lattice in found if lattice.tile <= max(DEFAULT_TILE, 4 * tiling.wanted)]
    lattice = moderate[-1] if len(moderate) > 1 else found[0]
    tiling.say(lattice, reporter)
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
