"""Mosaics of probability rasters: what counts where they overlap, nodata, two UTM zones, and when scenes were taken."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import pytest
import rasterio
from hypothesis import given
from hypothesis import strategies as st
from rasterio.transform import from_origin
from rasterio.warp import Resampling, reproject, transform
from scarp.core import run
from scarp.core.errors import ScarpError
from scarp.core.jobs import MosaicJob, PolygonizeJob
from scarp.core.products.dating import scene_day
from scarp.core.products.mosaic import REACH, Mosaic
from scarp.core.reporter import Reporter
from scarp.core.scene.grid import Window
from scarp.core.scene.raster import Raster
from scipy.ndimage import distance_transform_edt

NODATA = -9999.0
QUIET = Reporter(log=lambda *_: None)


def write(path, values, x=500000.0, y=4740000.0, crs="EPSG:32654", size=10.0, record=None):
    profile = {"driver": "GTiff", "count": 1, "dtype": "float32", "nodata": NODATA, "crs": crs}
    shape = {"height": values.shape[0], "width": values.shape[1], "transform": from_origin(x, y, size, size)}
    with rasterio.open(path, "w", **profile, **shape) as raster:
        raster.write(values.astype("float32"), 1)
        if record:
            raster.update_tags(SCARP_RUN=json.dumps(record))
    return str(path)


def read(path):
    with rasterio.open(path) as raster:
        values = raster.read(1)
        return np.where(values == raster.nodata, np.nan, values), raster.transform


def mosaic(tmp_path, *paths, log=None, **settings):
    job = MosaicJob(probabilities=list(paths), output=str(tmp_path / "mosaic.tif"), **settings)
    result = run(job, log=log or (lambda *_: None))
    return read(result["OUTPUT"])[0]


@pytest.fixture
def two(tmp_path):
    """Two scenes of 40 x 60 px that overlap by 20 columns, the second with a cloud in the overlap."""
    rng = np.random.default_rng(3)
    a, b = rng.random((2, 40, 60)).astype("float32")
    b[10:20, 5:12] = NODATA
    return write(tmp_path / "a.tif", a), write(tmp_path / "b.tif", b, x=500400.0), a, b


def on_one_grid(a, b):
    wide = np.full((2, 40, 100), np.nan, np.float32)
    wide[0, :, :60], wide[1, :, 40:] = a, np.where(b == NODATA, np.nan, b)
    return wide


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("first", lambda w: np.where(np.isnan(w[0]), w[1], w[0])),
        ("mean", lambda w: np.nanmean(w, axis=0)),
        ("max", lambda w: np.nanmax(w, axis=0)),
    ],
)
def test_values_where_scenes_overlap(two, tmp_path, method, expected):
    found = mosaic(tmp_path, *two[:2], method=method)
    np.testing.assert_allclose(found, expected(on_one_grid(*two[2:])), atol=1e-6)


def test_the_best_lies_farthest_from_clouds_and_edges(two, tmp_path):
    found = mosaic(tmp_path, *two[:2])
    wide = on_one_grid(*two[2:])
    near = [distance_transform_edt(np.pad(~np.isnan(layer), REACH))[REACH:-REACH, REACH:-REACH] for layer in wide]
    near = np.minimum(near, REACH)
    np.testing.assert_array_equal(found, np.where(near[1] > near[0], wide[1], wide[0]))
    assert (found[:, 40:60] == wide[1][:, 40:60]).any()
    assert (found[:, 40:60] == wide[0][:, 40:60]).any()


@given(
    corner=st.tuples(st.integers(0, 39), st.integers(0, 99)), method=st.sampled_from(("best", "mean", "max", "first"))
)
def test_windows_never_show(tmp_path_factory, corner, method):
    folder = tmp_path_factory.mktemp("windows")
    rng = np.random.default_rng(3)
    a, b = rng.random((2, 40, 60)).astype("float32")
    b[rng.random(b.shape) < 0.02] = NODATA
    paths = write(folder / "a.tif", a), write(folder / "b.tif", b, x=500400.0)
    rasters = [Raster(path) for path in paths]
    with Mosaic(rasters, QUIET) as one:
        whole = one.read(Window(0, 0, 40, 100), method, [0, 1])
        window = Window(*corner, 40 - corner[0], 100 - corner[1])
        part = one.read(window, method, [0, 1])
    for raster in rasters:
        raster.close()
    for mine, theirs in zip(part, whole):
        np.testing.assert_array_equal(mine, theirs[corner[0] :, corner[1] :])


def test_two_zones_come_together_and_gaps_stay_nodata(tmp_path):
    """The second scene lies in the next UTM zone: the mosaic holds what GDAL's own warp of it holds."""
    zone_54, zone_55 = "EPSG:32654", "EPSG:32655"
    x, y = 740000.0, 4740000.0
    east, north = (values[0] for values in transform(zone_54, zone_55, [x + 1500], [y]))
    rows, cols = np.mgrid[0:200, 0:200]
    a = np.full((200, 200), 0.25, np.float32)
    b = ((np.sin(rows / 17) + np.cos(cols / 23)) / 4 + 0.5).astype(np.float32)
    b[80:120, 80:120] = NODATA
    b_place = (round(east, -1), round(north, -1))
    paths = write(tmp_path / "a.tif", a, x, y), write(tmp_path / "b.tif", b, *b_place, crs=zone_55)
    said = []
    found = mosaic(tmp_path, *paths, method="first", log=lambda level, text: said.append(text))
    with rasterio.open(tmp_path / "mosaic.tif") as raster:
        assert raster.crs.to_epsg() == 32654
        place, shape = raster.transform, raster.shape
    assert (place.a, -place.e) == (10, 10)
    assert (place.c - x) % 10 == 0
    assert any("'b' (EPSG:32655) is resampled" in text for text in said)
    expected = np.full(shape, np.nan, np.float32)
    reproject(
        np.where(b == NODATA, np.nan, b),
        expected,
        src_transform=from_origin(*b_place, 10, 10),
        src_crs=zone_55,
        dst_transform=place,
        dst_crs=zone_54,
        src_nodata=np.nan,
        dst_nodata=np.nan,
        resampling=Resampling.bilinear,
        tolerance=1e-3,
    )
    top, left = round((place.f - y) / 10), round((x - place.c) / 10)
    expected[top : top + 200, left : left + 200] = 0.25
    both = np.isfinite(expected) & np.isfinite(found)
    assert both.sum() > 0.995 * np.isfinite(expected).sum()
    np.testing.assert_allclose(found[both], expected[both], atol=2e-3)
    assert np.isnan(found).mean() > 0.02
    np.testing.assert_array_equal(found[top : top + 200, left : left + 200], 0.25)


def test_the_latest_scene_is_told_by_records_names_or_dates(two, tmp_path):
    wide = on_one_grid(*two[2:])
    newest = {1: np.where(np.isnan(wide[1]), wide[0], wide[1]), 0: np.where(np.isnan(wide[0]), wide[1], wide[0])}
    with pytest.raises(ScarpError, match="nothing tells that of a, b"):
        mosaic(tmp_path, *two[:2], method="latest")
    given = mosaic(tmp_path, *two[:2], method="latest", dates="2018-09-08, 2018-09-13")
    np.testing.assert_array_equal(given, newest[1])
    records = [
        {
            "sources": [
                {"name": "DEM_20200101", "bands": {"DEM": 1}},
                {"name": f"T54_{day}T0126_B04", "bands": {"B04": 1}},
            ]
        }
        for day in ("20180913", "20180908")
    ]
    paths = [
        write(tmp_path / "c.tif", two[2], record=records[0]),
        write(tmp_path / "d.tif", two[3], x=500400.0, record=records[1]),
    ]
    said = []
    told = mosaic(tmp_path, *paths, method="latest", log=lambda level, text: said.append(text))
    np.testing.assert_array_equal(told, newest[0])
    assert any("'c' 2018-09-13" in text for text in said)


@pytest.mark.parametrize(
    ("record", "path", "day"),
    [
        ({}, "/x/S2A_MSIL2A_20180908T012651_N9999_R074_T54TWN_20201007T013303.tif", "2018-09-08"),
        ({}, "/2018/probability.tif", None),
        ({}, "/x/12345678901.tif", None),
        ({}, "/x/p_2018-09-31.tif", None),
        ({"parameters": {"event_date": "2018-09-06"}}, "p.tif", "2018-09-06"),
        ({"sources": [{"name": "B02_20170101", "image": "pre-event", "bands": {"B02": 1}}]}, "p.tif", None),
    ],
)
def test_days_in_names(record, path, day):
    assert scene_day(record, path)[0] == (day and date.fromisoformat(day))


def test_what_follows_knows_where_it_comes_from(tmp_path):
    made = {"checkpoint": {"name": "n.safetensors", "sha256": "1"}, "scene": "east"}
    a, b = np.full((2, 40, 60), 0.9)
    paths = [
        write(tmp_path / "a.tif", a, record=made),
        write(tmp_path / "b.tif", b, x=500600.0, record={**made, "scene": "west"}),
    ]
    mosaic(tmp_path, *paths)
    job = PolygonizeJob(probability=str(tmp_path / "mosaic.tif"), polygons=str(tmp_path / "l.gpkg"))
    assert run(job, log=lambda *_: None)["COUNT"] == 1  # one body, across both scenes
    with rasterio.open(tmp_path / "mosaic.tif") as raster:
        record = json.loads(raster.tags()["SCARP_RUN"])
    assert record["scene"] == "east, west"
    assert record["checkpoint"]["name"] == "n.safetensors"
    assert record["inputs"]["probabilities"][0]["path"] == paths[0]
    said = []
    write(tmp_path / "b.tif", b, x=500600.0, record={"checkpoint": {"name": "o.safetensors", "sha256": "2"}})
    mosaic(tmp_path, *paths, log=lambda level, text: said.append((level, text)))
    assert any(level == "warning" and "2 different checkpoints" in text for level, text in said)


def test_bad_input_is_refused_and_leaves_nothing(tmp_path):
    good = write(tmp_path / "good.tif", np.full((40, 60), 0.5))
    percent = write(tmp_path / "percent.tif", np.full((40, 60), 50.0))
    far = write(tmp_path / "far.tif", np.full((40, 60), 0.5), x=100000.0, y=6000000.0)
    empty = write(tmp_path / "empty.tif", np.full((40, 60), NODATA))
    for paths, words in (
        ((good, percent), "percent.tif' holds values from 0 to 50"),
        ((good, far), "far apart"),
        ((empty,), "No pixel"),
        ((good, str(tmp_path / "none.tif")), "PROBABILITIES: .*none.tif' does not exist"),
        ((good, good), "twice"),
    ):
        with pytest.raises(ScarpError, match=words):
            mosaic(tmp_path, *paths)
    for changes, words in (({"dates": "2018-09-06"}, "1 dates, PROBABILITIES 2"), ({"dates": "May"}, "year-month-day")):
        with pytest.raises(ScarpError, match=words):
            mosaic(tmp_path, good, far, **changes)
    with pytest.raises(ScarpError, match="is the same file as PROBABILITIES"):
        run(MosaicJob(probabilities=[good], output=good))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty.tif", "far.tif", "good.tif", "percent.tif"]
