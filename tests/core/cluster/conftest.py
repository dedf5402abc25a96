"""A scene of 512 x 512 pixels, a tiny network, and the map of a single run to compare with."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyogrio
import pytest
import rasterio
import torch
from rasterio.transform import from_origin
from scarp.core import checkpoint, run
from scarp.core.card import Card
from scarp.core.jobs import DetectJob
from scarp.models import create

SIDE = 512
NAMES = ("B02", "B03", "B04")


@pytest.fixture(scope="session")
def inputs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("inputs")
    rng = np.random.default_rng(0)
    coarse = np.kron(rng.integers(300, 3000, (3, SIDE // 16, SIDE // 16)), np.ones((16, 16)))
    bands = (coarse + rng.integers(0, 200, coarse.shape)).astype("uint16")
    bands[:, :40, :60] = 0
    bands[:, 300:] = np.where(np.arange(SIDE) > 400, 0, bands[:, 300:])
    profile = {"driver": "GTiff", "count": 3, "height": SIDE, "width": SIDE, "dtype": "uint16", "nodata": 0}
    transform = from_origin(500000, 4740000, 10, 10)
    with rasterio.open(folder / "event.tif", "w", crs="EPSG:32654", transform=transform, **profile) as raster:
        raster.write(bands)
        raster.descriptions = NAMES
    torch.manual_seed(1)
    card = Card("unet", ["b02", "b03", "b04"], [1500.0] * 3, [800.0] * 3, {"widths": [8, 16]}, bands_required=NAMES)
    checkpoint.save(folder / "net.safetensors", create("unet", 3, widths=[8, 16]), card)
    return folder


@pytest.fixture(scope="session")
def job(inputs, tmp_path_factory):
    """A detection in tiles of one batch each, which are the same wherever they are computed."""
    settings = {"radiometry": "dn", "device": "cpu", "precision": "fp32", "tile": 96, "overlap": 1 / 3, "batch": 1}
    job = DetectJob(bands=[str(inputs / "event.tif")], checkpoint=str(inputs / "net.safetensors"), **settings)
    first = with_outputs(job, tmp_path_factory.mktemp("first"), "probability")
    run(first, log=lambda *_: None)
    found = read(first.probability)
    return replace(job, threshold=float(np.quantile(found[found >= 0], 0.7)))


@pytest.fixture(scope="session")
def single(job, tmp_path_factory):
    """The job, done in one go."""
    whole = with_outputs(job, tmp_path_factory.mktemp("single"), "probability", "mask", "polygons")
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # as in a worker of Dask
    run(whole, log=lambda *_: None)
    torch.set_num_threads(threads)
    return whole


def with_outputs(job, folder, *names):
    return replace(job, **{name: str(folder / f"{name}{'.gpkg' if name == 'polygons' else '.tif'}") for name in names})


def read(path):
    with rasterio.open(path) as raster:
        return raster.read(1)


@pytest.fixture
def assert_same(single):
    """Fails unless a job's outputs are those of the single run, bit for bit."""

    def check(other):
        for name in ("probability", "mask"):
            np.testing.assert_array_equal(read(getattr(other, name)), read(getattr(single, name)))
        (mine, theirs) = (pyogrio.raw.read(path, layer="landslides") for path in (other.polygons, single.polygons))
        assert len(mine[2]) == len(theirs[2]) > 100
        assert list(mine[2]) == list(theirs[2])
        for one, two in zip(mine[3], theirs[3]):
            np.testing.assert_array_equal(one, two)

    return check


@pytest.fixture(name="with_outputs")
def outputs_in():
    return with_outputs
