"""The maps inside a network that an explanation can be asked of: by word (``deep``, ``full``) or by number."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from ..errors import ScarpError

DEEP, FULL = "deep", "full"

_SIDE = 64


@dataclass(frozen=True)
class Stage:
    """A map inside a network.

    Attributes:
        name: The module that gives it, as PyTorch names it; empty for ``full``, which goes straight to the heads.
        channels: Its channels.
        stride: Pixels of the input that one of its pixels stands for, along one side.
    """

    name: str
    channels: int
    stride: float

    def __str__(self) -> str:
        return f"{self.name or FULL} ({self.channels} channels, {self.stride:g} px)"


def blocks(model: nn.Module, in_channels: int) -> list[Stage]:
    """The blocks of a network in the order in which they run: what STAGE counts from 1.

    A block is a direct child of the network, or an element of one that is a list, that has weights and gives a map.
    The heads are none.
    """
    named = []
    for name, child in model.named_children():
        if name == "heads":
            continue
        if isinstance(child, (nn.ModuleList, nn.ModuleDict)):
            named += [(f"{name}.{key}", module) for key, module in child.named_children()]
        else:
            named.append((name, child))
    weighty = [(name, module) for name, module in named if any(True for _ in module.parameters())]
    seen: list[Stage] = []

    def look(name: str, output: Any) -> None:
        if isinstance(output, Tensor) and output.dim() == 4 and name not in (stage.name for stage in seen):
            seen.append(Stage(name, output.shape[1], _SIDE / output.shape[-1]))

    with _watched(weighty, look):
        _dry_run(model, in_channels)
    return seen


def find(model: nn.Module, in_channels: int, text: str) -> Stage:
    """The stage that the user means.

    Args:
        model: A network; its ``features(x)`` gives the last map and the deepest one.
        in_channels: Channels of its input.
        text: ``deep`` (the deepest map), ``full`` (the last one), or the number of a block from 1.

    Raises:
        ScarpError: There is no such stage; the message lists all.
    """
    word = text.strip().lower()
    if word == FULL:
        full, _ = _dry_run(model, in_channels)
        return Stage("", full.shape[1], _SIDE / full.shape[-1])
    if word == DEEP:
        stage = _deepest(model, in_channels)
        if stage is not None:
            return stage
    known = blocks(model, in_channels)
    if word.isdigit() and 1 <= int(word) <= len(known):
        return known[int(word) - 1]
    listed = "; ".join(f"{number}: {stage}" for number, stage in enumerate(known, 1))
    raise ScarpError(f"STAGE is '{text}'; choose {DEEP}, {FULL}, or the number of a block. This network has {listed}.")


def _deepest(model: nn.Module, in_channels: int) -> Stage | None:
    outputs: dict[str, Tensor] = {}

    def look(name: str, output: Any) -> None:
        if isinstance(output, Tensor):
            outputs[name] = output

    inner = [(name, module) for name, module in model.named_modules() if name]
    with _watched(inner, look):
        _, deep = _dry_run(model, in_channels)
    # Of nested modules with the same output the outermost, whose hook runs last.
    names = [name for name, output in outputs.items() if output is deep]
    return Stage(min(names, key=len), deep.shape[1], _SIDE / deep.shape[-1]) if names else None


def _dry_run(model: nn.Module, in_channels: int) -> tuple[Tensor, Tensor]:
    device = next(model.parameters()).device
    with torch.no_grad():
        maps: tuple[Tensor, Tensor] = model.features(torch.zeros(1, in_channels, _SIDE, _SIDE, device=device))  # type: ignore[operator]
    return maps


@contextmanager
def _watched(modules: list[tuple[str, nn.Module]], look: Any) -> Iterator[None]:
    hooks = [
        module.register_forward_hook(lambda _module, _args, output, name=name: look(name, output))
        for name, module in modules
    ]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()
