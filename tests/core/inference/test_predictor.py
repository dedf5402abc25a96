"""The predictor: opinions, their spread, memory that runs out, and what a head cannot give."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from inference_standins import PlainCard, Pointwise, Said, predictor, scene
from scarp.core.errors import Cancelled, ScarpError
from scarp.core.inference.predictor import Stopped, check_heads
from scarp.core.inference.turning import TURNS, Gradients, turn, turn_back
from scarp.models import create

CARD = PlainCard(mean=[5.0, 4.0, 6.0], std=[2.0, 1.0, 3.0])
TILES = np.stack([scene(64, 64, seed=n) for n in range(5)])
VALID = np.ones((5, 64, 64), bool)


@pytest.mark.parametrize("tta", TURNS)
def test_turns_are_undone_and_all_differ(tta):
    x = torch.arange(9.0).reshape(1, 3, 3)
    turned = [turn(x, *how) for how in TURNS[tta]]
    assert all(torch.equal(turn_back(y, *how), x) for y, how in zip(turned, TURNS[tta]))
    assert len({tuple(y.flatten().tolist()) for y in turned}) == len(TURNS[tta])


def test_averaging_over_all_turns_makes_a_network_equivariant():
    """An independent truth: averaged over the dihedral group, a turned tile gives the turned map."""
    torch.manual_seed(0)
    net = create("unet", 3, widths=(8, 8, 8))
    ready = predictor(net, CARD, tta="all", batch=2)
    straight = ready.predict(TILES[:1], VALID[:1])
    turned = ready.predict(np.rot90(TILES[:1], 1, (2, 3)).copy(), VALID[:1])
    np.testing.assert_allclose(np.rot90(straight.probability, 1, (1, 2)), turned.probability, atol=1e-5)
    np.testing.assert_allclose(np.rot90(straight.spread, 1, (1, 2)), turned.spread, atol=1e-5)
    assert straight.spread.max() > 1e-4


@pytest.mark.parametrize("how", TURNS["all"])
def test_gradients_turn_as_vectors(how):
    """What a filter finds on the turned image is the turned gradient of the image."""
    quarters, flip = how
    card = PlainCard([0.1, -0.2, 0.3], [2.0, 0.5, 1.5], features=["gradient_y", "b04", "gradient_x"])
    image = scene(40, 40, 1)[0]

    def network_input(ground):
        down, right = np.gradient(ground)
        stored = np.stack([down, ground, right])
        return torch.from_numpy((stored - np.array(card.mean)[:, None, None]) / np.array(card.std)[:, None, None])[None]

    turned = turn(torch.from_numpy(image), quarters, flip).numpy()
    found = Gradients(card.features, card.mean, card.std).turned(network_input(image), quarters, flip)
    torch.testing.assert_close(found, network_input(turned), rtol=1e-4, atol=1e-4)


def test_threads_share_a_predictor_and_can_be_stopped():
    torch.manual_seed(0)
    ready = predictor(create("unet", 3, widths=(8, 16, 16)), CARD, batch=1)
    expected = ready.predict(TILES, VALID).probability
    x = np.stack([ready.standardise(*pair) for pair in zip(TILES, VALID)])
    with ThreadPoolExecutor(3) as pool:
        found = [future.result().probability for future in [pool.submit(ready.run, x) for _ in range(6)]]
    # Threads of a pool may have other kernels than the first one, which round differently.
    for one in found:
        np.testing.assert_allclose(one, expected, atol=1e-6)
    ready.stop()
    with pytest.raises(Stopped):
        ready.run(x)


def test_a_pointwise_network_has_no_spread_over_turns():
    found = predictor(Pointwise(3), CARD, tta="rotations").predict(TILES, VALID)
    np.testing.assert_allclose(found.spread, 0, atol=1e-3)


def test_vote_averages_the_three_resolutions():
    card = PlainCard(CARD.mean, CARD.std, head="multires", temperature=2.0)
    model = Pointwise(3, "multires")
    found = predictor(model, card, vote=True).predict(TILES, VALID)
    x = (torch.from_numpy(TILES) - torch.tensor(CARD.mean)[:, None, None]) / torch.tensor(CARD.std)[:, None, None]
    with torch.no_grad():
        output = model(x)
        single = [torch.softmax(logits / 2, 1)[:, 1] for logits in output[:3]]
    double = torch.nn.functional.interpolate(single[1][:, None], size=64, mode="area")[:, 0]
    half = torch.nn.functional.interpolate(single[2][:, None], size=64, mode="bilinear")[:, 0]
    expected = torch.stack([single[0], double, half])
    np.testing.assert_allclose(found.probability, expected.mean(0), atol=1e-5)
    np.testing.assert_allclose(found.spread, expected.std(0, correction=0), atol=1e-4)


def test_heads_that_are_not_needed_are_dropped():
    torch.manual_seed(0)
    net = create("unet", 3, head="multires", widths=(8, 8, 8))
    card = PlainCard(CARD.mean, CARD.std, head="multires")
    with_all = predictor(net, card, vote=True, batch=5).predict(TILES, VALID)
    ready = predictor(net, card, batch=5)
    assert net(torch.zeros(1, 3, 64, 64)).double is None
    assert ready.predict(TILES, VALID).probability.shape == with_all.probability.shape


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"head": "single", "vote": True}, "HEAD=multires"),
        ({"head": "multires", "presence": True}, "HEAD=dual"),
        ({"head": "single", "spread": True}, "TTA=rotations"),
        ({"head": "multires", "spread": True}, "or VOTE"),
    ],
)
def test_what_a_checkpoint_cannot_give_is_refused_with_the_fix(asked, message):
    with pytest.raises(ScarpError, match=message):
        check_heads(**asked)


class Greedy(Pointwise):
    """Runs out of memory on more than ``most`` tiles."""

    def __init__(self, most, error):
        super().__init__(3)
        self.most, self.error = most, error

    def forward(self, x):
        if len(x) > self.most:
            raise self.error
        return super().forward(x)


@pytest.mark.parametrize(
    "error",
    [
        torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate"),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 1 bytes"),
        MemoryError(),
    ],
)
def test_out_of_memory_halves_the_batch_and_says_so(error):
    said = Said()
    ready = predictor(Greedy(1, error), CARD, said.reporter(), batch=5)
    found = ready.predict(TILES, VALID)
    expected = predictor(Pointwise(3), CARD, batch=5).predict(TILES, VALID)
    np.testing.assert_allclose(found.probability, expected.probability, atol=1e-6)
    assert ready.batch == 1
    assert [text for level, text in said.log if level == "warning" and "batches of 1" in text]


@pytest.mark.parametrize("batch", [None, 4])
def test_a_tile_that_does_not_fit_is_an_error_with_a_fix(batch):
    ready = predictor(Greedy(0, MemoryError()), CARD, batch=batch)
    with pytest.raises(ScarpError, match="smaller TILE"):
        ready.predict(TILES, VALID)


def test_other_errors_are_not_swallowed():
    with pytest.raises(RuntimeError, match="shapes"):
        predictor(Greedy(0, RuntimeError("shapes do not fit")), CARD).predict(TILES, VALID)


def test_cancel_stops_between_layers():
    calls = iter(range(1000))
    net = create("unet", 3, widths=(8, 8, 8))
    ready = predictor(net, CARD, Said().reporter(lambda: next(calls) > 3), batch=1)
    seen = []
    net.down[0].register_forward_hook(lambda *_: seen.append("block"))
    with pytest.raises(Cancelled):
        ready.predict(TILES, VALID)
    assert not seen


def test_batch_is_chosen_and_said():
    said = Said()
    ready = predictor(Pointwise(3), CARD, said.reporter(), precision="auto")
    ready.predict(TILES, VALID)
    assert ready.batch > 1
    assert ready.precision in ("fp32", "bf16")
    assert [text for _, text in said.log if text.startswith("Precision: ") and "measured" in text]
