"""Which Python runs the jobs, on fake layouts of each platform."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from scarp.core.errors import ScarpError
from scarp.core.runtime import find, interpreters
from scarp.core.runtime.environment import clean, qgis_bundle
from scarp.core.runtime.interpreters import Host, Interpreter


def plant(root, *paths):
    for path in paths:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("#!/bin/sh\nexit 1\n")
        file.chmod(0o755)
    return [root / path for path in paths]


def host(root, platform, executable, prefix, version="3.12", **environment):
    return Host(platform, str(executable), (str(prefix),), version, environment, root / "home", root)


def test_windows_standalone(tmp_path):
    qgis, python, other = plant(
        tmp_path,
        "Program Files/QGIS 3.40.6/bin/qgis-ltr-bin.exe",
        "Program Files/QGIS 3.40.6/apps/Python312/python.exe",
        "AppData/Local/Programs/Python/Python311/python.exe",
    )
    plant(
        tmp_path, "AppData/Local/Microsoft/WindowsApps/python.exe", "AppData/Local/Programs/Python/Python39/python.exe"
    )
    apps = tmp_path / "AppData/Local/Microsoft/WindowsApps"
    machine = host(tmp_path, "win32", qgis, python.parent, LOCALAPPDATA=str(tmp_path / "AppData/Local"), PATH=str(apps))
    assert interpreters.own(machine) == [python]
    assert interpreters.others(machine) == [other]
    # Where QGIS does not tell its prefix, the layout does.
    assert interpreters.own(host(tmp_path, "win32", qgis, "nowhere")) == [python]


def test_windows_osgeo4w(tmp_path):
    qgis, starter, python = plant(
        tmp_path, "OSGeo4W/bin/qgis-bin.exe", "OSGeo4W/bin/python3.exe", "OSGeo4W/apps/Python312/python.exe"
    )
    assert interpreters.own(host(tmp_path, "win32", qgis, python.parent)) == [python, starter]


@pytest.mark.parametrize(
    ("layout", "prefix"),
    [
        ("QGIS.app/Contents/MacOS/bin/python3", "QGIS.app/Contents/MacOS"),
        ("QGIS.app/Contents/MacOS/python3.12", "QGIS.app/Contents/Resources"),
        ("QGIS.app/Contents/Frameworks/Python.framework/Versions/3.12/bin/python3.12", "elsewhere"),
        ("vcpkg/tools/python3/python3.12", "vcpkg"),
    ],
)
def test_macos_bundles(tmp_path, layout, prefix):
    qgis, python, ours, stub = plant(
        tmp_path,
        "QGIS.app/Contents/MacOS/QGIS",
        layout,
        "Library/Frameworks/Python.framework/Versions/3.13/bin/python3.13",
        "usr/bin/python3",
    )
    machine = host(tmp_path, "darwin", qgis, tmp_path / prefix, PATH=str(stub.parent))
    assert interpreters.own(machine) == [python]
    assert interpreters.others(machine) == [ours]


def test_linux(tmp_path):
    qgis, exact, python, newer = plant(
        tmp_path, "usr/bin/qgis", "usr/bin/python3.11", "usr/bin/python3", "usr/local/bin/python3.13"
    )
    plant(tmp_path, "usr/bin/python3.9", "usr/bin/python2")
    machine = host(tmp_path, "linux", qgis, tmp_path / "usr", "3.11", PATH="/nowhere")
    assert interpreters.own(machine) == [exact, python]
    assert interpreters.others(machine) == [newer, exact, python]


def test_qgis_itself_is_never_run_as_a_python(tmp_path):
    for platform in ("win32", "darwin", "linux"):
        names = ("bin/qgis-bin.exe", "bin/QGIS", "bin/qgis", "bin/pythonw.exe", "bin/python-qgis.bat")
        for executable in plant(tmp_path / platform, *names):
            assert interpreters.own(host(tmp_path, platform, executable, "nowhere")) == []


def test_this_python_is_sound_and_a_broken_one_is_not(tmp_path):
    found = interpreters.sound(Path(sys.executable))
    assert found is not None
    assert found.version == sys.version_info[:2]
    assert found.missing == ()
    (broken,) = plant(tmp_path, "python3")
    assert interpreters.sound(broken) is None
    assert interpreters.sound(tmp_path / "none") is None


@pytest.mark.parametrize(
    ("version", "missing", "words"),
    [
        ((3, 9), (), "Expected: Python 3.10 to 3.14.*3.9"),
        ((3, 15), (), "3.15"),
        ((3, 12), ("ssl",), "without ssl"),
        ((3, 11), ("ensurepip",), "apt install python3-venv"),
    ],
)
def test_unfit_bases_are_refused_with_the_fix(tmp_path, monkeypatch, version, missing, words):
    (python,) = plant(tmp_path, "usr/bin/python3")
    monkeypatch.setattr(interpreters, "sound", lambda path: Interpreter(path, version, missing))
    with pytest.raises(ScarpError, match=words):
        interpreters.base(host(tmp_path, "linux", "", tmp_path / "usr"))
    monkeypatch.setattr(interpreters, "sound", lambda path: Interpreter(path, (3, 12), ()))
    assert interpreters.base(host(tmp_path, "linux", "", tmp_path / "usr")) == python


def test_setting_wins_and_is_never_replaced(tmp_path):
    (python, other) = plant(tmp_path, "env/bin/python", "other/python")
    machine = host(tmp_path, "linux", "", tmp_path)
    assert find.find_python(str(other), machine) == find.Runtime(str(other), "setting")
    assert os.fspath(find.find_python(str(tmp_path / "env"), machine)) == str(python)
    machine = host(tmp_path, "linux", "", tmp_path, SCARP_PYTHON=str(python))
    assert find.find_python(str(other), machine).python == str(python)
    for wrong in (tmp_path / "none", tmp_path):
        with pytest.raises(ScarpError, match="SCARP_PYTHON is"):
            find.find_python("", host(tmp_path, "linux", "", tmp_path, SCARP_PYTHON=str(wrong)))
    python.chmod(0o644)
    with pytest.raises(ScarpError, match="cannot be run"):
        find.find_python(str(python), host(tmp_path, "linux", "", tmp_path))


def test_managed_environment_counts_when_it_is_complete(tmp_path):
    machine = host(tmp_path, "linux", "", tmp_path)
    with pytest.raises(ScarpError, match=r"There is no runtime yet.*scarp:setupruntime"):
        find.find_python("", machine)
    folder = find.managed_folder(machine)
    (python,) = plant(folder, "bin/python")
    with pytest.raises(ScarpError, match=r"interrupted.*scarp:setupruntime"):
        find.find_python("", machine)
    marker = folder / find.MARKER
    marker.write_text("{")
    with pytest.raises(ScarpError, match="interrupted"):
        find.find_python("", machine)
    marker.write_text(json.dumps({"requirements": find.requirements_hash()}))
    assert find.find_python("", machine) == find.Runtime(str(python), "managed")
    marker.write_text(json.dumps({"requirements": "of last year"}))
    assert "another version" in find.find_python("", machine).note


def test_qgis_own_python_serves_if_it_holds_everything(tmp_path, monkeypatch):
    (python,) = plant(tmp_path, "usr/bin/python3")
    machine = host(tmp_path, "linux", "", tmp_path / "usr")
    asked = []
    monkeypatch.setattr(find, "_has_everything", lambda path: asked.append(path) or True)
    assert find.find_python("", machine) == find.Runtime(str(python), "qgis")
    assert asked == [python]


def test_managed_folders():
    def folder(platform, **environment):
        return find.managed_folder(Host(platform, "", (), "3.12", environment, Path("/home/u"), Path("/")))

    assert folder("linux") == Path("/home/u/.local/share/scarp/runtime")
    assert folder("linux", XDG_DATA_HOME="/data") == Path("/data/scarp/runtime")
    assert folder("darwin") == Path("/home/u/Library/Application Support/scarp/runtime")
    assert folder("win32", LOCALAPPDATA="/local") == Path("/local/scarp/runtime")


def test_clean_environment():
    kept = "PATH HOME TEMP SystemRoot HTTPS_PROXY SSL_CERT_FILE CUDA_VISIBLE_DEVICES OMP_NUM_THREADS PIP_INDEX_URL"
    dropped = (
        "PYTHONHOME PYTHONPATH LD_LIBRARY_PATH LD_PRELOAD DYLD_LIBRARY_PATH PROJ_LIB PROJ_DATA GDAL_DATA "
        "GDAL_DRIVER_PATH QT_PLUGIN_PATH QGIS_PREFIX_PATH VIRTUAL_ENV PIP_TARGET"
    )
    keep = dict.fromkeys(kept.split(), "x")
    assert clean({**keep, **dict.fromkeys(dropped.split(), "x")}) == keep


def test_clean_environment_forgets_the_bundle_of_qgis(tmp_path):
    bundle = tmp_path / "QGIS 3.40"
    inside, outside = bundle / "bin", tmp_path / "bin"
    dirty = {
        "Path": os.pathsep.join(map(str, (inside, outside))),
        "SSL_CERT_DIR": str(inside),
        "SSL_CERT_FILE": str(outside),
    }
    assert clean(dirty, bundle) == {"Path": str(outside), "SSL_CERT_FILE": str(outside)}


def test_bundles(tmp_path):
    assert qgis_bundle("win32", str(tmp_path / "QGIS" / "apps" / "Python312")) == tmp_path / "QGIS"
    assert qgis_bundle("win32", str(tmp_path / "Python312")) is None
    assert qgis_bundle("darwin", "/Applications/QGIS.app/Contents/MacOS") == Path("/Applications/QGIS.app")
    assert qgis_bundle("linux", "/usr") is None
