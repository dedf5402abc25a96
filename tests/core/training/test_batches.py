"""From chips to batches: normalisation, missing bands, and random numbers that depend on seed and place alone."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace

import numpy as np
import pytest
import rasterio
import torch
from scarp.core import card as cards
from scarp.core import features, run
from scarp.core.chips import splits
from scarp.core.chips.augment import NAMES, Augmentation
from scarp.core.chips.chip import NOT_SCORED, Chip
from scarp.core.chips.folder import ChipFolder
from scarp.core.jobs import DetectJob
from scarp.core.training.batches import Loader, Preparation

SIDE = 64
INPUTS = ("B01", "B02", "B03", "B04", "B08", "B10", "SLOPE", "DEM")
CHANNELS = features.resolve("b01,b10,slope,dem,b04,ndvi,local,gray,blurs", INPUTS)
PREPARATION = Preparation(
    CHANNELS, "scene", tuple(np.linspace(0.3, 900.7, len(CHANNELS))), tuple(np.linspace(0.7, 300, len(CHANNELS)))
)


class Chips:
    """20 random chips with unscored and invalid corners."""

    names, gsd, product, chip, radiometry = INPUTS, 10.0, "L1C", SIDE, "dn"

    def __len__(self):
        return 20

    def __getitem__(self, index):
        rng = np.random.default_rng(index)
        bands = rng.uniform(300, 3000, (len(INPUTS), SIDE, SIDE)).astype(np.float32)
        label, valid = (rng.random((SIDE, SIDE)) < 0.1).astype(np.uint8), np.ones((SIDE, SIDE), bool)
        valid[:5, :9] = False
        label[:20, :20] = NOT_SCORED
        bands[:, ~valid] = 0
        return Chip(bands, label, str(index), valid)


@pytest.mark.parametrize("gone", [(), ("B10",), ("SLOPE", "DEM"), ("B01", "B10", "SLOPE", "DEM")])
def test_a_missing_band_is_exactly_the_mean_and_changes_no_other_channel(gone):
    chip = Chips()[0]
    x = np.full((len(CHANNELS), SIDE, SIDE), np.nan, np.float32)
    PREPARATION.input(replace(chip, missing=frozenset(gone)), INPUTS, x)
    raw, _ = features.compute(chip.bands, INPUTS, CHANNELS, valid=chip.valid)
    mean, std = (np.array(v, np.float32)[:, None, None] for v in (PREPARATION.mean, PREPARATION.std))
    expected = (raw - mean) / std
    expected[:, ~chip.valid] = 0
    expected[[name.upper() in gone for name in CHANNELS]] = 0
    np.testing.assert_array_equal(x, expected)


def batches(threads, monkeypatch, seed=(3, 1), names=NAMES):
    monkeypatch.setattr(os, "cpu_count", lambda: threads)
    return list(Loader(PREPARATION, 6, distance=True)(Chips(), Augmentation(names), seed))


def same(first, second):
    return all(torch.equal(a, b) for one, other in zip(first, second) for a, b in zip(one, other))


def test_the_same_seed_gives_the_same_batches_with_any_number_of_threads(monkeypatch):
    one = batches(1, monkeypatch)
    assert [len(batch.x) for batch in one] == [6, 6, 6]
    assert same(one, batches(4, monkeypatch))
    assert not same(one, batches(1, monkeypatch, seed=(3, 2)))
    assert not same(one, batches(1, monkeypatch, seed=(4, 1)))
    # A process that prepares a half of each batch prepares the same chips.
    halves = [list(Loader(PREPARATION, 6, True, (rank, 2))(Chips(), Augmentation(NAMES), (3, 1))) for rank in (0, 1)]
    for whole, *parts in zip(one, *halves):
        together = torch.stack([part.x for part in parts], 1).flatten(0, 1)
        assert torch.equal(whole.x, together)


def test_what_is_not_scored_stays_so(monkeypatch):
    for batch in batches(2, monkeypatch, names=("rotations", "flips", "paste", "level", "jitter", "drop")):
        assert (batch.scored.sum((1, 2)) == SIDE**2 - 400).all()
        assert not (batch.target == 1)[~batch.scored].any()
        assert not batch.distance[~batch.scored].any()


def test_validation_is_never_augmented_and_never_pasted(chips, monkeypatch):
    monkeypatch.setattr(splits, "FEW", 0)  # else a second network learns from it in the end
    training, shown, augmented = set(), set(), set()
    plain, change = ChipFolder.__getitem__, Augmentation.__call__
    inside = []

    def spy(folder, index):
        (augmented if inside else shown).add(folder.entries[index].number)
        return plain(folder, index)

    def watch(augmentation, chip, rng, source):
        training.update(int(source._source.entries[index].number) for index in source.indices)
        assert int(chip.id.split("_")[1]) in training
        inside.append(1)
        try:
            return change(augmentation, chip, rng, source)
        finally:
            inside.pop()

    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    monkeypatch.setattr(ChipFolder, "__getitem__", spy)
    monkeypatch.setattr(Augmentation, "__call__", watch)
    run(chips.job(augment="flips,paste,cutmix", epochs=1))
    assert augmented
    assert augmented <= training
    assert shown - training


def test_a_network_that_was_trained_with_missing_bands_maps_a_scene_without_them(scene):
    cirrus = str(shutil.copy(scene.bands[0], scene.folder / "scene_B10.tif"))
    job = scene.job(bands=[*scene.bands, cirrus], features="b02,b03,b04,b10", augment="flips,drop", epochs=1)
    run(job)
    card = cards.read(job.checkpoint)
    assert (card.bands_required, card.bands_optional) == (["B02", "B03", "B04"], ["B10"])
    said = []
    found = run(
        DetectJob(
            bands=scene.bands, radiometry="dn", checkpoint=job.checkpoint, device="cpu", precision="fp32",
            probability=str(scene.out / "probability.tif"),
        ),
        log=lambda level, text: said.append((level, text)),
    )  # fmt: skip
    assert [text for level, text in said if level == "warning" and "lacks B10" in text]
    with rasterio.open(found["PROBABILITY"]) as file:
        assert (file.read(1) >= 0).all()


def test_what_means_nothing_for_the_chips_is_left_out_of_training_and_card(chips):
    said = []
    job = chips.job(augment="flips,level,drop", epochs=1)
    run(job, log=lambda level, text: said.append((level, text)))
    assert len([text for level, text in said if level == "warning" and "is left out" in text]) == 2
    assert cards.read(job.checkpoint).bands_optional == []
