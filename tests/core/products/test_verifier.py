"""The verifier's parts: a forest as arrays against scikit-learn, blocks, marks, and files that are no verifier."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely
from safetensors.numpy import save_file
from scarp.core.errors import ScarpError
from scarp.core.products.verifier import learning, marks, model
from scarp.core.products.verifier.forest import Forest
from scarp.core.products.verifier.table import Table, columns_of
from sklearn.ensemble import RandomForestClassifier

UTM = "EPSG:32654"


def numbers(count=300, columns=5, missing=0.2, seed=0):
    rng = np.random.default_rng(seed)
    table = rng.normal(size=(count, columns))
    right = table[:, 0] + 0.5 * table[:, 1] + rng.normal(0, 0.4, count) > 0
    table[rng.random(table.shape) < missing] = np.nan
    return table, right


def squares(centres, side=50.0, **columns):
    shapes = np.array([shapely.MultiPolygon([shapely.box(x, y, x + side, y + side)]) for x, y in centres], object)
    return Table("a.gpkg", shapes, {name: np.asarray(values) for name, values in columns.items()}, UTM)


@pytest.mark.parametrize("missing", [0.0, 0.3])
def test_the_arrays_say_what_scikit_learn_says(missing):
    table, right = numbers(missing=missing)
    grown = RandomForestClassifier(40, min_samples_leaf=3, random_state=1).fit(table.astype(np.float32), right)
    asked, _ = numbers(seed=9, missing=0.0 if not missing else 0.5)
    asked[0] = grown.estimators_[0].tree_.threshold.max()
    expected = grown.predict_proba(asked.astype(np.float32))[:, 1]
    np.testing.assert_allclose(Forest.of(grown).probability(asked), expected, atol=1e-12)


def test_what_is_never_known_in_training_can_be_unknown_later():
    table, right = numbers(missing=0.0)
    forest = learning.Growth(20).grow(table, right)
    asked = np.full((4, 5), np.nan)
    found = forest.probability(asked)
    assert np.isfinite(found).all()
    assert np.ptp(found) == 0


def test_a_verifier_survives_its_file(tmp_path):
    table, right = numbers()
    names = ["area_m2", "slope_mean", "prob_mean", "aspect_mean"]
    assert columns_of(names) == [[0], [1], [2], [3, 4]]
    forest = learning.Growth(15, seed=3).grow(table, right)
    made = model.Verifier(forest, names, {"slope_mean": 0.25}, figures={"auroc": float("nan"), "brier": 0.1})
    model.save(tmp_path / "v.safetensors", made)
    read = model.load(tmp_path / "v.safetensors")
    assert (read.attributes, read.missing, read.figures) == (names, {"slope_mean": 0.25}, {"auroc": None, "brier": 0.1})
    np.testing.assert_array_equal(read.forest.probability(table), forest.probability(table))
    again = learning.Growth(15, seed=3).grow(table, right)
    np.testing.assert_array_equal(again.probability(table), forest.probability(table))


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("left", np.zeros_like),  # a walk that never ends
        ("right", lambda right: right + 10_000),
        ("feature", lambda feature: feature + 5),
        ("value", lambda value: value * np.nan),
        ("threshold", lambda threshold: threshold[:-1]),
        ("first", lambda first: first[::-1]),
        ("value", None),
    ],
)
def test_trees_that_are_damaged_are_refused(tmp_path, name, change):
    arrays = dict(learning.Growth(4).grow(*numbers()).arrays())
    if change is None:
        del arrays[name]
    else:
        arrays[name] = np.ascontiguousarray(change(arrays[name]))
    card = {"attributes": list("abcde"), "format_version": 1}
    save_file(arrays, tmp_path / "v.safetensors", {model.KEY: json.dumps(card)})
    with pytest.raises(ScarpError, match=r"VERIFIER: .* (lacks value|trees are damaged).*scarp:verify"):
        model.load(tmp_path / "v.safetensors")


@pytest.mark.parametrize(
    ("metadata", "words"),
    [
        ({"scarp": "{}"}, "a network's checkpoint, not a verifier"),
        ({}, "is no verifier"),
        ({model.KEY: "nonsense"}, "cannot be used"),
        ({model.KEY: '{"format_version": 7}'}, "format 7"),
    ],
)
def test_a_file_that_is_no_verifier_is_named(tmp_path, metadata, words):
    save_file({"x": np.zeros(3)}, tmp_path / "other.safetensors", metadata)
    with pytest.raises(ScarpError, match=words):
        model.load(tmp_path / "other.safetensors")
    with pytest.raises(ScarpError, match="there is no file"):
        model.load(tmp_path / "missing.safetensors")


def test_noise_has_no_skill_in_blocks_left_out_though_neighbours_are_alike():
    """A random cut would score high here: neighbours share mark and numbers, and there is nothing else to learn."""
    rng = np.random.default_rng(5)
    groups = np.repeat(np.arange(36), 12)
    centres = np.stack(
        [groups % 6 * 1000 + rng.uniform(100, 800, 432), groups // 6 * 1000 + rng.uniform(100, 800, 432)], 1
    )
    table = rng.normal(size=(36, 4))[groups] + rng.normal(0, 0.05, (432, 4))
    right = (rng.random(36) < 0.5)[groups]
    blocks, side = learning.make_blocks(squares(centres), np.ones(432, bool), 1000.0)
    assert len(np.unique(blocks)) == 36
    assert side == 1000
    growth = learning.Growth(60)
    trial = learning.try_out(
        growth, table, right, blocks, side=side, columns=[[0], [1], [2], [3]], reporter=learning.Reporter()
    )
    scattered = learning.try_out(
        growth, table, right, np.arange(432), side=1, columns=[[0]], reporter=learning.Reporter()
    )
    assert learning.auroc(right, scattered.probability) > 0.95
    assert 0.2 < learning.auroc(right, trial.probability) < 0.75
    assert trial.folds == 5


def test_importance_finds_what_counts():
    table, right = numbers(400, missing=0.0)
    trial = learning.try_out(
        learning.Growth(60),
        table,
        right,
        np.arange(400) % 20,
        side=1,
        columns=[[0], [1], [2, 3], [4]],
        reporter=learning.Reporter(),
    )
    assert np.argsort(trial.importance)[::-1].tolist()[:2] == [0, 1]
    assert abs(trial.importance[2:]).max() < 0.05 < trial.importance[0]


def test_blocks_are_metres_also_on_a_geographic_grid():
    centres = np.array([(141.9 + i * 0.01, 42.7) for i in range(12)])
    table = squares(centres, side=1e-4)
    table.wkt = "EPSG:4326"
    blocks, _ = learning.make_blocks(table, np.ones(12, bool), 1640.0)  # 0.02 degrees there
    assert len(np.unique(blocks)) == 6


def test_figures_by_hand():
    right = np.array([True, True, True, False, False])
    probability = np.array([0.9, 0.6, 0.2, 0.7, 0.1])
    found = learning.figures(right, probability, np.array([100.0, 300, 100, 200, 300]), 0.5)
    assert found["precision_before"] == 3 / 5
    assert found["precision"] == found["recall"] == pytest.approx(2 / 3)
    assert found["wrong_removed"] == 1 / 2
    assert found["precision_area"] == pytest.approx(400 / 600)
    assert found["recall_area"] == pytest.approx(400 / 500)
    assert found["auroc"] == pytest.approx(4 / 6)
    assert all(np.isnan(value) for value in learning.figures(right, np.full(5, np.nan), np.ones(5), 0.5).values())


def test_marks_in_words_and_numbers():
    words = np.array(["right", "Wrong ", None, "unsure", "no", "TRUE", ""], object)
    table = squares([(i * 100, 0) for i in range(7)], reviewed=words, flag=[1.0, 0, np.nan, np.nan, 0, 1, np.nan])
    np.testing.assert_array_equal(marks.from_field(table, "reviewed"), [1, 0, -1, -1, 0, 1, -1])
    np.testing.assert_array_equal(marks.from_field(table, "flag"), [1, 0, -1, -1, 0, 1, -1])
    with pytest.raises(ScarpError, match=r"no field 'checked' .it has reviewed, flag.*REFERENCE"):
        marks.from_field(table, "checked")
    table.columns["reviewed"] = np.array(["maybe", *words[1:]], object)
    with pytest.raises(ScarpError, match=r"'reviewed' holds 'maybe'\. Write right, wrong or unsure"):
        marks.from_field(table, "reviewed")


def test_numbers_know_what_is_missing_and_that_a_circle_is_closed():
    table = squares([(0, 0), (100, 0)], aspect_mean=[359.0, 1.0], slope_mean=[np.inf, 3], touches_edge=[True, False])
    found = table.numbers(["aspect_mean", "slope_mean", "touches_edge"])
    assert abs(found[0, :2] - found[1, :2]).max() < 0.04
    np.testing.assert_array_equal(found[:, 2:], [[np.nan, 1], [3, 0]])
    with pytest.raises(ScarpError, match=r"lacks the attributes area_m2, ndvi_mean .*scarp:polygonize"):
        table.numbers(["area_m2", "slope_mean", "ndvi_mean"])
