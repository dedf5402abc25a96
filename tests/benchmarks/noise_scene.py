"""Scenes and checkpoints of any size for the benchmarks, written by strips."""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
import rasterio
import torch
from rasterio.transform import from_origin
from scarp import models
from scarp.core import checkpoint
from scarp.core.card import Card

ROWS = 256
BANDS = ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B09", "B10", "B11", "B12")

# Mean and standard deviation of channels in such a scene, about; of bands; of what lies between 0 and 1.
_SCALES = {"slope": (15.0, 8.0), "dem": (700.0, 200.0), "gray": (800.0, 150.0)}
_BAND, _SHARE = (950.0, 250.0), (0.5, 0.25)


def say(text: str) -> None:
    """Write a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def write_scene(folder: Path, width: int, height: int, names: tuple[str, ...]) -> tuple[list[str], str]:
    """One GeoTIFF a band, uint16 at 10 m, and a DEM at 30 m: hills and fields of all sizes, and noise.

    Values spread, and compress by a factor of 1.4 and take as long to decode, nearly as Sentinel-2's do: bands 2, 3, 4
    of the Hokkaido event compress by 1.6 to 1.7.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for band, name in enumerate(names):
        middle = 700 + 50 * band
        _write(folder / f"{name}.tif", width, height, 10, "uint16", seed=band, middle=middle, spread=0.2, noise=30)
    _write(folder / "dem.tif", -(-width // 3), -(-height // 3), 30, "float32", 99, middle=700, spread=0.3, noise=0.3)
    return [str(folder / f"{name}.tif") for name in names], str(folder / "dem.tif")


def _write(
    path: Path,
    width: int,
    height: int,
    metres: float,
    dtype: str,
    seed: int,
    *,
    middle: float,
    spread: float,
    noise: float,
) -> None:
    if path.exists():
        return
    rng = np.random.default_rng(seed)
    profile = {"driver": "GTiff", "dtype": dtype, "count": 1, "width": width, "height": height, "crs": "EPSG:32654"}
    tiling = {"tiled": True, "blockxsize": 512, "blockysize": 512, "compress": "deflate"}
    part = path.with_suffix(".part")
    with rasterio.open(part, "w", transform=from_origin(5e5, 48e5, metres, metres), **profile, **tiling) as raster:
        for row in range(0, height, ROWS):
            rows = min(ROWS, height - row)
            strip = middle * np.exp(spread * _relief(rng, rows, width)) + rng.normal(0, noise, (rows, width))
            raster.write(strip.clip(1, 65535).astype(dtype)[None], window=rasterio.windows.Window(0, row, width, rows))
    part.rename(path)


def _relief(rng: np.random.Generator, rows: int, width: int) -> np.ndarray:
    """Smooth noise of several wavelengths, float32 [rows, width], about -2 to 2; it breaks between strips."""
    total = np.zeros((rows, width), np.float32)
    for cell, weight in ((64, 1.0), (16, 0.5), (4, 0.25)):
        coarse = rng.normal(size=(-(-rows // cell) + 1, -(-width // cell) + 1)).astype(np.float32)
        total += weight * cv2.resize(coarse, None, fx=cell, fy=cell, interpolation=cv2.INTER_CUBIC)[:rows, :width]
    return total


def write_checkpoint(
    path: Path, features: tuple[str, ...], needed: tuple[str, ...], architecture: str = "unet", **options: object
) -> str:
    """A network for the channels ``features`` of the inputs ``needed``: random weights, a map that says something."""
    torch.manual_seed(0)
    net = models.create(architecture, len(features), **options).eval()
    with torch.no_grad():
        blocks = torch.randn(1, len(features), 16, 16).repeat_interleave(16, 2).repeat_interleave(16, 3)
        logits = net(blocks).mask
        difference = logits[:, 1] - logits[:, 0]
        net.heads.classify.weight.mul_(2 / difference.std())
        net.heads.classify.bias.mul_(2 / difference.std())
        net.heads.classify.bias[1] -= 2 * difference.quantile(0.97) / difference.std()
    bands = {name.lower() for name in BANDS}
    mean, std = zip(*(_SCALES.get(name, _BAND if name in bands else _SHARE) for name in features))
    card = Card(architecture, list(features), list(mean), list(std), options, bands_required=list(needed))
    card.pools_globally = net.pools_globally
    checkpoint.save(path, net, card)
    return str(path)
