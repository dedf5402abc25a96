"""The launcher survives whatever a worker does."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
import time
from pathlib import Path

import pytest
from scarp.core.errors import Cancelled, ScarpError
from scarp.core.jobs import CheckRuntimeJob, DemoSceneJob, DescribeCheckpointJob
from scarp.core.outputs import part_path
from scarp.core.runtime.launcher import run_job

JOB = CheckRuntimeJob()


def run(**options):
    return run_job(options.pop("job", JOB), sys.executable, **options)


def test_result_progress_and_log_come_through(stand_in):
    stand_in("""
        job = json.loads(line)
        say("started", python="3.12.1", versions={"torch": "2.13.0"}, device="cpu")
        say("progress", share=0.5, text="half")
        say("log", level="warning", message="überprüft")
        say("result", result={"KIND": job["job"], "F1": None})
    """)
    heard = []
    result = run(
        progress=lambda share, text: heard.append((share, text)),
        log=lambda level, message: heard.append((level, message)),
    )
    assert result == {"KIND": "checkruntime", "F1": None}
    assert heard == [
        ("info", "Worker: Python 3.12.1, torch 2.13.0, device cpu."),
        (0.5, "half"),
        ("warning", "überprüft"),
    ]


def test_error_is_the_workers_message_alone(stand_in):
    stand_in("""
        print("Traceback: something long", file=sys.stderr)
        say("error", message="Band B08 is missing.", cancelled=False)
        sys.exit(1)
    """)
    with pytest.raises(ScarpError, match=r"^Band B08 is missing\.$"):
        run()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("os.kill(os.getpid(), signal.SIGKILL)", "SIGKILL.*memory"),
        ("os.kill(os.getpid(), signal.SIGSEGV)", "SIGSEGV"),
        ("sys.exit(3)", r"exit code 3.*It said nothing"),
        ("pass", r"exit code 0"),
        ("print('no CUDA today', file=sys.stderr); sys.exit(1)", r"(?s)last words:\nno CUDA today"),
        ('os.write(1, b\'{"event": "result", "resu\'); os.abort()', "SIGABRT"),
    ],
)
def test_crash_is_an_error_with_the_last_lines(stand_in, body, words):
    stand_in(body)
    with pytest.raises(ScarpError, match=words):
        run()


def test_garbage_on_stdout_huge_lines_and_a_missing_newline_do_no_harm(stand_in):
    stand_in(r"""
        os.write(1, b"\xff\xfe not utf-8\n[1, 2]\n42\n\n{\"event\": \"unknown\"}\n")
        big = "x" * (8 << 20)
        os.write(1, json.dumps({"event": "result", "result": {"REPORT": big}}).encode()[:-1])
        os.write(1, b"}")
    """)
    assert len(run()["REPORT"]) == 8 << 20


@pytest.mark.parametrize("manner", ["obeys", "ignores the command", "ignores SIGTERM too"])
def test_cancel_ends_every_worker(stand_in, tmp_path, manner):
    stand_in(f"""
        manner = {manner!r}
        if manner == "ignores SIGTERM too":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        say("progress", share=0.1, text="on the way")
        if manner == "obeys":
            command = json.loads(sys.stdin.readline())
            say("error", message="Cancelled.", cancelled=command == {{"cmd": "cancel"}})
        else:
            open({str(tmp_path / "pid")!r}, "w").write(str(os.getpid()))
            time.sleep(60)
    """)
    report = tmp_path / "report.html"
    part_path(report).write_text("half")
    heard = []
    with pytest.raises(Cancelled):
        run(
            job=DescribeCheckpointJob(checkpoint="x", report=str(report)),
            progress=lambda share, text: heard.append(text),
            cancelled=lambda: bool(heard),
        )
    assert not part_path(report).exists()
    if manner != "obeys":
        with pytest.raises(ProcessLookupError):
            os.kill(int((tmp_path / "pid").read_text()), 0)


def test_a_crash_leaves_no_part_behind_and_no_finished_file_is_touched(stand_in, tmp_path):
    report = tmp_path / "report.html"
    report.write_text("of yesterday")
    stand_in(f"open({str(part_path(report))!r}, 'w').write('half'); os.kill(os.getpid(), signal.SIGKILL)")
    with pytest.raises(ScarpError, match="SIGKILL"):
        run(job=DescribeCheckpointJob(checkpoint="x", report=str(report)))
    assert [path.name for path in tmp_path.glob("*report*")] == ["report.html"]
    assert report.read_text() == "of yesterday"


def test_a_crash_leaves_no_part_inside_a_folder_of_outputs(stand_in, tmp_path):
    (tmp_path / "scene" / ".demoscene.part-x1").mkdir(parents=True)
    (tmp_path / "scene" / "a parted sea.tif").touch()
    stand_in("os.abort()")
    with pytest.raises(ScarpError, match="SIGABRT"):
        run(job=DemoSceneJob(folder=str(tmp_path / "scene")))
    assert [path.name for path in (tmp_path / "scene").iterdir()] == ["a parted sea.tif"]


def test_children_die_with_the_worker(stand_in, tmp_path):
    stand_in(f"""
        import subprocess
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        open({str(tmp_path / "pid")!r}, "w").write(str(child.pid))
        os.kill(os.getpid(), signal.SIGKILL)
    """)
    with pytest.raises(ScarpError, match="SIGKILL"):
        run()
    child = Path(f"/proc/{(tmp_path / 'pid').read_text()}/status")
    until = time.monotonic() + 5
    while child.exists() and "zombie" not in child.read_text() and time.monotonic() < until:
        time.sleep(0.05)
    assert not child.exists() or "zombie" in child.read_text()


def test_a_worker_that_does_not_end_after_its_result_is_no_obstacle(stand_in, monkeypatch):
    monkeypatch.setattr("scarp.core.runtime.process.FAREWELL", 0.2)
    stand_in("say('result', result={'COUNT': 3}); time.sleep(60)")
    assert run() == {"COUNT": 3}


def test_a_callback_that_raises_ends_the_worker(stand_in, tmp_path):
    stand_in(f"open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid())); say('progress', share=0); time.sleep(60)")

    def fail(share, text):
        raise KeyError("a defect of the caller")

    with pytest.raises(KeyError):
        run(progress=fail)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_runs_in_threads_in_running_loops_and_without_standard_streams(stand_in, monkeypatch):
    stand_in("say('result', result={'THREADS': 1})")
    results = []
    main_thread = threading.get_ident()

    def same_thread(level, message):
        assert threading.get_ident() != main_thread

    async def inside_a_loop():
        return run()

    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    thread = threading.Thread(target=lambda: results.append(run(log=same_thread)))
    thread.start()
    thread.join()
    results.append(asyncio.run(inside_a_loop()))
    assert results == [{"THREADS": 1}] * 2


def test_environment_reaches_the_worker_clean(stand_in, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "/of/qgis")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/of/qgis")
    monkeypatch.setenv("https_proxy", "http://proxy")
    stand_in("say('result', result=dict(os.environ))")
    seen = run(environment={"OMP_NUM_THREADS": "1"})
    assert seen["OMP_NUM_THREADS"] == "1"
    assert seen["https_proxy"] == "http://proxy"
    assert not {"PYTHONPATH", "LD_LIBRARY_PATH"} & set(seen)


def test_python_that_does_not_start_names_the_fix(tmp_path):
    with pytest.raises(ScarpError, match="scarp:setupruntime"):
        run_job(JOB, tmp_path / "python")


def test_wrong_jobs_start_nothing(tmp_path):
    with pytest.raises(ScarpError, match="CHECKPOINT"):
        run_job(DescribeCheckpointJob(), tmp_path / "python")


def test_job_reaches_the_worker_whole(stand_in):
    stand_in("say('result', result=json.loads(line))")
    job = DescribeCheckpointJob(checkpoint="ä" * 300_000, report="")
    assert run(job=job) == json.loads(job.to_json())
