"""DETERMINISTIC: the same result on every run on the same machine, at the price of speed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import torch

from ..errors import ScarpError

_WORKSPACE = "CUBLAS_WORKSPACE_CONFIG"


@contextmanager
def reproducible(asked: bool) -> Iterator[None]:
    """Let PyTorch use only algorithms that give the same result each time; with ``asked`` false, change nothing.

    Beside PyTorch's own switch that takes cuDNN not trying out algorithms and, for matrix products on a GPU, a fixed
    workspace, which must be set before the first of them and therefore stays set.

    Raises:
        ScarpError: An operation has no such algorithm on this device.
    """
    if not asked:
        yield
        return
    cudnn = torch.backends.cudnn
    before = torch.are_deterministic_algorithms_enabled(), cudnn.deterministic, cudnn.benchmark
    os.environ.setdefault(_WORKSPACE, ":4096:8")
    torch.use_deterministic_algorithms(True)
    cudnn.deterministic, cudnn.benchmark = True, False
    try:
        yield
    except RuntimeError as error:
        if "deterministic" not in str(error):
            raise
        reason = str(error).split(". ")[0]
        raise ScarpError(
            f"DETERMINISTIC cannot be kept on this device: {reason}. Choose another LOSS or ARCHITECTURE, DEVICE=cpu, "
            "or leave DETERMINISTIC off."
        ) from error
    finally:
        torch.use_deterministic_algorithms(before[0])
        cudnn.deterministic, cudnn.benchmark = before[1:]
