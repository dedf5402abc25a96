from __future__ import annotations

import numpy as np
import pytest
import rasterio
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.features import rasterize
from scarp.core.products.form import compactness, extents
from scarp.core.products.layers import relief_layers
from scarp.core.products.statistics import BodyStatistics
from scarp.core.scene.grid import Grid
from scipy import stats

GRID = Grid(rasterio.crs.CRS.from_epsg(32654), rasterio.Affine(10, 0, 570000, 0, -10, 4730000), 120, 120)


@settings(deadline=None, max_examples=60)
@given(
    azimuth=st.floats(0, 360),
    length=st.floats(200, 800),
    width=st.floats(60, 200),
    x=st.floats(-15, 15),
    y=st.floats(-15, 15),
)
def test_a_rectangle_turned_down_the_slope_has_its_own_length_and_width(azimuth, length, width, x, y):
    upright = shapely.box(-width / 2, -length / 2, width / 2, length / 2)
    turned = shapely.affinity.rotate(upright, -azimuth, origin=(0, 0))
    middle = 570600 + x, 4729400 + y
    mask = rasterize([shapely.affinity.translate(turned, *middle)], GRID.shape, transform=GRID.transform)
    outline = shapely.union_all([shapely.box(c, r, c + 1, r + 1) for r, c in np.argwhere(mask)])
    outlines = np.array([shapely.MultiPolygon([outline.simplify(0)])], object)
    east, north = np.array([np.sin(np.radians(azimuth))]), np.array([np.cos(np.radians(azimuth))])
    found = extents(outlines, GRID, 3 * east, 3 * north)
    # A pixel belongs to the rectangle or not: each end is known to within half a pixel's diagonal.
    assert found["length_m"][0] == pytest.approx(length, abs=14.2)
    assert found["width_m"][0] == pytest.approx(width, abs=14.2)
    assert found["elongation"][0] == pytest.approx(max(length / width, width / length), rel=0.3)


def test_without_a_direction_there_is_no_length_but_an_elongation():
    bar = np.array([shapely.MultiPolygon([shapely.box(3, 3, 13, 5)])], object)
    found = extents(bar, GRID, np.array([np.nan]), np.array([np.nan]))
    assert np.isnan(found["length_m"][0])
    assert np.isnan(found["width_m"][0])
    assert found["elongation"][0] == 5
    assert all(len(values) == 0 for values in extents(bar[:0], GRID, np.zeros(0), np.zeros(0)).values())


def test_compactness_of_known_shapes():
    circle = shapely.Point(0, 0).buffer(100, quad_segs=90)
    shapes = np.array([circle, shapely.box(0, 0, 10, 10)], object)
    np.testing.assert_allclose(compactness(shapely.area(shapes), shapely.length(shapes)), [1, np.pi / 4], rtol=1e-3)


@pytest.mark.parametrize("azimuth", [0, 33, 120, 200, 359])
def test_aspect_of_a_plane_is_where_it_falls(raster, degrees, azimuth):
    for grid in (None, degrees):
        options = {} if grid is None else {"grid": grid}
        across, down = (10, 10) if grid is None else (7.3738, 9.9972)  # metres, from the ellipsoid at 42.7 N
        y, x = np.mgrid[:60, :60]
        fall = x * across * np.sin(np.radians(azimuth)) - y * down * np.cos(np.radians(azimuth))
        path = raster((500 - 0.4 * fall).astype(np.float32), "dem.tif", **options)
        with rasterio.open(path) as dem:
            place = Grid(dem.crs, dem.transform, 60, 60)
        with relief_layers(path, place) as read:
            found = read(place.part(place.window).window)
        inside = (slice(20, 40), slice(20, 40))
        aspect = np.degrees(np.arctan2(found["east"][inside], found["north"][inside])) % 360
        assert np.abs((aspect - azimuth + 180) % 360 - 180).max() < 0.2
        np.testing.assert_allclose(found["slope"][inside], np.degrees(np.arctan(0.4)), atol=0.05)
        assert np.isnan(found["east"][0, 0])  # the smoothing sees beyond the DEM


def test_flat_ground_falls_nowhere(raster):
    path = raster(np.full((60, 60), 7, np.float32), "dem.tif")
    grid = Grid(GRID.crs, GRID.transform, 60, 60)
    with relief_layers(path, grid) as read:
        assert np.isnan(read(grid.window)["east"]).all()


@settings(deadline=None, max_examples=50)
@given(angles=st.lists(st.floats(0, 360), min_size=1, max_size=40))
def test_the_mean_direction_is_the_circular_mean_of_scipy(angles):
    angle = np.radians(angles)
    labels = np.ones((1, len(angles)), np.int32)
    means = []
    for part in (np.sin(angle), np.cos(angle)):
        statistics = BodyStatistics(1)
        statistics.add(labels, part[None])
        means.append(statistics.mean(np.array([1]))[0])
    if np.hypot(*means) > 1e-3:
        difference = np.degrees(np.arctan2(*means)) - stats.circmean(angles, high=360)
        assert abs((difference + 180) % 360 - 180) < 1e-6
