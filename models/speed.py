"""How fast a network maps and trains on the machine at hand."""

from __future__ import annotations

import platform
import time
from typing import Callable

import torch

from .registry import create

BATCH = 8
_SECONDS = 2.0
_PRECISIONS = {"fp32": torch.float32, "bf16": torch.bfloat16}


def precisions(device: torch.device) -> tuple[str, ...]:
    """The precisions worth measuring: bf16 only where the device computes in it, instead of imitating it."""
    if device.type == "cuda":
        return tuple(_PRECISIONS) if torch.cuda.is_bf16_supported(including_emulation=False) else ("fp32",)
    return tuple(_PRECISIONS) if torch.cpu._is_avx512_bf16_supported() else ("fp32",)


def describe(device: torch.device) -> str:
    """The device in words."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    processor = platform.processor() or platform.machine()
    return f"{torch.get_num_threads()} threads, {processor}, {torch.backends.cpu.get_cpu_capability()}"


def measure(name: str, in_channels: int, chip: int, device: torch.device, precision: str) -> tuple[float, float]:
    """Speed of forward passes and of training steps (forward, backward, Adam), in million pixels a second.

    Args:
        name: A network; random weights, head ``single``, channels last, batches of `BATCH`.
        in_channels: Bands.
        chip: Side of a chip, pixels.
        device: Where.
        precision: ``fp32`` or ``bf16``.
    """
    model = create(name, in_channels)
    model.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    x = torch.randn(BATCH, in_channels, chip, chip, device=device).contiguous(memory_format=torch.channels_last)
    target = torch.randint(0, 2, (BATCH, chip, chip), device=device)
    optimizer = torch.optim.Adam(model.parameters(), 1e-4)
    kind = _PRECISIONS[precision]

    def forward() -> torch.Tensor:
        with torch.autocast(device.type, kind, enabled=precision != "fp32"):
            logits: torch.Tensor = model(x).mask
        return logits

    def step() -> None:
        torch.nn.functional.cross_entropy(forward().float(), target).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)

    trained = _runs_a_second(step, device)
    model.eval()
    with torch.inference_mode():
        mapped = _runs_a_second(forward, device)
    pixels = BATCH * chip * chip / 1e6
    return mapped * pixels, trained * pixels


def _runs_a_second(function: Callable[[], object], device: torch.device) -> float:
    """The fastest of a few runs: what else the machine does only ever slows one down."""
    function()
    best, spent = float("inf"), 0.0
    while spent < _SECONDS:
        start = time.perf_counter()
        function()
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        seconds = time.perf_counter() - start
        best, spent = min(best, seconds), spent + seconds
    return 1 / best
