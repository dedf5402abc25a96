"""Optimizers and schedules."""

from __future__ import annotations

import json
import math

import pytest
import torch
from scarp.core.errors import ScarpError
from scarp.core.training import optimizers, schedules
from torch import nn


def model():
    torch.manual_seed(0)
    return nn.Sequential(nn.Conv2d(2, 4, 3), nn.BatchNorm2d(4), nn.Conv2d(4, 1, 1))


@pytest.mark.parametrize("name", optimizers.names())
def test_every_optimizer_descends(name):
    net, x = model(), torch.ones(2, 2, 5, 5)
    optimizer = optimizers.create(name, net, 0.01)
    start = float((net(x) - 3).square().mean().detach())
    for _ in range(40):
        optimizer.zero_grad()
        loss = (net(x) - 3).square().mean()
        loss.backward()
        optimizer.step()
    assert float(loss.detach()) < 0.9 * start


def test_only_weights_decay_and_frozen_parameters_stay_out():
    net = model()
    net[0].weight.requires_grad_(False)
    groups = optimizers.create("adamw", net, 0.1).param_groups
    assert [(len(group["params"]), group["weight_decay"]) for group in groups] == [(1, 0.01), (4, 0.0)]


@pytest.mark.parametrize(("name", "rate", "words"), [("adm", 0.1, "adamw"), ("adam", 0.0, "greater than 0")])
def test_wrong_optimizers_are_refused(name, rate, words):
    with pytest.raises(ScarpError, match=words):
        optimizers.create(name, model(), rate)


def test_steps_are_those_of_the_paper():
    schedule = schedules.create("steps", 65)
    last = {7: 1e-4, 14: 5e-5, 19: 2e-5, 24: 1e-5, 29: 5e-6, 34: 2e-6, 41: 1e-6, 49: 5e-7, 64: 1e-7}
    for epoch in range(65):
        expected = next(rate for end, rate in last.items() if epoch <= end)
        assert 1e-4 * schedule.factor(epoch) == pytest.approx(expected), epoch
    assert schedules.create("steps", 13).factor(2) == schedule.factor(10)  # stretched to another length


@pytest.mark.parametrize("name", schedules.names())
def test_schedules_stay_between_0_and_1_and_decay_smoothly_to_a_floor(name):
    schedule = schedules.create(name, 20, warmup=2)
    factors = [schedule.factor(epoch / 10) for epoch in range(201)]
    assert all(0 < factor <= 1 for factor in factors)
    assert factors[0] < factors[10] or name == "steps"
    if name in ("cosine", "one_cycle"):
        assert factors[-1] == pytest.approx(1e-3)
        assert max(abs(a - b) for a, b in zip(factors, factors[1:])) < 0.11


def test_plateau_halves_after_its_patience_and_survives_json():
    schedule = schedules.create("plateau", 50, patience=1)
    for score in (0.1, 0.2, 0.2, 0.15):
        schedule.observe(score)
    schedule.observe(math.nan)
    assert schedule.factor(5) == 0.5
    again = schedules.create("plateau", 50, patience=1)
    again.restore(json.loads(json.dumps(schedule.state)))
    for each in (schedule, again):
        each.observe(0.1)
        each.observe(0.1)
        assert each.factor(7) == 0.25


def test_rates_follow_the_clock_alone():
    optimizer = optimizers.create("sgd", model(), 0.2)
    schedule = schedules.create("cosine", 10)
    for epoch in (0.0, 3.0, 9.5, 5.0):
        assert schedule.apply(optimizer, epoch) == pytest.approx(0.2 * schedule.factor(epoch))
    assert optimizer.param_groups[1]["lr"] == pytest.approx(0.2 * schedule.factor(5))


@pytest.mark.parametrize(("name", "options", "words"), [("cos", {}, "cosine"), ("plateau", {"reduction": 2}, "2")])
def test_wrong_schedules_are_refused(name, options, words):
    with pytest.raises(ScarpError, match=words):
        schedules.create(name, 10, **options)
