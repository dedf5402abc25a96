from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scarp.core.errors import ScarpError
from scarp.core.training.epochs import Epochs

TRAIN = np.arange(100, 160)
SHARES = np.where(np.arange(60) % 6 == 0, 0.2, 0.0)  # ten with a landslide


@settings(max_examples=80, deadline=None)
@given(st.floats(0.1, 0.9), st.integers(10, 300), st.integers(0, 9))
def test_the_balance_is_kept_and_no_chip_comes_again_before_its_like(balance, count, number):
    shown = Epochs(TRAIN, SHARES, balance, count, seed=3)(number)
    assert len(shown) == count
    held = SHARES[shown - 100] > 0
    assert held.sum() == round(balance * count)
    for kind, size in ((held, 10), (~held, 50)):
        times = np.bincount(shown[kind] - 100, minlength=60)
        of_kind = times[(SHARES > 0) if size == 10 else (SHARES == 0)]
        assert of_kind.max() - of_kind.min() <= 1


def test_without_a_balance_each_chip_is_shown_once_in_another_order_each_time():
    epochs = Epochs(TRAIN, SHARES, None, None, seed=3)
    first, again, second = epochs(0), epochs(0), epochs(1)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, second)
    assert np.array_equal(np.sort(first), TRAIN)
    assert not np.array_equal(Epochs(TRAIN, SHARES, None, None, seed=4)(0), first)
    assert len(set(Epochs(TRAIN, SHARES, None, 20, seed=3)(0))) == 20


def test_with_a_balance_the_two_kinds_are_mixed():
    shown = Epochs(TRAIN, SHARES, 0.5, 60, seed=0)(0)
    held = SHARES[shown - 100] > 0
    assert held[:30].any()
    assert held[30:].any()
    assert not held[:30].all()


@pytest.mark.parametrize(
    ("shares", "balance", "words"),
    [
        (np.full(60, 0.1), 0.5, "no training chip is without a landslide"),
        (np.zeros(60), 0.5, "no training chip holds a landslide"),
        (SHARES, 0.0, "Choose a larger share"),
    ],
)
def test_a_balance_that_cannot_be_kept_is_refused(shares, balance, words):
    with pytest.raises(ScarpError, match=words):
        Epochs(TRAIN, shares, balance, None, seed=0)
