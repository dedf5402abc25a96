"""Devices and precisions: what was asked for runs, or fails with the fix."""

from __future__ import annotations

import pytest
import torch
from inference_standins import PlainCard, Pointwise, Said, predictor, scene
from scarp.core.errors import ScarpError
from scarp.core.inference import device as devices
from scarp.core.inference.device import choose_device
from scarp.core.inference.precision import choose_precision
from scarp.core.reporter import Reporter

CPU = torch.device("cpu")
without_gpu = pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a GPU")


@pytest.mark.parametrize("text", ["gpu", "cuda:", "cuda:-1", "mps", "cuda:1,2"])
def test_unknown_devices_are_refused(text):
    with pytest.raises(ScarpError, match="choose auto, cpu, cuda"):
        choose_device(text, Reporter())


@without_gpu
@pytest.mark.parametrize("text", ["cuda", "CUDA:1"])
def test_cuda_without_a_gpu_fails_with_reason_and_fix(text):
    with pytest.raises(ScarpError, match=r"cannot be used: .*(setupruntime|driver).*DEVICE=cpu or DEVICE=auto"):
        choose_device(text, Reporter())


@without_gpu
@pytest.mark.parametrize(("present", "level"), [(True, "warning"), (False, "info")])
def test_auto_falls_back_and_says_why(monkeypatch, present, level):
    monkeypatch.setattr(devices, "gpu_present", lambda: present)
    said = Said()
    assert choose_device("auto", said.reporter()) == CPU
    assert said.log[0][0] == level
    assert ("NVIDIA driver" if torch.version.cuda else "without CUDA") in said.log[0][1] or not present


@pytest.mark.parametrize("text", ["cpu", " CPU "])
def test_cpu(text):
    assert choose_device(text, Reporter()) == CPU


def test_a_listed_gpu_that_fails_at_the_first_kernel_is_found_out(monkeypatch):
    monkeypatch.setattr(torch.version, "cuda", "12.8")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    with pytest.raises(ScarpError, match="a test on it failed"):
        choose_device("cuda", Reporter())
    with pytest.raises(ScarpError, match="numbering starts at cuda:0"):
        choose_device("cuda:3", Reporter())


@pytest.mark.parametrize(("text", "message"), [("fp16", "processors are slower"), ("fp8", "choose one of auto")])
def test_precisions_that_cannot_run_are_refused(text, message):
    with pytest.raises(ScarpError, match=message):
        choose_precision(text, CPU, Pointwise(3), torch.zeros(1, 3, 32, 32), Reporter())


@pytest.mark.parametrize("training", [False, True])
def test_auto_measures_and_leaves_the_model_as_it_was(training):
    said, model = Said(), Pointwise(3).train()
    before = [p.clone() for p in model.parameters()]
    found = choose_precision("auto", CPU, model, torch.randn(2, 3, 32, 32), said.reporter(), training=training)
    assert found in ("fp32", "bf16")
    assert "measured" in said.log[-1][1]
    assert model.training
    assert all(p.grad is None for p in model.parameters())
    assert all(torch.equal(a, b) for a, b in zip(before, model.parameters()))


def test_a_precision_that_changes_the_result_is_not_chosen(monkeypatch):
    class Fine(Pointwise):
        """Its two logits are large and nearly equal: eight bits of mantissa lose the difference."""

        def forward(self, x):
            output = super().forward(x)
            return output._replace(mask=(self.conv(x) * 1000))

    from scarp.core.inference import precision

    times = iter([9.0, 0.0])
    measure = precision._measure
    monkeypatch.setattr(precision, "_measure", lambda *a, **b: (next(times), measure(*a, **b)[1]))
    said = Said()
    assert choose_precision("auto", CPU, Fine(3), torch.randn(1, 3, 32, 32), said.reporter()) == "fp32"
    assert "results differ" in said.log[-1][1]


def test_a_measured_precision_is_remembered_for_its_network(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    measured = []

    def measure(text, *rest):
        measured.append(text)
        return "bf16"

    monkeypatch.setattr("scarp.core.inference.predictor.choose_precision", measure)
    card, x = PlainCard([0.0] * 3, [1.0] * 3), scene(64, 64)[None]

    def chosen(model, **options):
        ready = predictor(model, card, batch=1, **{"precision": "auto", **options})
        ready.predict(x, x[:, 0] > -99)
        return ready.precision

    assert chosen(Pointwise(3)) == chosen(Pointwise(3)) == "bf16"
    assert measured == ["auto"]
    other = Pointwise(3)
    other.conv.bias.data += 1
    chosen(other)
    chosen(Pointwise(3), precision="fp32")
    assert measured == ["auto", "auto", "fp32"]
    file = tmp_path / "cache" / "scarp" / "precision.json"
    file.write_text("no JSON", encoding="utf-8")
    assert chosen(Pointwise(3)) == "bf16"
    assert len(measured) == 4
    file.unlink()
    file.mkdir()
    assert chosen(Pointwise(3)) == "bf16"
