"""The package: the same bytes again, accepted by the plugin site, and at work in a QGIS that knows nothing else."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def package(load_tool):
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    return load_tool("package")


@pytest.fixture(scope="module")
def built(package, tmp_path_factory):
    return package.build(tmp_path_factory.mktemp("package"), checkout=True)


@pytest.fixture(scope="module")
def unpacked(built, tmp_path_factory):
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(built) as archive:
        archive.extractall(folder)
    return folder


def test_a_commit_always_gives_the_same_bytes(package, tmp_path, monkeypatch):
    first = package.build(tmp_path / "a", checkout=False)
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    assert package.build(tmp_path / "b", checkout=False).read_bytes() == first.read_bytes()


def test_the_plugin_site_would_take_it(package, built, unpacked):
    assert package.plugin_site.refused(built) == []
    assert package.plugin_site.findings(unpacked) == []


def test_it_holds_the_plugin_and_nothing_else(package, built):
    names = set(zipfile.ZipFile(built).namelist())
    assert {"scarp/resources/i18n/scarp_de.qm", "scarp/README.md", "scarp/core/runtime/requirements.txt"} <= names
    shipped = {name.split("/")[1] for name in names}
    assert shipped <= set(package.SHIPPED)
    assert not [name for name in names if name.endswith(".ts")]


def test_the_smallest_checkpoints_travel_as_many_as_there_is_room_for(package, tmp_path, monkeypatch, capsys):
    mega = 10**6
    assert package.travelling({"a": 4 * mega, "b": 4 * mega, "c": 4 * mega}) == {"a", "b", "c"}
    assert package.travelling({"a": 11 * mega, "b": 3 * mega, "c": 4 * mega}) == {"b", "c"}
    assert package.travelling({"a": 12 * mega, "b": 12 * mega}) == {"a"}
    assert package.travelling({}) == set()
    folder = package.CHECKPOINTS
    files = {"__init__.py": b'__version__ = "1.0"', f"{folder}a.safetensors": bytes(9), f"{folder}b.safetensors": b"b"}
    monkeypatch.setattr(package, "of_checkout", lambda: dict(files))
    monkeypatch.setattr(package, "ROOM", 9)
    names = zipfile.ZipFile(package.build(tmp_path, checkout=True)).namelist()
    assert names == ["scarp/__init__.py", f"scarp/{folder}b.safetensors"]
    assert f"{folder}a.safetensors stays at home" in capsys.readouterr().err


def test_the_checks_find_what_they_look_for(package, built, tmp_path):
    site = package.plugin_site
    bad = tmp_path / "bad.zip"
    shutil.copy(built, bad)
    with zipfile.ZipFile(bad, "a") as archive:
        for name in ("scarp/.hidden", "scarp/lib.so", "other/file.txt", "scarp/../../out.txt", "scarp/a/__pycache__/b"):
            archive.writestr(name, "")
        tool = zipfile.ZipInfo("scarp/tool.py")
        tool.external_attr = 0o100755 << 16
        archive.writestr(tool, "")
    assert len(site.refused(bad)) == 6
    text = zipfile.ZipFile(built).read("scarp/metadata.txt").decode()
    names = set(zipfile.ZipFile(built).namelist())
    assert site.unfit(text, names) == []
    for old, new in (
        ("version=", "version=v"),
        ("tracker=https", "tracker=ftp"),
        ("supportsQt6=True", "supportsQt6=yes"),
        ("email=", "email=nobody "),
        ("icon=", "icon=none/"),
        ("tags=", "tags=Landslide, "),
        ("\nabout=", "\nabout=<b>"),
        ("\nauthor=", "\nwriter="),
    ):
        assert len(site.unfit(text.replace(old, new, 1), names)) == 1, new
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "bad.py").write_text(
        "import subprocess  # nosec\nkey = 'AKIA" + "IOSFODNN7EXAMPLF'\nassert key\n"
    )
    assert {one.split()[0] for one in site.findings(tmp_path / "code")} == {"bandit", "detect-secrets"}


def test_it_runs_in_a_new_profile(package, unpacked):
    if shutil.which("qgis_process") is None:
        pytest.skip("qgis_process is not on the path")
    package.run(unpacked / "scarp")
