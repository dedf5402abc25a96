from __future__ import annotations

import csv
import math

import cv2
import numpy as np
import pytest
import torch
from scarp.core import checkpoint, run
from scarp.core.card import Card
from scarp.core.chips.folder import ChipFolder
from scarp.core.errors import Cancelled, ScarpError
from scarp.core.jobs import EvaluateCheckpointJob
from scarp.core.reporter import Reporter
from scarp.core.training.metrics import score

PLAIN = "unet"
POOLING = "unet_se"


def write_chips(root, count, side, seed=0):
    rng = np.random.default_rng(seed)
    for kind in ("image", "mask"):
        (root / kind).mkdir(parents=True)
    for number in range(1, count + 1):
        image, mask = rng.integers(40, 90, (side, side, 3)), np.zeros((side, side), np.uint8)
        if number > 2:
            row, col = rng.integers(0, side - 12, 2)
            mask[row : row + 9, col : col + 9] = 255
            image[mask > 0] += 120
        cv2.imwrite(str(root / "image" / f"image_{number}.png"), image.astype(np.uint8))
        cv2.imwrite(str(root / "mask" / f"mask_{number}.png"), mask)
    return root


@pytest.fixture
def make(tmp_path):
    """Writes an untrained network, whose logits lie around 0, as a checkpoint."""

    def write(architecture=PLAIN, **changes):
        values = {
            "features": ["red", "green", "blue"],
            "bands_required": ["R", "G", "B"],
            "mean": [80.0] * 3,
            "std": [10.0] * 3,
            "options": {"widths": [8, 8]},
            "radiometry": "raw",
            "chip": 32,
            "gsd": 0.0,
            "threshold": 0.5,
            "temperature": 0.25,
            "pools_globally": architecture == POOLING,
        }
        card = Card(architecture, **{**values, **changes})
        torch.manual_seed(1)
        network = checkpoint.create(card)
        checkpoint.save(tmp_path / "net.safetensors", network, card)
        return str(tmp_path / "net.safetensors")

    return write


def job(path, folder, **changes):
    values = {"checkpoint": path, "dataset": str(folder), "device": "cpu", "precision": "fp32"}
    return EvaluateCheckpointJob(**{**values, **changes})


def probabilities(path, folder, side):
    """By hand: the network on each piece of each chip."""
    model, card = checkpoint.load(path)
    source = ChipFolder(folder, Reporter())
    said, true = [], []
    for index in range(len(source)):
        chip = source[index]
        x = torch.from_numpy((chip.bands - 80) / 10)[None]
        p = np.empty(chip.label.shape, np.float32)
        for row in range(0, len(p), side):
            for col in range(0, len(p), side):
                piece = (slice(row, row + side), slice(col, col + side))
                with torch.no_grad():
                    logits = model(x[:, :, piece[0], piece[1]]).mask / card.temperature
                p[piece] = logits.softmax(1)[0, 1].numpy()
        said.append(p)
        true.append(chip.label)
    return np.stack(said), np.stack(true)


@pytest.mark.parametrize(("architecture", "side", "seen"), [(PLAIN, 32, 32), (PLAIN, 64, 64), (POOLING, 64, 32)])
def test_figures_and_table_are_those_of_an_independent_run(make, tmp_path, architecture, side, seen):
    """A plain network takes large chips whole, one that pools over its input in pieces of its card's size."""
    path, folder = make(architecture), write_chips(tmp_path / "new chips", 7, side)
    table, page = tmp_path / "out" / "chips.csv", tmp_path / "out" / "page.html"
    result = run(job(path, folder, table=str(table), report=str(page), batch=3))
    said, true = probabilities(path, folder, seen)
    expected = score(said, true, None, 0.5, min_area=4)
    for name, value in expected.items():
        assert result[name.upper()] == pytest.approx(value, abs=0.01, nan_ok=True), name
    assert result["F1_LANDSLIDE"] == pytest.approx(expected["f1_landslide"], abs=1e-4)
    assert result["F1_LANDSLIDE_LOW"] <= result["F1_LANDSLIDE"] <= result["F1_LANDSLIDE_HIGH"]
    with table.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == [f"image_{number}" for number in range(1, 8)]
    assert [float(row["mean_probability"]) for row in rows] == pytest.approx(said.mean((1, 2)).tolist(), abs=1e-4)
    assert sum(int(row["tp"]) + int(row["fn"]) for row in rows) == (true == 1).sum()
    html = page.read_text(encoding="utf-8")
    assert html.count("data:image/png") == 3
    assert f"{result['F1_LANDSLIDE']:.3f}" in html


def test_the_threshold_is_the_cards_or_that_asked_for(make, tmp_path):
    folder = write_chips(tmp_path / "chips", 4, 32)
    path = make(threshold=0.4)
    assert run(job(path, folder))["THRESHOLD"] == 0.4
    assert run(job(path, folder, threshold=0.0))["RECALL"] == 1.0
    nothing = run(job(path, folder, threshold=1.0))
    assert nothing["RECALL"] == 0.0
    assert math.isnan(nothing["PRECISION"])


def test_what_does_not_fit_is_refused(make, tmp_path):
    folder = write_chips(tmp_path / "chips", 3, 32)
    with pytest.raises(ScarpError, match=r"Missing in the chips of .*: DEM, B08 \(found: R, G, B\)"):
        run(job(make(bands_required=["R", "DEM", "B08"]), folder, table=str(tmp_path / "out" / "t.csv")))
    with pytest.raises(ScarpError, match="at least 64 px"):
        run(job(make(POOLING, chip=64), folder))
    with pytest.raises(ScarpError, match="VOTE"):
        run(job(make(), folder, vote=True))
    assert not (tmp_path / "out").exists()


def test_chips_of_the_training_and_other_radiometry_are_warned_about(make, tmp_path):
    folder, said = write_chips(tmp_path / "event", 3, 32), []
    path = make(training={"data": "event (pictures, 3 chips)"}, radiometry="dn")
    run(job(path, folder), log=lambda level, text: said.append(text) if level == "warning" else None)
    assert any("was trained on 'event (pictures, 3 chips)'" in text for text in said)
    assert any("radiometry is 'raw'" in text for text in said)


def test_cancel_leaves_nothing(make, tmp_path):
    folder, texts = write_chips(tmp_path / "chips", 6, 32), []
    asked = job(make(), folder, table=str(tmp_path / "out" / "t.csv"), report=str(tmp_path / "out" / "r.html"), batch=1)
    with pytest.raises(Cancelled):
        run(asked, lambda share, text: texts.append(text), lambda: "Chip 3 of 6" in texts)
    assert not (tmp_path / "out").exists()
