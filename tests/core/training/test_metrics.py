"""Scores against scikit-learn, scikit-image and cases counted by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scarp.core.errors import ScarpError
from scarp.core.training import metrics
from sklearn import metrics as oracle


def scene(seed=0, size=(3, 40, 50), digits=None):
    rng = np.random.default_rng(seed)
    reference = (rng.random(size) > 0.8).astype(np.uint8)
    probability = np.clip(0.35 * reference + rng.normal(0.3, 0.2, size), 0, 1)
    valid = rng.random(size) > 0.1
    return probability if digits is None else probability.round(digits), reference, valid


@pytest.mark.parametrize("digits", [None, 1])
def test_pixel_figures_equal_scikit_learn(digits):
    probability, reference, valid = scene(digits=digits)
    found = metrics.score(probability, reference, valid, 0.45)
    y, p = reference[valid], probability[valid]
    mask = p >= 0.45
    expected = {
        "f1_landslide": oracle.f1_score(y, mask),
        "iou_landslide": oracle.jaccard_score(y, mask),
        "precision": oracle.precision_score(y, mask),
        "recall": oracle.recall_score(y, mask),
        "f1_macro": oracle.f1_score(y, mask, average="macro"),
        "miou": oracle.jaccard_score(y, mask, average="macro"),
        "accuracy": oracle.accuracy_score(y, mask),
        "auprc": oracle.average_precision_score(y, p),
        "auroc": oracle.roc_auc_score(y, p),
    }
    assert {name: found[name] for name in expected} == pytest.approx(expected, rel=1e-9)


def test_calibration_error_by_hand():
    probability = np.array([[0.02, 0.04, 0.95, 1.0]])
    reference = np.array([[0, 1, 1, 1]])
    # Lowest bin: mean 0.03 against a share of 0.5; highest: 0.975 against 1.
    assert metrics.score(probability, reference)["ece"] == pytest.approx((2 * 0.47 + 2 * 0.025) / 4)


@given(seed=st.integers(0, 999), cuts=st.integers(1, 5))
@settings(max_examples=20, deadline=None)
def test_pieces_pool_to_the_whole(seed, cuts):
    probability, reference, valid = scene(seed, size=(6, 20, 30))
    confusion, histogram, objects = metrics.Confusion(), metrics.Histogram(), metrics.Objects(2)
    for piece in zip(*(np.array_split(x, cuts) for x in (probability, reference, valid))):
        confusion.add(*piece, threshold=0.5)
        histogram.add(*piece)
        objects.add(*piece, threshold=0.5)
    whole = metrics.score(probability, reference, valid, 0.5, min_area=2)
    pooled = {**confusion.scores(), **objects.scores()}
    assert pooled == pytest.approx({name: whole[name] for name in pooled}, nan_ok=True)
    assert histogram.scores() == pytest.approx({name: whole[name] for name in ("auprc", "auroc", "ece")}, abs=2e-3)


def test_best_threshold_is_that_of_all_thresholds():
    probability, reference, valid = scene(7, digits=2)
    histogram = metrics.Histogram()
    histogram.add(probability, reference, valid)

    def f1(threshold):
        return oracle.f1_score(reference[valid], probability[valid] >= threshold)

    best = max(f1(k / 100) for k in range(101))
    assert f1(histogram.best_threshold()) == pytest.approx(best)


@pytest.mark.parametrize(
    ("prediction", "reference", "undefined"),
    [
        (0, 0, {"f1_landslide", "iou_landslide", "precision", "recall", "f1_macro", "miou"}),
        (0, 1, {"precision"}),
        (1, 0, {"recall"}),
        (1, 1, {"f1_macro", "miou"}),
    ],
)
def test_empty_denominators_are_nan(prediction, reference, undefined):
    found = metrics.score(np.full((8, 8), prediction), np.full((8, 8), reference))
    pixel = {"f1_landslide", "iou_landslide", "precision", "recall", "f1_macro", "miou", "accuracy"}
    assert {name for name in pixel if math.isnan(found[name])} == undefined
    assert math.isnan(found["object_precision"]) is (prediction == 0)
    assert math.isnan(found["object_recall"]) is (reference == 0)
    assert math.isnan(found["object_f1"]) is (prediction == reference == 0)
    assert math.isnan(found["auprc"])


def test_nothing_valid_is_nan_throughout():
    probability, reference, valid = scene()
    assert all(math.isnan(value) for value in metrics.score(probability, reference, np.zeros_like(valid)).values())


def test_objects_are_eight_connected_large_enough_and_found_at_iou_03():
    reference = np.zeros((20, 20), np.uint8)
    prediction = np.zeros((20, 20), np.uint8)
    reference[0, 0] = reference[1, 1] = reference[2, 2] = 1  # one body, over its corners
    prediction[0, 0] = prediction[1, 1] = 1  # IoU 2/3: found
    reference[5:8, 0:10] = 1
    prediction[5:8, 0:3] = 1  # IoU 9/30: just found
    reference[10:13, 0:10] = 1
    prediction[10, 0:8] = 1  # IoU 8/30: missed
    prediction[15:17, 15:17] = 1  # a false alarm
    reference[19, 19] = prediction[0, 19] = 1  # too small
    found = metrics.score(prediction, reference, min_area=2)
    assert found["object_precision"] == pytest.approx(2 / 4)
    assert found["object_recall"] == pytest.approx(2 / 3)
    assert found["object_f1"] == pytest.approx(4 / 7)
    # The same as the second of two chips: bodies of different chips never meet.
    chips = [np.stack([np.zeros_like(x), x]) for x in (prediction, reference)]
    again = metrics.score(*chips, min_area=2)
    for name in ("object_precision", "object_recall", "object_f1"):
        assert again[name] == pytest.approx(found[name])


def test_nodata_is_not_scored():
    probability, reference, valid = scene()
    with_nodata = np.where(valid, probability, -9999).astype(np.float32)
    assert metrics.score(with_nodata, reference) == pytest.approx(
        metrics.score(probability.astype(np.float32), reference, valid)
    )
    mask = (probability >= 0.5).astype(np.uint8)
    coded = metrics.score(np.where(valid, mask, 255), np.where(valid, reference, 255))
    assert coded == pytest.approx(metrics.score(mask, reference, valid), nan_ok=True)


@pytest.mark.parametrize(
    ("prediction", "words"),
    [
        (np.full((4, 5), 30.0), "30"),
        (np.full((4, 5), 7), "7"),
        (np.zeros((4, 4)), r"\(4, 4\)"),
        (np.zeros(20), r"\(20,\)"),
    ],
)
def test_wrong_arrays_are_refused(prediction, words):
    with pytest.raises(ScarpError, match=words):
        metrics.score(prediction, np.zeros((4, 5)))
