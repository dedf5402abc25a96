"""The check works on any Python, whatever is missing."""

from __future__ import annotations

import json
import sys
import venv

import pytest
from scarp.core.runtime import check, nvidia, probe
from scarp.core.runtime.nvidia import Gpu


@pytest.fixture(scope="module")
def facts():
    pytest.importorskip("torch", reason="not the runtime")
    return check.check(sys.executable)


def test_this_runtime_is_ready(facts):
    assert facts["ready"], facts["problems"]
    assert facts["python"]["version"] == ".".join(map(str, sys.version_info[:3]))
    assert [package["name"] for package in facts["packages"]] == [name for name, _ in probe.PACKAGES.values()]
    assert facts["devices"][0]["name"] == "cpu"
    assert facts["memory"]["total"] >= facts["memory"]["free"] > 0
    assert json.loads(json.dumps(facts)) == facts


def test_html_tells_the_same_and_lets_no_markup_through(facts):
    html = check.to_html(
        {**facts, "system": "<script>", "problems": [{"what": "a & b", "fix": "<c>", "blocks": False}]}
    )
    assert "The runtime is ready." in html
    assert facts["packages"][0]["version"] in html
    assert "&lt;script&gt;" in html
    assert "a &amp; b" in html
    assert "<script>" not in html


def test_an_empty_python_is_told_what_is_missing(tmp_path):
    venv.create(tmp_path, with_pip=False)
    facts = check.check(tmp_path / "bin" / "python")
    assert not facts["ready"]
    (problem,) = facts["problems"]
    assert all(name in problem["what"] for name, _ in probe.PACKAGES.values())
    assert "scarp:setupruntime" in problem["fix"]
    assert "cannot run jobs" in check.to_html(facts)


@pytest.mark.parametrize("body", [None, "exit 0", "kill -9 $$", "echo nonsense"])
def test_what_is_no_python_is_told(tmp_path, body):
    path = tmp_path / "python"
    if body is not None:
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)
    facts = check.check(path)
    assert not facts["ready"]
    assert "scarp:setupruntime" in facts["problems"][0]["fix"]
    assert check.to_html(facts)


def test_broken_packages_are_not_called_installed(tmp_path):
    venv.create(tmp_path, with_pip=False)
    (site,) = tmp_path.glob("lib/python*/site-packages")
    (site / "cv2.py").write_text("raise OSError('libGL.so.1: cannot open shared object file')")
    (site / "h5py.py").write_text("__version__ = '2.9'")
    packages = {package["name"]: package for package in check.check(tmp_path / "bin" / "python")["packages"]}
    assert "libGL.so.1" in packages["opencv-python-headless"]["problem"]
    assert "3.10 or later" in packages["h5py"]["problem"]


def test_an_idle_gpu_is_named(facts, monkeypatch):
    monkeypatch.setattr(nvidia, "gpus", lambda cancelled=None: [Gpu("RTX A2000", "580.1", (8, 6))])
    monkeypatch.setattr(
        check,
        "_probe",
        lambda path, target, cancelled: target.update(
            devices=facts["devices"][:1], packages=facts["packages"], python=facts["python"]
        ),
    )
    asked = check.check(sys.executable, "cuda")
    assert "RTX A2000" in asked["problems"][0]["what"]
    assert not asked["ready"]
    assert check.check(sys.executable, "auto")["ready"]


def test_versions_compare_as_numbers():
    assert probe.numbers("2.13.0+cpu") == (2, 13, 0) > probe.numbers("2.4")
    assert probe.numbers("unknown") == ()
