"""Time and memory of polygonising against the size of the map, each run in a process of its own.

    .venv/runtime/bin/python tests/benchmarks/bench_polygons.py [--sizes 1024,2048] [--kinds sparse,grain,noise,maze]

Maps of growing size, all of them with a DEM:

- ``sparse``: 1 % landslides, as after an event
- ``grain``: every fifth pixel at random: a body for each 20 px
- ``noise``: half of the pixels, smooth noise as an untrained network gives: bodies with many holes, some across the map
- ``maze``: half of the pixels at random: nearly all of them are one body, of as many corners as there are pixels
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import rasterio
from noise_scene import say
from rasterio.transform import from_origin
from scarp.core.jobs import PolygonizeJob
from scipy.ndimage import gaussian_filter

RUN = """
import json, resource, sys, time
from scarp.core.jobs import from_json
from scarp.core.reporter import Reporter
from scarp.core.tasks import perform
job = from_json(sys.stdin.read())
wall = time.perf_counter()
try:
    count = perform(job, Reporter(log=lambda *line: None))["COUNT"]
except Exception as error:
    count = f"{type(error).__name__}: {error}"
used = resource.getrusage(resource.RUSAGE_SELF)
unit = 1 if sys.platform == "darwin" else 1024
print(json.dumps([count, time.perf_counter() - wall, used.ru_utime + used.ru_stime, used.ru_maxrss * unit / 2**20]))
"""
ROWS = 1024
#: Smoothing of the noise in pixels, and the share of it that is landslide.
KINDS = {"sparse": (6.0, 0.01), "grain": (0.0, 0.2), "noise": (1.5, 0.5), "maze": (0.0, 0.5)}


def write_map(path: Path, size: int, kind: str) -> str:
    """A probability raster whose pixels from 0.5 on are the share of the kind; strips are independent."""
    if path.exists():
        return str(path)
    sigma, share = KINDS[kind]
    rng = np.random.default_rng(5)
    profile = {"driver": "GTiff", "dtype": "float32", "count": 1, "width": size, "height": size, "crs": "EPSG:32654"}
    tiling = {"tiled": True, "blockxsize": 512, "blockysize": 512, "compress": "deflate", "zlevel": 1}
    with rasterio.open(path, "w", transform=from_origin(5e5, 48e5, 10, 10), **profile, **tiling) as raster:
        for row in range(0, size, ROWS):
            rows = min(ROWS, size - row)
            values = rng.random((ROWS, size), np.float32)[:rows]
            if sigma:
                values = gaussian_filter(values, sigma)
            limit = float(np.quantile(values[::7, ::7], 1 - share))
            spread = 2 * float(np.abs(values - limit).max())
            written = np.round((0.5 + (values - limit) / spread) * 100) / 100  # compresses
            written = np.where((values >= limit) == (written >= 0.5), written, written - np.float32(0.01))
            raster.write(written.astype(np.float32)[None], window=rasterio.windows.Window(0, row, size, rows))
    return str(path)


def write_dem(path: Path, size: int) -> str:
    """A slope with hills, 30 m."""
    if not path.exists():
        cells = -(-size // 3)
        y, x = np.mgrid[:cells, :cells].astype(np.float32)
        height = (y + 100 * np.sin(x / 30) * np.cos(y / 41)).astype(np.float32)
        profile = {"driver": "GTiff", "dtype": "float32", "count": 1, "width": cells, "height": cells}
        with rasterio.open(path, "w", crs="EPSG:32654", transform=from_origin(5e5, 48e5, 30, 30), **profile) as raster:
            raster.write(height[None])
    return str(path)


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="1024,2048")
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--min-area", type=float, default=400.0, help="m²; a pixel is 100 m²")
    parser.add_argument("--options", default="{}", help='JSON of more fields: {"split": "shape"}')
    parser.add_argument("--folder", type=Path, help="keep maps and polygons here")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = arguments.folder or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        say(f"{'kind':<8}{'px':>7}{'polygons':>10}{'s':>8}{'s/Mpx':>8}{'CPU s/Mpx':>11}{'peak MB':>9}{'file MB':>9}")
        for kind in arguments.kinds.split(","):
            for size in map(int, arguments.sizes.split(",")):
                job = PolygonizeJob(
                    probability=write_map(folder / f"{kind}_{size}.tif", size, kind),
                    polygons=str(folder / f"{kind}_{size}.gpkg"),
                    dem=write_dem(folder / f"dem_{size}.tif", size),
                    threshold=0.5,
                    min_area=arguments.min_area,
                    **json.loads(arguments.options),
                )
                done = subprocess.run(
                    [sys.executable, "-c", RUN], input=job.to_json(), capture_output=True, text=True, check=False
                )
                if done.returncode:
                    sys.exit(done.stderr)
                count, wall, cpu, peak = json.loads(done.stdout)
                polygons = Path(job.polygons)
                written = polygons.stat().st_size / 2**20 if polygons.exists() else 0.0
                mpx = size * size / 1e6
                say(
                    f"{kind:<8}{size:>7}{count!s:>10}{wall:>8.1f}{wall / mpx:>8.2f}{cpu / mpx:>11.2f}{peak:>9.0f}"
                    f"{written:>9.1f}"
                )


if __name__ == "__main__":
    main()
