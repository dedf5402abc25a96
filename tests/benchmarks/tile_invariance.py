"""How much a map depends on the tile size and on EXTENT (CONTRIBUTING.md, Invariants), on real scenes.

    .venv/runtime/bin/python tests/benchmarks/tile_invariance.py event CHECKPOINT
    .venv/runtime/bin/python tests/benchmarks/tile_invariance.py strip

``event``: the Hokkaido event with a checkpoint of `real_event.py`. ``strip``: the 14-band chips 1, 2 and 3, which
touch, as one scene (the georeference is made up), with a `unet` on ``bands23`` trained briefly on the 15 chips, and
`raunet1` with random weights, which pools globally and must not change with batch or EXTENT at all.

``event`` also compares the map with that of the same scene cut off by 128 px at the top and the left, whose tiles lie
elsewhere on the ground. Seam ratio: mean step from pixel to pixel where tiles meet, over that at the same pixels in the
map in which they do not; a visible seam is a step. 1.1 at most is asked for. The mean difference of both maps is given
at the seams and elsewhere; their quotient would say little, because elsewhere it is next to nothing.

A network of stride 16 is never given less than 256 px to look at, so TILE=128 and 192 are enlarged (detect warns) and
equal 256 by construction; 320 and 512 are different tilings.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from scarp.core import checkpoint, run
from scarp.core.card import Card
from scarp.core.chips.files import L4S_NAMES, read_h5_image
from scarp.core.features import resolve
from scarp.core.inference.lattice import Lattice
from scarp.core.inference.tiling import Tiling
from scarp.core.jobs import BuildBandsJob, DetectJob, TrainJob
from scarp.core.reporter import Reporter
from scarp.models import create

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
BOUNDS = "99.9 % of pixels within 0.03, at most 5e-4 of the mask flipped"

QUIET = Reporter(log=lambda *line: None)


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def silent(level: str, message: str) -> None:
    """Drop the messages of a job."""


def mapped(folder: Path, name: str, **options: Any) -> tuple[np.ndarray, Affine]:
    """Probability of a detect run, NaN where there is none, and its transform."""
    path = folder / f"{name}.tif"
    run(DetectJob(probability=str(path), precision="fp32", **options), log=silent)
    with rasterio.open(path) as source:
        return source.read(1, masked=True).filled(np.nan), source.transform


def compare(name: str, first: np.ndarray, second: np.ndarray, threshold: float) -> None:
    """Say how far two maps of the same pixels are apart."""
    both = np.isfinite(first) & np.isfinite(second)
    apart = np.abs(first[both] - second[both])
    flipped = np.mean((first[both] >= threshold) != (second[both] >= threshold))
    say(
        f"  {name:<28} within 0.03: {100 * np.mean(apart <= 0.03):8.4f} %   flipped: {flipped:.2e}   "
        f"largest difference {apart.max():.2e}"
    )


def tiles_and_extent(folder: Path, scene: dict[str, Any], path: str, sizes: tuple[int, ...]) -> None:
    """Map a scene at several tile sizes, and a part of it, and compare."""
    threshold = checkpoint.load(path)[1].threshold
    maps = {size: mapped(folder, f"tile{size}", tile=size, checkpoint=path, **scene) for size in sizes}
    whole, transform = maps[sizes[-1]]
    for size in sizes[:-1]:
        compare(f"tile {size} against {sizes[-1]}", maps[size][0], whole, threshold)
    row, col, height, width = 17, 41, whole.shape[0] // 2, whole.shape[1] // 2
    left, top = transform * (col, row)
    right, bottom = transform * (col + width, row + height)
    extent = [min(left, right), min(top, bottom), max(left, right), max(top, bottom)]
    part, _ = mapped(folder, "part", tile=sizes[-1], checkpoint=path, extent=extent, **scene)
    compare("shifted EXTENT", part, whole[row : row + height, col : col + width], threshold)
    single, _ = mapped(folder, "batch1", tile=sizes[-1], checkpoint=path, batch=1, **scene)
    compare("batch 1", single, whole, threshold)


def cut_off(folder: Path, path: str, pixels: int) -> str:
    """A copy of a raster without its first rows and columns."""
    target = folder / f"cut_{Path(path).name}"
    with rasterio.open(path) as source:
        window = rasterio.windows.Window(pixels, pixels, source.width - pixels, source.height - pixels)
        profile = {**source.profile, "width": window.width, "height": window.height, "tiled": False}
        for key in ("blockxsize", "blockysize"):
            profile.pop(key, None)
        profile["transform"] = source.window_transform(window)
        with rasterio.open(target, "w", **profile) as copy:
            copy.write(source.read(window=window))
            copy.descriptions = source.descriptions
    return str(target)


def on_seams(lattice: Lattice) -> np.ndarray:
    """Bool [height, width]: where tiles fade into one another."""
    lines = []
    for axis in (lattice.rows, lattice.columns):
        fading = np.zeros(axis.length, bool)
        for index in range(axis.count):
            pixels = axis.start(index) + np.flatnonzero((axis.weights(index) > 0) & (axis.weights(index) < 1))
            fading[pixels] = True
        lines.append(fading)
    return lines[0][:, None] | lines[1]


def seams(folder: Path, scene: dict[str, Any], path: str, tile: int, pixels: int = 128) -> None:
    """Map a scene with its tiles elsewhere, and compare at the seams and inside."""
    whole, _ = mapped(folder, "whole", tile=tile, checkpoint=path, **scene)
    bands = [cut_off(folder, band, pixels) for band in scene["bands"]]
    shifted, _ = mapped(folder, "shifted", tile=tile, checkpoint=path, **{**scene, "bands": bands})
    net, card = checkpoint.load(path)
    lattices = [
        Tiling(tile, None, net.reach, card.chip, card.pools_globally).lattices(*found.shape, QUIET)[0]
        for found in (whole, shifted)
    ]
    first, second = (on_seams(lattice) for lattice in lattices)
    # The edge of the scene is another one in the part, so what is near it differs by right.
    inner = (slice(2 * pixels, -pixels), slice(2 * pixels, -pixels))
    part = tuple(slice(cut.start - pixels, cut.stop) for cut in inner)
    maps, (first, second) = (whole[inner], shifted[part]), (first[inner], second[part])
    seam = first | second
    apart = np.abs(maps[0] - maps[1])
    met = first & ~second
    steps = [np.nanmean(np.hypot(*np.gradient(found))[met]) for found in maps]
    say(
        f"  tile {tile}: seam ratio {steps[0] / steps[1]:.4f}; mean difference {np.nanmean(apart[seam]):.1e} at the "
        f"seams, {np.nanmean(apart[~seam]):.1e} elsewhere"
    )


def write_strip(folder: Path) -> str:
    """The chips 1, 2, 3 side by side as one GeoTIFF with named bands, in DN, degrees and metres."""
    images = DATA / "landslide4sense-14band" / "img"
    strip = np.concatenate([read_h5_image(images / f"image_{number}.h5") for number in (1, 2, 3)], axis=2)
    path = folder / "strip.tif"
    profile = {"driver": "GTiff", "count": 14, "height": strip.shape[1], "width": strip.shape[2], "dtype": "float32"}
    with rasterio.open(
        path, "w", crs="EPSG:32645", transform=Affine(10, 0, 300000, 0, -10, 3100000), **profile
    ) as target:
        target.write(strip)
        target.descriptions = L4S_NAMES
    return str(path)


def main() -> None:
    """Run what the first argument names."""
    say(f"Asked for (networks without global pooling): {BOUNDS}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if sys.argv[1] == "event":
            event = DATA / "hokkaido2018"
            scene: dict[str, Any] = {
                "bands": [str(event / "post" / f"S2_post_B{number}.tif") for number in (2, 3, 4)],
                "dem": str(event / "AW3D30_DSM.tif"),
            }
            say("Hokkaido event, 900 x 970 px")
            tiles_and_extent(folder, scene, sys.argv[2], (128, 256, 512))
            for tile in (320, 384):
                seams(folder, scene, sys.argv[2], tile)
            return
        scene = {"bands": [write_strip(folder)], "radiometry": "dn"}
        trained = str(folder / "unet.safetensors")
        job = TrainJob(
            dataset=str(DATA / "landslide4sense-14band"), features="bands23", epochs=12, checkpoint=trained, batch=4
        )
        run(job, log=silent)
        say("Strip of the chips 1, 2, 3 (128 x 384 px), unet, bands23")
        tiles_and_extent(folder, scene, trained, (128, 192, 256, 320))
        features = list(resolve("bands23", L4S_NAMES))
        random = str(folder / "raunet1.safetensors")
        card = Card("raunet1", features, [0.0] * 23, [1000.0] * 23, bands_required=list(L4S_NAMES), pools_globally=True)
        checkpoint.save(random, create("raunet1", 23), card)
        say("The same strip, raunet1 with random weights")
        tiles_and_extent(folder, scene, random, (128,))
        built = str(folder / "bands23.tif")
        run(BuildBandsJob(**scene, features="bands23", output=built), log=silent)
        from_bands, _ = mapped(folder, "direct", checkpoint=random, **scene)
        from_built, _ = mapped(folder, "built", checkpoint=random, bands=[built])
        compare("buildbands, then detect", from_built, from_bands, 0.5)


if __name__ == "__main__":
    main()
