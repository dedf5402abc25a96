"""Speed of detection, in one run on one machine.

    .venv/runtime/bin/python tests/benchmarks/bench_detect.py [--size 1536] [--networks unet:16-32-64-128-256]

On a generated scene of 12 bands and a DEM, from which the slope is derived, with the engineered bands ``bands23``, for
each network (``NAME``, ``NAME:WIDTHS``, either with ``@bf16``):

* forward: pixels/s of the network made ready, in the same precision, on tiles in memory, as many at once as detect
  runs;
* detect: unique pixels/s of the whole job, from files to a probability raster, over forward / overlap tax, where the
  tax is pixels computed over pixels mapped. 1 means that nothing but the network takes time;
* plain loop, in memory: unique pixels/s of detect over those of two plain programs (`plain_mapping`) on a part of the
  scene, with chips of 128 px that overlap by 64 px, in fp32 (``--plain``);
* bands23: CPU time of the 9 bands that ``bands23`` adds to ``bands14``, over that of the network, pixel for pixel;
* features: CPU time of all of ``bands23`` inside detect, over that of the network, overlaps included;
* the CPU time of each stage.

Rounds are interleaved and the fastest counts. On a busy machine trust the ratios of CPU time.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
import torch
from mapping_setup import QUIET, Clock, detect_job, fastest, network, timed
from noise_scene import say
from plain_mapping import all_in_memory, chip_by_chip
from scarp.core import checkpoint
from scarp.core.features.reader import FeatureReader
from scarp.core.inference.allocation import kept_memory
from scarp.core.inference.lanes import Lanes
from scarp.core.inference.predictor import Predictor
from scarp.core.inference.reading import Tile
from scarp.core.inference.tiling import Tiling
from scarp.core.jobs import DetectJob
from scarp.core.scene import open_scene
from scarp.core.scene.grid import Window
from scarp.core.tasks import perform
from stage_times import measured

PLAIN_OVERLAP = 64
SECONDS = 1.0


def forward(predictor: Predictor, lanes: int, tile: int, channels: int) -> Clock:
    """Seconds for a pixel of tiles that are in memory; of two runs the faster, each of a second at least."""
    x = np.random.default_rng(0).normal(size=(tile, tile, channels)).astype(np.float32)
    valid = np.ones((tile, tile), bool)
    predictor.prepare(x)

    def run(count: int) -> None:
        batches = [[Tile(0, 0, x, valid) for _ in range(predictor.batch)] for _ in range(count * lanes)]
        for future in [running.submit(batch) for batch in batches]:
            future.result()

    with kept_memory(2**40), Lanes(predictor, lanes) as running:
        seconds = min(timed(lambda: run(1))[1].wall for _ in range(2))
        count = max(1, round(SECONDS / seconds))
        clock = fastest([timed(lambda: run(count))[1] for _ in range(2)])
    pixels = count * lanes * predictor.batch * tile**2
    return Clock(clock.wall / pixels, clock.cpu / pixels)


def features_time(job: DetectJob, side: int) -> float:
    """CPU seconds for a pixel that ``bands23`` takes beyond ``bands14``."""
    window = Window(min(200, side // 8), min(200, side // 8), 512, 512)
    clocks: dict[str, list[Clock]] = {"bands14": [], "bands23": []}
    with open_scene(job, QUIET) as scene:
        readers = {name: FeatureReader(scene, name) for name in clocks}
        for _ in range(4):
            for name, reader in readers.items():
                clocks[name].append(timed(lambda reader=reader: reader.read(window))[1])
    return (fastest(clocks["bands23"][1:]).cpu - fastest(clocks["bands14"][1:]).cpu) / 512**2


def compare(folder: Path, text: str, size: int, rounds: int, plain: bool) -> None:
    """Print the table of one network."""
    name, _, precision = text.partition("@")
    precision = precision or "fp32"
    path = network(folder, name)
    job = detect_job(folder, size, size, path, "probability", precision=precision)
    model, card = checkpoint.load(path)
    bound = card.pools_globally
    tiling = Tiling(None, None, reach=model.reach, chip=card.chip, bound_to_chip=bound)
    predictor = Predictor(model, card, torch.device("cpu"), precision=precision, reporter=QUIET)
    side = min(size, 448)
    part = Window(0, 0, side, side)
    mapped = (side - PLAIN_OVERLAP) ** 2
    programs = {"plain loop": chip_by_chip, "in memory": all_in_memory} if plain else {}
    clocks: dict[str, list[Clock]] = {name: [] for name in ("forward", "detect", *programs)}
    with open_scene(job, QUIET) as scene:
        shares = predictor.share_out(tiling.lattices(size, size, QUIET), scene.cached_bytes, None)
        lattice = shares.lattice
        tax = lattice.rows.count * lattice.columns.count * lattice.tile**2 / size**2
        for _ in range(rounds):
            clocks["forward"].append(forward(predictor, shares.lanes, lattice.tile, len(card.mean)))
            with measured() as stages:
                clocks["detect"].append(timed(lambda: perform(job, QUIET))[1])
            for program, run in programs.items():
                clocks[program].append(timed(lambda run=run: run(scene, path, part, PLAIN_OVERLAP))[1])
    ahead, whole = fastest(clocks["forward"]), fastest(clocks["detect"])
    say(f"{name}: {lattice.tile} px tiles, overlap {lattice.overlap}, tax {tax:.2f}, {shares.lanes} lanes, {precision}")
    say(f"  forward {1 / ahead.wall / 1e6:.3f} Mpx/s, detect {size**2 / whole.wall / 1e6:.3f} Mpx/s")
    say(f"  {'ratio':<34}{'wall':>8}{'CPU':>8}")
    say(f"  {'detect / (forward / tax)':<34}{_ratio(ahead, tax, whole, size**2)}")
    for program in programs:
        clock = fastest(clocks[program])
        say(f"  {f'detect / {program}':<34}{_ratio(Clock(clock.wall / mapped, clock.cpu / mapped), 1, whole, size**2)}")
    say(f"  bands23 beyond bands14 / network: {features_time(job, size) / ahead.cpu:.3f} (CPU)")
    say(f"  features / network, inside detect: {stages['features'] / stages['network']:.3f} (CPU)")
    stages["all else"] = clocks["detect"][-1].cpu - sum(stages.values())
    total = sum(stages.values())
    for stage, seconds in stages.items():
        say(f"  {stage:<14}{seconds / size**2 * 1e6:8.3f} CPU s/Mpx {seconds / total:8.1%}")


def _ratio(other: Clock, factor: float, whole: Clock, pixels: int) -> str:
    return "".join(f"{a * factor / (b / pixels):8.2f}" for a, b in zip(other, whole))


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=1536)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--networks", default="unet:16-32-64-128-256")
    parser.add_argument("--plain", action=argparse.BooleanOptionalAction, default=True, help="the plain programs, too")
    parser.add_argument("--folder", type=Path, help="keep the scenes here")
    arguments = parser.parse_args()
    say(f"{torch.get_num_threads()} threads, {arguments.size} px square")
    with tempfile.TemporaryDirectory() as name:
        folder = arguments.folder or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        for text in arguments.networks.split(","):
            compare(folder, text, arguments.size, arguments.rounds, arguments.plain)


if __name__ == "__main__":
    main()
