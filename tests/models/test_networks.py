"""What every network must do. The large ones are tried in a narrow form: the code is the same."""

from __future__ import annotations

import pytest
import torch
from scarp import models
from scarp.models.deeplabv3 import DeepLabV3
from scarp.models.raunet import RAUNet
from scarp.models.resunet import ResUNet
from scarp.models.scarpnet import ScarpNet
from scarp.models.unet import UNet
from scarp.models.unetpp import UNetPlusPlus
from torch import nn

NARROW = {
    UNet: {"widths": (8, 12, 16, 20, 24)},
    UNetPlusPlus: {"widths": (8, 12, 16, 20, 24)},
    ResUNet: {"widths": (8, 12, 16, 20)},
    RAUNet: {"width": 8},
    ScarpNet: {"widths": (8, 12, 16, 20, 24), "context": (1, 1)},
    DeepLabV3: {"widths": (8, 8, 12, 12), "channels": 16},
}
HEADS = ("single", "dual", "multires")


def narrow(name, bands=3, head="single"):
    torch.manual_seed(0)
    with torch.device("meta"):
        kind = type(models.create(name, bands))
    return models.create(name, bands, head, **NARROW.get(kind, {}))


def check_shapes(out, batch, height, width, head):
    assert out.mask.shape == (batch, 2, height, width)
    assert (out.double is None) == (out.half is None) == (head != "multires")
    assert (out.presence is None) == (head != "dual")
    if head == "multires":
        assert out.double.shape == (batch, 2, 2 * height, 2 * width)
        assert out.half.shape == (batch, 2, height // 2, width // 2)
    if head == "dual":
        assert out.presence.shape == (batch, 2)


@pytest.mark.parametrize("name", models.names())
def test_full_size_networks_give_the_right_shapes(name):
    with torch.device("meta"):
        model = models.create(name, 23, "multires").eval()
        assert 32 % model.stride == 0
        for height, width in ((64, 96), (128, 128)):
            check_shapes(model(torch.empty(2, 23, height, width)), 2, height, width, "multires")


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("name", models.names())
def test_every_parameter_learns(name, head):
    model = narrow(name, head=head)
    for height, width in ((64, 96), (128, 128)) if head == "single" else ((64, 96),):
        model.zero_grad()
        out = model(torch.randn(2, 3, height, width))
        check_shapes(out, 2, height, width, head)
        sum((logits.float() ** 2).mean() for logits in out if logits is not None).backward()
        for key, parameter in model.named_parameters():
            assert parameter.grad is not None, key
            assert torch.isfinite(parameter.grad).all(), key


@pytest.mark.parametrize("name", models.names())
def test_chips_of_a_batch_do_not_meet_and_half_precision_works(name):
    model = narrow(name, head="multires").eval()
    x = torch.randn(3, 3, 64, 96)
    with torch.no_grad():
        together, alone = model(x), model(x[1:2])
        for a, b in zip(together, alone):
            if a is not None:
                torch.testing.assert_close(a[1:2], b, rtol=1e-3, atol=1e-4)
        with torch.autocast("cpu", torch.bfloat16):
            rough = model(x).mask.float()
    assert torch.isfinite(rough).all()
    assert (rough - together.mask).abs().mean() < 0.1 * together.mask.std() + 0.01


@pytest.mark.parametrize("name", models.names())
def test_only_networks_that_pool_globally_see_the_far_end(name):
    model, x = narrow(name), torch.randn(1, 3, 32, 640)
    with torch.no_grad():
        for layer in model.modules():  # statistics of a trained network, or what comes from afar drowns
            if isinstance(layer, torch.nn.BatchNorm2d):
                layer.momentum = 1.0
        model(x)
        model.eval()
        changed = x.clone()
        changed[..., 600:] += 3
        difference = (model(x).mask - model(changed).mask)[..., :100].abs().max()
    assert (difference > 1e-6) == model.pools_globally


@pytest.mark.parametrize("name", models.names())
def test_the_encoder_is_a_part_and_the_mask_depends_on_the_rest(name):
    model = narrow(name, head="dual")
    encoder = {id(parameter) for part in model.encoder() for parameter in part.parameters()}
    rest = {key: p for key, p in model.named_parameters() if id(p) not in encoder}
    assert encoder
    assert any(not key.startswith("heads.") for key in rest)
    deep = model.eval().features(torch.randn(1, 3, 32, 32))[1]
    model.zero_grad()
    deep.sum().backward()
    # A decoder is what the deepest map does not need; the pyramid of DeepLabv3 is the one thing between them.
    assert all(p.grad is None for key, p in rest.items() if not key.startswith("pyramid."))
    model.zero_grad()
    model(torch.randn(1, 3, 32, 32)).mask.square().sum().backward()
    for key, parameter in rest.items():
        assert (parameter.grad is not None) == (not key.startswith("heads.presence")), key


@pytest.mark.parametrize(
    ("name", "options"), [*((name, {}) for name in models.names()), ("scarpnet_small", {"context": (1, 1)})]
)
def test_a_network_says_how_far_it_sees(name, options):
    """By the gradient of some pixels at every place on the grid of the coarsest level, in a strip of an image."""
    model = models.create(name, 1, **options).eval()
    if model.pools_globally:
        return
    for layer in model.modules():
        if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d)):
            nn.init.constant_(layer.weight, 1 / layer.weight[0].numel())  # nothing cancels out
    x = torch.rand(1, 1, 32, 1024, requires_grad=True)
    (gradient,) = torch.autograd.grad(model(x).mask[0, 1, 16, 512 : 512 + model.stride].sum(), x)
    seen = gradient[0, 0].abs().sum(0).nonzero()[:, 0]
    for distance in (512 - seen.min(), seen.max() - 511 - model.stride):
        assert model.reach - 2 * model.stride <= distance <= model.reach + 2 * model.stride
