"""What the plugin site and a fresh clone ask of the repository."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import scarp
from scarp.core.runtime import probe, wheels

ROOT = Path(__file__).resolve().parents[1]
TEXT = {".py", ".md", ".txt", ".toml", ".sh", ".html", ".qml", ".model3", ".svg", ".json", ".yml", ""}


def tracked():
    """The files that git knows or would take; all files where there is no git."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    command = [git, "-c", f"safe.directory={ROOT}", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [path for path in map(ROOT.joinpath, filter(None, done.stdout.split("\0"))) if path.is_file()]


@pytest.fixture(scope="module")
def metadata():
    parser = configparser.ConfigParser()
    parser.optionxform = str
    parser.read(ROOT / "metadata.txt", encoding="utf-8")
    return parser["general"]


def test_metadata_is_complete(metadata):
    required = (
        "name description version qgisMinimumVersion author email about tracker repository homepage tags icon changelog"
    )
    assert not [key for key in required.split() if not metadata.get(key, "").strip()]
    assert metadata["hasProcessingProvider"] == "yes"
    assert metadata["version"] == scarp.__version__
    assert tuple(map(int, metadata["qgisMinimumVersion"].split("."))) >= (3, 40)
    assert metadata["qgisMaximumVersion"].startswith("4.")
    assert metadata.getboolean("supportsQt6")
    assert (ROOT / metadata["icon"]).is_file()


def test_files_that_tools_expect_at_the_root():
    files = ["LICENSE", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "pyproject.toml", "Makefile", ".ci/run"]
    assert not [name for name in files if not (ROOT / name).is_file()]
    assert "GNU GENERAL PUBLIC LICENSE" in (ROOT / "LICENSE").read_text(encoding="utf-8")[:200]
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o100


def test_nothing_says_where_it_was_made():
    # Written apart, so that this file does not find itself.
    places = ("/" + "work/", "/" + "tmp/w", "/" + "root/", "/" + "opt/wheels", "/" + "opt/pypi", "deb." + "debian.org",
              "pypi" + ".org", "files.python" + "hosted")  # fmt: skip
    found = {}
    for path in tracked():
        if path.suffix in TEXT:
            text = path.read_text(encoding="utf-8", errors="replace")
            hits = [place for place in places if place in text] + re.findall(r"/home/(?!u/)\w+/", text)
            if hits:
                found[path.relative_to(ROOT).as_posix()] = hits
    assert not found


def test_nothing_is_left_for_later():
    words = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|NotImplemented" + r"Error)\b")
    assert not [
        path.name for path in tracked() if path.suffix == ".py" and words.search(path.read_text(encoding="utf-8"))
    ]


def test_shipped_code_prints_and_asserts_nothing():
    pattern = re.compile(r"^\s*(print\(|assert )", re.MULTILINE)
    code = [
        path for path in tracked() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] not in ("tests", "tools")
    ]
    assert not [path.name for path in code if pattern.search(path.read_text(encoding="utf-8"))]


def test_plugin_is_small_and_holds_no_programs():
    left_out = ("tests", "tools", ".ci")
    files = [path for path in tracked() if path.relative_to(ROOT).parts[0] not in left_out]
    assert not [path.name for path in files if path.suffix in (".so", ".dll", ".exe", ".sh", ".pyc")]
    assert sum(path.stat().st_size for path in files) < 25_000_000


def test_pins_lie_in_the_accepted_ranges():
    """The worker's packages stand in three places; they must tell the same."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = text[text.index("runtime = [") : text.index("]", text.index("runtime = ["))]
    ranges = {name.lower(): (low, high) for name, low, high in re.findall(r'"([\w-]+)>=([\d.]+),<([\d.]+)"', block)}
    assert {name.lower(): low for name, low in probe.PACKAGES.values()} == {
        name: low for name, (low, _) in ranges.items()
    }
    lines = wheels.REQUIREMENTS.read_text(encoding="utf-8").splitlines()
    pins = [line.split(";")[0].strip().lower().split("==") for line in lines if line and not line.startswith("#")]
    assert all(len(pin) == 2 for pin in pins)
    assert {name for name, _ in pins} >= set(ranges)
    for name, version in pins:
        if name in ranges:
            low, high = ranges[name]
            assert probe.numbers(low) <= probe.numbers(version) < probe.numbers(high), name
