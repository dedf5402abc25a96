"""Pack the plugin as ``dist/scarp-VERSION.zip``, check it as the plugin site does, try it in QGIS: ``make package``.

The same commit gives the same bytes on any machine with the same zlib: names in order, one date, one mode.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import TypeVar

import plugin_site

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = (
    *("__init__.py", "plugin.py", "metadata.txt", "LICENSE", "README.md", "CHANGELOG.md"),
    *("algorithms", "core", "models", "resources"),
)
LEFT_OUT = (".ts",)  # translations in the making; QGIS reads the compiled ones
CHECKPOINTS = "resources/checkpoints/"
ROOM = 12_000_000  # bytes for checkpoints: the plugin site takes 25 MB, and everybody downloads them all
_Name = TypeVar("_Name", bound=Hashable)


def main() -> None:
    """Build, check, try."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkout", action="store_true", help="pack the files as they lie here, not the last commit")
    parser.add_argument("--no-run", action="store_true", help="do not install it into QGIS and run it")
    parser.add_argument("--folder", type=Path, default=ROOT / "dist", help="where the zip goes")
    options = parser.parse_args()
    if not options.checkout and git("status", "--porcelain", "--", *SHIPPED):
        sys.stderr.write("package: changes that are not committed are left out\n")
    package = build(options.folder, checkout=options.checkout)
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(package) as archive:
            archive.extractall(folder)
        wrong = [*plugin_site.refused(package), *plugin_site.findings(Path(folder))]
        if wrong:
            package.unlink()
            sys.exit("package: the plugin site would refuse it:\n  " + "\n  ".join(wrong))
        if not options.no_run:
            run(Path(folder) / "scarp")
        for key in plugin_site.to_be_set((Path(folder) / "scarp" / "metadata.txt").read_text(encoding="utf-8")):
            sys.stdout.write(f"package: before an upload, the owner sets '{key}' in metadata.txt\n")
    digest = hashlib.sha256(package.read_bytes()).hexdigest()
    sys.stdout.write(f"{package}: {package.stat().st_size:,} bytes, sha256 {digest}\n")


def build(folder: Path, *, checkout: bool) -> Path:
    """Write the zip, from the last commit or (``checkout``) from the files as they lie here, and return its path."""
    contents = of_checkout() if checkout else of_commit()
    sizes = {name: len(content) for name, content in contents.items() if name.startswith(CHECKPOINTS)}
    for name in set(sizes) - travelling(sizes):
        del contents[name]
        sys.stderr.write(f"package: {name} stays at home: all checkpoints together would be too large\n")
    found = re.search(rb'^__version__ = "([\d.]+)"', contents["__init__.py"], flags=re.MULTILINE)
    if found is None:
        sys.exit("package: __init__.py tells no version")
    package = folder / f"scarp-{found[1].decode()}.zip"
    folder.mkdir(parents=True, exist_ok=True)
    date = time.gmtime(int(git("log", "-1", "--format=%ct")))[:6]
    with zipfile.ZipFile(package, "w") as archive:
        for name in sorted(contents):
            entry = zipfile.ZipInfo(f"scarp/{name}", date)
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            archive.writestr(entry, contents[name], zipfile.ZIP_DEFLATED, 9)
    return package


def travelling(sizes: Mapping[_Name, int]) -> set[_Name]:
    """The checkpoints that are packed: the smallest ones, as many as fit into `ROOM` together; name to bytes."""
    fitting, total = set(), 0
    for name, size in sorted(sizes.items(), key=lambda item: (item[1], str(item[0]))):
        total += size
        if total > ROOM:
            break
        fitting.add(name)
    return fitting


def of_commit() -> dict[str, bytes]:
    """What is shipped, as the last commit has it: name to content."""
    with tarfile.open(fileobj=io.BytesIO(_git("archive", "--format=tar", "HEAD", "--", *SHIPPED))) as archive:
        files = {entry.name: archive.extractfile(entry) for entry in archive if entry.isfile()}
        return {name: file.read() for name, file in files.items() if file and not name.endswith(LEFT_OUT)}


def of_checkout() -> dict[str, bytes]:
    """What is shipped, as the files lie here."""
    listed = git("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *SHIPPED).split("\0")
    paths = {name: ROOT / name for name in listed if name and not name.endswith(LEFT_OUT)}
    return {name: path.read_bytes() for name, path in paths.items() if path.is_file()}


def run(plugin: Path) -> None:
    """Install the unpacked plugin into a new profile of QGIS, and have it do something with the worker."""
    from through_qgis import Qgis

    with tempfile.TemporaryDirectory() as folder:
        results = Qgis(Path(folder), plugin).run("demoscene", SIZE=256, FOLDER=str(Path(folder) / "scene"))
        if not Path(results["DEM"]).is_file():
            sys.exit("package: the installed plugin wrote no scene")


def git(*arguments: str) -> str:
    """What git says."""
    return _git(*arguments).decode().strip()


def _git(*arguments: str) -> bytes:
    command = ["git", "-c", f"safe.directory={ROOT}", "-C", str(ROOT), *arguments]
    done = subprocess.run(command, capture_output=True, check=False, env={**os.environ, "LC_ALL": "C"})
    if done.returncode:
        sys.exit(f"package: {' '.join(arguments[:2])} failed: {done.stderr.decode()[-500:]}")
    return done.stdout


if __name__ == "__main__":
    main()
