"""Stand-ins for the worker: small scripts that misbehave in one way each."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from scarp.core.runtime import launcher


@pytest.fixture
def stand_in(tmp_path, monkeypatch):
    """Let ``run_job`` start a script instead of the worker; the job's line is in ``line``."""

    def install(body: str) -> Path:
        script = tmp_path / "worker.py"
        prelude = "import json, os, signal, sys, time\nline = sys.stdin.readline()\n"
        prelude += "def say(event, **facts): print(json.dumps({'event': event, **facts}), flush=True)\n"
        script.write_text(prelude + textwrap.dedent(body))
        monkeypatch.setattr(launcher, "WORKER", script)
        return script

    return install
