"""Memory of a CPU worker on a full Sentinel-2 tile: 10980 x 10980 px, 12 bands and a DEM, ``bands23``, all outputs.

    .venv/runtime/bin/python tests/benchmarks/full_tile.py FOLDER [--height 10980] [--stop 1.0] [--network ...]

The scene is generated in FOLDER once (about 2 GB), then mapped by a worker of its own; its resident memory is sampled
twice a second. ``--height 2000`` maps a strip of the tile: what matters is the width. ``--stop 0.1`` cancels after
10 %; the table shows whether memory had become flat by then. ``--uncertainty`` maps four turned images of each tile.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import threading
import time
from pathlib import Path

from mapping_setup import detect_job, network
from noise_scene import say
from scarp.core.jobs import DetectJob

ROOT = Path(__file__).resolve().parents[2]
LIMIT_GB = 1.5


def resident(pid: int) -> tuple[float, float]:
    """Resident memory of a process now and at its peak, GB (Linux)."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    sizes = {name: value for name, _, value in (line.partition(":") for line in lines)}
    return tuple(int(sizes[key].split()[0]) / 2**20 for key in ("VmRSS", "VmHWM"))


def run(job: DetectJob, stop: float) -> list[tuple[float, float, float]]:
    """Run a job in a worker, cancel it at the share ``stop``, and return samples (share, resident, peak)."""
    command = [sys.executable, "-I", str(ROOT / "core" / "__main__.py")]
    worker = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    worker.stdin.write(job.to_json() + "\n")
    worker.stdin.flush()
    samples, share, start = [], [0.0], time.monotonic()

    def sample() -> None:
        while worker.poll() is None:
            try:
                samples.append((share[0], *resident(worker.pid)))
            except (OSError, KeyError):
                return  # it has just ended
            time.sleep(0.5)

    threading.Thread(target=sample, daemon=True).start()
    said = 0.0
    for line in worker.stdout:
        event = json.loads(line)
        if event["event"] == "progress":
            share[0] = event["share"]
            if share[0] >= said:
                say(f"{time.monotonic() - start:6.0f} s  {share[0]:4.0%}  {event['text']}")
                said += 0.02
            if share[0] >= stop:
                worker.stdin.write('{"cmd": "cancel"}\n')
                worker.stdin.flush()
                stop = 2.0
        else:
            say(str(event.get("message") or event.get("result") or event["event"]))
    worker.wait()
    return samples


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--width", type=int, default=10980)
    parser.add_argument("--height", type=int, default=10980)
    parser.add_argument("--stop", type=float, default=1.0)
    parser.add_argument("--network", default="unet:8-16-32-32", help="NAME or NAME:WIDTHS")
    parser.add_argument("--memory", type=float, help="MEMORY of the job, MB")
    parser.add_argument("--uncertainty", action="store_true")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    outputs = ["probability", "mask", "polygons", *(["uncertainty"] if arguments.uncertainty else [])]
    job = detect_job(
        arguments.folder,
        arguments.width,
        arguments.height,
        network(arguments.folder, arguments.network),
        *outputs,
        memory=arguments.memory,
        tta="rotations" if arguments.uncertainty else "none",
    )
    samples = run(job, arguments.stop)
    say("share  resident GB  peak GB")
    for step in range(11):
        wanted = step / 10 * min(arguments.stop, 1.0)
        nearest = min(samples, key=lambda sample: abs(sample[0] - wanted))
        say(f"{nearest[0]:5.1%}  {nearest[1]:11.2f}  {nearest[2]:7.2f}")
    peak = max(sample[2] for sample in samples)
    say(f"peak {peak:.2f} GB, {'within' if peak <= LIMIT_GB else 'ABOVE'} {LIMIT_GB} GB")
    sys.exit(peak > LIMIT_GB)


if __name__ == "__main__":
    main()
