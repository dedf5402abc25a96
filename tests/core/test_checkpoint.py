from __future__ import annotations

import json
import stat

import pytest
import torch
from safetensors.torch import load_file, save_file
from scarp import models
from scarp.core import card as cards
from scarp.core import checkpoint
from scarp.core.card import Card
from scarp.core.errors import ScarpError
from scarp.core.inference.predictor import Predictor
from scarp.core.reporter import Reporter


@pytest.fixture
def saved(tmp_path):
    torch.manual_seed(0)
    options = {"widths": [4, 8]}
    model = models.create("unet", 2, **options)
    card = Card("unet", ["b04", "slope"], [500.0, 12.0], [100.0, 9.0], options=options)
    path = tmp_path / "net.safetensors"
    checkpoint.save(path, model.to(memory_format=torch.channels_last), card)
    return path, model, card


def test_a_network_comes_back_with_the_same_output(saved):
    path, model, card = saved
    loaded, read = checkpoint.load(path)
    x = torch.randn(1, 2, 32, 32)
    assert torch.equal(model.eval()(x).mask, loaded.to(memory_format=torch.channels_last)(x).mask)
    assert read == card
    assert not loaded.training
    assert not list(path.parent.glob(".*"))


def test_others_may_read_it_as_any_new_file(saved):
    path = saved[0]
    plain = path.with_name("plain")
    plain.touch()
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)


def test_tensors_that_do_not_fit_are_refused_by_name(saved):
    path = saved[0]
    tensors, header = load_file(path), cards.read_metadata(path)
    name = next(name for name, tensor in tensors.items() if tensor.dim() == 4)
    save_file({**tensors, name: tensors[name][:1].contiguous()}, path, header)
    with pytest.raises(ScarpError, match=f"do not fit the architecture 'unet'.*{name}"):
        checkpoint.load(path)
    save_file({key: value for key, value in tensors.items() if key != name}, path, header)
    with pytest.raises(ScarpError, match="missing instead of"):
        checkpoint.load(path)


@pytest.mark.parametrize("changes", [{"architecture": "hologram"}, {"options": {"depth": 3}}, {"head": "triple"}])
def test_a_network_that_is_not_known_is_refused(saved, changes):
    path, _, card = saved
    save_file(load_file(path), path, {cards.KEY: json.dumps({**json.loads(card.to_json()), **changes})})
    with pytest.raises(ScarpError, match="cannot be built"):
        checkpoint.load(path)


def test_half_precision_is_read_and_runs_and_is_written_as_single(saved, tmp_path):
    path, model, card = saved
    tensors, header = load_file(path), cards.read_metadata(path)
    half = {name: tensor.half() if tensor.dim() > 1 else tensor for name, tensor in tensors.items()}
    save_file(half, path, header)
    loaded, _ = checkpoint.load(path)
    assert {parameter.dtype for parameter in loaded.parameters()} == {torch.float32}
    x = torch.randn(1, 2, 32, 32)
    predictor = Predictor(loaded, card, torch.device("cpu"), precision="fp32", reporter=Reporter())
    expected = torch.softmax(model.eval()(x).mask, 1)[0, 1]
    found = predictor.run(x.permute(0, 2, 3, 1).numpy()).probability[0]
    torch.testing.assert_close(torch.from_numpy(found), expected, atol=5e-3, rtol=0)
    again = tmp_path / "again.safetensors"
    checkpoint.save(again, checkpoint.load(path)[0], card)
    written = load_file(again)
    assert {tensor.dtype for tensor in written.values() if tensor.is_floating_point()} == {torch.float32}
    assert all(torch.equal(written[name], tensor.to(written[name].dtype)) for name, tensor in half.items())


def test_a_failed_write_leaves_the_old_file(saved, monkeypatch):
    path, model, card = saved
    before = path.read_bytes()

    def full(tensors, part, metadata):
        with open(part, "wb") as file:
            file.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoint, "save_file", full)
    with pytest.raises(ScarpError, match="No space left"):
        checkpoint.save(path, model, card)
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == [path.name]
