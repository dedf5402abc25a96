"""Tiling, batches, strips and extents are invisible; nodata and cancel go where they should."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from inference_standins import ArrayReader, PlainCard, Pointwise, Said, predictor, scene, whole_map
from scarp.core.errors import Cancelled
from scarp.core.inference.blending import RollingStrip
from scarp.core.inference.lattice import Lattice
from scarp.core.inference.mapping import map_scene
from scarp.core.scene.grid import Window
from scarp.models import create

CARD = PlainCard(mean=[5.0, 4.0, 6.0], std=[2.0, 1.0, 3.0])


def pointwise(features, model, card=CARD):
    x = (features - np.array(card.mean)[:, None, None]) / np.array(card.std)[:, None, None]
    weight, bias = model.conv.weight.detach().numpy()[:, :, 0, 0], model.conv.bias.detach().numpy()
    logits = np.einsum("kc,chw->khw", weight, x) + bias[:, None, None]
    return 1 / (1 + np.exp(logits[0] - logits[1]))


@settings(deadline=None, max_examples=25)
@given(st.integers(1, 300), st.integers(1, 300), st.sampled_from([(32, 0), (64, 32), (96, 64), (128, 32)]))
def test_pointwise_network_gives_its_own_result_everywhere(height, width, tiling):
    reader, model = ArrayReader(scene(height, width)), Pointwise(3)
    probability, spread, presence, valid = whole_map(reader, predictor(model, CARD, batch=3), *tiling)
    np.testing.assert_allclose(probability, pointwise(reader.features, model), atol=2e-6)
    assert valid.all()
    assert spread is None
    assert presence is None


@pytest.fixture(scope="module")
def net():
    torch.manual_seed(3)
    model = create("unet", 3, widths=(8, 16, 16, 16, 16))
    return model.eval()


def test_extent_changes_nothing(net):
    reader = ArrayReader(scene(330, 410))
    everything = whole_map(reader, predictor(net, CARD, batch=2), 128, 64)[0]
    for window in (Window(37, 111, 200, 150), Window(0, 400, 330, 10), Window(300, 5, 1, 1)):
        part = whole_map(reader, predictor(net, CARD, batch=2), 128, 64, window)[0]
        np.testing.assert_allclose(part, everything[window.slices(Window(0, 0, 330, 410))], atol=1e-5)


def test_batch_changes_nothing(net):
    reader = ArrayReader(scene(200, 260))
    one, many = (whole_map(reader, predictor(net, CARD, batch=n), 128, 64)[0] for n in (1, 7))
    np.testing.assert_allclose(one, many, atol=1e-5)


def test_lanes_change_nothing(net):
    reader = ArrayReader(scene(300, 260))
    one, *many = (whole_map(reader, predictor(net, CARD, batch=1), 128, 64, lanes=n)[0] for n in (1, 3, 3))
    np.testing.assert_allclose(one, many[0], atol=1e-6)
    np.testing.assert_array_equal(many[0], many[1])


def test_edges_are_mirrored_as_numpy_does(net):
    """One tile that holds the scene and its margins: the network sees the reflected features."""
    reader = ArrayReader(scene(50, 40))
    probability = whole_map(reader, predictor(net, CARD), 192, 64)[0]
    x = (reader.features - np.array(CARD.mean)[:, None, None]) / np.array(CARD.std)[:, None, None]
    padded = np.pad(x, ((0, 0), (32, 110), (32, 120)), mode="reflect").astype(np.float32)
    with torch.inference_mode():
        expected = torch.softmax(net(torch.from_numpy(padded[None])).mask, 1)[0, 1].numpy()
    np.testing.assert_allclose(probability, expected[32:82, 32:72], atol=1e-5)


def test_a_scene_of_one_chip_is_seen_as_that_chip(net):
    features = scene(128, 128)
    lattice = Lattice(128, 128, 128, 32, 0)
    ready = predictor(net, CARD)
    (strip,) = map_scene(ArrayReader(features), ready, lattice, Window(0, 0, 128, 128), Said().reporter())
    expected = ready.predict(features[None], np.ones((1, 128, 128), bool)).probability[0]
    np.testing.assert_allclose(strip.probability, expected, atol=1e-6)


def test_nodata_stays_where_it_is_and_is_the_mean_to_the_network(net):
    features, valid = scene(200, 200), np.ones((200, 200), bool)
    valid[60:80, 100:] = False
    mean = np.where(valid, features, np.array(CARD.mean, np.float32)[:, None, None])
    features[:, ~valid] = np.nan
    found, _, _, shown = whole_map(ArrayReader(features, valid), predictor(net, CARD, batch=2), 128, 64)
    np.testing.assert_array_equal(shown, valid)
    expected = whole_map(ArrayReader(mean), predictor(net, CARD, batch=2), 128, 64)[0]
    np.testing.assert_allclose(found[valid], expected[valid], atol=1e-5)
    assert (found[~valid] == 0).all()


def test_tiles_without_a_valid_pixel_are_skipped():
    valid = np.zeros((400, 400), bool)
    valid[5, 5] = True
    model = Pointwise(3)
    shown = whole_map(ArrayReader(scene(400, 400), valid), predictor(model, CARD, batch=1), 64, 32)[3]
    np.testing.assert_array_equal(shown, valid)
    assert sum(model.seen) <= 3  # preparing the precision, and the one tile


def test_memory_does_not_grow_with_the_height():
    held = []

    class Watched(RollingStrip):
        def add(self, *arguments):
            super().add(*arguments)
            held.append(self.held)

    def most(height, monkeypatch):
        held.clear()
        reader = ArrayReader(scene(height, 70, 1))
        monkeypatch.setattr("scarp.core.inference.mapping.RollingStrip", Watched)
        whole_map(reader, predictor(Pointwise(1), PlainCard([0.0], [1.0]), batch=2), 64, 32)
        return max(held), reader.largest

    with pytest.MonkeyPatch.context() as monkeypatch:
        assert most(1200, monkeypatch) == most(4800, monkeypatch)
        assert max(held) <= 256 + 64 * 2


def test_cancel_in_the_middle_is_raised_and_stops_the_reading():
    said = Said()
    asked = iter(range(10**6))
    reporter = said.reporter(lambda: next(asked) > 30)
    reader, model = ArrayReader(scene(900, 300)), Pointwise(3)
    ready = predictor(model, CARD, reporter, batch=1)
    with pytest.raises(Cancelled):
        list(map_scene(reader, ready, Lattice(900, 300, 64, 32, 32), Window(0, 0, 900, 300), reporter))
    assert len(model.seen) < 40


def stages():
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("scarp-")]


@pytest.mark.parametrize("lanes", [1, 2])
def test_cancel_stops_all_stages_within_a_second(lanes):
    class Slow(Pointwise):
        def forward(self, x):
            time.sleep(0.05)
            return super().forward(x)

    asked = threading.Event()
    threading.Timer(0.3, asked.set).start()
    reporter = Said().reporter(asked.is_set)
    reader, lattice = ArrayReader(scene(2000, 300)), Lattice(2000, 300, 64, 32, 32)
    strips = map_scene(
        reader, predictor(Slow(3), CARD, reporter, batch=1), lattice, Window(0, 0, 2000, 300), reporter, lanes=lanes
    )
    with pytest.raises(Cancelled):
        list(strips)
    asked.wait()
    end = time.monotonic() + 1
    while stages() and time.monotonic() < end:
        time.sleep(0.02)
    assert not stages()


def test_an_error_in_the_network_reaches_the_caller():
    class Broken(Pointwise):
        def forward(self, x):
            if len(self.seen) > 5:
                raise RuntimeError("illegal instruction")
            return super().forward(x)

    with pytest.raises(RuntimeError, match="illegal"):
        whole_map(ArrayReader(scene(600, 200)), predictor(Broken(3), CARD, batch=1), 64, 32, lanes=2)


def test_an_error_while_reading_reaches_the_caller():
    class Broken(ArrayReader):
        def planes(self, window):
            if window.row > 100:
                raise OSError("truncated")
            return super().planes(window)

    with pytest.raises(OSError, match="truncated"):
        whole_map(Broken(scene(600, 80)), predictor(Pointwise(3), CARD, batch=4), 64, 32)


def test_progress_rises_to_one():
    said = Said()
    whole_map(ArrayReader(scene(400, 90)), predictor(Pointwise(3), CARD, batch=4), 64, 32, reporter=said.reporter())
    assert said.shares == sorted(said.shares)
    assert said.shares[-1] == 1


def test_presence_is_blended_and_constant_inputs_give_a_constant():
    card = PlainCard([0.0], [1.0], head="dual")
    reader, model = ArrayReader(np.ones((1, 100, 90))), Pointwise(1, "dual")
    probability, _, presence, _ = whole_map(reader, predictor(model, card, presence=True), 64, 32)
    np.testing.assert_allclose(presence, probability, atol=1e-6)
