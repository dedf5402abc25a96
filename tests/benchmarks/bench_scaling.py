"""Time and memory of detection against the size of the scene, each size in a process of its own.

    .venv/runtime/bin/python tests/benchmarks/bench_scaling.py [--megapixels 1,4,16] [--network unet:8-16-32-32]

12 bands and a DEM, ``bands23``, fp32 on the CPU; probability, mask and polygons. ``--megapixels 1,4,16,64,120`` goes on
to a full Sentinel-2 tile. Time for a pixel should fall to a constant, and peak memory should not grow with the height:
scenes are 4096 px wide from 16 megapixels on (10980 px from 120 on).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from mapping_setup import detect_job, network
from noise_scene import say

RUN = """
import json, pathlib, resource, sys, time
from scarp.core.jobs import from_json
from scarp.core.reporter import Reporter
from scarp.core.tasks import perform
job = from_json(sys.stdin.read())
wall = time.perf_counter()
perform(job, Reporter(log=lambda *line: None))
used = resource.getrusage(resource.RUSAGE_SELF)
# Linux: ru_maxrss would be that of the process that started this one, where that is more.
status = pathlib.Path("/proc/self/status")
unit = 1 if sys.platform == "darwin" else 1024
peak = used.ru_maxrss * unit
if status.exists():
    peak = int(status.read_text().split("VmHWM:")[1].split()[0]) * 1024
print(json.dumps([time.perf_counter() - wall, used.ru_utime + used.ru_stime, peak / 2**30]))
"""


def shape(megapixels: float) -> tuple[int, int]:
    """Width and height of about so many pixels."""
    if megapixels >= 120:
        return 10980, 10980
    width = min(4096, round(megapixels**0.5 * 1024))
    return width, round(megapixels * 2**20 / width)


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megapixels", default="1,4,16")
    parser.add_argument("--network", default="unet:8-16-32-32")
    parser.add_argument("--memory", type=float, help="MEMORY of the job, MB")
    parser.add_argument("--folder", type=Path, help="keep the scenes here")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = arguments.folder or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        path = network(folder, arguments.network)
        say(f"{arguments.network}\n{'width':>7}{'height':>8}{'s/Mpx':>8}{'CPU s/Mpx':>11}{'peak GB':>9}")
        for text in arguments.megapixels.split(","):
            width, height = shape(float(text))
            job = detect_job(folder, width, height, path, "probability", "mask", "polygons", memory=arguments.memory)
            done = subprocess.run(
                [sys.executable, "-c", RUN], input=job.to_json(), capture_output=True, text=True, check=False
            )
            if done.returncode:
                sys.exit(done.stderr)
            wall, cpu, peak = json.loads(done.stdout)
            pixels = width * height / 1e6
            say(f"{width:>7}{height:>8}{wall / pixels:>8.2f}{cpu / pixels:>11.2f}{peak:>9.2f}")


if __name__ == "__main__":
    main()
