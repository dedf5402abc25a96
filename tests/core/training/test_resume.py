"""A training that was killed goes on to the same weights, bit for bit."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest
import torch
from safetensors.torch import load_file
from scarp.core import card as cards
from scarp.core import run
from scarp.core.training.state import state_path

# All that has a memory: moments, averaged weights, half-gathered steps, the schedule's and the stop's patience.
COURSES = {
    "average": {"ema": 0.9, "accumulate": 3, "schedule": "plateau", "patience": 4, "optimizer": "adamw"},
    "plain": {"architecture": "unet(widths=4-8,dropout=0.3)", "schedule": "one_cycle", "optimizer": "adam"},
}


def worker(job, folder):
    file = folder / "job.json"
    file.write_text(job.to_json(), encoding="utf-8")
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", "scarp.core", str(file)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
    )  # fmt: skip


def wait_for_epoch(process, job, epoch):
    """Wait until the state of ``epoch`` is written and a batch of the next one is under way."""
    for line in process.stdout:
        said = json.loads(line)
        if said["event"] == "progress" and f"Epoch {epoch + 1} of" in said["text"] and "batch 1 " not in said["text"]:
            return
    pytest.fail(f"The training ended before epoch {epoch + 1}: {process.stderr.read()}")


@pytest.mark.parametrize("course", COURSES)
def test_a_training_killed_within_an_epoch_is_resumed_to_the_same_weights(chips, tmp_path, monkeypatch, course):
    # Long epochs: chips are shown again and again.
    settings = {"epochs": 4, "epoch_chips": 160, "batch": 4, "learning_rate": 0.003, **COURSES[course]}
    job = chips.job(**settings)
    process = worker(job, tmp_path)
    try:
        wait_for_epoch(process, job, 2)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    killed = cards.read(job.checkpoint)  # whole
    assert not killed.training["finished"]
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        run(chips.job(**settings, resume=str(state_path(job.checkpoint))))
        whole = chips.job(**settings, checkpoint=str(chips.out / "whole.safetensors"))
        run(whole)
    finally:
        torch.set_num_threads(threads)
    resumed, uninterrupted = load_file(job.checkpoint), load_file(whole.checkpoint)
    assert resumed.keys() == uninterrupted.keys()
    for name, tensor in uninterrupted.items():
        assert torch.equal(resumed[name], tensor), name
    cards_ = [cards.read(each.checkpoint) for each in (job, whole)]
    for name in ("metrics", "threshold", "temperature"):
        assert getattr(cards_[0], name) == getattr(cards_[1], name)
    assert [card.training["best_epoch"] for card in cards_] == [cards_[0].training["best_epoch"]] * 2
    assert sorted(path.name for path in chips.out.iterdir()) == ["net.safetensors", "whole.safetensors"]


def test_state_and_weights_of_an_interrupted_and_a_whole_training_agree_after_each_epoch(chips):
    """Also where the checkpoint would not show it: the raw weights, moments and memory in the state."""
    from scarp.core.errors import Cancelled

    settings = {"epochs": 4, "ema": 0.8, "accumulate": 2, "schedule": "plateau", "patience": 3, "learning_rate": 0.01}

    def until(epoch, **changes):
        texts = []
        with pytest.raises(Cancelled):
            run(
                chips.job(**settings, **changes),
                lambda share, text: texts.append(text),
                lambda: any(f"Epoch {epoch + 1} of" in text for text in texts),
            )

    whole, parts = (chips.out / f"{name}.safetensors" for name in ("whole", "parts"))
    until(3, checkpoint=str(whole))
    for epoch in (1, 2, 3):
        resume = {"resume": str(state_path(parts))} if epoch > 1 else {}
        until(epoch, checkpoint=str(parts), **resume)
    expected, found = (load_file(state_path(path)) for path in (whole, parts))
    assert {name.split("/")[0] for name in expected} == {"model", "average", "optimizer"}
    assert expected.keys() == found.keys()
    for name, tensor in expected.items():
        assert torch.equal(found[name], tensor), name
    states = [json.loads(cards.read_metadata(state_path(path))["scarp_state"])["state"] for path in (whole, parts)]
    for key in ("epoch", "best", "score", "history", "schedule", "chosen"):
        assert states[0][key] == states[1][key], key
