"""The training loop: steps of several batches, averaged weights, stopping, freezing, fixed algorithms."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from scarp.core import card as cards
from scarp.core import run
from scarp.core.errors import Cancelled, ScarpError
from scarp.core.reporter import Reporter
from scarp.core.training.averaging import averaged
from scarp.core.training.data import open_data
from scarp.core.training.plan import make_plan
from scarp.core.training.reproducible import reproducible
from scarp.core.training.run import Run
from scarp.core.training.state import state_path


def training_of(job, data, reporter=None):
    reporter = reporter or Reporter()
    Path(job.checkpoint).parent.mkdir(exist_ok=True)
    return Run(job, make_plan(job, reporter), data, torch.device("cpu"), reporter)


def gradients(job, sizes, pieces=1):
    """Of one step on the first eight chips in batches of ``sizes``, each chip scored in another share of it."""
    with open_data(job, Reporter()) as data:
        trainer = training_of(job, data).trainer
        batch = next(iter(trainer.loader(data.split.train(0))))
        share = torch.linspace(0.2, 0.95, len(batch.x))[:, None, None]
        whole = batch._replace(scored=torch.rand(batch.scored.shape, generator=torch.manual_seed(1)) < share)
        steps = trainer.steps
        steps.model.eval()  # BatchNorm sees single batches; without it they must add up
        steps.pieces, start, found = pieces, 0, {}
        steps.optimizer.step = lambda: found.update(
            {name: p.grad.clone() for name, p in steps.model.named_parameters()}
        )
        losses = []
        for size in sizes:
            part = type(whole)(*(None if x is None else x[start : start + size] for x in whole))
            start += size
            losses.append(steps.add(part, last=start == len(whole.x)))
    return found, losses


@pytest.mark.parametrize("loss", ["ce", "bce", "logcosh"])
def test_batches_of_a_step_and_pieces_add_up_to_the_gradient_of_all(chips, loss, monkeypatch):
    monkeypatch.setattr("scarp.core.training.steps._LARGEST_GRADIENT", 1e9)
    job = chips.job(loss=loss, optimizer="sgd", accumulate=3)
    whole, (loss_of_all,) = gradients(job, [8])
    assert max(float(g.abs().max()) for g in whole.values()) > 1e-3
    for sizes, pieces in (((2, 5, 1), 1), ((8,), 3), ((4, 4), 2)):
        found, losses = gradients(job, sizes, pieces)
        for name, gradient in whole.items():
            torch.testing.assert_close(found[name], gradient, rtol=1e-4, atol=1e-7)
        assert min(losses) - 1e-6 <= loss_of_all <= max(losses) + 1e-6


def test_a_step_is_taken_after_so_many_batches_and_at_the_end_of_the_epoch(chips, monkeypatch):
    taken = []
    plain = torch.optim.AdamW.step
    monkeypatch.setattr(torch.optim.AdamW, "step", lambda self: (taken.append(1), plain(self))[1])
    job = chips.job(epochs=1, accumulate=3, batch=8)
    with open_data(job, Reporter()) as data:
        trainer = training_of(job, data).trainer
        count = trainer.loader.count(data.split.train(0), whole=True)
        trainer.fit(data, 1)
    assert count % 3
    assert len(taken) == count // 3 + 1


def test_averaged_weights_follow_the_formula():
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Conv2d(2, 3, 1), torch.nn.BatchNorm2d(3))
    average = averaged(model, 0.4)
    expected = {}
    for step in range(9):
        for parameter in model.parameters():
            parameter.data.normal_()
        model(torch.randn(4, 2, 5, 5))
        average.update_parameters(model)
        decay = min(0.4, (1 + step) / (10 + step)) if step else 0.0
        for name, tensor in model.state_dict().items():
            old = expected.get(name, torch.zeros_like(tensor))
            expected[name] = decay * old + (1 - decay) * tensor if tensor.is_floating_point() else tensor.clone()
    for name, tensor in average.module.state_dict().items():
        torch.testing.assert_close(tensor, expected[name])


def test_the_checkpoint_holds_the_average_and_the_state_the_weights(chips):
    job, texts = chips.job(epochs=2, ema=0.9, learning_rate=0.01), []
    with pytest.raises(Cancelled):
        run(job, lambda share, text: texts.append(text), lambda: any("Epoch 2" in text for text in texts))
    kept, state = load_file(job.checkpoint), load_file(state_path(job.checkpoint))
    assert all(torch.equal(kept[name], state[f"average/module.{name}"]) for name in kept)
    assert any(not torch.equal(kept[name], state[f"model/{name}"]) for name in kept)
    assert cards.read(job.checkpoint).training["ema"] == 0.9


def test_patience_stops_and_says_so(chips):
    job, said = chips.job(epochs=30, learning_rate=1e-9, patience=2, schedule="plateau"), []
    with open_data(job, Reporter()) as data:
        log = Reporter(log=lambda level, text: said.append(text))
        training = training_of(job, data, log)
        training.trainer.fit(data, job.epochs)
        training.trainer.fit(data, job.epochs)  # a state written just before the end is not trained further
    assert training.state.epoch == training.state.best + 2 < 30
    assert training.state.schedule["factor"] < 1  # the rate fell before patience ran out
    assert "validation has not been better" in said[-1]


@pytest.mark.parametrize("schedule", ["one_cycle", "plateau", "constant"])
def test_schedules_are_reached(chips, schedule):
    job = chips.job(epochs=3, schedule=schedule)
    with open_data(job, Reporter()) as data:
        trainer = training_of(job, data).trainer
        trainer.fit(data, 3)
    rates = [record["learning_rate"] for record in trainer.state.history]
    assert max(rates) == pytest.approx(1e-3, rel=0.1)
    assert (rates[-1] < 0.2 * max(rates)) == (schedule == "one_cycle")


def test_progress_tells_the_last_figure_and_the_log_one_line_an_epoch(chips):
    job, texts, said = chips.job(epochs=2), [], []
    with open_data(job, Reporter()) as data:
        log = Reporter(lambda share, text: texts.append(text), log=lambda level, text: said.append(text))
        training = training_of(job, data, log)
        said.clear()
        training.trainer.fit(data, 2)
    assert any(text.startswith("Epoch 2 of 2, batch 2 of") and "validation F1 0." in text for text in texts)
    assert [text[:7] for text in said] == ["The val", "Epoch 1", "Epoch 2"]  # few validate: that is said first


def test_frozen_layers_stay_as_they_are(chips):
    base = chips.job(epochs=1, checkpoint=str(chips.out / "base.safetensors"))
    job = chips.job(epochs=2, init=base.checkpoint, freeze=True, learning_rate=0.01, ema=0.5)
    for each in (base, job):
        with open_data(each, Reporter()) as data:
            training_of(each, data).trainer.fit(data, each.epochs)
    before, after = load_file(base.checkpoint), load_file(job.checkpoint)
    for name, tensor in before.items():
        assert torch.equal(after[name], tensor) == name.startswith("down."), name


def test_only_deterministic_algorithms_are_allowed_inside_and_their_lack_is_explained(chips):
    job, said = chips.job(epochs=1, deterministic=True, precision="auto"), []
    with open_data(job, Reporter()) as data:
        log = Reporter(log=lambda level, text: said.append(text))
        training = training_of(job, data, log)
        inside = []
        plain = training.trainer.steps.gradients
        training.trainer.steps.gradients = lambda *a: (
            inside.append(torch.are_deterministic_algorithms_enabled()),
            plain(*a),
        )[1]
        training.trainer.fit(data, 1)
    assert all(inside)
    assert inside
    assert not torch.are_deterministic_algorithms_enabled()
    assert training.scorer.precision == "fp32"
    assert any("DETERMINISTIC" in text for text in said)
    with pytest.raises(ScarpError, match=r"DETERMINISTIC cannot be kept.*cumsum.*DEVICE=cpu"), reproducible(True):
        raise RuntimeError("cumsum_cuda_kernel does not have a deterministic implementation. You can turn off ...")
