"""The worker's side of the protocol, with the worker itself in a process of its own."""

from __future__ import annotations

import json
import math
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from scarp.core.runtime.channel import plain

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def plugin(tmp_path):
    """A copy of what the worker needs of the plugin, in an oddly named folder, with a task of the test's."""

    def make(task: str, name: str = "scarp-0.1 (copy)") -> list[str]:
        folder = tmp_path / name
        (folder / "core" / "tasks").mkdir(parents=True)
        for file in [ROOT / "__init__.py", *(ROOT / "core").glob("*.py"), ROOT / "core" / "tasks" / "__init__.py"]:
            shutil.copy(file, folder / file.relative_to(ROOT))
        for part in ("jobs", "runtime"):
            shutil.copytree(ROOT / "core" / part, folder / "core" / part)
        body = textwrap.indent(textwrap.dedent(task), "    ")
        text = "from __future__ import annotations\nimport os, sys, time\nfrom ..errors import ScarpError\n"
        (folder / "core" / "tasks" / "demoscene.py").write_text(f"{text}def perform(job, reporter):\n{body}\n")
        return [sys.executable, "-I", str(folder / "core" / "__main__.py")]

    return make


def job(tmp_path, **fields):
    return json.dumps({"job": "demoscene", "folder": str(tmp_path / "scene"), **fields}) + "\n"


def start(command):
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, encoding="utf-8")


def events(text):
    return [json.loads(line) for line in text.splitlines()]


def finish(process, line):
    out, err = process.communicate(line, timeout=30)
    return events(out), err


def test_only_json_on_stdout_whoever_writes_to_it(plugin, tmp_path):
    command = plugin("""
        print("a print")
        os.write(1, b"a C library\\n")
        os.system("echo a program")
        reporter.info("chosen: 42")
        return {"NAN": float("nan"), "INF": [float("-inf"), 1.5], "FOLDER": job.folder}
    """)
    said, errors = finish(start([*command, "-"]), job(tmp_path))
    assert [event["event"] for event in said] == ["started", "log", "result"]
    assert said[0]["python"] == sys.version.split()[0]
    assert set(said[0]) == {"event", "python", "executable", "versions", "device"}
    assert said[2]["result"] == {"NAN": None, "INF": [None, 1.5], "FOLDER": str(tmp_path / "scene")}
    assert all(word in errors for word in ("a print", "a C library", "a program"))


def test_the_root_folder_is_scarp_and_nothing_else_is_on_the_path(plugin, tmp_path):
    command = plugin("""
        import scarp
        return {"FILE": scarp.__file__, "PATH": sys.path, "MODULES": sorted(m for m in sys.modules if "core" in m)}
    """)
    said, _ = finish(start([*command, "-"]), job(tmp_path))
    result = said[-1]["result"]
    assert result["FILE"] == str(tmp_path / "scarp-0.1 (copy)" / "__init__.py")
    assert not [entry for entry in result["PATH"] if str(tmp_path) in entry]
    assert all(
        name.startswith("scarp.core") for name in result["MODULES"] if "encodings" not in name and "_" not in name
    )


def test_unknown_and_broken_jobs_are_errors(plugin, tmp_path):
    command = plugin("return {}")
    for text, words in (
        ("", "empty"),
        ("not JSON", "valid JSON"),
        ('{"job": "bake"}', "bake"),
        (job(tmp_path, size=1), "SIZE"),
    ):
        process = start([*command, "-"])
        said, _ = finish(process, text)
        assert [event["event"] for event in said] == ["error"]
        assert words in said[0]["message"]
        assert process.returncode == 1


def test_an_error_is_a_sentence_and_a_defect_keeps_its_traceback_to_stderr(plugin, tmp_path):
    said, errors = finish(start([*plugin("raise ScarpError('Band B08 is missing.')", "a"), "-"]), job(tmp_path))
    assert said[-1] == {"event": "error", "message": "Band B08 is missing.", "cancelled": False, "defect": False}
    assert errors == ""
    said, errors = finish(start([*plugin("return {}['x']", "b"), "-"]), job(tmp_path))
    assert said[-1]["defect"]
    assert "Traceback" not in said[-1]["message"]
    assert "Traceback" in errors


def test_missing_package_names_the_fix(plugin, tmp_path):
    said, _ = finish(start([*plugin("import no_such_package"), "-"]), job(tmp_path))
    assert "scarp:setupruntime" in said[-1]["message"]


def test_progress_is_throttled_and_its_end_is_said(plugin, tmp_path):
    command = plugin("""
        for step in range(20001):
            reporter.progress(step / 20000, "step")
        return {}
    """)
    said, _ = finish(start([*command, "-"]), job(tmp_path))
    shares = [event["share"] for event in said if event["event"] == "progress"]
    assert len(shares) < 200
    assert shares[-1] == 1.0


LOOP = """
    while True:
        reporter.progress(0.5, "busy")
        time.sleep(0.01)
"""


def test_command_cancels(plugin, tmp_path):
    process = start(plugin(LOOP))
    process.stdin.write(job(tmp_path))
    process.stdin.flush()
    assert json.loads(process.stdout.readline())["event"] == "started"
    said, _ = finish(process, '{"cmd": "hello"}\nnot JSON\n{"cmd": "cancel"}\n')
    assert {"event": "log", "level": "info", "message": "Cancelling."} in said
    assert said[-1] == {"event": "error", "message": "Cancelled.", "cancelled": True, "defect": False}
    assert process.returncode == 130


@pytest.mark.parametrize("how", ["end of file", "SIGTERM", "SIGINT"])
def test_parent_gone_and_signals_stop_the_job(plugin, tmp_path, how):
    process = start([*plugin(LOOP), *(["-"] if how == "SIGINT" else [])])
    process.stdin.write(job(tmp_path))
    process.stdin.flush()
    assert json.loads(process.stdout.readline())["event"] == "started"
    if how == "end of file":
        process.stdin.close()
    else:
        process.send_signal(getattr(signal, how))
    assert process.wait(timeout=10) == 130


def test_a_worker_stuck_in_a_long_call_ends_after_its_parent_and_cleans_up(plugin, tmp_path):
    command = plugin("""
        from .. import outputs
        outputs.part_path(job.folder).mkdir()
        time.sleep(60)
    """)
    channel = Path(command[-1]).parent / "runtime" / "channel.py"
    channel.write_text(channel.read_text().replace("_GRACE = 10.0", "_GRACE = 0.3"))
    process = start(command)
    process.stdin.write(job(tmp_path))
    process.stdin.flush()
    part = tmp_path / ".scene.part"
    while not part.exists():
        time.sleep(0.02)
    process.stdin.close()
    assert process.wait(timeout=10) == 1
    assert not part.exists()


def test_a_reader_that_has_gone_stops_the_job(plugin, tmp_path):
    process = start(plugin(LOOP))
    process.stdin.write(job(tmp_path))
    process.stdin.flush()
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(timeout=10) in (120, 130)


def test_job_files_and_jobs_on_several_lines(plugin, tmp_path):
    command = plugin("return {'SEED': job.seed}")
    pretty = json.dumps(json.loads(job(tmp_path, seed=7)), indent=2)
    file = tmp_path / "job.json"
    file.write_text(pretty)
    done = subprocess.run([*command, str(file)], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True)
    assert events(done.stdout)[-1]["result"] == {"SEED": 7}
    said, _ = finish(start([*command, "-"]), pretty)
    assert said[-1]["result"] == {"SEED": 7}
    done = subprocess.run([*command, str(tmp_path / "none.json")], capture_output=True, text=True, check=False)
    assert "cannot be read" in events(done.stdout)[-1]["message"]
    assert subprocess.run([*command, "--help"], capture_output=True, check=False).returncode == 2


def test_module_form_is_the_same_thing(tmp_path):
    if "SCARP_PYTHON" in os.environ:
        pytest.skip("in QGIS's Python")
    text = json.dumps({"job": "describecheckpoint"})
    done = subprocess.run(
        [sys.executable, "-m", "scarp.core", "-"], input=text, capture_output=True, text=True, check=False
    )
    assert "CHECKPOINT" in events(done.stdout)[-1]["message"]


def test_plain_values():
    class Number:
        def tolist(self):
            return math.inf

    value = {1: Number(), "path": Path("a"), "list": (True, None, "x", 2)}
    assert plain(value) == {"1": None, "path": "a", "list": [True, None, "x", 2]}


def test_idle_threads_of_the_network_soon_sleep_unless_the_user_says_how_they_wait(plugin, tmp_path, monkeypatch):
    command = plugin("return {'spins': os.environ.get('GOMP_SPINCOUNT'), 'torch': 'torch' in sys.modules}")
    for name, value, expected in (("", "", "1000"), ("OMP_WAIT_POLICY", "active", None), ("GOMP_SPINCOUNT", "7", "7")):
        with monkeypatch.context() as given:
            given.delenv("GOMP_SPINCOUNT", raising=False)
            given.delenv("OMP_WAIT_POLICY", raising=False)
            if name:
                given.setenv(name, value)
            said, _ = finish(start([*command, "-"]), job(tmp_path))
        assert said[-1]["result"] == {"spins": expected, "torch": False}
