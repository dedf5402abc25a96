"""What fits into the memory that a mapping may take: size of tiles, how many at once, cache of GDAL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import ScarpError
from .blending import STRIP_ROWS
from .lattice import Lattice
from .reading import READ_AHEAD

MB = 2**20

MEMORY = 1500.0
"""What a worker takes where nothing else is asked for, MB."""

# Not measured: the same input on the same machine must be cut into the same tiles.
_LIBRARIES = 400 * MB  # torch, GDAL, OpenCV and Python
_HEAP = 1.4  # what malloc cannot use again where blocks of several threads lie between each other
_READING = 240  # bytes: inputs, their validity and the engineered bands of a pixel while it is read
_LANE_PENALTY = 0.15  # what is lost where lanes share the cores, see `Lanes`


@dataclass(frozen=True)
class Load:
    """What a mapping has to hold.

    Attributes:
        channels: Of the network's input.
        layers: Rasters that are blended.
        network: Bytes that the network takes for each pixel of a tile. weights: bytes of its weights.
        blocks: Bytes of the source blocks that a row of tiles should find in GDAL's cache.
    """

    channels: int
    layers: int
    network: float
    weights: int
    blocks: int


@dataclass(frozen=True)
class Shares:
    """How memory is shared out.

    Attributes:
        lattice: The tiles.
        lanes: Batches computed at once.
        batch: Bytes for the network in each lane.
        cache: Bytes for GDAL's block cache.
        keep: Bytes that the process may hold before it gives back what is free.
    """

    lattice: Lattice
    lanes: int
    batch: int
    cache: int
    keep: int


def share_out(lattices: Sequence[Lattice], load: Load, memory: float | None, cores: int) -> Shares:
    """Choose the tiles and the lanes that map fastest within a budget.

    Larger tiles spend less on overlaps, if they do not reach far beyond the grid; as many lanes as cores waste no time
    waiting. Where both do not fit, what costs least wins.

    Args:
        lattices: To choose from.
        load: What has to be held.
        memory: MB in all; None: `MEMORY`.
        cores: That torch may use on a CPU; 1 for a GPU.

    Raises:
        ScarpError: None fits, and ``memory`` was asked for.
    """
    total = int((MEMORY if memory is None else memory) * MB)
    keep = int(0.8 * total)
    cache = min(max(load.blocks, 32 * MB), total // 5)
    best: tuple[float, Shares] | None = None
    least = float("inf"), Shares(lattices[0], 1, 0, cache, keep)
    for lanes in sorted({max(cores // share, 1) for share in (1, 2, 4, 8, 16, cores)}):
        for lattice in lattices:
            batch = int(load.network * lattice.tile**2)
            shares = Shares(lattice, lanes, batch, cache, keep)
            need = _LIBRARIES + load.weights + cache + _HEAP * (held(load, lattice, lanes) + lanes * batch)
            least = min(least, (need, shares), key=lambda found: found[0])
            tiles = lattice.rows.count * lattice.columns.count
            if need > total or lanes > tiles:
                continue
            cost = tiles * lattice.tile**2 * (1 + _LANE_PENALTY * (lanes < cores))
            if best is None or cost < best[0]:
                best = cost, shares
    if best is not None:
        return best[1]
    if memory is not None:
        raise ScarpError(
            f"MEMORY is {memory:g} MB, but {least[0] / MB:.0f} MB are needed for this network in tiles of "
            f"{least[1].lattice.tile} px and a scene {least[1].lattice.width} px wide. Allow more, set a smaller TILE, "
            "cut the scene, or use a smaller network."
        )
    return least[1]


def held(load: Load, lattice: Lattice, lanes: int) -> int:
    """Bytes outside of the network: shared rows, tiles on their way, what is being read, rows not finished."""
    x = 4 * load.channels + 1
    shared = lattice.width * lattice.overlap * x
    under_way = lattice.tile**2 * x * (lanes + READ_AHEAD + 2)
    reading = lattice.tile * (lattice.tile - lattice.overlap) * (x + _READING)
    unfinished = lattice.width * (lattice.tile + 2 * STRIP_ROWS) * (4 * load.layers + 1) * 2
    return shared + under_way + reading + unfinished
