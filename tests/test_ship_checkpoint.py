"""The tool that makes a checkpoint one of Scarp's: half precision where it is harmless, and the same mask."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from scarp.core import card as cards
from scarp.core import checkpoint
from scarp.core.card import Card
from scarp.core.chips.folder import ChipFolder
from scarp.core.errors import ScarpError
from scarp.core.reporter import Reporter

ROOT = Path(__file__).resolve().parents[1]
SAID = {"about": "For hills.", "limits": ["Snow."], "licence": "MIT", "attribution": "Somebody"}


@pytest.fixture(scope="module")
def tool(load_tool):
    return load_tool("ship_checkpoint")


@pytest.fixture
def trained(tmp_path):
    """A checkpoint whose largest kernels are worth halving."""
    torch.manual_seed(0)
    card = Card("unet", ["red", "green", "blue"], [80.0] * 3, [40.0] * 3, options={"widths": [8, 32, 64]}, gsd=0.0,
                bands_required=["R", "G", "B"], radiometry="raw", chip=32,
                metrics={"validation": {"f1_landslide": 0.7}})  # fmt: skip
    network = checkpoint.create(card)
    checkpoint.save(tmp_path / "net.safetensors", network, card)
    return tmp_path / "net.safetensors"


@pytest.fixture
def chips(tmp_path):
    rng = np.random.default_rng(0)
    for kind, values in (("image", rng.integers(0, 255, (6, 32, 32, 3))), ("mask", rng.integers(0, 2, (6, 32, 32)))):
        (tmp_path / "chips" / kind).mkdir(parents=True)
        for number, pixels in enumerate(values, 1):
            name = str(tmp_path / "chips" / kind / f"{kind}_{number}.png")
            cv2.imwrite(name, (pixels * (255 if kind == "mask" else 1)).astype(np.uint8))
    return ChipFolder(tmp_path / "chips", Reporter(log=lambda *line: None))


def test_half_precision_is_for_large_kernels_that_bear_it(tool):
    kernel = torch.randn(64, 64, 3, 3)
    tiny, huge = kernel.clone(), kernel.clone()
    tiny[5] *= 1e-7
    huge[0, 0, 0, 0] = 1e6
    found = tool.halved({"kernel": kernel, "tiny": tiny, "huge": huge, "head": torch.randn(2, 16, 1, 1),
                         "running_var": torch.rand(20_000), "number": torch.tensor(3)})  # fmt: skip
    assert [name for name, tensor in found.items() if tensor.dtype == torch.float16] == ["kernel"]
    assert found["number"].dtype == torch.int64


def test_it_is_shipped_with_what_is_known_of_it(tool, trained, chips, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(cards, "SHIPPED", tmp_path / "shipped")
    figures = {"test (a place)": {"F1_LANDSLIDE": 0.6, "f1_landslide_low": 0.5, "CHIPS": 9, "ECE": float("nan"),
                                  "COUNT": 3}}  # fmt: skip
    card = tool.described(cards.read(trained), SAID, figures)
    assert card.metrics == {
        "test (a place)": {"f1_landslide": 0.6, "f1_landslide_low": 0.5, "chips": 9.0, "ece": None},
        "validation": {"f1_landslide": 0.7},
    }
    path = tool.ship(trained, "hills", card, chips, 5)
    assert path == cards.find("hills")
    assert path.stat().st_size < 0.7 * trained.stat().st_size
    _, read = checkpoint.load(path)
    assert (read.about, read.limits, read.training["attribution"]) == ("For hills.", ["Snow."], "Somebody")
    half = load_file(path)
    assert {tensor.dtype for name, tensor in half.items() if "running" in name} == {torch.float32}
    said = capsys.readouterr().out
    assert "left out of 'test (a place)': COUNT" in said
    assert "of 5,120 pixels" in said


def test_another_mask_or_too_large_a_file_is_not_shipped(tool, trained, chips, tmp_path, monkeypatch):
    monkeypatch.setattr(cards, "SHIPPED", tmp_path / "shipped")
    card = tool.described(cards.read(trained), SAID, {})
    monkeypatch.setattr(tool, "LARGEST", 10_000)
    with pytest.raises(ScarpError, match="at most"):
        tool.ship(trained, "hills", card, chips, 5)
    monkeypatch.undo()
    monkeypatch.setattr(cards, "SHIPPED", tmp_path / "shipped")

    def turned(tensors):
        return {name: -tensor if tensor.shape[:1] == (2,) else tensor for name, tensor in tensors.items()}

    monkeypatch.setattr(tool, "halved", turned)
    with pytest.raises(ScarpError, match="of the mask flips"):
        tool.ship(trained, "hills", card, chips, 5)
    assert not cards.SHIPPED.exists()


@pytest.mark.parametrize(
    ("notes", "figures", "words"),
    [
        ({"about": "For hills."}, {}, "must hold about, limits"),
        ({**SAID, "limits": []}, {}, "must hold about, limits"),
        ({**SAID, "limits": "snow"}, {}, "no list of sentences"),
        (SAID, {"test": {"CHIPS": 3}}, "no f1_landslide"),
    ],
)
def test_notes_and_figures_that_say_too_little_are_refused(tool, trained, notes, figures, words):
    with pytest.raises(ScarpError, match=words):
        tool.described(cards.read(trained), notes, figures)


@pytest.mark.parametrize("path", sorted((ROOT / "resources" / "recipes").glob("*.notes.json")), ids=lambda p: p.stem)
def test_the_notes_of_the_recipes_are_whole(tool, trained, path):
    card = tool.described(cards.read(trained), json.loads(path.read_text(encoding="utf-8")), {})
    assert all(limit.endswith(".") for limit in card.limits)
