from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scarp import models
from scarp.core.training.calibration import HIGHEST, LOWEST, Calibration, LogitHistogram
from scarp.core.training.metrics import Histogram
from scipy.optimize import minimize_scalar
from scipy.special import expit, log_softmax
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score


def pixels(seed, count=20_000, temperature=1.0, shift=0.0):
    """Logits [n, 2] that are too large and too high by so much, and targets drawn from the true log-odds."""
    rng = np.random.default_rng(seed)
    odds = rng.normal(-1.0, 3.0, count)
    target = rng.random(count) < expit(odds)
    background = rng.normal(0, 2, count)
    return np.stack([background, background + temperature * odds - shift], 1).astype(np.float32), target


def difference(logits):
    return logits[:, 1] - logits[:, 0]


def counted(logits, target, scored=None, pieces=3):
    histogram = LogitHistogram()
    scored = np.ones(len(target), bool) if scored is None else scored
    for piece in np.array_split(np.arange(len(target)), pieces):
        histogram.add(difference(logits)[piece], target[piece], scored[piece])
    return histogram


@settings(deadline=None, max_examples=15)
@given(seed=st.integers(0, 99), temperature=st.floats(0.4, 6), shift=st.floats(-5, 5))
def test_the_fit_is_a_logistic_regression(seed, temperature, shift):
    logits, target = pixels(seed, temperature=temperature, shift=shift)
    found = counted(logits, target)
    calibration = found.fit()
    reference = LogisticRegression(C=np.inf, tol=1e-9, solver="newton-cholesky").fit(
        difference(logits)[:, None], target
    )
    scale, offset = float(reference.coef_[0, 0]), float(reference.intercept_[0])
    assert calibration == pytest.approx((1 / scale, offset / scale), rel=1e-3, abs=2e-3)
    # What was done to the logits is undone.
    assert calibration == pytest.approx((temperature, shift), rel=0.1, abs=0.4)


@settings(deadline=None, max_examples=10)
@given(seed=st.integers(0, 99))
def test_the_temperature_is_that_of_the_highest_likelihood_of_the_shifted_logits(seed):
    """Whoever fits a temperature to the logits of a finished checkpoint finds the one in its card."""
    logits, target = pixels(seed, temperature=2.5, shift=-3.0)
    found = counted(logits, target)
    calibration = found.fit()
    shifted = logits.astype(np.float64)
    shifted[:, 1] += calibration.shift

    def loss(temperature):
        said = log_softmax(shifted / temperature, axis=1)
        return -said[np.arange(len(target)), target.astype(int)].mean()

    expected = minimize_scalar(loss, bounds=(LOWEST, HIGHEST), method="bounded", options={"xatol": 1e-7})
    assert calibration.temperature == pytest.approx(expected.x, rel=1e-3)
    assert found.loss(calibration) == pytest.approx(expected.fun, abs=2e-6)


def test_what_is_not_scored_or_no_number_takes_no_part():
    logits, target = pixels(1)
    spoilt, scored = logits.copy(), np.ones(len(target), bool)
    spoilt[:500] = 30.0, -30.0
    scored[:500] = False
    spoilt[500:600, 0] = np.nan
    assert counted(spoilt, target, scored).fit() == counted(logits[600:], target[600:]).fit()


def test_huge_logits_do_no_harm():
    logits = np.array([[0, 190], [0, 190], [190, 0], [0, 60], [60, 0]], np.float32)
    found = counted(logits, np.array([1, 0, 0, 1, 0]))
    assert np.isfinite(found.loss(Calibration()))
    assert LOWEST <= found.fit().temperature <= HIGHEST


@pytest.mark.parametrize(
    ("said", "target", "expected"),
    [
        ([-5, -3, 3, 5], [0, 0, 1, 1], (LOWEST, 0.5)),  # no error: as sharp as it may be
        ([-5, -3, 3, 5], [1, 1, 0, 0], (HIGHEST, HIGHEST)),  # all wrong: as flat as it may be
        ([-5, 3], [0, 0], (1, 1)),  # a class is missing: nothing to calibrate with
        ([], [], (1, 1)),
    ],
)
def test_the_temperature_keeps_within_bounds(said, target, expected):
    logits = np.stack([np.zeros(len(said)), np.array(said, float)], 1)
    low, high = expected
    assert low * (1 - 1e-6) <= counted(logits, np.array(target, bool)).fit().temperature <= high * (1 + 1e-6)


def test_calibration_lowers_the_calibration_error_and_keeps_the_order():
    logits, target = pixels(3, temperature=3.0, shift=-4.0)
    found = counted(logits, target)
    calibration = found.fit()
    before, after = found.histogram(Calibration()), found.histogram(calibration)
    probability = expit(calibration(difference(logits)))
    direct = Histogram()
    direct.add(probability, target)
    assert after.scores() == pytest.approx(direct.scores(), abs=1e-3)
    assert after.scores()["ece"] < 0.1 * before.scores()["ece"]
    assert after.scores()["auroc"] == pytest.approx(before.scores()["auroc"], abs=0.01)
    threshold, f1 = found.best_threshold(calibration)
    assert f1 == pytest.approx(f1_score(target, probability >= threshold), abs=1e-4)
    assert threshold == pytest.approx(after.best_threshold(), abs=0.01)
    # Calibrated probabilities are best cut at half the F1 that is reached there (Lipton et al. 2014).
    assert threshold == pytest.approx(f1 / 2, abs=0.03)


def test_the_threshold_is_found_where_all_probabilities_are_near_one():
    rng = np.random.default_rng(2)
    target = rng.random(5000) < 0.1
    said = np.where(target, rng.normal(16.0, 0.5, 5000), rng.normal(14.0, 0.5, 5000)).astype(np.float32)
    threshold, f1 = counted(np.stack([np.zeros_like(said), said], 1), target).best_threshold(Calibration())
    assert f1 > 0.8
    assert f1_score(target, expit(said.astype(np.float64)) >= threshold) == pytest.approx(f1, abs=1e-3)
    assert np.isnan(LogitHistogram().best_threshold(Calibration())).all()


def test_the_lowest_threshold_that_costs_little():
    rng = np.random.default_rng(3)
    target = rng.random(20000) < 0.2
    said = np.where(target, rng.normal(1.0, 1.0, 20000), rng.normal(-1.0, 1.0, 20000)).astype(np.float32)
    found = counted(np.stack([np.zeros_like(said), said], 1), target)
    best, highest = found.best_threshold(Calibration())
    low, f1 = found.best_threshold(Calibration(), slack=0.05)
    assert low < best
    assert 0.95 * highest <= f1 < 0.951 * highest
    probability = expit(said.astype(np.float64))
    assert f1_score(target, probability >= low) == pytest.approx(f1, abs=1e-3)
    assert f1_score(target, probability >= low - 0.02) < 0.95 * highest


@pytest.mark.parametrize("head", ["single", "dual", "multires"])
def test_a_shift_reaches_every_map_and_nothing_else(head):
    torch.manual_seed(0)
    network = models.create("unet", 3, head=head, widths=[8, 8]).eval()
    x = torch.rand(1, 3, 32, 32)
    with torch.no_grad():
        before = network(x)
        network.heads.shift(-1.5)
        after = network(x)
    for name in ("mask", "double", "half"):
        old, new = getattr(before, name), getattr(after, name)
        if old is not None:
            assert torch.equal(new[:, 0], old[:, 0])
            assert torch.allclose(new[:, 1], old[:, 1] - 1.5, atol=1e-6)
    if head == "dual":
        assert torch.equal(after.presence, before.presence)
