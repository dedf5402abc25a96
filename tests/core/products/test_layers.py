from __future__ import annotations

import numpy as np
import pytest
from scarp.core.jobs import Layer, SceneInputs
from scarp.core.products.layers import probability_layer, scene_layers
from scarp.core.products.probability import Probability
from scarp.core.reporter import Reporter
from scarp.core.scene import Window, open_scene

QUIET = Reporter(log=lambda *line: None)


@pytest.fixture
def bands(raster):
    rng = np.random.default_rng(3)
    return {name: rng.integers(100, 4000, (40, 50)).astype(np.uint16) for name in ("B04", "B08")}


def job(raster, bands, **options):
    layers = [Layer(raster(values, f"{name}.tif", nodata=0), name) for name, values in bands.items()]
    return SceneInputs(bands=layers, **{"radiometry": "dn_offset1000", **options})


def test_ndvi_is_that_of_the_reflectance_on_the_window_of_the_scene(raster, bands):
    bands["B04"][12, 22] = 0
    extent = [570000 + 200, 4730000 - 400, 570000 + 500, 4730000 - 100]  # from row 10, column 20 on
    with open_scene(job(raster, bands, extent=extent), QUIET) as scene:
        found = scene_layers(scene, slope=False)(Window(1, 0, 5, 8))
    red, infrared = (bands[name][11:16, 20:28].astype(float) - 1000 for name in ("B04", "B08"))
    expected = np.where(red + infrared > 0, (infrared - red) / np.where(red + infrared > 0, red + infrared, 1), np.nan)
    expected[1, 2] = np.nan
    assert list(found) == ["ndvi"]
    np.testing.assert_allclose(found["ndvi"], expected, rtol=1e-5)


def test_what_a_scene_cannot_tell_is_left_out(raster, bands):
    for options, left in (({"radiometry": "raw"}, bands), ({}, {"B04": bands["B04"]})):
        with open_scene(job(raster, left, **options), QUIET) as scene:
            assert scene_layers(scene, slope=False)(scene.window) == {}


def test_the_slope_that_was_given_is_the_one_that_counts(raster, bands):
    slope = np.full((40, 50), 17, np.float32)
    with open_scene(job(raster, bands, slope=raster(slope, "slope.tif")), QUIET) as scene:
        found = scene_layers(scene, slope=True)(Window(0, 0, 4, 4))
    np.testing.assert_array_equal(found["slope"], 17)


def test_a_probability_is_unknown_where_it_is_nodata(raster):
    values = np.full((3, 3), 0.25, np.float32)
    values[1, 1] = -9999
    with Probability(raster(values, nodata=-9999)) as probability:
        found = probability_layer(probability)(Window(0, 0, 3, 3))["prob"]
    assert np.isnan(found[1, 1])
    assert found[0, 0] == 0.25
