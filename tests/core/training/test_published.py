from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scarp import models
from scarp.core.features.channels import PRESETS
from scarp.core.training import losses, published
from scarp.core.training.metrics import Confusion
from scarp.core.training.published import ROWS, landslide_class


def test_rows_name_what_we_have():
    ours = set(models.names())
    assert {row.network for row in ROWS if row.topic != "leaderboard"} <= ours
    assert {row.loss for row in ROWS} - {""} <= set(losses.names())
    assert {row.features for row in ROWS} - {""} <= set(PRESETS)
    names = {*Confusion().scores(), "auroc", "f1_macro_std"}
    assert {name for row in ROWS for name in row.figures} <= names
    assert all(0 < value < 1 for row in ROWS for value in row.figures.values())


def test_the_folds_have_the_published_mean_and_deviation():
    assert np.mean(published.FOLDS) == pytest.approx(0.8408, abs=5e-5)
    assert np.std(published.FOLDS) == pytest.approx(0.0584, abs=1e-4)


@pytest.mark.parametrize(("f1", "iou", "expected"), [(0.7242, 0.6388, 0.458), (0.6783, 0.6001, 0.370)])
def test_the_landslide_class_behind_published_pairs(f1, iou, expected):
    assert landslide_class(f1, iou)[0] == pytest.approx(expected, abs=1e-3)


@given(tp=st.integers(1, 999), fp=st.integers(0, 999), fn=st.integers(0, 999), more=st.integers(0, 10**5))
def test_the_landslide_class_of_any_counts_comes_back(tp, fp, fn, more):
    figures = Confusion(tp, fp, fn, tp + more).scores()
    found = landslide_class(figures["f1_macro"], figures["miou"])
    assert found == pytest.approx((figures["f1_landslide"], figures["iou_landslide"]), abs=1e-5)


def test_what_stands_beside_a_cross_validation_is_of_the_same_data():
    assert published.comparable("event.tif", "unet", True) == []
    folds = published.comparable("landslide4sense (landslide4sense, 3799 chips)", "raunet1", True)
    assert {0.8408, 0.8128, 0.7242} <= {row.figures["f1_macro"] for row in folds}
    assert not [row for row in published.comparable("TrainData of landslide4sense", "x", False) if "fold 1" in row.data]
    assert {row.network for row in published.comparable("bijie128", "unetpp", False)} == {"unetpp"}
