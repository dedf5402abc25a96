"""The generated event: landslides where landslides are, a truth that holds, and files that fit together."""

from __future__ import annotations

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from rasterio.features import rasterize
from rasterio.warp import transform_bounds
from scarp.core.demo import files, scene, terrain
from scarp.core.errors import Cancelled, ScarpError
from scarp.core.jobs import DemoSceneJob
from scarp.core.reporter import Reporter
from scarp.core.tasks import perform

SIZE, SEED = 400, 7


@pytest.fixture(scope="module")
def made():
    return scene.build(SEED, SIZE, Reporter())


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("demo") / "new" / "folder"
    result = perform(DemoSceneJob(seed=SEED, size=SIZE, folder=str(path)), Reporter())
    assert result == {
        "FOLDER": str(path),
        "LABELS": f"{path / 'labels.gpkg'}|layername=landslides",
        "DEM": str(path / "DEM_30m.tif"),
    }
    return path


def bands_of(folder):
    return sorted(folder.glob("DEMO_20260901_B??_*m.tif"))


def test_landslides_start_on_steep_slopes_and_run_downhill(made):
    steep = terrain.slope(made.ground.height)
    crowns = np.array([path[0] for path in made.slides.paths])
    drops = [made.ground.height[tuple(path[0])] - made.ground.height[tuple(path[-1])] for path in made.slides.paths]
    assert len(crowns) > 20
    assert np.median(steep[tuple(crowns.T)]) > 28
    assert np.mean(np.array(drops) > 0) > 0.97
    assert np.median(drops) > 10
    assert 0.015 < made.slides.mask.mean() < 0.06


def test_landslides_vary_in_size_as_they_do_in_nature(made):
    length = np.array([len(path) for path in made.slides.paths])
    assert np.median(length) < 0.7 * np.percentile(length, 90)
    assert length.max() > 3 * np.median(length)


def test_no_threshold_finds_them(made):
    def image(name):
        return made.band(name)[1].astype(np.float64)[made.clear]

    red, green, blue, nir = (image(name) for name in ("B04", "B03", "B02", "B08"))
    truth = made.truth[made.clear]
    for index in ((nir - red) / (nir + red), red + green + blue):
        best = 0.0
        for values in (index, -index):
            hits = np.cumsum(truth[np.argsort(-values)])
            best = max(best, float(np.max(2 * hits / (np.arange(1, len(hits) + 1) + truth.sum()))))
        assert 0.05 < best < 0.5


def test_lookalikes_have_the_spectra_of_landslides(made):
    alike = made.crop(made.land.lookalike) & made.clear & ~made.truth
    assert alike.sum() > 0.5 * made.truth.sum()
    red, nir = (made.band(name)[1].astype(float) for name in ("B04", "B08"))
    ndvi = (nir - red) / np.maximum(nir + red, 1)
    low, high = np.percentile(ndvi[made.truth], (10, 90))
    assert np.mean((ndvi[alike] > low) & (ndvi[alike] < high)) > 0.3


def test_bands_lie_on_one_lattice_with_the_resolution_of_the_sensor(folder):
    assert len(bands_of(folder)) == 12
    with rasterio.open(folder / "DEMO_20260901_B02_10m.tif") as blue:
        origin, bounds = blue.transform @ (0, 0), blue.bounds
        assert blue.shape == (SIZE // 2, SIZE)
    for path in bands_of(folder):
        name, gsd = path.stem.split("_")[2], int(path.stem.split("_")[3][:-1])
        with rasterio.open(path) as band:
            assert band.res == (gsd, gsd)
            assert band.transform @ (0, 0) == origin
            assert band.crs.to_epsg() == 32633
            assert band.descriptions == (name,)
            assert (band.nodata, band.dtypes[0]) == (0, "uint16")
            assert band.tags()["RADIO_ADD_OFFSET"] == "0"
            assert band.bounds.right >= bounds.right
            assert band.bounds.bottom <= bounds.bottom
            values = band.read(1)
        assert 0.005 < np.mean(values == 0) < 0.15
        assert (values[:, -1] > 0).all()


def test_coarse_bands_show_the_same_ground(folder):
    with (
        rasterio.open(folder / "DEMO_20260901_B08_10m.tif") as fine,
        rasterio.open(folder / "DEMO_20260901_B07_20m.tif") as coarse,
    ):
        near, edge = fine.read(1).astype(float), coarse.read(1).astype(float)
    mean = near.reshape(edge.shape[0], 2, edge.shape[1], 2).mean(axis=(1, 3))
    seen = edge > 0
    shifted = np.corrcoef(np.roll(mean, 1, axis=1)[seen], edge[seen])[0, 1]
    assert np.corrcoef(mean[seen], edge[seen])[0, 1] > max(0.98, shifted)


def test_dem_covers_the_scene_in_another_crs(folder, made):
    with rasterio.open(folder / "DEM_30m.tif") as dem:
        assert dem.crs.to_epsg() == 4326
        assert dem.res[0] == pytest.approx(1 / 3600)
        west, south, east, north = transform_bounds(made.grid.crs, dem.crs, *made.grid.bounds)
        left, bottom, right, top = dem.bounds
        assert max(left - west, bottom - south, east - right, north - top) < 0
        warped = np.full(made.grid.shape, np.nan, np.float32)
        rasterio.warp.reproject(
            rasterio.band(dem, 1),
            warped,
            dst_transform=made.grid.transform,
            dst_crs=made.grid.crs,
            dst_nodata=np.nan,
            resampling=rasterio.warp.Resampling.bilinear,
        )
    assert np.isfinite(warped).all()
    assert np.abs(warped - made.crop(made.ground.height)).mean() < 3


def test_polygons_burn_to_the_truth(folder, made):
    burnt = {}
    for layer in ("landslides", "area_train", "area_test"):
        meta, _, wkb, fields = pyogrio.raw.read(folder / "labels.gpkg", layer=layer)
        polygons = shapely.from_wkb(wkb)
        assert shapely.is_valid(polygons).all()
        assert meta["crs"] == "EPSG:32633"
        shapes = [(polygon, 1) for polygon in polygons]
        burnt[layer] = rasterize(shapes, made.grid.shape, transform=made.grid.transform).astype(bool)
        if layer == "landslides":
            np.testing.assert_allclose(fields[list(meta["fields"]).index("area_m2")], shapely.area(polygons))
    np.testing.assert_array_equal(burnt["landslides"], made.truth)
    middle = SIZE // 2
    np.testing.assert_array_equal(burnt["area_train"][:, : middle - 16], made.clear[:, : middle - 16])
    np.testing.assert_array_equal(burnt["area_test"][:, middle + 16 :], made.clear[:, middle + 16 :])
    assert not (burnt["area_train"] | burnt["area_test"])[:, middle - 16 : middle + 16].any()
    # What is labelled can be seen: it is not under a cloud, and has data in every band.
    for name in ("B02", "B12", "B10"):
        values = made.band(name)[1]
        factor = scene.GSD[name] // 10
        full = values.repeat(factor, axis=0).repeat(factor, axis=1)[: SIZE // 2, :SIZE]
        assert (full[burnt["area_train"] | burnt["area_test"]] > 0).all()


def test_scene_classification_masks_what_cannot_be_seen(folder, made):
    with rasterio.open(folder / "SCL_20m.tif") as file:
        assert file.res == (20, 20)
        classes = file.read(1).repeat(2, axis=0).repeat(2, axis=1)
    usable = ~np.isin(classes, (0, 3, 8, 9, 10))
    assert set(np.unique(classes)) == {0, 3, 4, 5, 6, 9}
    assert not (usable & ~made.clear).any()
    assert np.mean(usable[made.clear]) > 0.98


def test_both_halves_have_landslides(made):
    halves = np.split(made.truth, 2, axis=1)
    assert all(0.008 < half.mean() < 0.1 for half in halves)


def test_same_seed_same_pixels(made, folder):
    grid, values = scene.build(SEED, SIZE, Reporter()).band("B11")
    with rasterio.open(folder / "DEMO_20260901_B11_20m.tif") as written:
        np.testing.assert_array_equal(written.read(1), values)
    assert grid.shape == values.shape
    assert (scene.build(SEED + 1, SIZE, Reporter()).truth != made.truth).any()


@pytest.mark.parametrize("size", [256, 301])
def test_any_size_works(tmp_path, size):
    perform(DemoSceneJob(seed=2, size=size, folder=str(tmp_path)), Reporter())
    assert len(bands_of(tmp_path)) == 12
    with rasterio.open(tmp_path / "DEMO_20260901_B02_10m.tif") as band:
        assert band.shape == (size // 2, size)


@pytest.mark.parametrize("stage", ["Carving valleys", "Waiting for clouds", "Writing B08", "Writing the labels"])
def test_cancel_leaves_nothing(tmp_path, stage):
    seen = []
    reporter = Reporter(lambda share, text: seen.append(text), lambda: stage in seen)
    with pytest.raises(Cancelled):
        perform(DemoSceneJob(size=256, folder=str(tmp_path / "demo")), reporter)
    assert list(tmp_path.iterdir()) == []


def test_a_failure_keeps_what_was_there(tmp_path, monkeypatch):
    (tmp_path / "mine.txt").write_text("kept")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "_write_dem", full)
    with pytest.raises(ScarpError, match="No space left"):
        perform(DemoSceneJob(size=256, folder=str(tmp_path)), Reporter())
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_wrong_input_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ScarpError, match="is a file"):
        perform(DemoSceneJob(folder=str(tmp_path / "file")), Reporter())
    with pytest.raises(ScarpError, match="SEED is -1"):
        perform(DemoSceneJob(seed=-1, folder=str(tmp_path / "x")), Reporter())
    assert not (tmp_path / "x").exists()
