from __future__ import annotations

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyproj import Transformer
from scarp.core.errors import ScarpError
from scarp.core.products.assessment import assess
from scarp.core.reporter import Reporter
from scarp.core.training import metrics
from sklearn import metrics as sk

# . nothing  T found  F false alarm  M missed  - not scored
HAND = """
TTF...-
TM....-
.....FF
MM...FF
"""
CODE = {".": 0, "T": 1, "F": 2, "M": 3, "-": 255}


@pytest.fixture
def said():
    return []


@pytest.fixture
def run(tmp_path, said):
    def run(prediction, reference, area="", threshold=None, min_area=0.0):
        path = tmp_path / "errors.tif"
        reporter = Reporter(log=lambda level, text: said.append(f"{level}: {text}"))
        found = assess(
            prediction,
            reference,
            area=area,
            threshold=threshold,
            min_area=min_area,
            resamples=0,
            error_map_path=path,
            reporter=reporter,
        )
        with rasterio.open(path) as raster:
            return found, raster.read(1)

    return run


@pytest.fixture
def polygons(tmp_path):
    """Writes shapes in UTM (or another system) as a layer, and gives its source."""

    def write(shapes, name="polygons.gpkg", crs="EPSG:32654"):
        wkb = shapely.to_wkb(np.array([shapely.MultiPolygon([shape]) for shape in shapes], object))
        pyogrio.raw.write(
            tmp_path / name, wkb, [], [], driver="GPKG", layer="some", geometry_type="MultiPolygon", crs=crs
        )
        return f"{tmp_path / name}|layername=some"

    return write


def cells(left, top, width, height):
    """A rectangle of cells of the test grid."""
    return shapely.box(
        570000 + 10 * left, 4730000 - 10 * (top + height), 570000 + 10 * (left + width), 4730000 - 10 * top
    )


def test_a_scene_counted_by_hand(raster, run):
    codes = np.array([[CODE[sign] for sign in line] for line in HAND.split()], np.uint8)
    prediction = raster(np.where(codes == 255, 255, np.isin(codes, (1, 2))).astype(np.uint8), "p.tif", nodata=255)
    reference = raster(np.isin(codes, (1, 3)).astype(np.uint8), "r.tif")
    found, errors = run(prediction, reference)
    np.testing.assert_array_equal(errors, codes)

    tp, fp, fn = 3, 5, 3
    figures = found.figures
    assert figures["precision"] == tp / 8
    assert figures["recall"] == tp / 6
    assert figures["f1_landslide"] == 2 * tp / (2 * tp + fp + fn)
    assert figures["iou_landslide"] == tp / 11
    assert figures["f1_macro"] == (6 / 14 + 30 / 38) / 2
    assert figures["miou"] == (3 / 11 + 15 / 23) / 2
    assert figures["accuracy"] == 18 / 26
    assert all(np.isnan(figures[name]) for name in ("auprc", "auroc", "ece"))
    # Map: TTF/T (IoU 3 of 5 with the reference's TT/TM) and the false block. Reference: TT/TM and MM.
    assert (figures["object_precision"], figures["object_recall"], figures["object_f1"]) == (0.5, 0.5, 0.5)
    np.testing.assert_allclose(found.comparison.area_m2, [1500, 300, 500, 300], rtol=2e-3)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000), threshold=st.floats(0.05, 0.95))
def test_every_figure_is_that_of_scikit_learn_or_of_whole_arrays(raster, run, seed, threshold):
    rng = np.random.default_rng(seed)
    probability = np.round(rng.random((40, 30)), 3).astype(np.float32)
    reference = (rng.random((40, 30)) < 0.2 + 0.5 * probability).astype(np.uint8)
    reference[rng.random((40, 30)) < 0.1] = 255
    known = rng.random((40, 30)) < 0.9
    found, _ = run(
        raster(np.where(known, probability, -9999).astype(np.float32), "p.tif", nodata=-9999),
        raster(reference, "r.tif", nodata=255),
        threshold=threshold,
    )
    scored = known & (reference != 255)
    true, value = reference[scored], probability[scored]
    mask = value >= np.float32(threshold)
    expected = {
        "f1_landslide": sk.f1_score(true, mask),
        "iou_landslide": sk.jaccard_score(true, mask),
        "precision": sk.precision_score(true, mask, zero_division=np.nan),
        "recall": sk.recall_score(true, mask),
        "f1_macro": sk.f1_score(true, mask, average="macro"),
        "miou": sk.jaccard_score(true, mask, average="macro"),
        "accuracy": sk.accuracy_score(true, mask),
    }
    for name, figure in expected.items():
        assert found.figures[name] == pytest.approx(figure, nan_ok=True), name
    assert found.figures["auprc"] == pytest.approx(sk.average_precision_score(true, value), abs=2e-3)
    assert found.figures["auroc"] == pytest.approx(sk.roc_auc_score(true, value), abs=1e-3)
    whole = metrics.score(np.where(known, probability, np.nan), reference, None, np.float32(threshold))
    for name in ("object_precision", "object_recall", "object_f1", "ece"):
        assert found.figures[name] == pytest.approx(whole[name], nan_ok=True, abs=1e-6), name


def test_bodies_that_span_strips_are_matched_once(raster, run):
    reference = np.zeros((1300, 40), np.uint8)
    reference[100:1250, 5:15] = reference[:, 30:32] = 1
    prediction = np.zeros_like(reference)
    prediction[100:500, 5:15] = prediction[700:800, 20:25] = 1
    found, _ = run(raster(prediction, "p.tif"), raster(reference, "r.tif"))
    objects = found.bodies.objects
    assert (objects.referenced, objects.found, objects.predicted, objects.confirmed) == (2, 1, 2, 1)
    whole = metrics.score(prediction, reference)
    assert found.figures["object_f1"] == whole["object_f1"]


def test_polygons_in_degrees_and_an_area(raster, run, polygons):
    prediction = np.zeros((20, 20), np.uint8)
    prediction[2:6, 2:6] = prediction[12:15, 12:15] = 1
    to_degrees = Transformer.from_crs(32654, 4326, always_xy=True)
    traced = [
        shapely.transform(shape, lambda xy: np.stack(to_degrees.transform(*xy.T), axis=1))
        for shape in (cells(2, 2, 4, 6), cells(18, 1, 1, 1))
    ]
    reference = polygons(traced, "r.gpkg", "EPSG:4326")
    area = polygons([cells(0, 0, 10, 10)], "a.gpkg")
    found, errors = run(raster(prediction), reference, area=area)
    counts = found.comparison.confusion
    assert (counts.tp, counts.fp, counts.fn, counts.tn) == (16, 0, 8, 76)
    assert (errors[10:] == 255).all()
    assert (errors[:, 10:] == 255).all()


@pytest.mark.parametrize("reference_is_raster", [True, False])
def test_a_map_of_polygons(raster, run, polygons, said, reference_is_raster):
    prediction = polygons([cells(2, 2, 4, 4), cells(10, 10, 2, 2)], "p.gpkg")
    true = np.zeros((16, 16), np.uint8)
    true[2:6, 3:7] = 1
    reference = raster(true) if reference_is_raster else polygons([cells(3, 2, 4, 4)], "r.gpkg")
    found, _ = run(prediction, reference)
    counts = found.comparison.confusion
    assert (counts.tp, counts.fp, counts.fn) == (12, 8, 4)
    assert found.figures["object_precision"] == 0.5
    assert any("grid of 10 m in EPSG:32654" in text or "grid of the REFERENCE" in text for text in said)


def test_a_reference_on_another_grid_is_read_by_nearest_neighbour(raster, run):
    coarse = np.kron(np.eye(5), np.ones((2, 2))).astype(np.uint8)
    prediction = raster(coarse, "p.tif")
    finer = rasterio.Affine(2.5, 0, 570000, 0, -2.5, 4730000)
    reference = raster(np.kron(coarse, np.ones((4, 4))).astype(np.uint8), "r.tif", grid=("EPSG:32654", finer))
    assert run(prediction, reference)[0].figures["f1_landslide"] == 1
    # Where the reference has no data nothing is scored, not "no landslide".
    half = raster(coarse[:, :5], "h.tif")
    assert np.count_nonzero(run(prediction, half)[1] == 255) == 50


@pytest.mark.parametrize(
    ("values", "nodata", "landslide", "unknown", "message"),
    [
        ((0, 1), None, [1], [], ""),
        ((0, 255), None, [255], [], "info: REFERENCE: the values 255"),
        ((0, 1, 255), None, [1], [255], "info: REFERENCE: 1 is taken for landslide, 255 for no data"),
        ((0, 1, 2), None, [1, 2], [], "warning: REFERENCE: the values 1, 2 are all"),
        ((0, 1), 0, [1], [], "warning: REFERENCE: 0 is declared as nodata"),
        ((0, 1, 9), 9, [1], [9], ""),
    ],
)
def test_what_the_values_of_a_mask_mean(raster, run, said, values, nodata, landslide, unknown, message):
    reference = np.resize(np.array(values, np.uint8), (6, 6))
    _, errors = run(raster(np.ones((6, 6), np.uint8), "p.tif"), raster(reference, "r.tif", nodata=nodata))
    np.testing.assert_array_equal(errors == 1, np.isin(reference, landslide))
    np.testing.assert_array_equal(errors == 255, np.isin(reference, unknown))
    assert any(text.startswith(message) for text in said) if message else not said


def test_the_threshold_of_a_probability(raster, run, said):
    values = np.linspace(0, 1, 100, dtype=np.float32).reshape(10, 10)
    reference = raster((values > 0.3).astype(np.uint8), "r.tif")
    assert run(raster(values, "p.tif"), reference)[0].threshold == 0.5
    assert "info: THRESHOLD is not set: 0.5 is used." in said
    path = raster(values, "q.tif")
    with rasterio.open(path, "r+") as made_by_us:
        made_by_us.update_tags(SCARP_RUN='{"threshold": 0.31}')
    assert run(path, reference)[0].threshold == 0.31
    assert run(path, reference, threshold=0.7)[0].threshold == 0.7


def test_nothing_in_the_reference_is_undefined_and_said(raster, run, polygons, said):
    prediction = np.zeros((8, 8), np.uint8)
    prediction[1, 1] = 1
    found, _ = run(raster(prediction), polygons([], "empty.gpkg"))
    assert np.isnan(found.figures["recall"])
    assert found.figures["precision"] == 0
    assert any("REFERENCE: the layer holds no polygon" in text for text in said)
    assert any("no landslide where it is compared" in text for text in said)


def test_nothing_in_the_map_is_a_result(raster, run, polygons):
    found, _ = run(polygons([], "none.gpkg"), raster(np.eye(8, dtype=np.uint8)))
    assert found.figures["recall"] == 0
    assert np.isnan(found.figures["precision"])


def test_no_landslide_inside_the_area_is_a_result(run, polygons):
    prediction = polygons([cells(0, 0, 3, 3), cells(30, 30, 3, 3)], "p.gpkg")
    reference = polygons([cells(12, 12, 4, 4), cells(0, 30, 2, 2)], "r.gpkg")
    found, _ = run(prediction, reference, area=polygons([cells(10, 10, 10, 10)], "a.gpkg"))
    counts = found.comparison.confusion
    assert (counts.tp, counts.fp, counts.fn, counts.tn) == (0, 0, 16, 84)


FAR = rasterio.Affine(10, 0, 900000, 0, -10, 4730000)


def test_what_does_not_overlap_is_refused(raster, run, polygons):
    here = raster(np.ones((8, 8), np.uint8), "here.tif")
    there = raster(np.ones((8, 8), np.uint8), "there.tif", grid=("EPSG:32654", FAR))
    far = polygons([cells(9000, 9000, 3, 3)], "far.gpkg")
    near = polygons([cells(0, 0, 3, 3)], "near.gpkg")
    for prediction, reference in ((here, there), (here, far), (far, here), (near, far)):
        with pytest.raises(ScarpError, match=r"(share no pixel|do not overlap).*[Cc]oordinate reference"):
            run(prediction, reference)
    for prediction in (here, near):
        with pytest.raises(ScarpError, match="AREA"):
            run(prediction, near, area=far)
    with pytest.raises(ScarpError, match=r"AREA.*empty"):
        run(here, near, area=polygons([], "none.gpkg"))


def test_unusable_rasters_are_refused(raster, run, tmp_path):
    good = raster(np.ones((8, 8), np.uint8), "good.tif")
    three = raster(np.ones((3, 8, 8), np.uint8), "three.tif")
    nowhere = raster(np.ones((8, 8), np.uint8), "nowhere.tif", grid=(None, rasterio.Affine(10, 0, 0, 0, -10, 0)))
    rotated = raster(np.ones((8, 8), np.uint8), "r.tif", grid=("EPSG:32654", FAR @ rasterio.Affine.rotation(20)))
    shades = raster(np.full((8, 8), 0.3, np.float32), "shades.tif")
    text = tmp_path / "text.tif"
    text.write_text("no raster")
    for path, message in (
        (three, "REFERENCE: .*3 bands, expected one"),
        (nowhere, "REFERENCE: .*no CRS"),
        (rotated, "REFERENCE: .*rotated"),
        (shades, "REFERENCE: .*such as 0.3; a mask holds 0"),
        (str(text), "REFERENCE: .*cannot be read as a raster"),
        (str(tmp_path / "gone.tif"), "REFERENCE: .*does not exist"),
    ):
        with pytest.raises(ScarpError, match=message):
            run(good, path)
    with pytest.raises(ScarpError, match=r"PREDICTION: .*3 bands"):
        run(three, good)
