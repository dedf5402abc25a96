"""The checkpoints that come with Scarp: each is whole, says what it is, and maps a scene."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from scarp import models
from scarp.core import card as cards
from scarp.core import checkpoint
from scarp.core.jobs import DemoSceneJob, DescribeCheckpointJob, DetectJob
from scarp.core.reporter import Reporter
from scarp.core.tasks import perform

NAMES = sorted(path.stem for path in cards.SHIPPED.glob("*.safetensors"))
LARGEST = 12_000_000
QUIET = Reporter(log=lambda *line: None)

pytestmark = pytest.mark.skipif(not NAMES, reason="no checkpoint is in resources/checkpoints")


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    """A generated scene of 256 x 256 px: a file a band, and the DEM."""
    folder = tmp_path_factory.mktemp("scene")
    perform(DemoSceneJob(seed=2, size=256, folder=str(folder)), QUIET)
    return folder


@pytest.fixture
def inputs(scene, tmp_path):
    """Bands, DEM and radiometry as a checkpoint wants them."""

    def of(card):
        if cards.units(card.radiometry) == "raw":
            return {"bands": [photograph(scene, tmp_path / "photograph.tif", card.gsd or 1.0)], "radiometry": "raw"}
        wanted = {*card.bands_required, *card.bands_optional}
        bands = [str(path) for path in sorted(scene.glob("DEMO_*_B??_*m.tif")) if path.stem.split("_")[2] in wanted]
        return {"bands": bands, "dem": str(scene / "DEM_30m.tif") if {"DEM", "SLOPE"} & wanted else ""}

    return of


def photograph(scene, path, gsd):
    """The scene in natural colours, 8 bits, with pixels of ``gsd`` metres."""
    rasters = [rasterio.open(next(scene.glob(f"*_{band}_10m.tif"))) for band in ("B04", "B03", "B02")]
    image = np.clip(np.stack([raster.read(1) for raster in rasters]) / 10, 1, 255).astype(np.uint8)
    transform = rasterio.transform.from_origin(500_000, 4_700_000, gsd, gsd)
    profile = {"driver": "GTiff", "count": 3, "height": image.shape[1], "width": image.shape[2], "dtype": "uint8"}
    with rasterio.open(path, "w", crs=rasters[0].crs, transform=transform, **profile) as raster:
        raster.write(image)
        raster.descriptions = ("R", "G", "B")
    return str(path)


@pytest.mark.parametrize("name", NAMES)
def test_it_is_small_and_whole_and_says_what_it_is(name, tmp_path):
    path = cards.find(name)
    assert cards.is_shipped(path)
    assert path.stat().st_size <= LARGEST
    network, card = checkpoint.load(path)
    assert models.count_parameters(network) <= LARGEST / 2
    assert all((card.about, card.limits, card.licence, card.metrics, card.training.get("attribution")))
    assert any("f1_landslide" in figures for figures in card.metrics.values())
    perform(DescribeCheckpointJob(checkpoint=name, report=str(tmp_path / "card.html")), QUIET)
    page = (tmp_path / "card.html").read_text(encoding="utf-8")
    assert "When not to use it" in page
    assert "Trained on" in page


@pytest.mark.parametrize("name", NAMES)
def test_it_maps_a_scene_by_its_name(name, inputs, tmp_path):
    card, said = cards.read(cards.find(name)), []
    outputs = {key: str(tmp_path / f"{key}.tif") for key in ("probability", "mask")}
    job = DetectJob(checkpoint=name, device="cpu", precision="fp32", **inputs(card), **outputs,
                    polygons=str(tmp_path / "polygons.gpkg"))  # fmt: skip
    result = perform(job, Reporter(log=lambda level, text: said.append(text)))
    with rasterio.open(result["PROBABILITY"]) as raster:
        probability = raster.read(1)
    with rasterio.open(result["MASK"]) as raster:
        mask = raster.read(1)
    valid = probability != -9999
    assert valid.mean() > 0.5
    assert ((probability[valid] >= 0) & (probability[valid] <= 1)).all()
    assert probability[valid].std() > 0
    np.testing.assert_array_equal(mask == 255, ~valid)
    assert not (mask[valid & (probability < card.threshold)] == 1).any()
    assert card.about in said
    assert f"Limit: {card.limits[0]}" in said
