"""The pictures of the user guide, taken in the real QGIS on a screen of its own (``xvfb-run``): part of ``make docs``.

They show the demonstration scene: ``make demo`` has to have run. ``tools/pictures_in_qgis.py`` is what QGIS runs.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from through_qgis import ROOT, say

DEMO = ROOT / "demo"
PICTURES = ROOT / "docs" / "pictures"
SCREEN = "1400x900"
LARGEST = 200_000  # bytes
_WANTED = ("scene/labels.gpkg", "demo.safetensors", "training.html", "accuracy.html")

_SETTINGS = """[PythonPlugins]
scarp=true
[qgis]
checkVersion=false
showTips345=false
newsFeed\\disabled=true
[core]
NewsFeed\\httpsfeedqgisorg\\disabled=true
[app]
news_feed_http___feed_qgis_org_\\disabled=true
[Processing]
Configuration\\SHOW_ALGORITHMS_KNOWN_ISSUES=false
"""


def main() -> None:
    """Take the pictures and make them small."""
    missing = [name for name in _WANTED if not (DEMO / name).exists()]
    if missing:
        sys.exit(f"screenshots: demo/{missing[0]} is not there. Run 'make demo' first.")
    for program in ("xvfb-run", "qgis"):
        if shutil.which(program) is None:
            sys.exit(f"screenshots: {program} is needed (Debian: apt install xvfb qgis).")
    with tempfile.TemporaryDirectory(prefix="scarp-pictures-") as folder:
        raw = Path(folder) / "raw"
        raw.mkdir()
        _run_qgis(Path(folder), raw)
        PICTURES.mkdir(parents=True, exist_ok=True)
        for path in sorted(raw.glob("*.png")):
            _shrink(path, PICTURES / path.name)
    total = sum(path.stat().st_size for path in PICTURES.glob("*.png"))
    say(f"docs/pictures: {total / 1e6:.2f} MB in all")


def _run_qgis(folder: Path, raw: Path) -> None:
    profile = folder / "profiles" / "profiles" / "default"
    (profile / "QGIS").mkdir(parents=True)
    (profile / "QGIS" / "QGIS3.ini").write_text(_SETTINGS)
    (profile / "python" / "plugins").mkdir(parents=True)
    (profile / "python" / "plugins" / "scarp").symlink_to(ROOT, target_is_directory=True)
    command = [
        *("xvfb-run", "-a", "-s", f"-screen 0 {SCREEN}x24"),
        *("qgis", "--profiles-path", str(folder / "profiles"), "--profile", "default", "--noversioncheck", "--nologo"),
        *("--code", str(ROOT / "tools" / "pictures_in_qgis.py")),
    ]
    environment = {
        **os.environ,
        "SCARP_PYTHON": str(ROOT / ".venv" / "runtime" / "bin" / "python"),
        "SCARP_PICTURES": str(raw),
        "XDG_DATA_HOME": str(folder / "data"),
        "LC_ALL": "C.UTF-8",
        "QT_SCALE_FACTOR": "1",
    }
    with (folder / "qgis.log").open("w") as log:
        done = subprocess.run(command, env=environment, stdout=log, stderr=subprocess.STDOUT, timeout=1800, check=False)
    if not (raw / "done").exists():
        words = (folder / "qgis.log").read_text(errors="replace")[-4000:]
        sys.exit(f"screenshots: QGIS ended ({done.returncode}) before all pictures were taken:\n{words}")


def _shrink(source: Path, target: Path) -> None:
    """As many colours as the size allows, chosen so that rare ones, which mean something in a map, are kept."""
    with Image.open(source) as opened:
        picture = opened.convert("RGB")
    for colours in (256, 128, 64):
        few = picture.quantize(colours, Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE)
        few.save(target, optimize=True)
        if target.stat().st_size <= LARGEST:
            break
    else:
        sys.exit(f"screenshots: {target.name} has {target.stat().st_size} bytes; {LARGEST} are meant.")
    say(f"  {target.name:<28}{picture.width:5d} x {picture.height:<5d}{target.stat().st_size / 1000:6.0f} kB")


if __name__ == "__main__":
    main()
