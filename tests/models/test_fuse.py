"""A network made ready to map says what the network says."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from scarp import models
from scarp.models.fuse import fuse
from scipy.ndimage import gaussian_filter
from torch import nn

from .test_networks import HEADS, narrow


def lived(model, seed=0):
    """Statistics and scales of BatchNorm as if it had been trained, all different."""
    generator = torch.Generator().manual_seed(seed)
    for layer in model.modules():
        if isinstance(layer, nn.BatchNorm2d):
            for tensor, low, high in (
                (layer.running_mean, -0.5, 0.5),
                (layer.running_var, 0.5, 2),
                (layer.weight, 0.5, 1.5),
                (layer.bias, -0.5, 0.5),
            ):
                tensor.data.uniform_(low, high, generator=generator)
    return model.eval()


def smooth(channels, side, seed=0):
    """Smooth fields of mean 0 and standard deviation 1, [1, channels, side, side]."""
    noise = np.random.default_rng(seed).normal(size=(channels, side, side))
    fields = gaussian_filter(noise, (0, 4, 4), mode="wrap")
    return torch.from_numpy((fields / fields.std((1, 2), keepdims=True)).astype(np.float32))[None]


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("name", models.names())
def test_probabilities_stay(name, head):
    plain = lived(narrow(name, head=head))
    ready = fuse(copy.deepcopy(plain), ("double", "half", "presence"), join_branches=head == "multires")
    x = torch.randn(2, 3, 64, 96, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        for before, after in zip(plain(x), ready(x.contiguous(memory_format=torch.channels_last))):
            assert (before is None) == (after is None)
            if before is not None:
                assert (torch.softmax(before, 1) - torch.softmax(after, 1)).abs().max() <= 1e-4


@pytest.mark.parametrize("name", models.names())
def test_batchnorm_behind_a_convolution_is_gone(name):
    ready = fuse(narrow(name))
    left = [layer for layer in ready.modules() if isinstance(layer, nn.BatchNorm2d)]
    # Only networks that normalise before they activate have any left: those of a block's input, not of a convolution.
    assert not left or name == "resunet"


def test_folding_goes_through_nested_sequences_and_transposed_convolutions():
    chain = nn.Sequential(
        nn.Sequential(nn.ConvTranspose2d(3, 5, 2, 2, bias=False)),
        nn.Sequential(nn.BatchNorm2d(5), nn.PReLU(5)),
        nn.Conv2d(5, 4, 3, groups=1),
        nn.ReLU(),
        nn.BatchNorm2d(4),
    )
    plain = lived(chain)
    ready = fuse(copy.deepcopy(plain))
    x = torch.randn(1, 3, 9, 9)
    torch.testing.assert_close(ready(x), plain(x), rtol=1e-5, atol=1e-5)
    # The last one follows an activation: it stays.
    assert [type(layer) for layer in ready.modules() if isinstance(layer, nn.BatchNorm2d)] == [nn.BatchNorm2d]


def test_heads_that_are_not_asked_for_are_not_computed():
    net = fuse(narrow("unet", head="multires"), keep=("half",))
    out = net(torch.zeros(1, 3, 32, 32))
    assert out.double is None
    assert out.half is not None
    assert fuse(narrow("unet", head="dual"))(torch.zeros(1, 3, 32, 32)).presence is None
    with pytest.raises(ValueError, match="no head full"):
        fuse(net, keep=("full",))


@pytest.mark.parametrize("name", ["unet", "raunet_small"])
def test_bf16_says_the_same_as_fp32(name):
    """A network trained for a moment to mark what is high, on smooth input."""
    net, x = narrow(name), smooth(3, 128)
    target = (x[:, 0] + x[:, 1] > 0.8).long()
    optimizer = torch.optim.AdamW(net.parameters(), 5e-3)
    for step in range(90):
        part = (slice(None), slice(None), *(slice(32 * (step // k % 3), 32 * (step // k % 3) + 64) for k in (1, 3)))
        loss = nn.functional.cross_entropy(net(x[part]).mask, target[part[:1] + part[2:]])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    net.eval()
    with torch.inference_mode():
        plain = torch.softmax(net(x).mask, 1)[:, 1]
        ready = fuse(net)
        with torch.autocast("cpu", torch.bfloat16):
            rough = torch.softmax(ready(x).mask.float(), 1)[:, 1]
    assert 0.05 < (plain > 0.5).float().mean() < 0.95
    assert ((plain - rough).abs() <= 0.05).float().mean() >= 0.999
    flipped = ((plain >= 0.5) != (rough >= 0.5)).float().mean()
    assert flipped <= 1e-3
