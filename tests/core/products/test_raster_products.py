from __future__ import annotations

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from pyproj import Geod
from rasterio.features import rasterize
from scarp.core.errors import Cancelled, ScarpError
from scarp.core.jobs import PostProcessing
from scarp.core.products.cleaning import Cleaning
from scarp.core.products.fields import FIELDS
from scarp.core.products.inventory import write_inventory
from scarp.core.products.polygons import polygons_from_mask
from scarp.core.products.raster import mask_from_probability
from scarp.core.reporter import Reporter
from scipy import ndimage

rng = np.random.default_rng(11)


def read(path):
    with rasterio.open(path) as raster:
        return raster.read(1)


def features(path):
    meta, _, wkb, columns = pyogrio.raw.read(path, layer="landslides")
    return shapely.from_wkb(wkb), dict(zip(meta["fields"], columns)), meta


@pytest.fixture
def probability():
    smooth = ndimage.gaussian_filter(rng.random((70, 90)), 1.5)
    values = ((smooth - smooth.min()) / np.ptp(smooth)).astype(np.float32)
    values[:, :7] = -9999
    values[3, 60:70] = np.nan
    return values


@pytest.mark.parametrize("on_degrees", [False, True])
def test_products_agree_with_each_other_and_with_the_probability(probability, raster, degrees, tmp_path, on_degrees):
    options = {"grid": degrees} if on_degrees else {}
    source = raster(probability, "p.tif", nodata=-9999, **options)
    mask, polygons = tmp_path / "mask.tif", tmp_path / "polygons.gpkg"
    result = write_inventory(
        source, mask, polygons, threshold=0.6, options=PostProcessing(min_area=300), reporter=Reporter()
    )

    known = (probability != -9999) & np.isfinite(probability)
    labels, count = ndimage.label(known & (probability >= 0.6), np.ones((3, 3)))
    pixel = 100.0 if not on_degrees else 9e-5**2 * 111_320**2 * np.cos(np.radians(42.7))
    big = 1 + np.flatnonzero(np.bincount(labels.ravel())[1:] * pixel >= 300)
    kept = np.isin(labels, big)
    assert 3 < len(big) < count
    np.testing.assert_array_equal(read(mask), np.where(known, kept, 255))

    shapes, columns, _ = features(polygons)
    assert result["count"] == len(shapes) == len(big)
    assert shapely.is_valid(shapes).all()
    with rasterio.open(mask) as grid:
        burnt = rasterize([(shape, n) for n, shape in enumerate(shapes, 1)], grid.shape, transform=grid.transform)
    np.testing.assert_array_equal(burnt > 0, kept)
    np.testing.assert_array_equal(columns["id"], np.arange(1, len(shapes) + 1))
    numbers = columns["id"]
    np.testing.assert_allclose(columns["prob_mean"], ndimage.mean(probability, burnt, numbers), rtol=1e-6)
    np.testing.assert_allclose(columns["prob_max"], ndimage.maximum(probability, burnt, numbers), rtol=1e-6)
    np.testing.assert_allclose(columns["area_m2"], np.bincount(burnt.ravel())[1:] * pixel, rtol=0.01)
    assert result["area_m2"] == pytest.approx(columns["area_m2"].sum())
    assert np.isnan(columns["slope_mean"]).all()

    alone = mask_from_probability(source, tmp_path / "again.tif", Cleaning(0.6, min_area=300), Reporter())
    assert alone["count"] == result["count"]
    assert alone["area_m2"] == pytest.approx(result["area_m2"], rel=1e-4)


def test_a_mask_can_be_read_by_anybody(probability, raster, tmp_path):
    mask_from_probability(raster(probability, "p.tif", nodata=-9999), tmp_path / "m.tif", Cleaning(0.6), Reporter())
    with rasterio.open(tmp_path / "m.tif") as mask:
        assert (mask.dtypes, mask.nodata, mask.descriptions) == (("uint8",), 255, ("landslide",))
        assert mask.colormap(1)[1] != mask.colormap(1)[0]
        assert mask.tags(1)["CATEGORY_1"] == "landslide"


def test_min_area_counts_four_pixels_as_400_m2_anywhere_in_a_utm_zone(raster, tmp_path):
    probability = np.zeros((20, 20), np.float32)
    probability[2:4, 2:4] = probability[10, 10:13] = 1
    for easting in (170_000, 500_000, 830_000):
        grid = ("EPSG:32654", rasterio.Affine(10, 0, easting, 0, -10, 4_730_000))
        result = mask_from_probability(
            raster(probability, grid=grid), tmp_path / "m.tif", Cleaning(1.0, min_area=400), Reporter()
        )
        assert result["count"] == 1


def test_bodies_that_meet_at_a_corner_are_one_feature(raster, tmp_path):
    mask = np.zeros((1200, 8), np.uint8)  # longer than a strip
    for row in range(0, 1199):
        mask[row, row % 8] = 1
    mask[:, 0] |= 1
    write = tmp_path / "p.gpkg"
    assert polygons_from_mask(raster(mask, nodata=255), None, write, reporter=Reporter())["count"] == 1
    shapes, columns, _ = features(write)
    assert shapely.is_valid(shapes).all()
    assert shapes[0].area == 100 * np.count_nonzero(mask)
    assert shapes[0].length == pytest.approx(columns["perimeter_m"][0], rel=1e-3)


def test_an_empty_mask_makes_an_empty_layer_with_all_its_fields(raster, tmp_path):
    mask = raster(np.array([[0, 255, 0]], np.uint8), nodata=255)
    result = polygons_from_mask(mask, None, tmp_path / "p.gpkg", reporter=Reporter())
    assert result == {"count": 0, "area_m2": 0.0}
    _, columns, meta = features(tmp_path / "p.gpkg")
    assert list(columns) == list(FIELDS)
    assert meta["geometry_type"] == "MultiPolygon"
    assert meta["crs"] == "EPSG:32654"


def test_slope_of_an_inclined_plane(raster, tmp_path):
    mask = np.zeros((60, 60), np.uint8)
    mask[20:30, 20:30] = mask[40:45, 20:30] = 1
    dem = np.repeat(np.arange(90, dtype=np.float32)[:, None] * 15 * np.tan(np.radians(25)), 90, axis=1)
    dem[45:, :] = np.nan  # row 67 of the mask's grid and below
    finer = ("EPSG:32654", rasterio.Affine(15, 0, 569_800, 0, -15, 4_730_200))
    path = tmp_path / "p.gpkg"
    polygons_from_mask(
        raster(mask, nodata=255), None, path, dem=raster(dem, "dem.tif", grid=finer), reporter=Reporter()
    )
    slope = features(path)[1]["slope_mean"]
    np.testing.assert_allclose(slope, 25, atol=0.2)


def test_slope_where_cells_are_not_square(raster, degrees, tmp_path):
    _, _, across = Geod(ellps="WGS84").inv(141.9, 42.7, 141.9 + 9e-5, 42.7)
    dem = np.tile(np.arange(40, dtype=np.float32) * across * np.tan(np.radians(30)), (40, 1))
    mask = np.zeros((40, 40), np.uint8)
    mask[15:25, 15:25] = 1
    path = tmp_path / "p.gpkg"
    dem_path = raster(dem, "dem.tif", grid=degrees)
    polygons_from_mask(raster(mask, grid=degrees), None, path, dem=dem_path, reporter=Reporter())
    assert features(path)[1]["slope_mean"][0] == pytest.approx(30, abs=0.05)


def test_common_attributes_and_a_date_that_is_none(raster, tmp_path):
    mask = raster(np.ones((3, 3), np.uint8))
    common = {"event_date": "2018-09-06", "scene": "T54TWP", "checkpoint": "a.safetensors"}
    polygons_from_mask(mask, None, tmp_path / "p.gpkg", attributes=common, reporter=Reporter())
    columns = features(tmp_path / "p.gpkg")[1]
    assert [str(columns[name][0]) for name in common] == list(common.values())


def test_simplified_polygons_stay_valid_and_say_what_they_lost(probability, raster, degrees, tmp_path):
    source = raster(probability, "p.tif", nodata=-9999, grid=degrees)
    said = []
    areas = []
    for tolerance in (0, 8):
        path = tmp_path / f"{tolerance}.gpkg"
        reporter = Reporter(log=lambda level, text: said.append(text))
        result = write_inventory(
            source,
            None,
            path,
            threshold=0.55,
            options=PostProcessing(min_area=500, simplify=tolerance),
            reporter=reporter,
        )
        shapes, _, _ = features(path)
        assert shapely.is_valid(shapes).all()
        assert set(shapely.get_type_id(shapes)) == {6}
        areas.append((result["area_m2"], shapely.get_num_coordinates(shapes).sum()))
    assert areas[1][1] < 0.7 * areas[0][1]
    assert areas[1][0] == pytest.approx(areas[0][0], rel=0.1)
    assert any("SIMPLIFY = 8 m changed the total area by" in text for text in said)


@pytest.mark.parametrize(
    ("low", "high", "advice"),
    [(0, 80, "divide by 100"), (0, 254, "divide by 255"), (-9999, 1, "nodata value"), (0, 9000, "detect")],
)
def test_what_is_no_probability_is_refused(raster, tmp_path, low, high, advice):
    source = raster(np.array([[low, high]], np.float32))
    with pytest.raises(ScarpError, match=f"values from {low} to {high}.*{advice}"):
        mask_from_probability(source, tmp_path / "m.tif", Cleaning(0.5), Reporter())


def test_a_mask_of_another_grid_is_refused(raster, tmp_path):
    mask, probability = raster(np.ones((3, 3), np.uint8), "m.tif"), raster(np.ones((4, 4), np.float32), "p.tif")
    with pytest.raises(ScarpError, match=r"MASK \(3 x 3 px\) and PROBABILITY \(4 x 4 px\)"):
        polygons_from_mask(mask, probability, tmp_path / "p.gpkg", reporter=Reporter())


def test_cancel_is_answered(raster, tmp_path):
    with pytest.raises(Cancelled):
        mask_from_probability(
            raster(np.ones((9, 9), np.float32)), tmp_path / "m.tif", Cleaning(0.5), Reporter(cancelled=lambda: True)
        )
