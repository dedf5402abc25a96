"""One training on two processes of one machine, as torchrun starts them."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys

import pytest
import torch
from safetensors.torch import load_file
from scarp.core import card as cards
from scarp.core import run
from scarp.core.errors import ScarpError
from scarp.core.jobs import DescribeCheckpointJob
from scarp.core.reporter import Reporter
from scarp.core.training.data import open_data
from scarp.core.training.plan import make_plan
from scarp.core.training.run import Run
from scarp.core.training.state import state_path
from scarp.core.training.team import Team

# Gradients of the first batch, of which each chip is scored in another share, with the statistics of BatchNorm frozen.
GRADIENTS = """
import sys, torch
from safetensors.torch import save_file
from scarp.core.jobs import from_json
from scarp.core.reporter import Reporter
from scarp.core.training.data import open_data
from scarp.core.training.plan import make_plan
from scarp.core.training.run import Run
from scarp.core.training.team import Team

job, target = from_json(open(sys.argv[1]).read()), sys.argv[2]
team, reporter = Team.of_environment(), Reporter(log=lambda level, text: None)
with open_data(job, reporter) as data, team.joined(torch.device("cpu")):
    trainer = Run(job, make_plan(job, reporter), data, torch.device("cpu"), reporter, team=team).trainer
    steps = trainer.steps
    batches = trainer.loader(data.split.train(0))
    steps.model.eval()
    for last in (False, True):  # two batches in a step
        batch = next(batches)
        rows = batch.x[:, 0].flatten(1).argmax(1) // 32  # anything that differs from chip to chip
        scored = (torch.arange(32)[None, :, None] <= rows[:, None, None]).expand(-1, -1, 32)
        loss = steps.gradients(batch._replace(scored=scored), last)
    scale = steps._unit / steps._scored
    found = {name: scale * parameter.grad.contiguous() for name, parameter in steps.model.named_parameters()}
    shares = torch.tensor([float(scored.sum()), float(len(batch.x)), loss])
    save_file({**found, "shares": shares}, f"{target}.{team.rank}")
"""


def together(*arguments, processes=2):
    """Start processes with the environment that torchrun gives them."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    started = []
    for rank in range(processes):
        environment = {
            **os.environ, "RANK": str(rank), "LOCAL_RANK": str(rank), "WORLD_SIZE": str(processes),
            "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port), "OMP_NUM_THREADS": "1",
        }  # fmt: skip
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        started.append(subprocess.Popen([sys.executable, *arguments], env=environment, **pipes))
    return started


def ends(processes):
    """The lines and exit codes of processes, all of which must end."""
    answers = [process.communicate(timeout=120) for process in processes]
    return [(process.returncode, out, error) for process, (out, error) in zip(processes, answers)]


@pytest.fixture
def file(tmp_path):
    def write(job):
        path = tmp_path / "job.json"
        path.write_text(job.to_json(), encoding="utf-8")
        return str(path)

    return write


def test_two_processes_have_the_gradients_of_one(chips, file, tmp_path):
    job = chips.job(loss="ce", optimizer="sgd", batch=6)
    chips.out.mkdir()
    (tmp_path / "gradients.py").write_text(GRADIENTS)
    script = [str(tmp_path / "gradients.py"), file(job)]
    for processes, name in ((1, "one"), (2, "two")):
        for code, _, error in ends(together(*script, str(tmp_path / name), processes=processes)):
            assert code == 0, error
    one, *two = (load_file(tmp_path / name) for name in ("one.0", "two.0", "two.1"))
    shares = [found.pop("shares").tolist() for found in (one, *two)]
    assert shares[1][0] + shares[2][0] == shares[0][0]  # pixels
    assert abs(shares[1][0] - shares[2][0]) > 50  # not the same number in both
    assert shares[1][1] == shares[2][1] == 3
    assert shares[1][2] == shares[2][2] == pytest.approx(shares[0][2], rel=1e-6)
    assert max(float(gradient.abs().max()) for gradient in one.values()) > 1e-3
    for name, gradient in one.items():
        assert torch.equal(two[0][name], two[1][name])
        torch.testing.assert_close(two[0][name], gradient, rtol=0, atol=1e-6)


def test_a_training_on_two_processes_writes_one_checkpoint_like_any_other(chips, file, tmp_path):
    job = chips.job(epochs=2, ema=0.5, accumulate=2, report=str(chips.out / "report.html"))
    spy = tmp_path / "spy.py"
    spy.write_text(
        "import runpy, sys\n"
        "from safetensors.torch import save_file\n"
        "from scarp.core.training.trainer import Trainer\n"
        "fit = Trainer.fit\n"
        "def spied(trainer, *arguments):\n"
        "    fit(trainer, *arguments)\n"
        "    for name, model in (('raw', trainer.steps.model), ('kept', trainer.scorer.model)):\n"
        "        whole = {key: x.contiguous() for key, x in model.state_dict().items()}\n"
        f"        save_file(whole, {str(tmp_path)!r} + f'/{{name}}.{{trainer.team.rank}}')\n"
        "Trainer.fit = spied\n"
        "sys.argv = ['scarp.core', sys.argv[1]]\n"
        "runpy.run_module('scarp.core', run_name='__main__')\n"
    )
    answers = ends(together(str(spy), file(job)))
    assert [code for code, _, _ in answers] == [0, 0], answers[0][2] + answers[1][2]
    for name in ("raw", "kept"):
        first, second = (load_file(tmp_path / f"{name}.{rank}") for rank in (0, 1))
        assert all(torch.equal(first[key], second[key]) for key in first)
    events = [[json.loads(line) for line in out.splitlines()] for _, out, _ in answers]
    assert any("Epoch 2: loss" in said.get("message", "") for said in events[0])
    assert {said["event"] for said in events[1]} == {"started", "result"}
    assert sorted(path.name for path in chips.out.iterdir()) == ["net.safetensors", "report.html"]
    alone = chips.job(epochs=1, checkpoint=str(chips.out / "alone.safetensors"))
    run(alone)
    card, other = cards.read(job.checkpoint), cards.read(alone.checkpoint)
    assert card.training["processes"] == 2
    assert card.training["batch"] == 8
    assert {*other.training} <= {*card.training}
    assert load_file(job.checkpoint).keys() == load_file(alone.checkpoint).keys()


def test_cancel_of_one_stops_all_and_the_training_can_be_resumed(chips, file):
    job = chips.job(epochs=500)
    processes = together("-m", "scarp.core", file(job))
    for line in processes[0].stdout:
        if "Epoch 3 of" in line:
            break
    processes[1].send_signal(signal.SIGTERM)
    answers = ends(processes)
    assert [code for code, _, _ in answers] == [130, 130], answers
    assert not cards.read(job.checkpoint).training["finished"]
    assert state_path(job.checkpoint).is_file()


def test_the_loss_of_one_ends_the_others(chips, file):
    job = chips.job(epochs=500)
    processes = together("-m", "scarp.core", file(job))
    for line in processes[0].stdout:
        if "Epoch 2 of" in line:
            break
    processes[1].kill()
    (code, out, error), _ = ends(processes)
    assert code == 1
    last = json.loads(out.splitlines()[-1])
    assert "Another process of this training ended" in last["message"], error
    assert not last["defect"]


def test_what_cannot_be_shared_is_refused(chips, monkeypatch):
    team = Team(rank=0, size=3)
    job = chips.job(batch=8)
    monkeypatch.setattr(Team, "same", lambda self, compute: compute())
    plan = make_plan(job, Reporter())
    with open_data(job, Reporter()) as data, pytest.raises(ScarpError, match="multiple of 3"):
        Run(job, plan, data, torch.device("cpu"), Reporter(), team=team)
    with pytest.raises(ScarpError, match="each takes a GPU"):
        team.device_name("cuda:1")
    monkeypatch.setenv("RANK", "0")
    monkeypatch.setenv("WORLD_SIZE", "2")
    with pytest.raises(ScarpError, match="MASTER_ADDR and MASTER_PORT"):
        Team.of_environment()
    with pytest.raises(ScarpError, match="describecheckpoint runs in one process, but 2 were started"):
        run(DescribeCheckpointJob(checkpoint="net.safetensors", report=str(chips.out / "card.html")))
