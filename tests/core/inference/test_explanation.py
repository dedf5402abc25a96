"""Grad-CAM and occlusion against answers that are known, and the sanity check of Adebayo et al. (2018)."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from inference_standins import ArrayReader, PlainCard, Said, scene
from scarp import models
from scarp.core.errors import Cancelled, ScarpError
from scarp.core.inference import stages
from scarp.core.inference.explanation import Explainer
from scarp.core.inference.heatmap import Channels, Cut, heat_strips, weigh_channels
from scarp.core.inference.lattice import Lattice
from scarp.core.inference.occlusion import choose_tiles, group_channels, occlude
from scarp.core.reporter import Reporter
from scarp.core.scene.grid import Window
from scarp.models.output import Output
from scipy.stats import spearmanr

QUIET = Reporter(log=lambda *line: None)
CARD = PlainCard([5.0] * 3, [2.0] * 3)


class Transparent(torch.nn.Module):
    """Its only map is its input, so Grad-CAM is known: the weights of the head, times the input."""

    stride = 1

    def __init__(self, weights):
        super().__init__()
        self.heads = torch.nn.Module()
        self.heads.classify = torch.nn.Conv2d(len(weights), 2, 1)
        with torch.no_grad():
            self.heads.classify.bias[:] = 0
            self.heads.classify.weight[0] = 0
            self.heads.classify.weight[1, :, 0, 0] = torch.tensor(weights)
        self.heads.forward = lambda full, deep: Output(self.heads.classify(full))

    def features(self, x):
        return x.clone(), x

    def forward(self, x):
        return self.heads(*self.features(x))


def network(seed=0, channels=3, **options):
    torch.manual_seed(seed)
    net = models.create("unet", channels, **{"widths": (8, 16, 16), **options})
    with torch.no_grad():
        for module in net.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.running_mean.normal_(0, 0.1)
                module.running_var.uniform_(0.5, 1.5)
        net.heads.classify.weight *= 4
    return net


def blocky(side=12, seed=4):
    """Patches of 16 px."""
    return np.kron(scene(side, side, seed=seed), np.ones((1, 16, 16))).astype(np.float32)


@pytest.fixture(scope="module")
def trained():
    """A network that has learned for a moment that landslide is what is bright in the first channel, not in others."""
    net = network(0).train()
    x = torch.from_numpy((blocky(8, seed=1)[None] - 5) / 2)
    y = (x[:, 0] > 0.3).long()
    optimizer = torch.optim.Adam(net.parameters(), 1e-2)
    for _ in range(25):
        loss = torch.nn.functional.cross_entropy(net(x).mask, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss < 0.35
    return net.eval()


def explainer(net, stage="deep", card=CARD, reporter=QUIET):
    return Explainer(copy.deepcopy(net), card, torch.device("cpu"), stage, reporter)


def cut(reader, tile=64, overlap=32, window=None):
    height, width = reader.valid.shape
    margin = -(-overlap // 64) * 32
    return Cut(reader, Lattice(height, width, tile, overlap, margin), window or Window(0, 0, height, width))


def whole(ready, cut, threshold=0.5):
    channels = weigh_channels(ready, cut, threshold, QUIET)
    strips = list(heat_strips(ready, cut, channels.weights, QUIET))
    assert [row for row, _, _ in strips] == list(np.cumsum([0, *(len(heat) for _, heat, _ in strips)])[:-1])
    return channels, np.concatenate([heat for _, heat, _ in strips]), np.concatenate([valid for _, _, valid in strips])


def test_a_network_without_a_hidden_map_gives_its_weights():
    reader = ArrayReader(scene(90, 110))
    weights = np.array([0.5, -2.0, 1.0])
    channels, heat, valid = whole(explainer(Transparent(weights), "full"), cut(reader))
    x = (reader.features - 5) / 2
    logit = np.tensordot(weights, x, 1)
    np.testing.assert_allclose(channels.weights, weights, rtol=1e-5)
    assert channels.pixels == pytest.approx((logit >= 0).sum(), rel=1e-5)
    np.testing.assert_allclose(heat, np.maximum(logit, 0), atol=1e-5)
    assert valid.all()


def test_the_weights_are_the_mean_gradient_of_the_mapped_pixels(trained):
    """Against plain autograd on a scene of one tile."""
    reader, net = ArrayReader(blocky(4)), copy.deepcopy(trained).double()
    ready = explainer(trained)
    channels, heat, _ = whole(ready, cut(reader, 64, 0))
    x = torch.from_numpy((reader.features[None].astype(float) - 5) / 2)
    full, deep = net.features(x)
    logits = net.heads(full, deep).mask[0]
    log_odds = logits[1] - logits[0]
    (gradient,) = torch.autograd.grad(log_odds[log_odds >= 0].sum(), deep)
    expected = gradient.sum((0, 2, 3)) / (log_odds >= 0).sum()
    np.testing.assert_allclose(channels.weights, expected, rtol=1e-3, atol=1e-6)
    small = torch.relu((expected[:, None, None] * deep[0]).sum(0))[None, None]
    large = torch.nn.functional.interpolate(small, scale_factor=4, mode="bilinear")[0, 0]
    np.testing.assert_allclose(heat, large.detach().numpy(), rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize("stage", ["deep", "4", "full"])
def test_the_heat_does_not_depend_on_the_tiles(trained, stage):
    reader = ArrayReader(blocky(13)[:, :150, :200])
    small, large = (whole(explainer(trained, stage), cut(reader, tile, 64)) for tile in (128, 224))
    assert large[1].max() > 0
    np.testing.assert_allclose(small[0].weights, large[0].weights, atol=2e-3 * np.abs(large[0].weights).max())
    assert small[0].pixels == pytest.approx(large[0].pixels, rel=1e-3)
    assert np.abs(small[1] - large[1]).max() <= 0.01 * large[1].max()


def test_only_the_window_counts_and_nodata_stays_nodata():
    valid = np.ones((96, 120), bool)
    valid[30:50, 40:90] = False
    reader, window = ArrayReader(scene(96, 120), valid), Window(20, 30, 60, 70)
    channels, heat, known = whole(explainer(Transparent([1.0, 0.0, 0.0]), "full"), cut(reader, window=window))
    inside = window.slices(Window(0, 0, 96, 120))
    x = ((reader.features[0] - 5) / 2)[inside]
    np.testing.assert_array_equal(known, valid[inside])
    assert channels.pixels == pytest.approx(((x >= 0) & known).sum(), rel=1e-5)
    np.testing.assert_allclose(heat, np.maximum(x, 0) * known, atol=1e-5)


def test_random_weights_give_another_explanation(trained):
    """Adebayo et al. 2018: a heat map that outlives the network it explains is an edge detector."""
    pieces = cut(ArrayReader(blocky()), 128, 64)
    heat = whole(explainer(trained), pieces)[1]
    assert np.ptp(heat) > 0
    assert spearmanr(heat.ravel(), whole(explainer(trained), pieces)[1].ravel()).statistic > 0.999
    others = [whole(explainer(network(seed)), pieces, None)[1] for seed in range(1, 8)]
    similar = [abs(spearmanr(heat.ravel(), other.ravel()).statistic) for other in others if np.ptp(other)]
    assert len(similar) >= 3
    assert np.mean(similar) < 0.4


def test_a_network_that_looks_at_one_channel_is_found_out():
    class OneEyed(Transparent):
        def features(self, x):
            seen = x.clone()
            seen[:, [0, 2]] = 0
            return seen, seen

    reader = ArrayReader(scene(70, 70))
    ready, pieces = explainer(OneEyed([3.0, 2.0, 3.0]), "full"), cut(reader)
    channels = weigh_channels(ready, pieces, 0.5, QUIET)
    tiles = choose_tiles(channels, 100)
    base, effects, pixels = occlude(
        ready, pieces, tiles, groups=group_channels(reader.channels, singly=True), threshold=0.5, reporter=QUIET
    )
    drops = {effect.name: base.inside - effect.inside for effect in effects}
    assert drops["b0"] == drops["b2"] == 0
    assert drops["b1"] == pytest.approx(base.inside - 0.5, abs=1e-6)  # nothing left: even odds
    assert effects[1].outside == pytest.approx(0.5)
    x = (reader.features[1] - 5) / 2
    assert pixels == (pytest.approx((x >= 0).sum()), pytest.approx((x < 0).sum()))
    assert base.inside == pytest.approx((1 / (1 + np.exp(-2 * x[x >= 0]))).mean(), rel=1e-4)


def test_random_weights_give_other_bands(trained):
    def shares(net):
        ready, pieces = explainer(net), cut(ArrayReader(blocky()), 128, 64)
        base, effects, _ = occlude(
            ready,
            pieces,
            choose_tiles(weigh_channels(ready, pieces, 0.5, QUIET), 9),
            groups=group_channels(("b0", "b1", "b2"), singly=True),
            threshold=0.5,
            reporter=QUIET,
        )
        drops = np.abs([base.inside - effect.inside for effect in effects])
        return drops / drops.sum()

    learned = shares(trained)
    assert learned[0] > 0.6  # the channel that it was taught
    np.testing.assert_allclose(shares(trained), learned, atol=1e-6)
    others = [shares(network(seed)) for seed in range(1, 8)]
    different = [np.abs(other - learned).sum() / 2 for other in others if np.isfinite(other).all()]
    assert len(different) >= 3
    assert np.mean(different) > 0.2


def test_a_constant_scene_has_no_place_that_stands_out():
    reader = ArrayReader(np.full((3, 160, 160), 7.0))
    _, heat, valid = whole(explainer(network()), cut(reader, 128, 64), None)
    assert np.isfinite(heat).all()
    assert valid.all()
    middle = heat[60:100, 60:100]
    assert np.ptp(middle) <= 1e-5 * max(middle.max(), 1)


def test_nothing_mapped_counts_nothing():
    reader = ArrayReader(scene(64, 64))
    channels = weigh_channels(explainer(network()), cut(reader), 1.0, QUIET)
    assert (channels.pixels, channels.weights.any()) == (0, False)
    assert {pixels for _, _, pixels in channels.found} == {0.0}


def test_cancel_stops_inside_a_tile():
    asked = iter(range(1000))
    ready = explainer(network(), reporter=Reporter(cancelled=lambda: next(asked) > 40))
    with pytest.raises(Cancelled):
        weigh_channels(ready, cut(ArrayReader(scene(64, 64))), 0.5, QUIET)
    assert next(asked) < 60


def test_every_network_has_its_stages():
    for name in models.names():
        with torch.device("meta"):  # shapes without numbers
            net = models.create(name, 2).eval()
        deep, full = stages.find(net, 2, "deep"), stages.find(net, 2, "full")
        assert deep.stride > full.stride == 1, name
        assert stages.find(net, 2, "1") == stages.blocks(net, 2)[0], name


def test_a_stage_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(ScarpError, match=r"STAGE is '9'; choose deep, full, .*3: down\.2 \(16 channels, 4 px\)"):
        explainer(network(), "9")


def test_the_sample_prefers_tiles_with_landslides():
    found = [(row, col, float(row == 3)) for row in range(10) for col in range(10)]
    chosen = choose_tiles(Channels(np.zeros(1), 10, found), 12)
    assert len(set(chosen)) == 12
    assert sum(row == 3 for row, _ in chosen) >= 6
    assert len(choose_tiles(Channels(np.zeros(1), 10, found), 500)) == 100


def test_groups_hold_each_channel_once():
    channels = ("b02", "ndvi", "b04", "slope", "change_b04", "change_valid", "new_thing")
    groups = group_channels(channels)
    assert groups["visible"] == ("b02", "b04")
    assert groups["change"] == ("change_b04", "change_valid")
    assert groups["new_thing"] == ("new_thing",)
    assert sorted(sum(groups.values(), ())) == sorted(channels)


def test_a_reader_is_told_how_far_it_is():
    said = Said()
    weigh_channels(explainer(network()), cut(ArrayReader(scene(96, 96))), 0.5, said.reporter())
    assert said.shares == sorted(said.shares)
