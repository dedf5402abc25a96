"""Small rasters made for one question each."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from scarp.core.errors import ScarpError
from scarp.core.jobs import SceneInputs
from scarp.core.reporter import Reporter
from scarp.core.scene import open_scene

sys.path.insert(0, str(Path(__file__).parent))  # makes the stand-ins importable

UTM = "EPSG:32654"
CORNER = (500000.0, 4700000.0)


def write_raster(
    path, array, *, cell=10.0, corner=CORNER, crs=UTM, transform=None, nodata=None, names=None, tags=None, **profile
):
    """Write [h,w] or [n,h,w] as GeoTIFF and return its path as text."""
    array = np.asarray(array)
    array = array if array.ndim == 3 else array[None]
    across, down = cell if isinstance(cell, tuple) else (cell, cell)
    profile = {
        "driver": "GTiff",
        "count": array.shape[0],
        "height": array.shape[1],
        "width": array.shape[2],
        "dtype": array.dtype,
        "crs": crs,
        "transform": transform or Affine(across, 0, corner[0], 0, -down, corner[1]),
        "nodata": nodata,
        **profile,
    }
    with rasterio.open(path, "w", **profile) as dataset:
        dataset.write(array)
        if names:
            dataset.descriptions = names
        dataset.update_tags(**(tags or {}))
    return str(path)


@pytest.fixture
def make(tmp_path):
    """Write a raster into the test's folder: ``make("B04.tif", array, ...)``."""

    def make_raster(name, array, **options):
        return write_raster(tmp_path / name, array, **options)

    return make_raster


class Log(Reporter):
    """A reporter that remembers what it was told."""

    def __init__(self):
        self.lines = []
        super().__init__(log=lambda level, message: self.lines.append((level, message)))

    def text(self, level=""):
        return "\n".join(message for at, message in self.lines if level in at)


@pytest.fixture
def log():
    return Log()


@pytest.fixture
def refused(log):
    """The message with which a scene is refused."""

    def message(**inputs):
        with pytest.raises(ScarpError) as caught:
            open_scene(SceneInputs(**inputs), log).close()
        return str(caught.value)

    return message


@pytest.fixture
def opened(log):
    """Open a scene from keyword inputs."""
    scenes = []

    def open_inputs(**inputs):
        scenes.append(open_scene(SceneInputs(**inputs), log))
        return scenes[-1]

    yield open_inputs
    for scene in scenes:
        scene.close()


def dn(shape, seed=0, low=100, high=4000):
    """Plausible DN without offset."""
    return np.random.default_rng(seed).integers(low, high, shape).astype(np.uint16)


@pytest.fixture(scope="session", name="dn")
def _dn():
    return dn


@pytest.fixture(scope="session", name="write_raster")
def _write_raster():
    return write_raster


@pytest.fixture
def hokkaido(shared_data) -> Path:
    return shared_data / "hokkaido2018"


@pytest.fixture
def crops(shared_data) -> Path:
    return shared_data / "sentinel2-crops"


@pytest.fixture
def post(hokkaido):
    return [str(hokkaido / "post" / f"S2_post_B{n}.tif") for n in (2, 3, 4)]
