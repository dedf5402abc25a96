"""Which chips or pixels train, validate and test: one split for each way to ask for it."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from scarp.core.chips import splits
from scarp.core.chips.blocks import GAP
from scarp.core.chips.folder import ChipFolder
from scarp.core.chips.leaks import Footprints, leaks
from scarp.core.errors import ScarpError
from scarp.core.jobs import TrainJob
from scarp.core.reporter import Reporter
from scarp.core.training.data import open_data, open_source, split_source


def numbers(source):
    return np.array([int(source[index].id.split("_")[1]) for index in range(len(source))])


def test_each_of_our_blocks_is_tested_once_behind_a_gap(chips):
    reporter = Reporter()
    with open_source(chips.job(), reporter) as source:
        tested = []
        for block in (1, 2, 3, 4):
            split = split_source(chips.job(block=block, blocks=4), source, reporter).split
            parts = [numbers(split.train(0)), numbers(split.validation), numbers(split.test)]
            footprints = Footprints.of_ids([""] * 61, np.arange(61))
            assert split.facts["gap_ids"] >= 1
            assert not len(leaks(footprints, parts, split.facts["gap_ids"]))
            assert split.test_name == f"test (block {block} of 4)"
            assert np.array_equal(parts[2], np.arange(parts[2][0], parts[2][-1] + 1))
            whole = numbers(split.whole.train(0))  # in the end all is learned from that is not near the test
            assert {*parts[0], *parts[1]} < {*whole}
            assert np.abs(whole[:, None] - parts[2]).min() > 1
            assert {*whole} == {*numbers(split.whole.trained), *numbers(split.whole.validation)}
            tested += list(parts[2])
    assert tested == list(range(1, 61))


def test_ids_chosen_by_hand_are_taken_as_they_are(chips):
    said = []
    job = chips.job(split="train=1-30, validate=31-40, test=45-60")
    with open_data(job, Reporter(log=lambda level, text: said.append((level, text)))) as data:
        assert sorted(numbers(data.split.train(0))) == list(range(1, 31))
        assert (data.split.name, data.split.test_name) == (
            "validation (ids chosen by hand)",
            "test (ids chosen by hand)",
        )
        assert data.split.facts["gap_ids"] == 0
    assert any(level == "warning" and "instead of 40" in text for level, text in said)


def test_the_parts_of_landslide4sense_are_used_for_what_they_are(chips):
    root = chips.root.parent / "l4s"
    for part in ("TrainData", "ValidData", "TestData"):
        shutil.copytree(chips.root, root / part)
    for number in range(4, 61):
        for kind in ("image", "mask"):
            (root / "TestData" / kind / f"{kind}_{number}.png").unlink()
    said = []
    reporter = Reporter(log=lambda level, text: said.append(text))
    with open_source(chips.job(dataset=str(root)), reporter) as source:
        split = split_source(chips.job(dataset=str(root)), source, reporter).split
        assert (len(split.train(0)), len(split.validation), len(split.test)) == (60, 60, 3)
        assert (split.name, split.test_name) == ("validation (ValidData)", "test (TestData)")
        folded = split_source(chips.job(dataset=str(root), fold=1), source, reporter).split
        assert sorted(numbers(folded.test)) == list(range(49, 61))
        assert max(folded.validation.indices) < 60
    assert any("ValidData and TestData are not used" in text for text in said)
    shutil.rmtree(root / "ValidData" / "mask")
    said.clear()
    with open_data(chips.job(dataset=str(root)), reporter) as data:
        assert data.split.name == "validation (block of ids)"
        assert len(data.split.test) == 3
        assert len(data.split.train(0)) < 60
    assert sum("ValidData holds 60 images but no masks" in text for text in said) == 1


def test_a_region_needs_a_manifest(chips, scene):
    for job, words in (
        (chips.job(region_field="region", test_region="x"), "have no manifest"),
        (scene.job(region_field="region", test_region="x"), "Cut the scene with 'Cut chips'"),
        (scene.job(split="train=1-2, validate=3-4"), "SPLIT is for folders"),
    ):
        with pytest.raises(ScarpError, match=words), open_data(job, Reporter()):
            pass


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"fold": 1, "block": 1}, "FOLD and BLOCK each say"),
        ({"block": 6}, "BLOCK is 6; choose a value from 0 to 5"),
        ({"blocks": 1}, "BLOCKS is 1"),
        ({"region_field": "region"}, "go together"),
    ],
)
def test_ways_to_split_exclude_each_other(chips, changes, words):
    with pytest.raises(ScarpError, match=words):
        chips.job(**changes).check()


def test_a_balance_is_shown_in_each_epoch(chips):
    for number in range(1, 41):
        shutil.copy(chips.root / "mask" / "mask_50.png", chips.root / "mask" / f"mask_{number}.png")
    import cv2

    for number in range(1, 51):
        if number % 5:
            cv2.imwrite(str(chips.root / "mask" / f"mask_{number}.png"), np.zeros((32, 32), np.uint8))
    with open_data(chips.job(balance=0.75, epoch_chips=40), Reporter()) as data:
        shown = data.split.train(0)
        assert sum((shown[index].label == 1).any() for index in range(40)) == 30


def test_blocks_of_a_scene_are_tested_once_behind_a_gap(scene, monkeypatch):
    monkeypatch.setattr(splits, "FEW", 1000)
    height, width = scene.truth.shape
    tested = np.zeros((height, width), int)
    reporter = Reporter()
    with open_source(scene.job(), reporter) as source:
        for block in (1, 2, 3):
            split = split_source(scene.job(block=block, blocks=3), source, reporter).split
            assert split.test_name == f"test (block {block} of 3)"
            trained, scored = np.zeros((height, width), bool), np.zeros((2, height, width), int)
            for crop in split.train(0).crops:
                trained[crop.row : crop.row + 32, crop.col : crop.col + 32] = True
            for number, part in enumerate((split.validation, split.test)):
                for index, crop in enumerate(part.crops):
                    window = (slice(crop.row, crop.row + 32), slice(crop.col, crop.col + 32))
                    scored[(number, *window)] += part[index].label != 255
            assert scored.max() == 1
            rows = [np.flatnonzero(part.any(1)) for part in (trained, *scored)]
            for one in range(3):
                for other in range(one):
                    assert np.abs(rows[one][:, None] - rows[other]).min() > GAP
            whole = np.unique([crop.row + np.arange(32) for crop in split.whole.train(0).crops])
            assert {*rows[0]} < {*whole}  # in the end all is learned from that is not near the test
            assert np.isin(rows[1], whole).mean() > 0.9
            assert np.abs(whole[:, None] - rows[2]).min() > GAP
            tested += scored[1]
    assert (tested == 1).all()


def test_a_block_without_landslides_cannot_be_tested(scene, polygons):
    labels = polygons("few.gpkg", [(10, 10, 9, 9), (60, 10, 9, 9), (110, 20, 9, 9)])
    with (
        pytest.raises(ScarpError, match=r"Block 5 of 5 holds no landslide.*fewer BLOCKS"),
        open_data(scene.job(labels=labels, block=5), Reporter()),
    ):
        pass


def test_the_real_chips_keep_the_whole_gap_in_every_block(shared_data):
    root = str(shared_data / "landslide4sense-rgb")
    reporter = Reporter()
    job = TrainJob(dataset=root, features="rgb3", checkpoint="x.safetensors")
    with open_source(job, reporter) as source:
        assert isinstance(source.chips, ChipFolder)
        for changes in ({}, {"block": 1}, {"block": 3}, {"block": 5}):
            split = split_source(TrainJob(**{**vars(job), **changes}), source, reporter).split
            assert split.facts["gap_ids"] == 40
            assert split.facts["training_chips"] > 0.6 * (1744 - split.facts["test_chips"])
