"""Tile size and overlap: chosen, checked, and said."""

from __future__ import annotations

import pytest
from scarp.core.errors import ScarpError
from scarp.core.inference.tiling import choose_lattice
from scarp.core.reporter import Reporter


def chosen(**changes):
    arguments = {"tile": None, "overlap": None, "reach": 96, "chip": 128, "bound_to_chip": False}
    return choose_lattice(2000, 3000, **{**arguments, "reporter": Reporter(), **changes})


def test_global_networks_run_at_the_size_of_their_chips():
    assert (chosen(bound_to_chip=True).tile, chosen(bound_to_chip=True).margin) == (128, 0)
    with pytest.raises(ScarpError, match="set it to 128"):
        chosen(bound_to_chip=True, tile=256)


def test_tiles_that_are_no_multiple_of_32_are_refused():
    with pytest.raises(ScarpError, match="such as 192 or 224"):
        chosen(tile=200)


@pytest.mark.parametrize(("tile", "share", "pixels"), [(128, 0.5, 64), (256, 0.75, 192), (64, 0.75, 32), (32, 0.75, 0)])
def test_overlap_is_a_share_of_the_tile(tile, share, pixels):
    assert chosen(tile=tile, overlap=share).overlap == pixels


def test_small_tiles_are_enlarged_unless_the_user_insists():
    said = []
    reporter = Reporter(log=lambda level, text: said.append((level, text)))
    assert (chosen(tile=128, reporter=reporter).tile, said[0][0]) == (256, "warning")
    assert chosen(tile=128, overlap=0.5).tile == 128
    assert chosen(tile=384).tile == 384


def test_too_little_overlap_is_said():
    said = []
    chosen(tile=256, overlap=0.0, reporter=Reporter(log=lambda level, text: said.append((level, text))))
    assert [level for level, _ in said] == ["info", "warning"]


@pytest.mark.parametrize(
    ("reach", "tile", "overlap"), [(24, 512, 64), (96, 512, 128), (168, 896, 224), (192, 1024, 256)]
)
def test_networks_that_see_further_get_more_context(reach, tile, overlap):
    lattice = chosen(reach=reach)
    assert (lattice.tile, lattice.overlap) == (tile, overlap)


def test_a_small_scene_gets_one_small_tile():
    lattice = choose_lattice(
        60, 200, tile=None, overlap=None, reach=96, chip=128, bound_to_chip=False, reporter=Reporter()
    )
    assert (lattice.tile, lattice.rows.count, lattice.columns.count) == (352, 1, 1)
