"""Run Scarp's algorithms through real QGIS, as a user's script would: ``qgis_process`` with JSON in and out."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


class Qgis:
    """``qgis_process`` with a QGIS profile of its own, in which the plugin ``scarp`` is installed.

    Args:
        folder: Gets the profile (``.qgis``) and the answers of the algorithms (``log``). The user's own profile
            is left alone.
        plugin: The plugin's folder: the checkout, or an unpacked package.
    """

    def __init__(self, folder: Path, plugin: Path = ROOT) -> None:
        self.folder = folder
        # Made anew each time: enabling a plugin that is enabled already is an error to qgis_process.
        shutil.rmtree(folder / ".qgis", ignore_errors=True)
        plugins = folder / ".qgis" / "profiles" / "default" / "python" / "plugins"
        plugins.mkdir(parents=True)
        (plugins / "scarp").symlink_to(plugin, target_is_directory=True)
        self._environment = {
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            "QGIS_CUSTOM_CONFIG_PATH": str(folder / ".qgis"),
            "SCARP_PYTHON": str(ROOT / ".venv" / "runtime" / "bin" / "python"),
        }
        self.call("plugins", "enable", "scarp")

    def call(self, *arguments: str, inputs: dict[str, Any] | None = None) -> dict[str, Any]:
        """Run ``qgis_process`` and return its JSON; end with its own words when it fails."""
        done = subprocess.run(
            ["qgis_process", "--json", *arguments],
            input=json.dumps({"inputs": inputs}) if inputs is not None else None,
            capture_output=True,
            text=True,
            env=self._environment,
            check=False,
        )
        if done.returncode:
            sys.exit(f"qgis_process {' '.join(arguments)} failed:\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}")
        return dict(json.loads(done.stdout)) if done.stdout.strip().startswith("{") else {}

    def run(self, algorithm: str, **inputs: Any) -> dict[str, Any]:
        """Run one of Scarp's algorithms, say how long it took, and return its results."""
        start = time.monotonic()
        answer = self.call("run", f"scarp:{algorithm}", "-", inputs=inputs)
        log = self.folder / "log"
        log.mkdir(exist_ok=True)
        (log / f"{algorithm}.json").write_text(json.dumps(answer, indent=2))
        say(f"  scarp:{algorithm:<18}{time.monotonic() - start:7.1f} s")
        return dict(answer["results"])
