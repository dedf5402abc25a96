"""How much memory a network takes to run."""

from __future__ import annotations

import weakref
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

_SIDE = 128
_WORKSPACE = 1.5
"""What convolutions and malloc take beside the tensors: resident memory grew by 1.2 to 1.7 times them in eight
networks on a CPU."""


def bytes_per_pixel(model: nn.Module, channels: int, device: torch.device) -> float:
    """What a forward pass takes at its peak for each pixel of its input, in float32, its input included.

    Measured on a small input by following each tensor that lives, so skips that wait for their decoder count.

    Args:
        model: In evaluation mode, on ``device``.
        channels: Of its input.
        device: Where to run.
    """
    alive = _Alive()
    with torch.inference_mode(), alive:
        x = torch.zeros(1, channels, _SIDE, _SIDE, device=device).contiguous(memory_format=torch.channels_last)
        model(x)
    return _WORKSPACE * alive.peak / _SIDE**2


class _Alive(TorchFunctionMode):
    """Adds up the storages that exist of the tensors made inside."""

    def __init__(self) -> None:
        super().__init__()
        self.now = self.peak = 0
        self._known: set[int] = set()

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        made = func(*args, **(kwargs or {}))
        for tensor in made if isinstance(made, (tuple, list)) else (made,):
            if isinstance(tensor, Tensor):
                with torch._C.DisableTorchFunction():
                    self._count(tensor.untyped_storage())
        return made

    def _count(self, storage: torch.UntypedStorage) -> None:
        key = storage._cdata
        if key in self._known:
            return
        self._known.add(key)
        self.now += storage.nbytes()
        self.peak = max(self.peak, self.now)
        weakref.finalize(storage, self._forget, key, storage.nbytes())

    def _forget(self, key: int, size: int) -> None:
        self._known.discard(key)
        self.now -= size
