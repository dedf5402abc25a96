"""Scene mode does not depend on how the scene is cut."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scarp.core.errors import ScarpError
from scarp.core.features import FeatureReader, compute
from scarp.core.features.lattice import CELL
from scarp.core.scene.grid import Window

NAMES = ("B02", "B03", "B04", "B08")
CHANNELS = "b08,local,contrast,ndvi,gray,blurs,gradients,edge,gaussian"
HEIGHT, WIDTH = 2 * CELL + 37, 3 * CELL + 1


class MemoryScene:
    """What a FeatureReader uses of a scene; counts how many pixels were read."""

    def __init__(self, array, valid, names=NAMES, engineered=False):
        self.array, self.valid, self.names, self.engineered = array, valid, tuple(names), engineered
        self.grid = SimpleNamespace(height=array.shape[1], width=array.shape[2])
        self.pixels = 0

    def read(self, window, names):
        rows = slice(window.row, window.row + window.height)
        cols = slice(window.col, window.col + window.width)
        self.pixels += window.height * window.width
        return self.array[[self.names.index(n) for n in names], rows, cols], self.valid[rows, cols]


def make_scene(seed, holes):
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    array = np.empty((4, HEIGHT, WIDTH), np.float32)
    for band in array:
        waves = np.sin(x / rng.uniform(5, 90)) + np.sin(y / rng.uniform(5, 90) + x / 30)
        band[:] = np.rint(rng.uniform(200, 3000) * (2.2 + waves) + rng.normal(0, 60, band.shape))
    valid = np.ones((HEIGHT, WIDTH), bool)
    for row, col, height, width in holes:
        valid[row : row + height, col : col + width] = False
    array[:, ~valid] = 0
    return MemoryScene(array, valid)


HOLE = st.tuples(
    st.integers(0, HEIGHT - 1), st.integers(0, WIDTH - 1), st.integers(1, 2 * CELL + 9), st.integers(1, CELL + 60)
)


@st.composite
def windows(draw):
    row, col = draw(st.integers(0, HEIGHT - 1)), draw(st.integers(0, WIDTH - 1))
    return Window(row, col, draw(st.integers(1, HEIGHT - row)), draw(st.integers(1, WIDTH - col)))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 99), st.lists(HOLE, max_size=3), st.lists(windows(), min_size=1, max_size=5))
def test_any_window_equals_the_whole(seed, holes, cuts):
    scene = make_scene(seed, holes)
    whole, names = compute(scene.array, NAMES, CHANNELS, valid=scene.valid)
    reader = FeatureReader(scene, CHANNELS)
    assert reader.channels == names
    for window in cuts:
        array, valid = reader.read(window)
        inner = window.slices(Window(0, 0, HEIGHT, WIDTH))
        np.testing.assert_array_equal(valid, scene.valid[inner])
        np.testing.assert_allclose(array, whole[(slice(None), *inner)], rtol=0, atol=1e-6)
        planes, same = reader.planes(window)
        np.testing.assert_array_equal(np.stack(planes), array)
        np.testing.assert_array_equal(same, valid)


def test_an_array_is_stretched_by_its_place_in_the_scene():
    array = make_scene(3, []).array[:, : 2 * CELL, : 2 * CELL]
    at_origin, _ = compute(array, NAMES, "local")
    elsewhere, _ = compute(array, NAMES, "local", origin=(5 * CELL, 7 * CELL))
    between, _ = compute(array, NAMES, "local", origin=(5 * CELL + 9, 7 * CELL))
    np.testing.assert_array_equal(at_origin, elsewhere)
    assert np.abs(at_origin - between).max() > 1e-3


def test_local_contrast_follows_dark_and_bright_ground_without_steps():
    rng = np.random.default_rng(0)
    band = rng.normal(100, 5, (1, CELL, 6 * CELL)).astype(np.float32)
    band[..., 3 * CELL :] = band[..., 3 * CELL :] * 20 + 900
    local = compute(band, ["B04"], "red_local")[0][0]
    dark, bright = local[:, : 2 * CELL], local[:, 4 * CELL :]
    assert abs(dark.mean() - bright.mean()) < 0.1
    assert dark.std() == pytest.approx(bright.std(), rel=0.2)
    cell_edges = np.arange(CELL, 6 * CELL, CELL)[[0, 1, 3, 4]]
    assert np.abs(np.diff(local.mean(axis=0)))[cell_edges - 1].max() < 0.05


def test_every_cell_is_measured_once():
    scene = make_scene(0, [])
    reader = FeatureReader(scene, "local,gray")

    def read():
        before = scene.pixels
        for row in range(0, HEIGHT, 64):
            reader.read(Window(row, 0, min(64, HEIGHT - row), WIDTH))
        return scene.pixels - before

    assert HEIGHT * WIDTH < read() <= 3 * HEIGHT * WIDTH
    assert read() == HEIGHT * WIDTH


def test_chip_mode_stretches_each_window():
    scene = make_scene(1, [])
    window = Window(10, 20, 128, 128)
    array, _ = FeatureReader(scene, CHANNELS, mode="chip").read(window)
    chip = scene.array[:, 10:138, 20:148]
    np.testing.assert_array_equal(array, compute(chip, NAMES, CHANNELS, mode="chip")[0])


def test_engineered_rasters_pass_through():
    scene = make_scene(2, [(0, 0, 9, 9)])
    scene.names, scene.engineered = ("ndvi", "b02", "blur", "gray"), True
    reader = FeatureReader(scene, ["blur", "ndvi"])
    array, valid = reader.read(Window(4, 5, 20, 30))
    np.testing.assert_array_equal(array, scene.array[[2, 0], 4:24, 5:35])
    assert not valid[:5, :4].any()
    assert FeatureReader(scene, "auto").channels == scene.names
    with pytest.raises(ScarpError, match=r"lacks slope; it has ndvi, b02, blur, gray"):
        FeatureReader(scene, "blur,slope")


@pytest.mark.parametrize("window", [Window(-1, 0, 5, 5), Window(0, 0, HEIGHT + 1, 5), Window(5, 5, 0, 5)])
def test_windows_outside_the_scene_are_refused(window):
    with pytest.raises(ScarpError, match="not inside the scene"):
        FeatureReader(make_scene(0, []), "b02").read(window)
