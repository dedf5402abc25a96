"""Mountains that drain, light that falls right, fields that lie flat."""

from __future__ import annotations

import numpy as np
import pytest
from scarp.core.demo import landcover, light, terrain
from scarp.core.demo.spectra import Cover
from scarp.core.reporter import Reporter

SHAPE = (240, 480)


@pytest.fixture(scope="module")
def ground():
    return terrain.build(np.random.default_rng(4), SHAPE, Reporter())


def test_mountains_are_as_steep_as_rock_allows(ground):
    steep = terrain.slope(ground.height)
    assert np.isfinite(ground.height).all()
    assert 15 < np.median(steep) < 35
    assert np.percentile(steep, 95) < 50
    assert np.ptp(ground.height) > 400


def test_water_runs_down_the_valleys(ground):
    river = ground.river < ground.width
    # Rivers are lower than what is around them, gather the water, and run on flat ground.
    assert np.median(ground.height[river]) < np.percentile(ground.height, 25)
    assert ground.area[river].mean() > 20 * np.median(ground.area)
    assert np.median(terrain.slope(ground.height)[ground.floor > 0.9]) < 8


def test_slopes_that_face_the_sun_are_bright():
    rows, cols = np.mgrid[:60, :60].astype(np.float32)
    away = np.array([np.sin(np.radians(light.AZIMUTH)), -np.cos(np.radians(light.AZIMUTH))])
    towards = cols * away[0] + rows * away[1]  # pixels towards the sun
    facing, averted = (light.sunlight((side * 5 * towards).astype(np.float32))[20:40, 20:40] for side in (-1, 1))
    assert facing.min() > 1.2
    assert averted.max() < 0.8
    np.testing.assert_allclose(light.sunlight(np.zeros((50, 50), np.float32)), 1, atol=1e-5)


def test_a_tower_casts_its_shadow_away_from_the_sun():
    height = np.zeros((120, 120), np.float32)
    height[58:62, 58:62] = 300
    dark = light.sunlight(height) < 0.5
    dark[55:65, 55:65] = False
    rows, cols = np.nonzero(dark)
    direction = np.degrees(np.arctan2(cols.mean() - 59.5, 59.5 - rows.mean())) % 360
    assert direction == pytest.approx((light.AZIMUTH + 180) % 360, abs=5)


def test_land_cover_follows_the_terrain(ground):
    land = landcover.build(np.random.default_rng(5), ground)
    steep = terrain.slope(ground.height)
    forest = np.isin(land.cover, (Cover.CONIFER, Cover.BROADLEAF))
    fields = np.isin(land.cover, (Cover.CROP, Cover.STUBBLE))
    alpine = land.cover == Cover.ALPINE
    assert 0.3 < forest.mean() < 0.9
    assert np.median(steep[fields]) < 10
    assert np.median(ground.height[alpine]) > np.percentile(ground.height, 70)
    assert (land.cover == Cover.WATER).any()
    assert 0.01 < land.lookalike.mean() < 0.2
    assert land.mix.min() >= 0
    assert land.mix.max() <= 1
