"""Readers and networks that are simple enough to know the answer of."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import torch
from scarp.core.inference.device import choose_device
from scarp.core.inference.lattice import Lattice
from scarp.core.inference.mapping import map_scene
from scarp.core.inference.predictor import Predictor
from scarp.core.reporter import Reporter
from scarp.core.scene.grid import Window
from scarp.models.output import Output


class ArrayReader:
    """Features that are in memory, as a `FeatureReader` would give them."""

    def __init__(self, features, valid=None):
        self.features = features.astype(np.float32)
        self.valid = np.ones(features.shape[1:], bool) if valid is None else valid
        self.channels = tuple(f"b{i}" for i in range(len(features)))
        self.largest = 0

    def planes(self, window):
        assert window.clip(*self.valid.shape) == window, "outside the grid"
        self.largest = max(self.largest, window.height * window.width)
        part = window.slices(Window(0, 0, *self.valid.shape))
        return self.features[(slice(None), *part)].copy(), self.valid[part].copy()


@dataclass
class PlainCard:
    mean: list
    std: list
    head: str = "single"
    temperature: float = 1.0
    threshold: float = 0.5
    features: list = field(default_factory=list)


class Pointwise(torch.nn.Module):
    """A 1 x 1 convolution: what it says of a pixel depends on that pixel alone."""

    stride = 1
    pools_globally = False

    def __init__(self, channels, head="single"):
        super().__init__()
        torch.manual_seed(1)
        self.conv = torch.nn.Conv2d(channels, 2, 1)
        self.head = head
        self.seen = []

    def forward(self, x):
        self.seen.append(len(x))
        mask = self.conv(x)
        if self.head == "multires":
            double = torch.nn.functional.interpolate(mask, scale_factor=2)
            return Output(mask, double, torch.nn.functional.avg_pool2d(mask, 2) + 1)
        if self.head == "dual":
            return Output(mask, presence=mask.mean((2, 3)))
        return Output(mask)


@dataclass
class Said:
    """Collects what a reporter is told."""

    log: list = field(default_factory=list)
    shares: list = field(default_factory=list)

    def reporter(self, cancelled=None):
        return Reporter(lambda share, text: self.shares.append(share), cancelled, lambda *line: self.log.append(line))


def scene(height, width, channels=3, seed=0):
    return np.random.default_rng(seed).normal(5, 2, (channels, height, width)).astype(np.float32)


def predictor(model, card, reporter=None, **options):
    reporter = reporter or Reporter(log=lambda *line: None)
    options = {"precision": "fp32", **options}
    return Predictor(model, card, choose_device("cpu", reporter), reporter=reporter, **options)


def whole_map(reader, ready, tile, overlap, window=None, reporter=None, lanes=1):
    """All strips joined: probability, spread, presence, valid."""
    height, width = reader.valid.shape
    window = window or Window(0, 0, height, width)
    lattice = Lattice(height, width, tile, overlap, -(-overlap // 64) * 32)
    strips = list(map_scene(reader, ready, lattice, window, reporter or Reporter(log=lambda *line: None), lanes=lanes))
    rows = np.cumsum([0, *(len(strip.valid) for strip in strips)])
    assert [strip.row for strip in strips] == list(rows[:-1])
    assert rows[-1] == window.height
    return [
        None if getattr(strips[0], name) is None else np.concatenate([getattr(strip, name) for strip in strips])
        for name in ("probability", "spread", "presence", "valid")
    ]
