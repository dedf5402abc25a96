"""What users get wrong: an error that names the fix, and no file left behind."""

from __future__ import annotations

import json
import os
import signal
import struct
import time
from pathlib import Path

import pytest
from qgis.core import QgsProcessingException, QgsProcessingFeedback, QgsRasterLayer

from .conftest import QgisProcess, answer


class Feedback(QgsProcessingFeedback):
    """Presses cancel when the log says ``word``."""

    def __init__(self, word=""):
        super().__init__()
        self.word = word
        self.seen = []

    def pushInfo(self, text):
        self.seen.append(text)
        if self.word and self.word in text:
            self.cancel()

    def pushWarning(self, text):
        self.pushInfo(text)

    def setProgressText(self, text):
        self.pushInfo(text)


@pytest.fixture
def run(provider, worker_python):
    """Run an algorithm in this process, as the Python console does."""
    import processing

    def runner(name, feedback=None, **parameters):
        return processing.run(f"scarp:{name}", parameters, feedback=feedback or QgsProcessingFeedback())

    return runner


@pytest.fixture
def refused(run):
    """Run it and return the sentence with which it is refused."""

    def runner(name, **parameters):
        with pytest.raises(QgsProcessingException) as caught:
            run(name, **parameters)
        return str(caught.value)

    return runner


def nothing_in(folder):
    return not list(folder.rglob("*"))


def header(card):
    text = json.dumps({"__metadata__": {"scarp": json.dumps(card)}}).encode()
    return struct.pack("<Q", len(text)) + text


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"epochs: 30\nthreshold: 0.5\n" * 9, "is a text file, not a checkpoint"),
        (b"PK\x03\x04" + bytes(64), "pickled PyTorch file"),
        (header({"format_version": 1})[:40], "cut off"),
        (header({"format_version": 99, "architecture": "unet"}), "99"),
        (header({"format_version": 1, "architecture": "unet"}), "not valid"),
    ],
    ids=["text", "pickle", "truncated", "future", "incomplete"],
)
@pytest.mark.parametrize("name", ["detect", "describecheckpoint"])
def test_a_file_that_is_no_checkpoint_is_refused_before_a_worker_starts(
    refused, demo, tmp_path, monkeypatch, content, sentence, name
):
    monkeypatch.setenv("SCARP_PYTHON", "/nowhere/python")  # starting it would be another error
    path = tmp_path / "net.safetensors"
    path.write_bytes(content)
    given = {"BANDS": demo.bands, "MASK": str(tmp_path / "out" / "mask.tif")} if name == "detect" else {}
    report = {"REPORT": str(tmp_path / "out" / "card.html")} if name != "detect" else {}
    assert sentence in refused(name, CHECKPOINT=str(path), **given, **report)
    assert not (tmp_path / "out").exists()


def test_a_checkpoint_that_is_not_there(refused, demo, tmp_path):
    assert "There is no checkpoint 'flagship'" in refused(
        "detect", BANDS=demo.bands, CHECKPOINT="flagship", MASK=str(tmp_path / "mask.tif")
    )


def test_no_output_asked_for(refused, demo, checkpoint):
    assert "No output was asked for" in refused("detect", BANDS=demo.bands, CHECKPOINT=checkpoint)


def test_no_output_asked_for_on_the_command_line(qgis_process, demo, checkpoint):
    done = qgis_process.run("detect", BANDS=demo.bands, CHECKPOINT=checkpoint)
    assert done.code != 0
    assert "No output was asked for. Choose at least one of PROBABILITY" in done.log


@pytest.mark.parametrize(
    ("output", "target"),
    [("MASK", "mask.asc"), ("POLYGONS", "slides.shp"), ("PROBABILITY", "probability.img")],
)
def test_an_output_format_that_is_not_written(refused, demo, checkpoint, tmp_path, output, target):
    sentence = refused("detect", BANDS=demo.bands, CHECKPOINT=checkpoint, **{output: str(tmp_path / "new" / target)})
    assert "unsupported format" in sentence
    assert nothing_in(tmp_path)


def test_an_output_folder_that_cannot_be_written(refused, demo, checkpoint):
    for folder in ("/proc/scarp", "/dev/null/scarp"):
        sentence = refused("detect", BANDS=demo.bands, DEM=demo.dem, CHECKPOINT=checkpoint, MASK=f"{folder}/mask.tif")
        assert "cannot be written" in sentence
        assert "Choose another folder" in sentence


def test_a_gpu_that_is_not_there(refused, demo, checkpoint, tmp_path):
    if os.path.exists("/dev/nvidia0"):
        pytest.skip("there is a GPU here")
    sentence = refused(
        "detect",
        BANDS=demo.bands,
        DEM=demo.dem,
        CHECKPOINT=checkpoint,
        DEVICE="cuda",
        MASK=str(tmp_path / "m" / "mask.tif"),
    )
    assert "cuda" in sentence.lower()
    assert nothing_in(tmp_path)


def test_a_band_that_the_checkpoint_needs(refused, demo, checkpoint, tmp_path):
    sentence = refused(
        "detect", BANDS=demo.bands[:3], DEM=demo.dem, CHECKPOINT=checkpoint, MASK=str(tmp_path / "m" / "mask.tif")
    )
    assert "Missing in the scene: B08" in sentence
    assert nothing_in(tmp_path)


def test_a_band_file_that_is_not_there(refused, demo, checkpoint, tmp_path):
    bands = [*demo.bands, "/nowhere/B11.tif"]
    sentence = refused("detect", BANDS=bands, CHECKPOINT=checkpoint, MASK=str(tmp_path / "mask.tif"))
    assert "BANDS: '/nowhere/B11.tif' was not found" in sentence


def test_a_web_map_as_band(refused, checkpoint, tmp_path, qgis_new_project):
    layer = QgsRasterLayer("type=xyz&url=file:///nowhere/{z}/{x}/{y}.png", "web map", "wms")
    qgis_new_project.addMapLayer(layer)
    sentence = refused("detect", BANDS=[layer], CHECKPOINT=checkpoint, MASK=str(tmp_path / "mask.tif"))
    assert "'web map' comes from 'wms', not from a file" in sentence


def test_both_a_dataset_and_polygons_or_neither(refused, demo, tmp_path):
    given = {"BANDS": demo.bands, "CHECKPOINT": str(tmp_path / "net.safetensors")}
    assert "not neither" in refused("train", **given)
    both = refused("train", **given, LABELS=demo.layer("landslides"), DATASET=str(tmp_path))
    assert "not both" in both


def test_a_network_that_does_not_exist(refused, demo, tmp_path):
    sentence = refused(
        "train",
        BANDS=demo.bands,
        LABELS=demo.layer("landslides"),
        ARCHITECTURE="resnet",
        CHECKPOINT=str(tmp_path / "net.safetensors"),
    )
    assert "ARCHITECTURE is 'resnet'; choose one of scarpnet_small," in sentence


def test_a_dataset_folder_that_is_empty(refused, tmp_path):
    (tmp_path / "chips").mkdir()
    sentence = refused("train", DATASET=str(tmp_path / "chips"), CHECKPOINT=str(tmp_path / "out" / "net.safetensors"))
    assert str(tmp_path / "chips") in sentence
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"SCARP_PYTHON": ""}, "Run 'Set up the runtime' (scarp:setupruntime)"),
        ({"SCARP_PYTHON": "/nowhere/python"}, "SCARP_PYTHON is '/nowhere/python'"),
    ],
    ids=["none", "wrong"],
)
def test_no_usable_runtime(tmp_path, variables, sentence):
    home = {"HOME": str(tmp_path / "home"), "XDG_DATA_HOME": str(tmp_path / "home")}
    alone = QgisProcess(tmp_path / "profile", **home, **variables)
    done = alone.run("demoscene", SIZE=256, FOLDER=str(tmp_path / "demo"))
    assert done.code != 0
    assert sentence in done.log
    assert "Traceback" not in done.log
    assert not (tmp_path / "demo").exists()


def test_the_check_of_a_missing_runtime_is_an_answer(tmp_path):
    home = {"HOME": str(tmp_path / "home"), "XDG_DATA_HOME": str(tmp_path / "home"), "SCARP_PYTHON": ""}
    done = QgisProcess(tmp_path / "profile", **home).run("checkruntime", REPORT=str(tmp_path / "runtime.html"))
    assert done.code == 0, done.log
    assert done.results["READY"] is False
    assert "scarp:setupruntime" in (tmp_path / "runtime.html").read_text(encoding="utf-8")


def test_a_runtime_is_not_set_up_in_a_folder_that_holds_other_things(refused, tmp_path):
    (tmp_path / "thesis.odt").touch()
    assert "holds other things" in refused("setupruntime", FOLDER=str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.odt"]


def test_a_worker_that_is_killed_leaves_qgis_alive_and_no_file(qgis_process, worker_python, tmp_path):
    process = qgis_process.start("run", "scarp:demoscene", inputs={})
    process.stdin.write(json.dumps({"inputs": {"SIZE": 4096, "FOLDER": str(tmp_path / "demo")}}))
    process.stdin.close()
    process.stdin = None
    os.kill(worker_of(process.pid), signal.SIGKILL)
    out, err = process.communicate(timeout=60)
    done = answer(process.returncode, out, err)
    assert process.returncode == 1  # an error of the algorithm, not a crash
    assert "The worker was killed (SIGKILL)" in done.log
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_interrupted_qgis_process_takes_its_worker_along(qgis_process, worker_python, tmp_path, how):
    process = qgis_process.start("run", "scarp:demoscene", inputs={})
    process.stdin.write(json.dumps({"inputs": {"SIZE": 4096, "FOLDER": str(tmp_path / "demo")}}))
    process.stdin.close()
    process.stdin = None
    worker = worker_of(process.pid)
    os.killpg(process.pid, how)  # as Ctrl-C does: the shell script that QGIS starts by, and the program
    process.communicate(timeout=60)
    assert process.returncode != 0
    wait_for(lambda: not alive(worker))
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize("word", ["Worker:", "Grid:", "Threshold:", "Batch:"])
def test_cancel_while_mapping(run, demo, checkpoint, tmp_path, word):
    feedback = Feedback(word)
    targets = {name: str(tmp_path / "new" / f"{name}.{kind}") for name, kind in (("MASK", "tif"), ("POLYGONS", "gpkg"))}
    result = run("detect", feedback, BANDS=demo.bands, DEM=demo.dem, CHECKPOINT=checkpoint, PRECISION="fp32", **targets)
    assert any(word in text for text in feedback.seen)
    assert result == {}
    assert nothing_in(tmp_path)


@pytest.mark.parametrize("word", ["Worker:", "Data:"])
def test_cancel_before_the_first_epoch_leaves_nothing(run, demo, tmp_path, word):
    result = run(
        "train",
        Feedback(word),
        BANDS=demo.bands,
        LABELS=demo.layer("landslides"),
        CHIP=64,
        ARCHITECTURE="unet(widths=8-16-32)",
        CHECKPOINT=str(tmp_path / "new" / "net.safetensors"),
    )
    assert result == {}
    assert nothing_in(tmp_path)


def test_cancel_in_training_keeps_the_state_to_resume_from(run, demo, tmp_path):
    given = {
        "BANDS": demo.bands,
        "LABELS": demo.layer("landslides"),
        "CHIP": 64,
        "EPOCHS": 2,
        "PRECISION": "fp32",
        "ARCHITECTURE": "unet(widths=8-16-32)",
        "CHECKPOINT": str(tmp_path / "net.safetensors"),
    }
    assert run("train", Feedback("Epoch 1:"), **given) == {}
    states = [path for path in tmp_path.iterdir() if "state" in path.name]
    assert len(states) == 1
    assert not (tmp_path / "report.html").exists()
    feedback = Feedback()
    result = run("train", feedback, **given, RESUME=str(states[0]))
    assert Path(result["CHECKPOINT"]).is_file()
    said = "\n".join(feedback.seen)
    assert "Epoch 2:" in said
    assert "Epoch 1:" not in said


def worker_of(parent):
    """The process that ``qgis_process`` started to do a job, once it is at work."""
    found = []

    def look():
        found[:] = [pid for pid in descendants(parent) if b"__main__.py" in command(pid)]
        return found

    wait_for(look)
    time.sleep(1.0)
    return found[0]


def descendants(parent):
    children = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    known, todo = [], [parent]
    while todo:
        new = children.get(todo.pop(), [])
        known += new
        todo += new
    return known


def command(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_for(condition, seconds=60):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)
