"""The precision that was measured for a network on this machine, kept so that the next run computes alike."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
from pathlib import Path

import torch
from torch import nn

_MOST = 200
"""Networks remembered; the oldest is forgotten."""


def key(model: nn.Module, device: torch.device, side: int) -> str:
    """What a measurement holds for: these weights, this device, this torch, tiles of this side."""
    digest = hashlib.sha256()
    for name, tensor in model.state_dict().items():
        digest.update(f"{name}{tuple(tensor.shape)}".encode())
        digest.update(tensor.detach().cpu().contiguous().numpy().tobytes())
    if device.type == "cuda":
        machine = torch.cuda.get_device_name(device)
    else:
        machine = f"{platform.processor() or platform.machine()} {torch.backends.cpu.get_cpu_capability()}"
    return f"{digest.hexdigest()[:20]} {machine} x {torch.get_num_threads()}, torch {torch.__version__}, {side} px"


def recall(key: str) -> str | None:
    """The precision remembered; None: none is, or the file cannot be read."""
    found = _read().get(key)
    return found if isinstance(found, str) else None


def remember(key: str, precision: str) -> None:
    """Keep a precision. Where nothing can be written, the next run measures again."""
    kept = _read()
    kept.pop(key, None)
    kept = dict([*kept.items(), (key, precision)][-_MOST:])
    path = _path()
    part = path.with_name(f"{path.name}.{os.getpid()}")
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(kept, indent=1), encoding="utf-8")
        os.replace(part, path)


def _read() -> dict[str, object]:
    try:
        kept = json.loads(_path().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _path() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or str(Path.home() / ".cache")
    return Path(base) / "scarp" / "precision.json"
