"""Scenes and checkpoints of any size for the benchmarks, written by strips."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import rasterio
import torch
from rasterio.transform import from_origin
from scarp import models
from scarp.core import checkpoint
from scarp.core.card import Card

ROWS = 256
BANDS = ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B09", "B10", "B11", "B12")


def say(text: str) -> None:
    """Write a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def write_scene(folder: Path, width: int, height: int, names: tuple[str, ...]) -> tuple[list[str], str]:
    """One GeoTIFF a band, uint16 at 10 m, and a DEM at 30 m; blocky noise, which compresses fast."""
    folder.mkdir(parents=True, exist_ok=True)
    for band, name in enumerate(names):
        _write(folder / f"{name}.tif", width, height, 10, "uint16", seed=band, low=300, high=4000)
    _write(folder / "dem.tif", -(-width // 3), -(-height // 3), 30, "float32", seed=99, low=0, high=1500)
    return [str(folder / f"{name}.tif") for name in names], str(folder / "dem.tif")


def _write(
    path: Path, width: int, height: int, metres: float, dtype: str, *, seed: int, low: float, high: float
) -> None:
    if path.exists():
        return
    rng = np.random.default_rng(seed)
    profile = {"driver": "GTiff", "dtype": dtype, "count": 1, "width": width, "height": height, "crs": "EPSG:32654"}
    tiling = {"tiled": True, "blockxsize": 512, "blockysize": 512, "compress": "deflate", "zlevel": 1}
    part = path.with_suffix(".part")
    with rasterio.open(part, "w", transform=from_origin(5e5, 48e5, metres, metres), **profile, **tiling) as raster:
        for row in range(0, height, ROWS):
            rows = min(ROWS, height - row)
            coarse = rng.uniform(low, high, (ROWS // 16, -(-width // 16)))
            strip = np.kron(coarse, np.ones((16, 16)))[:rows, :width] + rng.uniform(0, 50, (rows, width))
            raster.write(strip.astype(dtype)[None], window=rasterio.windows.Window(0, row, width, rows))
    part.rename(path)


def write_checkpoint(
    path: Path, features: tuple[str, ...], needed: tuple[str, ...], architecture: str = "unet", **options: object
) -> str:
    """A network for the channels ``features`` of the inputs ``needed``: random weights, a map that says something."""
    torch.manual_seed(0)
    net = models.create(architecture, len(features), **options).eval()
    with torch.no_grad():
        blocks = (
            torch.rand(1, len(features), 16, 16).mul(3.7).sub(0.7).repeat_interleave(16, 2).repeat_interleave(16, 3)
        )
        logits = net(blocks).mask
        difference = logits[:, 1] - logits[:, 0]
        net.heads.classify.weight.mul_(2 / difference.std())
        net.heads.classify.bias.mul_(2 / difference.std())
        net.heads.classify.bias[1] -= 2 * difference.quantile(0.9) / difference.std()
    count = len(features)
    scale = [1000.0] * count
    card = Card(architecture, list(features), scale, scale, options, bands_required=list(needed))
    card.pools_globally = net.pools_globally
    checkpoint.save(path, net, card)
    return str(path)
