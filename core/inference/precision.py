"""Which number format a network computes in: fp32, or a shorter one where it is measured to be faster."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager, nullcontext

import torch
from torch import nn

from ..errors import ScarpError
from ..reporter import Reporter
from .device import is_out_of_memory

_TYPES = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}
PRECISIONS = tuple(_TYPES)

# A shorter format costs accuracy, so it must be worth it, and must say the same as fp32.
_WORTH = 1.15
_ENOUGH_SECONDS = 0.3
_CLOSE, _SHARE_CLOSE = 0.05, 0.999


def autocast(device: torch.device, precision: str) -> AbstractContextManager[object]:
    """The context in which a network runs in ``precision`` (``fp32``, ``bf16`` or ``fp16``); weights stay float32."""
    if precision == "fp32":
        return nullcontext()
    return torch.autocast(device.type, dtype=_TYPES[precision])


def choose_precision(
    text: str,
    device: torch.device,
    model: nn.Module,
    example: torch.Tensor,
    reporter: Reporter,
    *,
    training: bool = False,
) -> str:
    """Return ``fp32``, ``bf16`` or ``fp16``; ``auto`` measures the network once on ``example`` and says what it found.

    Args:
        text: One of ``auto``, ``fp32``, ``bf16``, ``fp16``.
        device: Where ``model`` and ``example`` are.
        model: Returns an `Output`; left in the mode and with the gradients it came with.
        example: Normalised network input, float32 [B, C, H, W], of the size that will be used. Real data:
            the formats must agree on it (99.9 % of the probabilities within 0.05) or fp32 is kept.
        reporter: Told the speeds; asked for cancel between runs.
        training: Measure forward and backward. fp16 is left out then: it would need a scaled loss.

    Raises:
        ScarpError: The device cannot compute in the format asked for.
    """
    if text != "auto":
        if text not in _TYPES:
            raise ScarpError(f"PRECISION is '{text}'; choose one of auto, {', '.join(_TYPES)}.")
        problem = _refusal(text, device, training)
        if problem:
            raise ScarpError(f"PRECISION={text} cannot be used: {problem} Choose fp32 or auto.")
        reporter.info(f"Precision: {text}, as asked.")
        return text
    shorter = [name for name in ("bf16", "fp16") if not _refusal(name, device, training)]
    if device.type == "cpu":
        shorter = [name for name in shorter if name == "bf16"]
    seconds, reference = _measure("fp32", device, model, example, reporter, training=training)
    found = [f"fp32 {seconds * 1000:.0f} ms a batch"]
    chosen, best = "fp32", seconds / _WORTH
    for name in shorter:
        try:
            taken, probability = _measure(name, device, model, example, reporter, training=training)
        except RuntimeError as error:
            if is_out_of_memory(error):
                raise
            found.append(f"{name} does not run here")
            continue
        agrees = (probability - reference).abs().le(_CLOSE).float().mean().item() >= _SHARE_CLOSE
        found.append(f"{name} {taken * 1000:.0f} ms" + ("" if agrees else " but results differ"))
        if agrees and taken < best:
            chosen, best = name, taken
    reporter.info(f"Precision: {chosen} (measured: {', '.join(found)}).")
    return chosen


def _refusal(name: str, device: torch.device, training: bool) -> str:
    if name == "fp16" and device.type == "cpu":
        return "processors are slower with it."
    if name == "fp16" and training:
        return "training in it needs a scaled loss."
    if name == "bf16" and device.type == "cuda" and not torch.cuda.is_bf16_supported():
        return f"the GPU ({torch.cuda.get_device_name(device)}) does not support it."
    return ""


def _measure(
    name: str, device: torch.device, model: nn.Module, example: torch.Tensor, reporter: Reporter, *, training: bool
) -> tuple[float, torch.Tensor]:
    """Seconds of a run after a warm-up, the faster of two if they are short, and the probabilities [B, H, W]."""
    was_training = model.training
    model.eval()
    try:
        with torch.inference_mode(), autocast(device, name):
            logits = model(example).mask.float()
        probability = torch.sigmoid(logits[:, 1] - logits[:, 0])
        times: list[float] = []
        while sum(times) < _ENOUGH_SECONDS and len(times) < 2:
            reporter.check()
            _finish(device)
            start = time.perf_counter()
            with torch.set_grad_enabled(training), autocast(device, name):
                loss = model(example).mask.float().mean()
            if training:
                torch.autograd.grad(loss, [p for p in model.parameters() if p.requires_grad], allow_unused=True)
            _finish(device)
            times.append(time.perf_counter() - start)
    finally:
        model.train(was_training)
    return min(times), probability


def _finish(device: torch.device) -> None:
    """Wait for kernels that were only queued so far, so that the clock sees them."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
