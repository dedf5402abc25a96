"""Tiles are cut from features that are read once; stages in threads keep order, pass errors on, and stop."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inference_standins import ArrayReader, Said, scene
from scarp.core.errors import Cancelled
from scarp.core.inference.ahead import ahead
from scarp.core.inference.lattice import Lattice
from scarp.core.inference.panels import Panels
from scarp.core.inference.reading import Skipped, tiles
from scarp.core.inference.standardising import Standardisation
from scarp.core.inference.writing import Behind
from scarp.core.reporter import Reporter
from scarp.core.scene.grid import Window

QUIET = Reporter(log=lambda *line: None)


class CountingReader(ArrayReader):
    """Counts how often each pixel is read."""

    def __init__(self, features, valid=None):
        super().__init__(features, valid)
        self.reads = np.zeros(self.valid.shape, int)

    def planes(self, window):
        self.reads[window.slices(Window(0, 0, *self.valid.shape))] += 1
        return super().planes(window)


@st.composite
def lattices(draw):
    tile = 32 * draw(st.integers(1, 5))
    overlap = 32 * draw(st.integers(0, tile // 32 - 1))
    height, width = draw(st.integers(1, 400)), draw(st.integers(1, 400))
    return Lattice(height, width, tile, overlap, draw(st.sampled_from([0, -(-overlap // 64) * 32])))


@settings(deadline=None, max_examples=60)
@given(lattices(), st.integers(1, 3), st.data())
def test_every_tile_holds_its_mirrored_features_and_each_pixel_is_read_once(lattice, run, data):
    height, width = lattice.height, lattice.width
    row, col = data.draw(st.integers(0, height - 1)), data.draw(st.integers(0, width - 1))
    window = Window(row, col, data.draw(st.integers(1, height - row)), data.draw(st.integers(1, width - col)))
    reader = CountingReader(scene(height, width, 2))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("scarp.core.inference.reading.READ_PIXELS", run * lattice.tile * (lattice.tile - lattice.overlap))
        found = list(tiles(reader, lattice, window, Standardisation([1.0, 2.0], [2.0, 0.5]), QUIET))
    assert reader.reads.max() == 1
    expected = (reader.features - np.array([1, 2])[:, None, None]) / np.array([2, 0.5])[:, None, None]
    for tile in found:
        rows, columns = (
            axis.mirrored(axis.start(index), axis.start(index) + axis.tile)
            for axis, index in ((lattice.rows, tile.row), (lattice.columns, tile.column))
        )
        part = expected[:, rows[:, None], columns]
        np.testing.assert_allclose(tile.x, np.moveaxis(part, 0, -1), rtol=1e-5, atol=1e-6)
        assert tile.valid.all()
    counted = lattice.rows.touching(row, row + window.height), lattice.columns.touching(col, col + window.width)
    assert [(tile.row, tile.column) for tile in found] == [(r, c) for r in counted[0] for c in counted[1]]


def test_tiles_apart_are_read_one_by_one():
    reader = CountingReader(scene(200, 230, 1))
    lattice = Lattice(200, 230, 64, 32, 0)
    found = list(tiles(reader, lattice, Window(0, 0, 200, 230), Standardisation([0.0], [1.0]), QUIET, apart=True))
    assert reader.largest == 64 * 64
    assert reader.reads.max() == 4
    assert len(found) == lattice.rows.count * lattice.columns.count


def test_what_is_kept_is_the_overlap_of_one_row():
    lattice = Lattice(5000, 900, 128, 64, 32)
    panels = Panels(ArrayReader(np.zeros((1, 1, 1))), lattice, Standardisation([0.0], [1.0]), range(78), range(14))
    assert panels._x.shape == (64, 900, 1)


def test_invalid_pixels_are_zero_and_tiles_without_any_other_are_counted():
    features, valid = scene(64, 192, 2), np.ones((64, 192), bool)
    valid[:, 60:] = False
    features[:, ~valid] = np.nan
    lattice = Lattice(64, 192, 64, 0, 0)
    first, *rest = tiles(
        ArrayReader(features, valid), lattice, Window(0, 0, 64, 192), Standardisation([9, 9], [1, 1]), QUIET
    )
    assert (first.x[~first.valid] == 0).all()
    assert np.isfinite(first.x).all()
    assert rest == [Skipped(2)]


def test_ahead_keeps_the_order_and_its_bounds():
    made = []

    def items():
        for number in range(20):
            made.append(number)
            yield number

    for number in ahead(items(), 2, QUIET, "test"):
        assert made[-1] - number <= 4
        time.sleep(0.002)
    assert made == list(range(20))


def test_an_error_in_a_thread_arrives_in_its_place_and_cancel_ends_the_wait():
    def failing():
        yield 1
        raise OSError("truncated")

    found = ahead(failing(), 2, QUIET, "test")
    assert next(found) == 1
    with pytest.raises(OSError, match="truncated"):
        next(found)

    released, closed = threading.Event(), threading.Event()

    def slow():
        try:
            released.wait(0.5)
            yield 1
            yield 2
        finally:
            closed.set()

    with pytest.raises(Cancelled):
        next(ahead(slow(), 1, Said().reporter(lambda: True), "test"))
    assert closed.is_set()


def test_what_is_written_behind_is_in_order_and_complete():
    written = []
    with Behind(lambda item: (time.sleep(0.002), written.append(item)), QUIET) as behind:
        for number in range(9):
            behind.put(number)
    assert written == list(range(9))


def hand_over(write, count):
    with Behind(write, QUIET) as behind:
        for number in range(count):
            behind.put(number)


@pytest.mark.parametrize("count", [1, 100])
def test_an_error_in_writing_stops_whoever_hands_over(count):
    def full(item):
        raise OSError("No space left on device")

    with pytest.raises(OSError, match="No space"):
        hand_over(full, count)


def test_nothing_is_written_after_an_error_elsewhere():
    written, started = [], threading.Event()

    def slowly(item):
        started.set()
        time.sleep(0.05)
        written.append(item)

    behind = Behind(slowly, QUIET)
    behind.__enter__()
    for number in range(3):
        behind.put(number)
    started.wait()
    behind.__exit__(ValueError, ValueError(), None)
    assert len(written) < 3
    assert not behind._thread.is_alive()
