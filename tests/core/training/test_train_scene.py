from __future__ import annotations

import shutil
import tempfile
from collections import namedtuple

import numpy as np
import pytest
import rasterio
from scarp.core import card as cards
from scarp.core import run
from scarp.core.chips import splits
from scarp.core.chips.blocks import GAP
from scarp.core.chips.memory import open_memory
from scarp.core.errors import Cancelled, ScarpError
from scarp.core.reporter import Reporter
from scarp.core.scene import open_scene
from scarp.core.training.data import open_data


def test_training_chips_keep_away_from_the_validation_block(scene):
    job = scene.job()
    with open_data(job, Reporter()) as data:
        trained, scored = np.zeros(scene.truth.shape, bool), np.zeros(scene.truth.shape, int)
        for epoch in range(3):
            for crop in data.split.train(epoch).crops:
                trained[crop.row : crop.row + 32, crop.col : crop.col + 32] = True
        for number, crop in enumerate(data.split.validation.crops):
            part = (slice(crop.row, crop.row + 32), slice(crop.col, crop.col + 32))
            label = data.split.validation[number].label
            scored[part] += label != 255
            assert np.array_equal(label[label != 255], scene.truth[part][label != 255])
    assert set(np.unique(scored)) == {0, 1}  # each pixel of the block is scored once
    rows = np.flatnonzero(scored.any(1))
    assert not trained[max(rows[0] - GAP, 0) : rows[-1] + 1 + GAP].any()
    assert scored[rows[0] : rows[-1] + 1].all()
    assert 0.15 < scored.mean() < 0.25
    assert trained.mean() > 0.4


def test_half_of_the_chips_are_drawn_near_landslides_and_epochs_differ(scene):
    job = scene.job()
    with open_data(job, Reporter()) as data:
        epochs = [data.split.train(epoch) for epoch in (0, 0, 1)]
        positions = [[(crop.row, crop.col) for crop in epoch.crops] for epoch in epochs]
        shares = [(epochs[0][i].label == 1).any() for i in range(len(epochs[0]))]
    assert positions[0] == positions[1] != positions[2]
    assert np.mean(shares) > 0.6


def test_the_memory_holds_the_scene_as_it_is_read_in_strips(scene, polygons, monkeypatch):
    monkeypatch.setattr("scarp.core.chips.memory._STRIP_BYTES", 4 * 3 * 160 * 7)
    area = polygons("area.gpkg", [(20, 10, 200, 100)])
    with open_scene(scene.job(), Reporter()) as source:
        names = ("B04", "B02")
        with open_memory(source, names, labels=scene.labels, area=area, chip=32, reporter=Reporter()) as memory:
            assert (memory.window.row, memory.window.col, memory.height, memory.width) == (20, 10, 200, 100)
            chip = memory.crop(150, 60, 32)
            whole = source.read(memory.window, names)[0]
            assert np.array_equal(chip.bands, whole[:, 150:182, 60:92])
            assert np.array_equal(memory.labels, scene.truth[20:220, 10:110])
            assert memory.landslide[1].sum() == scene.truth[20:220, 10:110].sum()


def test_pixels_outside_the_area_or_without_data_are_not_scored(scene, polygons):
    with rasterio.open(scene.bands[1], "r+") as file:
        pixels = file.read(1)
        pixels[30:40, 20:60] = 0
        file.write(pixels, 1)
    area = polygons("area.gpkg", [(0, 0, 288, 80), (100, 80, 100, 80)])
    with (
        open_scene(scene.job(), Reporter()) as source,
        open_memory(source, source.names, labels=scene.labels, area=area, chip=32, reporter=Reporter()) as memory,
    ):
        labels = np.array(memory.labels)
        chip = memory.crop(20, 60, 32)
    expected = scene.truth.astype(np.uint8)
    expected[:100, 80:] = expected[200:, 80:] = 254
    expected[30:40, 20:60] = 255
    assert np.array_equal(labels, expected)
    assert chip.valid.all()
    assert (chip.label[:, 20:] == 255).all()


def test_a_scene_is_learned_and_card_report_and_result_say_the_same(scene, monkeypatch):
    monkeypatch.setattr(splits, "FEW", 0)
    messages = []
    job = scene.job(epochs=6, learning_rate=0.01, report=str(scene.out / "training.html"))
    result = run(job, log=lambda level, text: messages.append(text))
    assert sorted(path.name for path in scene.out.iterdir()) == ["net.safetensors", "training.html"]
    assert result["F1_LANDSLIDE"] > 0.85  # bright rectangles on noise
    card = cards.read(job.checkpoint)
    assert result["SPLIT"] == "validation (spatial block)"
    figures = card.metrics[result["SPLIT"]]
    assert figures["f1_landslide"] == result["F1_LANDSLIDE"]
    assert figures["threshold"] == card.threshold == result["THRESHOLD"]
    assert card.metrics["validation (spatial block), threshold 0.5"]["threshold"] == 0.5
    assert {"f1_macro", "miou", "iou_landslide", "auprc", "ece"} <= set(figures)
    assert (card.chip, card.gsd, card.bands_required) == (32, 10.0, ["B02", "B03", "B04"])
    assert abs(card.mean[0] - 1000) < 150
    assert card.training["finished"]
    assert "no test data" in card.threshold_choice
    page = (scene.out / "training.html").read_text(encoding="utf-8")
    assert f"{result['F1_LANDSLIDE']:.3f}" in page
    assert page.count("data:image/png;base64,") == 3
    assert "http://" not in page
    assert "https://" not in page
    assert sum("f1_landslide" in text and text.startswith("Epoch") for text in messages) == 6
    assert any("random chips" in text and "are not used" in text for text in messages)


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        ([], "empty"),
        ([(5000, 0, 10, 10)], "LABELS: none of the 1 polygons"),
        ([(100, 40, 0.2, 0.2)], "LABELS mark no pixel"),
        ([(100, 40, 4, 4)], "close together"),
    ],
)
def test_labels_that_teach_nothing_are_refused(scene, polygons, labels, words):
    job = scene.job(labels=polygons("some.gpkg", labels))
    with pytest.raises(ScarpError, match=words):
        run(job)
    assert not scene.out.exists()


def test_labels_outside_the_area_are_refused(scene, polygons):
    labels = polygons("some.gpkg", [(10, 10, 9, 9), (60, 10, 9, 9)])
    area = polygons("area.gpkg", [(100, 0, 188, 160)])
    with pytest.raises(ScarpError, match=r"LABELS mark no pixel.*AREA"):
        run(scene.job(labels=labels, area=area))
    with pytest.raises(ScarpError, match="AREA: none of the 1 polygons"):
        run(scene.job(area=polygons("far.gpkg", [(9000, 0, 10, 10)])))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"chip": 256}, "less than one chip of 256 x 256"),
        ({"fold": 1}, "FOLD is for folders"),
        ({"features": "ndvi"}, "B08"),
        ({"architecture": "unet(depth=3)"}, "no option depth"),
        ({"architecture": "resnet"}, "choose one of unet"),
        ({"architecture": "unet(widths)"}, "widths=16-32"),
        ({"loss": "hope"}, "LOSS is 'hope'"),
        ({"loss": "ce", "alpha": 0.3}, "ALPHA"),
        ({"optimizer": "lion"}, "OPTIMIZER is 'lion'"),
        ({"schedule": "never"}, "SCHEDULE is 'never'"),
        ({"augment": "mosaic"}, "AUGMENT has no 'mosaic'"),
        ({"seed": -1}, "SEED"),
        ({"checkpoint": "net.pt"}, "safetensors"),
        ({"device": "cuda:7"}, "DEVICE=cuda:7 cannot be used"),
        ({"init": "no such checkpoint"}, "no checkpoint"),
        ({"resume": "nowhere.state.safetensors"}, r"RESUME.*is not there"),
    ],
)
def test_what_cannot_be_done_is_refused_and_leaves_nothing(scene, changes, words):
    with pytest.raises(ScarpError, match=words):
        run(scene.job(**changes))
    assert not scene.out.exists()


def test_too_little_room_for_the_scene_is_said_before_reading(scene, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage(10, 9, 1000))
    with pytest.raises(ScarpError, match=r"GB in the temporary folder.*TMPDIR"):
        run(scene.job())


def test_cancel_while_reading_leaves_nothing(scene, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(scene.folder))
    before, seen = sorted(path.name for path in scene.folder.iterdir()), []
    with pytest.raises(Cancelled):
        run(scene.job(), lambda share, text: seen.append(text), lambda: "Reading the scene" in seen)
    assert sorted(path.name for path in scene.folder.iterdir()) == before
