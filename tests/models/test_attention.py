"""Attention and blocks against their definitions, written out."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scarp.models.attention import Cbam, SelfAttention, SpatialAttention, SqueezeExcite, TriAxisAttention
from scarp.models.blocks import ResConv
from scarp.models.heads import DoubleHead, HalfHead
from torch.nn import functional


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def multi_head(layer, tokens):
    """Self-attention of [tokens, features], one head after the other, with the weights of a `SelfAttention`."""
    weight, bias = (x.detach().double().numpy() for x in (layer.project_in.weight, layer.project_in.bias))
    inner = len(bias) // 3
    q, k, v = (tokens @ weight[i * inner : (i + 1) * inner].T + bias[i * inner : (i + 1) * inner] for i in range(3))
    size, mixed = inner // layer.heads, []
    for h in range(layer.heads):
        part = slice(h * size, (h + 1) * size)
        scores = np.exp(q[:, part] @ k[:, part].T / np.sqrt(size))
        mixed.append(scores / scores.sum(1, keepdims=True) @ v[:, part])
    out = layer.project_out
    return np.concatenate(mixed, 1) @ out.weight.detach().double().numpy().T + out.bias.detach().double().numpy()


def test_triaxis_is_as_published_at_the_size_of_a_chip():
    torch.manual_seed(1)
    layer, x = TriAxisAttention(6, 8, heads=2, key_size=3), torch.randn(1, 6, 8, 8)
    a = x[0].double().numpy()  # C, H, W
    plane = sigmoid(multi_head(layer.plane, (a.mean(0) + a.max(0)).T)).T  # W tokens of H features
    rows = sigmoid(multi_head(layer.rows, (a.mean(2) + a.max(2)).T)).T  # H tokens of C features
    columns = sigmoid(multi_head(layer.columns, (a.mean(1) + a.max(1)).T)).T  # W tokens of C features
    expected = (a * plane[None] + a * rows[:, :, None] + a * columns[:, None]) / 3
    np.testing.assert_allclose(layer(x)[0].detach().numpy(), expected, atol=1e-5)


@pytest.mark.parametrize("size", [(8, 8), (16, 16), (4, 12), (2, 2), (32, 8)])
def test_triaxis_takes_any_size(size):
    torch.manual_seed(1)
    layer, x = TriAxisAttention(6, 8), torch.rand(2, 6, *size)
    y = layer(x)
    assert y.shape == x.shape
    assert (y >= 0).all()
    assert (y <= x).all()


def test_squeeze_excite_weighs_channels():
    layer, x = SqueezeExcite(6, 2), torch.randn(2, 6, 5, 7)
    first, last = layer.weigh[0], layer.weigh[2]
    assert first.weight.shape == (3, 6)
    weights = torch.sigmoid(last(functional.selu(first(x.mean((2, 3))))))
    torch.testing.assert_close(layer(x), x * weights[..., None, None])


def test_cbam_is_channel_then_spatial():
    layer, x = Cbam(8, 4), torch.randn(2, 8, 9, 9)
    shared, spatial = layer[0].shared, layer[1].weigh
    y = x * torch.sigmoid(shared(x.mean((2, 3))) + shared(x.amax((2, 3))))[..., None, None]
    expected = y * torch.sigmoid(spatial(torch.stack([y.mean(1), y.amax(1)], 1)))
    torch.testing.assert_close(layer(x), expected)
    assert spatial.weight.shape == (1, 2, 7, 7)


def test_spatial_attention_keeps_far_pixels_apart():
    layer, x = SpatialAttention(), torch.randn(1, 4, 20, 20)
    changed = x.clone()
    changed[..., 12:] = 5
    torch.testing.assert_close(layer(x)[..., :9], layer(changed)[..., :9])


def test_self_attention_does_not_care_for_order():
    layer, x = SelfAttention(5, 2, 4), torch.randn(2, 7, 5)
    order = torch.randperm(7)
    torch.testing.assert_close(layer(x)[:, order], layer(x[:, order]))


def test_resconv_follows_its_formula():
    torch.manual_seed(2)
    block, x = ResConv(4, 16).eval(), torch.randn(1, 4, 16, 16)

    def convolved(branch, inputs, pad):
        layers = [m for m in branch.modules() if isinstance(m, (torch.nn.Conv2d, torch.nn.BatchNorm2d))]
        y = functional.conv2d(functional.pad(inputs, pad), layers[0].weight, layers[0].bias)
        assert layers[1].eps == 1e-3
        return functional.leaky_relu(layers[1](y), 0.3)

    y = convolved(block.wide, x, (1, 1, 1, 1)) + convolved(block.narrow, x, (0, 1, 0, 1))  # 2x2: right and bottom
    torch.testing.assert_close(block(x), convolved(block.joint, y, (1, 1, 1, 1)) + x)


def test_double_head_is_the_adjoint_of_the_half_heads_sampling():
    half, double = HalfHead(3, 3), DoubleHead(3, 3)
    with torch.no_grad():
        double.enlarge.weight.copy_(half.reduce.weight)
        half.reduce.bias.zero_()
        double.enlarge.bias.zero_()
    fine, coarse = torch.randn(1, 3, 16, 16), torch.randn(1, 3, 8, 8)
    down = half.reduce(half.pad(fine))
    up = double.enlarge(coarse)[..., :-1, :-1]
    torch.testing.assert_close((down * coarse).sum(), (fine * up).sum(), rtol=1e-4, atol=1e-4)
