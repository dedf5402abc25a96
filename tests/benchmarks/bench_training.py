"""Training throughput against the network's own step, in one run on one machine: does the data keep up?

    .venv/runtime/bin/python tests/benchmarks/bench_training.py [--data ../shared/data] [--rounds 4] [--steps 12]

For each data set and network, chips/s of two things, measured in turn (A B A B ...) so that both see the same machine:

* memory: the training step alone, on a batch that is already in memory;
* files: the same step on batches from the Loader, threads, augmentation and features included, from the first chip on;
* share: the median over the rounds of files over memory. 1 means that nothing but the network takes time.

``prepare`` is what one chip costs a processor outside the network, in ms, and ``step`` what it costs inside.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Iterable
from pathlib import Path

from scarp.core.runtime.openmp import wait_briefly

wait_briefly()  # as the worker does, before torch is imported

import numpy as np  # noqa: E402
import torch  # noqa: E402
from noise_scene import say  # noqa: E402
from scarp import models  # noqa: E402
from scarp.core import features  # noqa: E402
from scarp.core.chips.augment import Augmentation, fitting, parse  # noqa: E402
from scarp.core.chips.chip import ChipSource, Subset  # noqa: E402
from scarp.core.chips.folder import ChipFolder  # noqa: E402
from scarp.core.inference.device import choose_device  # noqa: E402
from scarp.core.reporter import Reporter  # noqa: E402
from scarp.core.training import architecture, losses, optimizers  # noqa: E402
from scarp.core.training.batches import Batch, Loader, Preparation, measure  # noqa: E402
from torch import nn  # noqa: E402

QUIET = Reporter(log=lambda *line: None)
DATA = {"landslide4sense-rgb": "auto", "landslide4sense-14band": "bands23"}
NETWORKS = ["unet(widths=16-32-64-128-256)", "unet"]
DEFAULT_DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"


class Step:
    """A training step of a network on batches of the CPU."""

    def __init__(self, name: str, channels: int, device: torch.device) -> None:
        kind, options = architecture.parse(name)
        self._model = models.create(kind, channels, **options).to(device, memory_format=torch.channels_last)
        self._loss, self._device = losses.create("focal_iou"), device
        self._optimizer = optimizers.create("adamw", self._model, 1e-4)

    def __call__(self, batches: Iterable[Batch]) -> float:
        """Chips/s over some batches."""
        start, chips = time.perf_counter(), 0
        for batch in batches:
            output = self._model(batch.x.to(self._device, memory_format=torch.channels_last))
            loss = self._loss(output.mask, batch.target.to(self._device), batch.scored.to(self._device), None)
            loss.backward()
            nn.utils.clip_grad_norm_(self._model.parameters(), 1.0)
            loss.item()
            self._optimizer.step()
            self._optimizer.zero_grad(set_to_none=True)
            chips += len(batch.x)
        return chips / (time.perf_counter() - start)


def preparing(preparation: Preparation, source: ChipSource, augmentation: Augmentation) -> float:
    """Processor time to prepare a chip, ms: the median of 50."""
    costs, x = [], np.empty((len(preparation.channels), source.chip, source.chip), np.float32)
    for index in range(50):
        start = time.thread_time()
        chip = augmentation(source[index % len(source)], np.random.default_rng(index), source)
        preparation.input(chip, source.names, x)
        costs.append(time.thread_time() - start)
    return 1e3 * statistics.median(costs)


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--networks", nargs="+", default=NETWORKS)
    parser.add_argument("--augment", default="flips,rotations,scale,paste,jitter,drop")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--steps", type=int, default=12)
    parser.add_argument("--device", default="cpu")
    arguments = parser.parse_args()
    device = choose_device(arguments.device, QUIET)
    say(f"{device}, {torch.get_num_threads()} threads, batches of {arguments.batch}, AUGMENT={arguments.augment}")
    say(f"{'data':<24}{'network':<32}{'prepare':>8}{'step':>8}{'memory':>9}{'files':>8}{'share':>7}")
    chips = arguments.batch * arguments.steps
    for data, wanted in DATA.items():
        folder = ChipFolder(arguments.data / data, QUIET)
        source = Subset(folder, [index % len(folder) for index in range(chips)])
        channels = features.resolve(wanted, folder.names)
        augmentation = fitting(parse(arguments.augment), folder, features.required(channels, folder.names), QUIET)
        preparation, _ = measure(Preparation(channels, "scene"), source, QUIET)
        loader = Loader(preparation, arguments.batch)
        ready = next(iter(loader(source, augmentation, (0, 0))))
        for name in arguments.networks:
            step = Step(name, len(channels), device)
            step([ready] * 2)
            memory, files, busy = [], [], []
            for number in range(arguments.rounds):
                start = time.process_time()
                memory.append(step([ready] * arguments.steps))
                busy.append(time.process_time() - start)
                files.append(step(loader(source, augmentation, (0, number))))
            share = statistics.median(b / a for a, b in zip(memory, files))
            costs = f"{preparing(preparation, source, augmentation):>8.2f}{1e3 * min(busy) / chips:>8.1f}"
            speeds = f"{statistics.median(memory):>9.2f}{statistics.median(files):>8.2f}{share:>7.3f}"
            say(f"{data:<24}{name:<32}{costs}{speeds}")


if __name__ == "__main__":
    main()
