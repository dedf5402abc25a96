from __future__ import annotations

import sqlite3
from contextlib import closing

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyproj import Geod
from rasterio.features import rasterize
from scarp.core.products.fields import CONFIDENCE, FIELDS, confidence
from scarp.core.products.polygons import polygons_from_mask
from scarp.core.products.statistics import BodyStatistics
from scarp.core.reporter import Reporter
from scipy import ndimage
from skimage import measure

EIGHT = np.ones((3, 3), bool)
QUIET = Reporter(log=lambda *line: None)


def features(path):
    meta, _, wkb, columns = pyogrio.raw.read(path, layer="landslides")
    return shapely.from_wkb(wkb), dict(zip(meta["fields"], columns))


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10**6))
def test_statistics_are_those_of_scipy(seed):
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 6, (30, 20)).astype(np.int32)
    values = rng.normal(20, 5, labels.shape).astype(np.float32)
    values[rng.random(labels.shape) < 0.3] = np.nan
    values[labels == 4] = np.nan
    statistics = BodyStatistics(7)
    for row in range(0, 30, 7):
        statistics.add(labels[row : row + 7], values[row : row + 7])
    numbers = np.arange(1, 8)
    counted = np.where(np.isfinite(values), labels, 0)
    for ours, theirs in (
        (statistics.mean, ndimage.mean),
        (statistics.deviation, ndimage.standard_deviation),
        (statistics.minimum, ndimage.minimum),
        (statistics.maximum, ndimage.maximum),
    ):
        found = ours(numbers)
        there = np.isin(numbers, counted)
        assert np.isnan(found[~there]).all()
        np.testing.assert_allclose(found[there], theirs(values.astype(float), counted, numbers[there]), atol=1e-5)


@settings(deadline=None, max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6), height=st.sampled_from([30, 560]))
def test_what_was_not_mapped_around_a_landslide_is_counted_as_by_hand(raster, tmp_path, seed, height):
    rng = np.random.default_rng(seed)
    mask = (ndimage.gaussian_filter(rng.random((height, 40)), 1.5) > 0.55).astype(np.uint8)
    mask[ndimage.gaussian_filter(rng.random(mask.shape), 3) > 0.53] = 255
    path = tmp_path / "p.gpkg"
    polygons_from_mask(raster(mask, nodata=255), None, path, reporter=QUIET)
    shapes, columns = features(path)
    labels = ndimage.label(mask == 1, EIGHT)[0]
    unmapped = np.pad(mask == 255, 5, constant_values=True)
    beside = ndimage.binary_dilation(unmapped, EIGHT)[5:-5, 5:-5]
    with rasterio.open(tmp_path / "raster.tif") as grid:
        burnt = rasterize([(shape, n) for n, shape in enumerate(shapes, 1)], grid.shape, transform=grid.transform)
    for n, box in enumerate(ndimage.find_objects(burnt), 1):
        around = unmapped[box[0].start : box[0].stop + 10, box[1].start : box[1].stop + 10]
        assert columns["nodata_share"][n - 1] == pytest.approx(around.mean())
        assert columns["touches_edge"][n - 1] == beside[burnt == n].any()
    assert len(shapes) == labels.max()


@pytest.mark.parametrize("on_degrees", [False, True])
def test_polygons_of_noise_are_valid_exact_and_measured_as_by_pyproj(raster, degrees, tmp_path, on_degrees):
    rng = np.random.default_rng(7)
    mask = (rng.random((200, 180) if on_degrees else (520, 480)) < 0.22).astype(np.uint8)
    mask[rng.random(mask.shape) < 0.02] = 255
    path = tmp_path / "p.gpkg"
    options = {"grid": degrees} if on_degrees else {}
    polygons_from_mask(raster(mask, nodata=255, **options), None, path, reporter=QUIET)
    shapes, columns = features(path)
    assert len(shapes) == measure.label(mask == 1, connectivity=2).max() > (2_000 if on_degrees else 10_000)
    assert shapely.is_valid(shapes).all()
    with rasterio.open(tmp_path / "raster.tif") as grid:
        transform, crs = grid.transform, grid.crs
    pixel = (shapely.get_coordinates(shapes) - (transform.c, transform.f)) / (transform.a, transform.e)
    np.testing.assert_allclose(pixel, np.rint(pixel), atol=1e-5)  # every vertex is a corner of a pixel
    burnt = rasterize([(shape, 1) for shape in shapes], mask.shape, transform=transform)
    np.testing.assert_array_equal(burnt, mask == 1)

    geod = Geod(ellps="WGS84")
    some = rng.choice(len(shapes), 1000, replace=False)
    if on_degrees:
        parts, owner = shapely.get_parts(shapes[some], return_index=True)
        areas = [abs(geod.geometry_area_perimeter(shapely.geometry.polygon.orient(part))[0]) for part in parts]
        area = np.bincount(owner, areas)
        perimeter = np.array([geod.geometry_length(shape.boundary) for shape in shapes[some]])
    else:
        scale = 0.9996 * (1 + (transform.c + 3000 - 500000) ** 2 / (2 * 6.378e6**2 * 0.9996**2))
        area, perimeter = shapely.area(shapes[some]) / scale**2, shapely.length(shapes[some]) / scale
    assert crs is not None
    np.testing.assert_allclose(columns["area_m2"][some], area, rtol=2e-5 if not on_degrees else 1e-9)
    np.testing.assert_allclose(columns["perimeter_m"][some], perimeter, rtol=2e-5 if not on_degrees else 1e-9)
    np.testing.assert_allclose(columns["compactness"], 4 * np.pi * columns["area_m2"] / columns["perimeter_m"] ** 2)


def test_relief_of_a_landslide_on_a_tilted_plane(raster, tmp_path):
    """Falls to the south-east at 30 degrees; the landslide is a bar down the slope."""
    y, x = np.mgrid[:100, :100]
    along = (x + y) / np.sqrt(2) * 10
    dem = raster((1000 - np.tan(np.radians(30)) * along).astype(np.float32), "dem.tif")
    bar = (np.abs(x - y) < 6) & (x + y > 60) & (x + y < 140)
    path = tmp_path / "p.gpkg"
    polygons_from_mask(raster(bar.astype(np.uint8), "m.tif"), None, path, dem=dem, reporter=QUIET)
    columns = {name: values[0] for name, values in features(path)[1].items()}
    assert columns["aspect_mean"] == pytest.approx(135, abs=0.1)
    assert columns["slope_mean"] == pytest.approx(30, abs=0.05)
    assert columns["slope_max"] == pytest.approx(30, abs=0.05)
    assert columns["length_m"] == pytest.approx(80 / np.sqrt(2) * 10, abs=15)
    assert columns["width_m"] == pytest.approx(12 / np.sqrt(2) * 10, abs=15)
    assert columns["elongation"] == pytest.approx(columns["length_m"] / columns["width_m"], rel=1e-6)
    inside = 1000 - np.tan(np.radians(30)) * along[bar]
    assert (columns["elev_min"], columns["elev_max"]) == pytest.approx((inside.min(), inside.max()), abs=0.01)
    assert columns["elev_range"] == pytest.approx(np.ptp(inside), abs=0.01)


def test_what_other_layers_know_is_averaged_too(raster, tmp_path):
    mask = np.zeros((20, 20), np.uint8)
    mask[3:6, 3:6] = mask[10:14, 10:14] = 1
    ndvi = np.full(mask.shape, np.nan, np.float32)
    ndvi[3:6, 3:6] = np.arange(9).reshape(3, 3) / 10
    path = tmp_path / "p.gpkg"

    def layer(window):
        return {"ndvi": ndvi[window.row :, window.col :][: window.height, : window.width]}

    polygons_from_mask(raster(mask), None, path, layers=[layer], reporter=QUIET)
    columns = features(path)[1]
    assert columns["ndvi_mean"][0] == pytest.approx(0.4)
    assert np.isnan(columns["ndvi_mean"][1])
    assert list(columns) == list(FIELDS)


@pytest.mark.parametrize("threshold", [0.2, 0.27, 0.5, 0.95])
def test_confidence_divides_the_way_from_the_threshold_to_one(threshold):
    step = (1 - threshold) / 5
    middles = threshold + step * (np.arange(5) + 0.5)
    assert confidence(middles, threshold).tolist() == list(CONFIDENCE)
    # What was grown below the threshold is possible, what is unknown has no word, and certainty is not beyond the last.
    found = confidence(np.array([threshold / 2, threshold, 1.0, np.nan]), threshold)
    assert found.tolist() == ["possible", "possible", "high", None]


@pytest.mark.parametrize("threshold", [0.25, None])
def test_the_layer_says_what_its_confidence_means(raster, tmp_path, threshold):
    mask = np.zeros((20, 20), np.uint8)
    mask[2:5, 2:5] = mask[10:14, 10:14] = 1
    probability = np.where(np.arange(20)[:, None] < 8, 0.5, 0.6).astype(np.float32) * mask
    path = tmp_path / "p.gpkg"
    polygons_from_mask(raster(mask), raster(probability, "p.tif"), path, threshold=threshold, reporter=QUIET)
    assert features(path)[1]["confidence"].tolist() == (["probable", "likely"] if threshold else [None, None])
    with closing(sqlite3.connect(path)) as database:
        ((told,),) = database.execute("SELECT description FROM gpkg_data_columns WHERE column_name = 'confidence'")
    assert ("probable 0.40, likely 0.55, confident 0.70, high 0.85" in told) is (threshold is not None)


def test_bodies_across_cuts_are_described_as_wholes(raster, tmp_path):
    rng = np.random.default_rng(8)
    mask = (ndimage.gaussian_filter(rng.random((1300, 60)), 2) > 0.51).astype(np.uint8)
    mask[400:1200, 30] = 1  # spans three strips, while others come and go
    probability = (0.3 + 0.7 * rng.random(mask.shape)).astype(np.float32)
    path = tmp_path / "p.gpkg"
    polygons_from_mask(raster(mask), raster(probability, "p.tif"), path, reporter=QUIET)
    shapes, columns = features(path)
    with rasterio.open(tmp_path / "raster.tif") as grid:
        burnt = rasterize([(shape, n) for n, shape in enumerate(shapes, 1)], grid.shape, transform=grid.transform)
    numbers = np.arange(1, len(shapes) + 1)
    assert len(shapes) == ndimage.label(mask, EIGHT)[1] > 100
    for name, theirs in (
        ("prob_mean", ndimage.mean),
        ("prob_max", ndimage.maximum),
        ("prob_std", ndimage.standard_deviation),
    ):
        np.testing.assert_allclose(columns[name], theirs(probability.astype(float), burnt, numbers), atol=1e-6)


@pytest.mark.parametrize("split", ["none", "shape"])
def test_smoothed_layers_keep_areas_and_overlap_nowhere(raster, tmp_path, split):
    field = ndimage.gaussian_filter(np.random.default_rng(1).random((600, 200)), 2)
    mask = raster((field > 0.52).astype(np.uint8))
    layers = {}
    for smooth in (False, True):
        path = tmp_path / f"{smooth}.gpkg"
        polygons_from_mask(mask, None, path, split=split, min_area=400, smooth=smooth, reporter=QUIET)
        layers[smooth] = features(path)
    exact, smooth = layers[False], layers[True]
    np.testing.assert_allclose(smooth[1]["area_m2"], exact[1]["area_m2"], rtol=0.01)
    assert (smooth[1]["perimeter_m"] < 1.001 * exact[1]["perimeter_m"]).all()  # a single pixel is turned
    assert shapely.is_valid(smooth[0]).all()
    for shapes, _ in layers.values():
        one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
        assert shapely.area(shapely.intersection(shapes[one], shapes[other]))[one < other].max(initial=0) < 1e-6
    if split == "shape":
        assert len(exact[0]) > measure.label(field > 0.52, connectivity=2).max()
        assert shapely.area(exact[0]).min() >= 100
