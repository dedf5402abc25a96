"""A disk that is full: simulated by the largest file a process may write, which fails at the same places."""

import json
import subprocess
import sys

import numpy as np
import pyogrio.raw
import pytest
import rasterio
import shapely
from affine import Affine
from scarp import models
from scarp.core import checkpoint
from scarp.core.card import Card
from scarp.core.jobs import BuildBandsJob, DetectJob, PolygonizeJob, TrainJob

SIDE = 256
PLACE = {"crs": "EPSG:32654", "transform": Affine(10, 0, 500000, 0, -10, 4700000)}
LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
from scarp.core import run
from scarp.core.errors import ScarpError
from scarp.core.jobs import from_json
try:
    run(from_json(sys.argv[1]))
except ScarpError as error:
    sys.stdout.write(str(error))
    sys.exit(7)
"""


def write(path, array, **profile):
    shape = {"count": 1, "height": SIDE, "width": SIDE, "dtype": array.dtype, "driver": "GTiff"}
    with rasterio.open(path, "w", **shape, **PLACE, **profile) as target:
        target.write(array, 1)
    return str(path)


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("inputs")
    noise = np.random.default_rng(0)
    bands = [
        write(folder / f"B{n:02}.tif", noise.integers(300, 3000, (SIDE, SIDE), np.uint16), nodata=0) for n in (2, 3, 4)
    ]
    card = Card(
        "unet",
        ["b02", "b03", "b04"],
        [1500.0] * 3,
        [700.0] * 3,
        {"widths": [8, 8]},
        bands_required=["B02", "B03", "B04"],
    )
    checkpoint.save(folder / "net.safetensors", models.create("unet", 3, widths=[8, 8]), card)
    probability = write(folder / "p.tif", noise.random((SIDE, SIDE), np.float32), nodata=-9999)
    corner = PLACE["transform"]
    boxes = [
        shapely.box(*(corner @ (c, r + 20)), *(corner @ (c + 20, r)))
        for r in range(5, 230, 40)
        for c in range(5, 230, 40)
    ]
    pyogrio.raw.write(
        folder / "l.gpkg", shapely.to_wkb(boxes), [], [], geometry_type="Polygon", crs="EPSG:32654", driver="GPKG"
    )
    scene = {"bands": bands, "radiometry": "dn"}
    return {
        "buildbands": BuildBandsJob(**scene, output="out/x.tif"),
        "detect": DetectJob(
            **scene, checkpoint=str(folder / "net.safetensors"), probability="out/p.tif", mask="out/m.tif"
        ),
        "polygonize": PolygonizeJob(probability=probability, min_area=0, mask="out/m.tif", polygons="out/p.gpkg"),
        "train": TrainJob(
            **scene,
            labels=str(folder / "l.gpkg"),
            architecture="unet(widths=8-8)",
            epochs=1,
            chip=32,
            checkpoint="out/c.safetensors",
        ),
    }


@pytest.mark.parametrize(
    ("kind", "room"),
    [(kind, room) for kind in ("buildbands", "detect", "polygonize") for room in (1_000, 60_000)]
    + [("train", 1_000), ("train", 10_000)],
)
def test_a_full_disk_is_said_and_leaves_nothing(inputs, kind, room, tmp_path):
    # -B: Python would leave bytecode that is cut off at the limit.
    command = [sys.executable, "-B", "-c", LIMITED, inputs[kind].to_json(), str(room)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 7, done.stderr[-2000:]
    assert any(word in done.stdout for word in ("disk full", "space", "could not be written")), done.stdout
    assert "Traceback" not in done.stdout
    assert not list(tmp_path.rglob("*")), json.dumps([str(path) for path in tmp_path.rglob("*")])
