"""Where few chips validate, a second network learns from all of them; of the first one are the figures."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file
from scarp.core import card as cards
from scarp.core import run
from scarp.core.errors import Cancelled
from scarp.core.reporter import Reporter
from scarp.core.training import trainer, twice
from scarp.core.training.data import open_data
from scarp.core.training.run import Run
from scarp.core.training.state import state_path


def ids(source):
    return {source[index].id for index in range(len(source))}


def test_it_learns_from_all_but_the_test_part(chips, monkeypatch):
    learned, said, epoch = [], [], trainer.Trainer._epoch

    def spy(self, data, *arguments):
        learned.append(ids(data.split.train(0)))
        return epoch(self, data, *arguments)

    monkeypatch.setattr(trainer.Trainer, "_epoch", spy)
    job = chips.job(epochs=1, block=1, report=str(chips.out / "report.html"))
    result = run(job, log=lambda _, text: said.append(text))
    with open_data(job, Reporter()) as data:
        validation, test = ids(data.split.validation), ids(data.split.test)
    first, second = learned
    assert first < second
    assert validation <= second - first
    assert not test & second
    card = cards.read(result["CHECKPOINT"])
    name, test_name = "validation (block of ids)", "test (block 1 of 5)"
    assert [*card.metrics] == [name, f"{name}, threshold 0.5", test_name]  # none of chips that it learned from
    assert card.training["finished"]
    assert result["SPLIT"] == test_name
    assert any(f"learns once more, from all {len(second)} chips" in text for text in said)
    assert "a second network" in (chips.out / "report.html").read_text(encoding="utf-8")


def test_a_cancel_keeps_the_first_network_and_resume_ends_with_the_same_weights(chips, monkeypatch):
    uninterrupted = chips.job()
    run(uninterrupted)
    runs, said = [], []
    monkeypatch.setattr(twice, "Run", lambda *arguments, **named: runs.append(Run(*arguments, **named)) or runs[-1])
    job = chips.job(checkpoint=str(chips.out / "stopped.safetensors"))
    with pytest.raises(Cancelled):
        run(job, cancelled=lambda: len(runs) == 2, log=lambda _, text: said.append(text))
    assert "The one of the first training is kept" in said[-1]
    assert not cards.read(job.checkpoint).training["finished"]
    run(replace(job, resume=str(state_path(job.checkpoint))))
    expected, found = load_file(uninterrupted.checkpoint), load_file(job.checkpoint)
    assert expected.keys() == found.keys()
    assert all(torch.equal(expected[key], found[key]) for key in expected)
    assert cards.read(job.checkpoint).metrics == cards.read(uninterrupted.checkpoint).metrics
    assert not state_path(job.checkpoint).exists()
