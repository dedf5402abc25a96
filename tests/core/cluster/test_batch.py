"""A list of jobs: how it is read, what is done in which order, and what is not done again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import rasterio
from scarp.core import run
from scarp.core.cluster.batch import Batch, Options
from scarp.core.cluster.fresh import is_done
from scarp.core.cluster.listing import absolute, needs, read_jobs
from scarp.core.errors import Cancelled, ScarpError
from scarp.core.jobs import DemoSceneJob, DetectJob, EvaluateJob, PolygonizeJob
from scarp.core.reporter import Reporter

QUIET = Reporter(log=lambda *_: None)


class Recorded:
    """Answers tasks last in, first out, as far as it is allowed several at once; jobs named ``bad`` fail."""

    def __init__(self, at_once=None):
        self.at_once, self.open, self.order = at_once, [], []

    def submit(self, ticket, task):
        self.open.append((ticket, json.loads(task["job"])))

    def forget(self, ticket):
        self.open = [one for one in self.open if one[0] != ticket]

    def next(self, reporter):
        reporter.check()
        ticket, job = self.open.pop()
        self.order.append(Path(job["mask"]).stem)
        if "bad" in job["mask"]:
            return ticket, {"error": "It cannot be done."}
        return ticket, {"result": {"MASK": job["mask"]}, "log": [["info", f"did {job['mask']}"]]}


def polygonize(mask, probability="p.tif"):
    return {"job": "polygonize", "probability": probability, "mask": mask}


def listed(tmp_path, *jobs):
    (tmp_path / "jobs.json").write_text(json.dumps(list(jobs)))
    return read_jobs([str(tmp_path / "jobs.json")])


def test_files_arrays_and_lines_are_read_and_what_is_wrong_is_listed(tmp_path):
    (tmp_path / "one.json").write_text(json.dumps(polygonize("a.tif"), indent=2))
    (tmp_path / "array.json").write_text(json.dumps([polygonize("b.tif"), {"job": "bake"}]))
    (tmp_path / "lines.jsonl").write_text(f"{json.dumps(polygonize('c.tif'))}\n\n{json.dumps(polygonize('d.tif'))}\n")
    (tmp_path / "broken.json").write_text('{"job": ')
    names = ("one.json", "array.json", "lines.jsonl", "broken.json", "none.json")
    found = read_jobs([str(tmp_path / name) for name in names])
    expected = ["one.json", "array.json[1]", "array.json[2]", "lines.jsonl[1]", "lines.jsonl[2]", "broken.json"]
    assert [one.name for one in found[:-1]] == expected
    assert [bool(one.job) for one in found] == [True, True, False, True, True, False, False]
    assert "bake" in found[2].error
    assert "not valid JSON" in found[5].error
    assert "cannot be read" in found[6].error


def test_two_jobs_never_write_the_same_file(tmp_path):
    with pytest.raises(ScarpError, match=r"jobs.json\[1\] and jobs.json\[2\] both write"):
        listed(tmp_path, polygonize("a.tif"), polygonize("./a.tif"))


def test_jobs_wait_for_what_they_read_and_fail_with_it(tmp_path):
    chain = listed(
        tmp_path,
        polygonize("bad.tif"),
        polygonize("b.tif", "bad.tif"),
        polygonize("c.tif"),
        polygonize("d.tif", str(Path("c.tif").absolute())),
        {"job": "demoscene", "folder": "scene"},
        {"job": "evaluate", "prediction": "d.tif", "reference": "scene/labels.gpkg|layername=x", "report": "r.html"},
    )
    assert needs(chain) == [set(), {0}, set(), {2}, set(), {3, 4}]
    engine, ended = Recorded(), []
    outcomes = Batch(chain[:4], engine, Options(), QUIET, ended.append).run()
    assert [outcome.state for outcome in outcomes] == ["failed", "failed", "done", "done"]
    assert outcomes[1].message == "It needs the outputs of jobs.json[1]."
    assert engine.order.index("c") < engine.order.index("d")
    assert "b" not in engine.order
    assert len(ended) == 4


def test_one_at_a_time_keeps_the_order_and_progress_never_falls(tmp_path):
    seen = []
    reporter = Reporter(lambda share, text: seen.append(share), log=lambda *_: None)
    engine = Recorded(at_once=1)
    Batch(listed(tmp_path, *(polygonize(f"{n}.tif") for n in range(5))), engine, Options(), reporter, str).run()
    assert engine.order == list("01234")
    assert seen == sorted(seen)
    assert seen[-1] == 1


def test_the_blocks_of_a_job_that_failed_are_not_begun(tmp_path):
    class Blocks(Recorded):
        def submit(self, ticket, task):
            self.open.insert(0, (ticket, task))

        def next(self, reporter):
            ticket, task = self.open.pop()
            self.order.append((task["do"], task.get("number")))
            if task["do"] == "plan":
                return ticket, {"result": {"rows": [[0, 1]] * 4, "folder": "kept here"}}
            return ticket, {"error": "It cannot be done."} if task.get("number") == 1 else {"result": {"device": "cpu"}}

    jobs = ({"job": "detect", "bands": ["b"], "checkpoint": "c", "mask": "1.tif"}, polygonize("2.tif"))
    engine = Blocks(at_once=1)
    outcomes = Batch(listed(tmp_path, *jobs), engine, Options(blocks=4), QUIET, str).run()
    assert engine.order == [("plan", None), ("block", 0), ("block", 1), ("job", None)]
    assert [outcome.state for outcome in outcomes] == ["failed", "done"]
    assert "'kept here', is kept" in outcomes[0].message


def test_cancel_stops_the_list(tmp_path):
    engine = Recorded(at_once=1)
    reporter = Reporter(cancelled=lambda: len(engine.order) == 2, log=lambda *_: None)
    with pytest.raises(Cancelled):
        Batch(listed(tmp_path, *(polygonize(f"{n}.tif") for n in range(5))), engine, Options(), reporter, str).run()
    assert engine.order == ["0", "1"]


def test_paths_are_made_absolute_and_nothing_else(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("b.tif", "auto", "labels.gpkg"):
        (tmp_path / name).touch()
    there = f"{tmp_path}{os.sep}"
    job = absolute(
        DetectJob(bands=["b.tif", "/vsis3/x/b.tif"], checkpoint="shipped", area="labels.gpkg|layername=b.tif")
    )
    assert [layer.path for layer in job.bands] == [f"{there}b.tif", "/vsis3/x/b.tif"]
    assert (job.checkpoint, job.device, job.area) == ("shipped", "auto", f"{there}labels.gpkg|layername=b.tif")
    assert absolute(PolygonizeJob(probability="none.tif", mask="new/m.tif")).mask == f"{there}new{os.sep}m.tif"


def test_what_is_done_is_known_by_its_record(single, tmp_path):
    job = PolygonizeJob(probability=single.probability, threshold=0.5, mask=str(tmp_path / "m.tif"))
    assert not is_done(job)
    run(job, log=lambda *_: None)
    assert is_done(job)
    assert is_done(single)
    assert not is_done(replace(job, threshold=0.4))
    assert not is_done(replace(job, polygons=str(tmp_path / "p.gpkg")))
    with rasterio.open(job.mask, "r+") as raster:
        record = json.loads(raster.tags()["SCARP_RUN"])
        record["versions"]["scarp"] = "0.0.1"
        raster.update_tags(SCARP_RUN=json.dumps(record))
    assert not is_done(job)
    run(job, log=lambda *_: None)
    later = os.stat(job.mask).st_mtime + 10
    touched = tmp_path / "p.tif"
    touched.write_bytes(Path(job.probability).read_bytes())
    moved = replace(job, probability=str(touched), mask=str(tmp_path / "m2.tif"))
    run(moved, log=lambda *_: None)
    assert is_done(moved)
    os.utime(touched, (later, later))
    assert not is_done(moved)


def test_another_checkpoint_under_the_same_name_is_noticed(job, inputs, with_outputs, tmp_path):
    copy = tmp_path / "net.safetensors"
    copy.write_bytes((inputs / "net.safetensors").read_bytes())
    mine = with_outputs(replace(job, checkpoint=str(copy), extent=[500000, 4735000, 501000, 4736000]), tmp_path, "mask")
    run(mine, log=lambda *_: None)
    assert is_done(mine)
    old = copy.stat().st_mtime
    copy.write_bytes(copy.read_bytes() + b" ")
    os.utime(copy, (old, old))
    assert not is_done(mine)


def test_outputs_without_a_record_have_to_be_newer_than_the_job(tmp_path):
    file, report = tmp_path / "job.json", tmp_path / "r.html"
    job = EvaluateJob(prediction="p", reference="r", report=str(report))
    file.write_text(job.to_json())
    report.write_text("a report")
    os.utime(file, (1000, 1000))
    assert is_done(job, file)
    os.utime(report, (999, 999))
    assert not is_done(job, file)
    assert not is_done(DemoSceneJob(), file)


def test_the_command_line_runs_a_list_and_says_how_it_went(single, tmp_path):
    made = {"job": "polygonize", "probability": single.probability, "mask": str(tmp_path / "m.tif")}
    (tmp_path / "a.json").write_text(json.dumps([made, {**made, "probability": "none.tif", "mask": "n.tif"}]))

    def call(*arguments):
        command = [sys.executable, "-m", "scarp.core", *arguments]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr

    code, said, errors = call("a.json")
    assert (code, said[-1]["result"]) == (1, {"DONE": 1, "SKIPPED": 0, "FAILED": 1}), errors
    assert "none.tif" in next(event["message"] for event in said if event.get("state") == "failed")
    before = os.stat(tmp_path / "m.tif").st_mtime_ns
    (tmp_path / "b.json").write_text(json.dumps(made))
    code, said, _ = call("--again", "b.json")
    assert (code, said[-1]["result"]) == (0, {"DONE": 1, "SKIPPED": 0, "FAILED": 0})
    assert os.stat(tmp_path / "m.tif").st_mtime_ns > before
    code, said, errors = call("--wrong", "b.json")
    assert code == 2
    assert "--wrong" in errors
