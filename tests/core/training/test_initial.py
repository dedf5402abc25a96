"""Fine-tuning: what is taken from a checkpoint, and what is not."""

from __future__ import annotations

import pytest
import torch
from scarp import models
from scarp.core import checkpoint
from scarp.core.card import Card
from scarp.core.errors import ScarpError
from scarp.core.jobs import TrainJob
from scarp.core.reporter import Reporter
from scarp.core.training import initial
from scarp.core.training.data import open_data
from scarp.core.training.initial import Scaling, scaling_of
from scarp.core.training.plan import make_plan
from scarp.core.training.run import Run

NARROW = {
    "unet": {"widths": [4, 8]},
    "unetpp": {"widths": [4, 8]},
    "resunet": {"widths": [4, 8]},
    "raunet1": {"width": 4},
    "vnet_small": {"width": 2},
    "squeeze_unet_small": {"widths": [4, 8]},
    "deeplabv3_small": {"widths": [4, 4, 8, 8], "channels": 8},
    "mobilenetv3_small": {},
}
KNOWN = ("b02", "b03", "b04", "slope")


@pytest.fixture
def base(tmp_path):
    """Writes a checkpoint with random weights and statistics."""

    def write(name="unet", head="single", features=KNOWN, **changes):
        torch.manual_seed(0)
        model = models.create(name, len(features), head, **NARROW[name])
        for buffer in model.buffers():
            if buffer.is_floating_point():
                buffer.uniform_(0.5, 1.5)
        count = len(features)
        card = Card(name, list(features), [10.0] * count, [2.0] * count, options=NARROW[name], head=head, **changes)
        path = tmp_path / f"{name}-{head}.safetensors"
        checkpoint.save(path, model, card)
        return str(path), card, model.eval()

    return write


def started(path, card, channels, head="single", **changes):
    """A network that started from a checkpoint, and what was said."""
    said = []
    torch.manual_seed(1)
    model = models.create(card.architecture, len(channels), head, **card.options)
    job = TrainJob(init=path, head=head, **changes)
    initial.start_from(job, card, model, channels, Reporter(log=lambda *line: said.append(line)))
    return model.eval(), said


@pytest.mark.parametrize("name", NARROW)
def test_with_other_channels_a_network_says_what_it_said_without_those_it_lost(base, name):
    path, card, before = base(name)
    model, said = started(path, card, ("slope", "ndvi", "b02", "b04"))
    x = torch.randn(2, 4, 32, 32)
    x[:, 1] = 0  # b03, which the new data lack
    other = torch.stack([x[:, 3], torch.randn(2, 32, 32), x[:, 0], x[:, 2]], 1)
    with torch.no_grad():
        torch.testing.assert_close(model(other).mask, before(x).mask)
    ((level, text),) = said
    assert level == "warning"
    for words in ("3 channels keep their weights", "starting at 0: ndvi", "no longer used: b03"):
        assert words in text


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [("single", "multires", "new and untrained: double_head, half_head"), ("dual", "single", "left out: presence")],
)
def test_with_another_head_the_shared_layers_are_taken(base, old, new, words):
    path, card, before = base(head=old)
    model, ((level, text),) = started(path, card, KNOWN, new)
    x = torch.randn(1, 4, 32, 32)
    with torch.no_grad():
        torch.testing.assert_close(model(x).mask, before(x).mask)
    assert level == "warning"
    assert words in text


def test_a_frozen_first_layer_takes_no_new_channel(base):
    path, card, _ = base()
    with pytest.raises(ScarpError, match=r"ndvi, which INIT does not know.*FREEZE to false"):
        started(path, card, (*KNOWN, "ndvi"), freeze=True)
    started(path, card, KNOWN[1:], freeze=True)


@pytest.mark.parametrize(
    ("chips", "frozen", "radiometry", "kept", "words"),
    [
        (50, False, "dn", True, "50 chips are too few"),
        (51, False, "dn", False, "of the new data, not"),
        (5000, True, "dn", True, "FREEZE"),
        (5, True, "raw", False, "radiometry is raw"),
    ],
)
def test_few_chips_keep_the_normalisation_that_the_weights_belong_to(base, chips, frozen, radiometry, kept, words):
    _, card, _ = base(features=("b02", "b03"))
    said = []
    scaling = scaling_of(
        card,
        ("b03", "ndvi"),
        Scaling((12.0, 0.3), (3.0, 0.1)),
        chips=chips,
        radiometry=radiometry,
        frozen=frozen,
        reporter=Reporter(log=lambda *line: said.append(line)),
    )
    assert scaling == (Scaling((10.0, 0.3), (2.0, 0.1)) if kept else Scaling((12.0, 0.3), (3.0, 0.1)))
    assert words in said[0][1]
    assert "b03 differ by more than" in said[0][1]


def test_defaults_of_fine_tuning(chips, base):
    path, _, _ = base(features=("red", "ndvi", "blue"), radiometry="raw")
    job = chips.job(init=path, features="auto")
    reporter, said = Reporter(), []
    plan = make_plan(job, reporter)
    assert (plan.learning_rate, make_plan(chips.job(), reporter).learning_rate) == (1e-3, 1e-3)
    assert make_plan(chips.job(init=path, learning_rate=0.01), reporter).learning_rate == 0.01
    with open_data(job, reporter) as data:
        training = Run(job, plan, data, torch.device("cpu"), Reporter(log=lambda level, text: said.append(text)))
    assert training.data.channels == ("red", "blue")
    assert training.preparation.mean == (10.0, 10.0)  # of the checkpoint
    assert any("Learning rate: 0.001." in text for text in said)
