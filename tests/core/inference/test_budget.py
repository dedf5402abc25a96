"""Memory decides about tiles and lanes, and the same input is always cut alike."""

from __future__ import annotations

import pytest
import torch
from scarp.core.errors import ScarpError
from scarp.core.inference.budget import MB, Load, held, share_out
from scarp.core.inference.footprint import bytes_per_pixel
from scarp.core.inference.tiling import Tiling
from scarp.core.reporter import Reporter
from scarp.models import create

QUIET = Reporter(log=lambda *line: None)
LOAD = Load(channels=23, layers=1, network=768.0, weights=8 * MB, blocks=50 * MB)


def lattices(side, **changes):
    wishes = {"tile": None, "overlap": None, "reach": 96, "chip": 128, "bound_to_chip": False, **changes}
    return Tiling(**wishes).lattices(side, side, QUIET)


def test_more_memory_means_less_overlap_and_more_lanes():
    found = [share_out(lattices(4096), LOAD, memory, 4) for memory in (1000, 2000, 4000, 16000)]
    taxes = [one.lattice.rows.count**2 * one.lattice.tile**2 * (1 + 0.15 * (one.lanes < 4)) for one in found]
    assert taxes == sorted(taxes, reverse=True)
    assert found[-1].lanes == 4
    assert found[-1].lattice.tile > found[0].lattice.tile


@pytest.mark.parametrize("memory", [None, 1200, 3000])
@pytest.mark.parametrize("side", [700, 4096, 10980])
def test_what_is_chosen_fits(memory, side):
    shares = share_out(lattices(side), LOAD, memory, 2)
    assert (
        held(LOAD, shares.lattice, shares.lanes) + shares.lanes * shares.batch + shares.cache <= (memory or 1500) * MB
    )
    assert shares.lanes <= shares.lattice.rows.count * shares.lattice.columns.count


def test_too_little_memory_is_refused_with_the_need_and_without_a_wish_the_least_is_taken():
    with pytest.raises(ScarpError, match=r"MEMORY is 600 MB, but \d+ MB are needed.*Allow more"):
        share_out(lattices(60000), LOAD, 600, 2)
    assert share_out(lattices(60000), LOAD, None, 2).lanes == 1


def test_a_tile_that_was_asked_for_is_taken():
    assert share_out(lattices(4096, tile=384), LOAD, None, 2).lattice.tile == 384
    assert share_out(lattices(4096, bound_to_chip=True), LOAD, None, 2).lattice.tile == 128


def test_tiles_that_reach_far_beyond_the_grid_are_avoided():
    shares = share_out(lattices(1100), LOAD, 8000, 1)
    processed = shares.lattice.rows.count**2 * shares.lattice.tile**2
    assert processed == min(one.rows.count**2 * one.tile**2 for one in lattices(1100))


def test_the_footprint_counts_what_lives_at_once():
    """Input, and a map of twice the channels, and its successor: three are alive together, not all ten."""
    chain = torch.nn.Sequential(*(torch.nn.Conv2d(8 if not n else 16, 16, 1) for n in range(10)))
    found = bytes_per_pixel(chain, 8, torch.device("cpu"))
    assert 4 * (8 + 16 + 16) <= found <= 2 * 4 * (8 + 16 + 16)
    net = create("unet", 23, widths=(16, 32, 64)).eval()
    # Input, skip, upsampled map and their concatenation.
    assert found < bytes_per_pixel(net, 23, torch.device("cpu")) >= 4 * (23 + 16 + 32 + 48)
