"""The task: engineered bands on disk, and back in as a scene."""

from __future__ import annotations

import json

import numpy as np
import pytest
import rasterio
from scarp.core import run
from scarp.core.errors import Cancelled, ScarpError
from scarp.core.features import compute
from scarp.core.jobs import BuildBandsJob


@pytest.fixture
def inputs(make, dn):
    bands = dn((3, 300, 280))
    bands[:, :20] = 0
    dem = np.random.default_rng(1).normal(500, 20, (300, 280)).astype(np.float32)
    return {
        "bands": [make("stack.tif", bands, names=("B02", "B03", "B04"))],
        "dem": make("dem.tif", dem),
        "radiometry": "dn",
    }


def test_bands_are_named_tagged_and_come_back_as_a_scene(inputs, tmp_path, opened):
    target = tmp_path / "new folder" / "bands.tif"
    shares = []
    result = run(
        BuildBandsJob(**inputs, features="auto", output=str(target)), progress=lambda share, text: shares.append(share)
    )
    assert result == {"OUTPUT": str(target)}
    assert shares == sorted(shares)
    assert shares[-1] == 1
    with rasterio.open(target) as dataset:
        channels, values = dataset.descriptions, dataset.read()
        record = json.loads(dataset.tags()["SCARP_RUN"])
    assert {"b02", "slope", "red_local"} <= set(channels)
    assert record["job"] == "buildbands"
    assert (values[:, :20] == -9999).all()
    scene = opened(bands=[str(target)])
    assert (scene.engineered, scene.names, scene.radiometry) == (True, channels, "dn")
    again, valid = scene.read(scene.window, channels)
    np.testing.assert_array_equal(valid.all(axis=1), np.arange(300) >= 20)
    np.testing.assert_array_equal(again[:, valid], values[:, valid])


def test_extent_gives_the_same_pixels(inputs, tmp_path):
    whole, part = str(tmp_path / "whole.tif"), str(tmp_path / "part.tif")
    run(BuildBandsJob(**inputs, features="local,slope,blurs", output=whole))
    run(BuildBandsJob(**inputs, features="local,slope,blurs", output=part, extent=[500500, 4697300, 502100, 4699100]))
    with rasterio.open(whole) as a, rasterio.open(part) as b:
        np.testing.assert_allclose(b.read(), a.read()[:, 90:270, 50:210], rtol=1e-6, atol=1e-6)
        assert b.transform.c == 500500


def test_a_chip_of_one_cell_equals_the_library(make, dn, tmp_path):
    bands = dn((3, 128, 128))
    path, target = make("stack.tif", bands, names=("B02", "B03", "B04")), str(tmp_path / "out.tif")
    run(BuildBandsJob(bands=[path], radiometry="dn", features="b04,local,gray", output=target))
    expected, names = compute(bands.astype(np.float32), ("B02", "B03", "B04"), "b04,local,gray", mode="scene")
    with rasterio.open(target) as dataset:
        assert dataset.descriptions == tuple(names)
        np.testing.assert_allclose(dataset.read(), expected, rtol=1e-6)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"features": "bands23"}, "B08"),
        ({"features": "nonsense"}, "nonsense"),
        ({"output": "x.png"}, "GeoTIFF"),
        ({"output": ""}, "OUTPUT"),
    ],
)
def test_what_cannot_be_built_leaves_nothing(inputs, tmp_path, change, message):
    before = sorted(tmp_path.iterdir())
    job = {**inputs, "features": "auto", "output": str(tmp_path / "out.tif"), **change}
    if job["output"] and "/" not in job["output"]:
        job["output"] = str(tmp_path / job["output"])
    with pytest.raises(ScarpError, match=message):
        run(BuildBandsJob(**job))
    assert sorted(tmp_path.iterdir()) == before


def test_cancel_leaves_nothing(inputs, tmp_path):
    before = sorted(tmp_path.iterdir())
    calls = iter([False, True])
    with pytest.raises(Cancelled):
        run(
            BuildBandsJob(**inputs, features="auto", output=str(tmp_path / "new" / "out.tif")),
            cancelled=lambda: next(calls, True),
        )
    assert sorted(tmp_path.iterdir()) == before


def test_a_mask_that_leaves_nothing_is_an_error(inputs, make, tmp_path):
    mask = make("mask.tif", np.zeros((300, 280), np.uint8))
    with pytest.raises(ScarpError, match="No pixel is valid"):
        run(BuildBandsJob(**inputs, valid_mask=mask, features="b04", output=str(tmp_path / "out.tif")))


def test_engineered_bands_are_not_built_again_and_stand_alone(inputs, tmp_path, refused):
    target = str(tmp_path / "bands.tif")
    run(BuildBandsJob(**inputs, features="b04,gray", output=target))
    with pytest.raises(ScarpError, match="engineered bands already"):
        run(BuildBandsJob(bands=[target], features="b04", output=str(tmp_path / "again.tif")))
    assert "stand alone" in refused(bands=[*inputs["bands"], target])
    assert "RESOLUTION cannot change" in refused(bands=[target], resolution=20)
    with rasterio.open(target, "r+") as dataset:
        dataset.update_tags(SCARP_BANDS="{")
    assert "damaged" in refused(bands=[target])
