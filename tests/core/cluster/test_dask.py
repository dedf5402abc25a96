"""Jobs on a local cluster of Dask: a worker that is killed costs time, not the result."""

from __future__ import annotations

import asyncio
import concurrent.futures
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest
import rasterio
from scarp.core.cluster.engine import Dask, _answer
from scarp.core.errors import ScarpError
from scarp.core.reporter import Reporter

distributed = pytest.importorskip("distributed")

LONG = 150  # s that may pass on a busy machine before a test is given up


@pytest.fixture(scope="module")
def cluster():
    options = {"host": "127.0.0.1", "dashboard_address": None, "memory_limit": 0, "silence_logs": 50}
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, **options) as cluster:
        yield cluster


def start(folder, *arguments):
    pipe = subprocess.PIPE
    command = [sys.executable, "-m", "scarp.core", *arguments]
    return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, cwd=folder)


def finish(process):
    out, errors = process.communicate(timeout=LONG)
    return [json.loads(line) for line in out.splitlines()], errors


def wait_for(condition):
    end = time.monotonic() + LONG
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.002)
    raise AssertionError("it did not come to that")


def test_a_worker_killed_in_the_middle_changes_nothing(cluster, job, with_outputs, tmp_path, assert_same):
    mine = with_outputs(job, tmp_path, "probability", "mask", "polygons")
    (tmp_path / "job.json").write_text(mine.to_json())
    process = start(tmp_path, "--scheduler", cluster.scheduler_address, "--blocks", "5", "job.json")
    folder = tmp_path / ".probability.blocks"
    try:
        wait_for(lambda: list(folder.glob("block-*.tif")) or process.poll() is not None)

        def victim():
            busy = {address for address, state in cluster.scheduler.workers.items() if state.processing}
            nannies = [nanny for nanny in cluster.workers.values() if nanny.worker_address in busy]
            return nannies[0] if nannies and list(folder.glob(".block-*.part-*.tif")) else None

        nanny = wait_for(victim)
        pid = nanny.pid
        os.kill(pid, signal.SIGKILL)
        wait_for(lambda: any(task.suspicious for task in cluster.scheduler.tasks.values()))
    finally:
        said, errors = finish(process)
    assert process.returncode == 0, (said[-3:], errors)
    assert said[-1] == {"event": "result", "result": {"DONE": 1, "SKIPPED": 0, "FAILED": 0}}
    assert_same(mine)
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == ["job.json", "mask.tif", "polygons.gpkg", "probability.tif"]


def test_several_scenes_of_which_one_fails_and_one_needs_another(cluster, job, with_outputs, tmp_path, assert_same):
    whole = with_outputs(job, tmp_path, "probability", "mask", "polygons")
    after = {"job": "polygonize", "probability": "probability.tif", "mask": "again.tif", "threshold": job.threshold}
    lost = replace(job, bands=[str(tmp_path / "none.tif")], mask=str(tmp_path / "lost.tif"))
    jobs = [json.loads(whole.to_json()), after, json.loads(lost.to_json())]
    (tmp_path / "jobs.jsonl").write_text("\n".join(map(json.dumps, jobs)))
    said, errors = finish(start(tmp_path, "--scheduler", cluster.scheduler_address, "jobs.jsonl"))
    ended = {event["name"]: event for event in said if event["event"] == "job"}
    assert [ended[f"jobs.jsonl[{n}]"]["state"] for n in (1, 2, 3)] == ["done", "done", "failed"], errors
    assert "none.tif" in ended["jobs.jsonl[3]"]["message"]
    assert said[-1]["result"] == {"DONE": 2, "SKIPPED": 0, "FAILED": 1}
    assert_same(whole)
    with rasterio.open(tmp_path / "again.tif") as again, rasterio.open(whole.mask) as mask:
        np.testing.assert_array_equal(again.read(1), mask.read(1))
    said, _ = finish(start(tmp_path, "--scheduler", cluster.scheduler_address, "jobs.jsonl"))
    assert said[-1]["result"] == {"DONE": 0, "SKIPPED": 2, "FAILED": 1}


def test_cancel_ends_what_runs_on_the_workers(cluster, job, with_outputs, tmp_path):
    slow = with_outputs(replace(job, tta="all", tile=64, overlap=0.5), tmp_path, "mask")
    (tmp_path / "job.json").write_text(slow.to_json())
    process = start(tmp_path, "--scheduler", cluster.scheduler_address, "job.json")
    wait_for(lambda: list(tmp_path.glob(".mask.part-*")) or process.poll() is not None)
    process.send_signal(signal.SIGINT)
    said, errors = finish(process)
    assert process.returncode == 130, errors
    assert said[-1]["cancelled"]
    assert not any(state.processing for state in cluster.scheduler.workers.values())
    assert [path.name for path in tmp_path.iterdir()] == ["job.json"]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (asyncio.CancelledError(), "scheduler of Dask was lost"),
        (concurrent.futures.CancelledError(), "scheduler of Dask was lost"),
        (distributed.KilledWorker("task", None, 4), "MEMORY"),
        (ModuleNotFoundError("No module named 'scarp'"), "same version of Scarp"),
    ],
)
def test_what_dask_raises_is_put_in_words(error, words):
    future = concurrent.futures.Future()
    future.set_exception(error)
    assert words in _answer(future)["error"]


def test_nobody_at_the_address_is_said(monkeypatch):
    monkeypatch.setattr("scarp.core.cluster.engine._CONNECT", "1s")
    with pytest.raises(ScarpError, match=r"tcp://127\.0\.0\.1:9"):
        Dask("tcp://127.0.0.1:9", 0, Reporter(log=lambda *_: None))
