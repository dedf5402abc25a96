"""Names, options and parameter counts (arXiv 2312.16717)."""

from __future__ import annotations

import json

import pytest
import torch
from scarp import models

# network, bands, head, count, tolerance
COUNTS = [
    ("unet", 14, "single", 31_408_898, 0),
    ("unet", 23, "single", 31_414_082, 0),
    ("unet", 23, "multires", 31_488_198, 0),
    ("unet_se", 23, "multires", 31_698_000, 0.005),
    ("unet_cbam", 23, "multires", 31_917_000, 0.005),
    ("unet_triaxis", 23, "multires", 31_820_000, 0.005),
    ("unet_resconv", 23, "multires", 24_298_502, 0),
    ("raunet1", 23, "multires", 24_890_374, 0),
    ("raunet1", 23, "single", 24_152_706, 0),
    ("raunet1", 21, "multires", 24_888_070, 0),
    ("raunet1_triaxis", 23, "multires", 25_412_262, 0),
    ("raunet2", 23, "multires", 24_824_070, 0),
    ("resunet_small", 23, "multires", 2_545_870, 0),
    ("raunet_small", 23, "multires", 2_604_110, 0),
    ("raunet_small", 23, "single", 2_373_322, 0),
    ("vnet_small", 23, "multires", 2_600_000, 0.03),
    ("squeeze_unet_small", 23, "multires", 2_600_000, 0.03),
    ("mobilenetv3_small", 23, "multires", 2_600_000, 0.03),
    ("deeplabv3_small", 23, "multires", 2_600_000, 0.03),
]


@pytest.mark.parametrize(("name", "bands", "head", "count", "tolerance"), COUNTS)
def test_count_is_the_published_one(name, bands, head, count, tolerance):
    with torch.device("meta"):
        model = models.create(name, bands, head)
    assert models.count_parameters(model) == pytest.approx(count, rel=tolerance, abs=0)


def test_trainable_parameters_of_raunet1():
    with torch.device("meta"):
        model = models.create("raunet1", 23, "multires")
    assert sum(parameter.numel() for parameter in model.parameters()) == 24_876_294


def test_docstrings_tell_the_counts():
    with torch.device("meta"):
        for name in models.names():
            model = models.create(name, 23, "multires")
            assert f"{models.count_parameters(model):,}" in type(model).__doc__, name


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("unet", {"widths": (8, 16, 24, 32, 40), "attention": "se"}),
        ("unet", {"widths": (8, 16, 24), "dropout": 0.1}),
        ("raunet1", {"width": 8}),
        ("vnet_small", {"width": 4}),
    ],
)
def test_options_survive_json_and_weights_fit(name, options):
    model = models.create(name, 5, "dual", **options)
    again = models.create(name, 5, "dual", **json.loads(json.dumps(options)))
    again.load_state_dict(model.state_dict())
    x = torch.randn(1, 5, 32, 32)
    with torch.no_grad():
        assert torch.equal(model.eval()(x).mask, again.eval()(x).mask)


@pytest.mark.parametrize(
    ("arguments", "options", "words"),
    [
        (("unett", 3), {}, "raunet1"),
        (("unet", 3, "triple"), {}, "multires"),
        (("unet", 0), {}, "0 were"),
        (("unet", 3), {"width": 8}, "widths"),
        (("unet", 3), {"widths": (8,)}, "1 widths"),
        (("unet", 3), {"attention": "more"}, "triaxis"),
        (("squeeze_unet_small", 3), {"widths": (8, 10)}, "10"),
        (("mobilenetv3", 3), {"size": "huge"}, "large"),
    ],
)
def test_wrong_requests_say_what_is_right(arguments, options, words):
    with pytest.raises(ValueError, match=words):
        models.create(*arguments, **options)


@pytest.mark.parametrize(
    ("shape", "words"),
    [((1, 3, 40, 64), "16.*40 x 64"), ((1, 4, 32, 32), r"\(1, 4, 32, 32\)"), ((3, 32, 32), r"\(3, 32, 32\)")],
)
def test_wrong_inputs_are_named(shape, words):
    model = models.create("unet", 3, widths=(4, 4, 4, 4, 4))
    with pytest.raises(ValueError, match=words):
        model(torch.zeros(shape))
