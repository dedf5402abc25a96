from __future__ import annotations

import csv
import math

import numpy as np
import pytest
from scarp.core.chips.chip import Chip
from scarp.core.training import bootstrap, tables
from scarp.core.training.chip_scores import ChipScores
from scarp.core.training.examples import KEPT, Examples
from scarp.core.training.metrics import score
from scipy.stats import binom
from sklearn.metrics import accuracy_score, average_precision_score, f1_score, jaccard_score, roc_auc_score

NAMES = ("R", "G", "B")


def chip(label, number=0):
    return Chip(np.zeros((3, *label.shape), np.float32), label, f"chip_{number}", label < 255)


@pytest.fixture(scope="module")
def judged():
    """Twelve chips of 32 px, some without landslides, some pixels not scored; and what is said of them."""
    rng = np.random.default_rng(7)
    labels, probabilities = [], []
    for number in range(12):
        label = np.zeros((32, 32), np.uint8)
        if number % 3:
            label[5 : 5 + number, 8:20] = 1
        label[28:] = 255
        labels.append(label)
        probabilities.append(np.clip(0.55 * (label == 1) + rng.uniform(0, 0.6, label.shape), 0, 1).astype(np.float32))
    scores = ChipScores(0.5, examples=Examples())
    for number, (label, probability) in enumerate(zip(labels, probabilities)):
        scores.add(chip(label, number), NAMES, probability, "east" if number < 6 else "west")
    return scores, np.stack(labels), np.stack(probabilities)


def test_pooled_figures_are_those_of_sklearn(judged):
    scores, label, probability = judged
    true, said = label[label < 255], probability[label < 255]
    figures = scores.figures()
    mask = said >= 0.5
    assert figures["f1_landslide"] == pytest.approx(f1_score(true, mask))
    assert figures["f1_macro"] == pytest.approx(f1_score(true, mask, average="macro"))
    assert figures["iou_landslide"] == pytest.approx(jaccard_score(true, mask))
    assert figures["miou"] == pytest.approx(jaccard_score(true, mask, average="macro"))
    assert figures["accuracy"] == pytest.approx(accuracy_score(true, mask))
    assert figures["auprc"] == pytest.approx(average_precision_score(true, said), abs=2e-3)
    assert figures["auroc"] == pytest.approx(roc_auc_score(true, said), abs=1e-3)
    whole = score(probability, label, None, 0.5, min_area=4)
    assert {name: figures[name] for name in whole if name.startswith("object_")} == {
        name: value for name, value in whole.items() if name.startswith("object_")
    }


def test_rows_add_up_and_the_table_tells_them(judged, tmp_path):
    scores, label, probability = judged
    tables.write_chips(tmp_path / "chips.csv", scores.rows)
    with (tmp_path / "chips.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    figures = scores.figures()
    for name in ("tp", "fp", "fn", "tn"):
        assert sum(int(row[name]) for row in rows) == figures[name]
    assert sum(figures[name] for name in ("tp", "fp", "fn", "tn")) == (label < 255).sum()
    assert [row["group"] for row in rows] == ["east"] * 6 + ["west"] * 6
    assert (rows[3]["recall"], rows[3]["landslide_share"]) == ("", "0")
    assert float(rows[5]["mean_probability"]) == pytest.approx(probability[5][label[5] < 255].mean(), rel=1e-5)
    assert float(rows[5]["f1_landslide"]) == pytest.approx(
        f1_score(label[5][label[5] < 255], probability[5][label[5] < 255] >= 0.5), rel=1e-5
    )


def test_intervals_of_single_pixels_are_binomial():
    # Chips of one landslide pixel each, 70 of 100 found: the recall of a draw of 100 chips is binomial.
    counts = np.zeros((100, 4), np.int64)
    counts[:70, 0] = counts[70:, 2] = 1
    low, high = bootstrap.intervals(counts, seed=1, resamples=4000)["recall"]
    assert (low, high) == pytest.approx(binom(100, 0.7).ppf([0.025, 0.975]) / 100, abs=0.011)


def test_intervals_are_seeded_hold_the_figure_and_know_when_there_is_none(judged):
    scores = judged[0]
    first, again, other = scores.intervals(3), scores.intervals(3), scores.intervals(4)
    assert first == again != other
    for name, (low, high) in first.items():
        assert low <= scores.figures()[name] <= high
    assert all(math.isnan(end) for end in bootstrap.intervals(np.array([[1, 2, 3, 4]]))["f1_landslide"])
    empty = np.tile([0, 0, 0, 9], (5, 1))
    assert math.isnan(bootstrap.intervals(empty)["recall"][0])
    assert bootstrap.intervals(empty)["accuracy"] == (1, 1)
    # A chip many times over changes nothing: it is always the same draw.
    assert bootstrap.intervals(np.tile([5, 2, 1, 9], (20, 1)))["precision"] == pytest.approx((5 / 7, 5 / 7))


def test_the_best_and_the_most_wrong_chips_are_kept_in_order(judged):
    scores = judged[0]
    worst, best = scores.examples.worst, scores.examples.best
    assert [example.row.wrong for example in worst] == sorted((row.wrong for row in scores.rows), reverse=True)[:KEPT]
    known = [row.figures()["f1_landslide"] for row in scores.rows if row.landslide_share >= 0.01]
    assert [example.row.figures()["f1_landslide"] for example in best] == sorted(known, reverse=True)[:KEPT]


def test_of_equals_the_first_is_kept():
    scores = ChipScores(0.5, examples=Examples())
    label = np.zeros((32, 32), np.uint8)
    for number in range(9):
        scores.add(chip(label, number), NAMES, np.full((32, 32), 0.9, np.float32))
    assert [example.row.id for example in scores.examples.worst] == [f"chip_{number}" for number in range(KEPT)]
    assert not scores.examples.best
