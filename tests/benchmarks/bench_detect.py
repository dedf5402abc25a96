"""Speed of detection against the network's own forward pass, in one run on one machine.

    .venv/runtime/bin/python tests/benchmarks/bench_detect.py [--size 1536] [--device cpu] [--precision fp32]

For each network, on a scene of 12 bands and a DEM with the channels of ``bands14``:

* forward: pixels/s of the network alone, tiles of the same size and number already on the device;
* reading: pixels/s of reading and computing the features alone;
* detect: unique pixels/s from files to a written probability raster;
* share: detect over what forward would allow at this overlap. 1 means that nothing but the network takes time.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from noise_scene import BANDS, say, write_checkpoint, write_scene
from scarp.core import checkpoint
from scarp.core.features.reader import FeatureReader
from scarp.core.inference.device import choose_device
from scarp.core.inference.lattice import Lattice
from scarp.core.inference.mapping import map_scene
from scarp.core.inference.predictor import Predictor
from scarp.core.inference.reading import blocks, load
from scarp.core.inference.tiling import choose_lattice
from scarp.core.jobs import SceneInputs
from scarp.core.reporter import Reporter
from scarp.core.scene import Scene, open_scene
from scarp.core.scene.writers import RasterWriter

NETWORKS = {"plain 16..128": (16, 32, 64, 128), "plain 32..512": (32, 64, 128, 256, 512)}
NEEDED = (*BANDS, "SLOPE", "DEM")
CHANNELS = tuple(name.lower() for name in NEEDED)
QUIET = Reporter(log=lambda *line: None)


def forward_speed(predictor: Predictor, tile: np.ndarray, seconds: float = 3.0) -> float:
    """Pixels/s of predictions on a batch that is in memory; repeated for about ``seconds``."""
    batch = np.repeat(tile[None], predictor.batch, 0)
    valid = np.ones((len(batch), *tile.shape[1:]), bool)
    predictor.predict(batch, valid)
    start, runs = time.perf_counter(), 0
    while time.perf_counter() - start < seconds:
        predictor.predict(batch, valid)
        runs += 1
    return runs * valid.size / (time.perf_counter() - start)


def detect_speed(reader: FeatureReader, scene: Scene, predictor: Predictor, lattice: Lattice, path: Path) -> float:
    """Unique pixels/s from the scene to a probability raster."""
    start = time.perf_counter()
    with RasterWriter(path, scene.grid, ["probability"], "float32", -9999) as writer:
        for strip in map_scene(reader, predictor, lattice, scene.window, QUIET):
            window = scene.window.__class__(strip.row, 0, *strip.valid.shape)
            writer.write(window, np.where(strip.valid, strip.probability, -9999))
    return scene.window.height * scene.window.width / (time.perf_counter() - start)


def reading_speed(reader: FeatureReader, scene: Scene, lattice: Lattice) -> float:
    """Unique pixels/s of reading all tiles and computing their features, without a network."""
    start = time.perf_counter()
    for block in blocks(lattice, scene.window):
        load(reader, lattice, scene.window, block)
    return scene.window.height * scene.window.width / (time.perf_counter() - start)


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=1536)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--precision", default="fp32")
    arguments = parser.parse_args()
    device = choose_device(arguments.device, QUIET)
    say(f"{device}, {torch.get_num_threads()} threads, {arguments.precision}, {arguments.size} px square; Mpx/s")
    say(f"{'network':<16}{'tile':>6}{'tax':>6}{'forward':>9}{'reading':>9}{'detect':>8}{'share':>7}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bands, dem = write_scene(folder / "scene", arguments.size, arguments.size, BANDS)
        for title, widths in NETWORKS.items():
            path = write_checkpoint(folder / "net.safetensors", CHANNELS, NEEDED, widths=list(widths))
            model, card = checkpoint.load(path)
            with open_scene(SceneInputs(bands=bands, dem=dem, radiometry="dn"), QUIET) as scene:
                lattice = choose_lattice(
                    *scene.grid.shape,
                    tile=None,
                    overlap=None,
                    stride=model.stride,
                    chip=card.chip,
                    bound_to_chip=False,
                    reporter=QUIET,
                )
                predictor = Predictor(model, card, device, precision=arguments.precision, reporter=QUIET)
                reader = FeatureReader(scene, card.features)
                # The scene's edges cost tiles too: the tax of this scene, not of an endless one.
                tax = lattice.rows.count * lattice.columns.count * lattice.tile**2 / arguments.size**2
                tile = np.random.default_rng(0).normal(1000, 500, (len(CHANNELS), lattice.tile, lattice.tile))
                forward = forward_speed(predictor, tile.astype(np.float32))
                detect = detect_speed(reader, scene, predictor, lattice, folder / "probability.tif")
                forward = (forward + forward_speed(predictor, tile.astype(np.float32))) / 2
                reading = reading_speed(FeatureReader(scene, card.features), scene, lattice)
            share = detect / (forward / tax)
            speeds = f"{forward / 1e6:>9.3f}{reading / 1e6:>9.3f}{detect / 1e6:>8.3f}{share:>7.2f}"
            say(f"{title:<16}{lattice.tile:>6}{tax:>6.2f}{speeds}")


if __name__ == "__main__":
    main()
