"""Real QGIS: the plugin in this process, and ``qgis_process`` with a profile of its own as a subprocess."""

from __future__ import annotations

import gc
import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

os.environ["LC_ALL"] = "C.UTF-8"  # QGIS speaks English then, and so does Scarp
sys.path.append("/usr/share/qgis/python/plugins")  # where Debian keeps the plugin 'processing'


@dataclass
class Answer:
    """What ``qgis_process`` said."""

    code: int
    results: dict
    log: str
    said: dict = field(default_factory=dict)


class QgisProcess:
    """``qgis_process`` with a profile in which the checkout is linked as the plugin ``scarp``."""

    def __init__(self, profile: Path, **variables: str) -> None:
        self.profile = profile
        plugins = profile / "profiles" / "default" / "python" / "plugins"
        plugins.mkdir(parents=True)
        (plugins / "scarp").symlink_to(ROOT)
        ini = profile / "profiles" / "default" / "QGIS" / "QGIS3.ini"
        ini.parent.mkdir(parents=True)
        ini.write_text("[PythonPlugins]\nscarp=true\n")
        self.variables = variables

    def environment(self) -> dict[str, str]:
        variables = {
            **os.environ,
            "QGIS_CUSTOM_CONFIG_PATH": str(self.profile),
            "QT_QPA_PLATFORM": "offscreen",
            "XDG_RUNTIME_DIR": str(self.profile),
            "OMP_NUM_THREADS": "1",
            **self.variables,
        }
        return {name: value for name, value in variables.items() if value}

    def start(self, *arguments: str, inputs: dict | None = None) -> subprocess.Popen:
        return subprocess.Popen(
            [shutil.which("qgis_process"), "--json", *arguments, *(["-"] if inputs is not None else [])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.environment(),
            text=True,
            start_new_session=True,
        )

    def __call__(self, *arguments: str, inputs: dict | None = None, timeout: float = 300) -> Answer:
        process = self.start(*arguments, inputs=inputs)
        given = json.dumps({"inputs": inputs}) if inputs is not None else None
        try:
            out, err = process.communicate(given, timeout=timeout)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
        return answer(process.returncode, out, err)

    def run(self, algorithm: str, **inputs: object) -> Answer:
        return self("run", f"scarp:{algorithm}", inputs=inputs)


def answer(code: int, out: str, err: str) -> Answer:
    said = json.loads(out) if out.strip().startswith("{") else {}  # anything else on stdout would fail here
    log = said.get("log", {})
    sentences = [text for lines in log.values() for text in lines] if isinstance(log, dict) else []
    return Answer(code, said.get("results", {}), "\n".join([*map(str, sentences), err]), said)


@pytest.fixture(scope="session")
def worker_python() -> str:
    """The Python of the runtime that jobs run in."""
    python = os.environ.get("SCARP_PYTHON", "")
    if not python:
        pytest.skip("SCARP_PYTHON names no runtime: `make test` sets it")
    return python


@pytest.fixture(scope="session")
def qgis_process(tmp_path_factory) -> QgisProcess:
    return QgisProcess(tmp_path_factory.mktemp("profile"))


@pytest.fixture(scope="session")
def provider(qgis_app, qgis_processing):
    """The provider, registered as QGIS does it."""
    import scarp
    from qgis.core import QgsApplication

    plugin = scarp.classFactory(None)
    plugin.initProcessing()
    yield QgsApplication.processingRegistry().providerById("scarp")
    plugin.unload()


@pytest.fixture(autouse=True, scope="session")
def collected(qgis_app):
    """Frees layers and contexts that tests left in reference cycles: after QGIS's end that would crash."""
    yield
    gc.collect()


@dataclass
class Demo:
    """A small demonstration scene."""

    folder: Path

    @property
    def bands(self) -> list[str]:
        return [str(path) for path in sorted(self.folder.glob("*_B0[2348]_10m.tif"))]

    @property
    def dem(self) -> str:
        return str(self.folder / "DEM_30m.tif")

    def layer(self, name: str) -> str:
        return f"{self.folder / 'labels.gpkg'}|layername={name}"


@pytest.fixture(scope="session")
def demo(qgis_process, worker_python, tmp_path_factory) -> Demo:
    """Made by ``scarp:demoscene`` under ``qgis_process``, in a folder that is not there yet."""
    folder = tmp_path_factory.mktemp("demo") / "new" / "scene"
    answer = qgis_process.run("demoscene", SIZE=256, SEED=3, FOLDER=str(folder))
    assert answer.code == 0, answer.log
    assert answer.results["FOLDER"] == str(folder)
    assert Path(answer.results["DEM"]).is_file()
    assert answer.results["LABELS"].startswith(str(folder))
    return Demo(folder)


@pytest.fixture(scope="session")
def trained(qgis_process, demo, tmp_path_factory) -> Answer:
    """A network too small to be good, trained under ``qgis_process`` on the western half of the scene."""
    folder = tmp_path_factory.mktemp("trained")
    return qgis_process.run(
        "train",
        BANDS=demo.bands,
        DEM=demo.dem,
        LABELS=demo.layer("landslides"),
        AREA=demo.layer("area_train"),
        ARCHITECTURE="unet(widths=8-16-32)",
        EPOCHS=4,
        CHIP=64,
        PRECISION="fp32",
        CHECKPOINT=str(folder / "new" / "net.safetensors"),
        REPORT=str(folder / "report.html"),
    )


@pytest.fixture(scope="session")
def threshold(trained) -> float:
    """The threshold of that network, at which it finds something."""
    return trained.results["THRESHOLD"]


@pytest.fixture(scope="session")
def checkpoint(trained) -> str:
    assert trained.code == 0, trained.log
    return trained.results["CHECKPOINT"]
