"""The processes of one training: one, or several that ``torchrun`` started, each with its share of every batch.

``torchrun --nproc-per-node 2 -m scarp.core job.json`` sets the variables of `torch.distributed`. The job is the same on
any number of processes: BATCH is the batch of all together, and all of them have the same weights after every step.
The process of rank 0 leads: it alone measures, speaks and writes.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Callable, TypeVar

import numpy as np
import torch
from torch import distributed, nn

from ..chips.chip import ChipSource, Subset
from ..errors import Cancelled, ScarpError
from ..reporter import Reporter
from .metrics import Histogram

Value = TypeVar("Value")

# The others wait while one measures the data or writes a checkpoint.
_PATIENCE = timedelta(hours=1)


@dataclass
class Team:
    """This process among those of a training.

    Attributes:
        rank: 0 leads. size: how many processes there are. local: place on this machine, which decides the GPU.
    """

    rank: int = 0
    size: int = 1
    local: int = 0
    device: torch.device = field(default_factory=lambda: torch.device("cpu"))
    _agreeing: bool = False

    @classmethod
    def of_environment(cls) -> Team:
        """The team that ``torchrun`` describes; without it this process alone.

        Raises:
            ScarpError: A variable is missing or no number.
        """
        if "RANK" not in os.environ or "WORLD_SIZE" not in os.environ:
            return cls()
        try:
            rank, size, local = (int(os.environ.get(name, "0")) for name in ("RANK", "WORLD_SIZE", "LOCAL_RANK"))
        except ValueError as error:
            raise ScarpError(
                f"RANK, WORLD_SIZE and LOCAL_RANK must be numbers: {error}. Start with torchrun."
            ) from error
        missing = [name for name in ("MASTER_ADDR", "MASTER_PORT") if name not in os.environ]
        if size > 1 and missing:
            raise ScarpError(
                f"WORLD_SIZE is {size}, but {' and '.join(missing)} not set. Start several processes with torchrun, or "
                "unset RANK and WORLD_SIZE for one."
            )
        return cls(rank, size, local)

    @property
    def leads(self) -> bool:
        """Whether this process speaks and writes."""
        return self.rank == 0

    def device_name(self, wanted: str) -> str:
        """DEVICE for this process: each has a GPU of its own.

        Raises:
            ScarpError: A single GPU was asked for, or there are too few.
        """
        name = wanted.strip().lower() or "auto"
        if self.size == 1 or name == "cpu":
            return wanted
        if name not in ("auto", "cuda"):
            raise ScarpError(f"DEVICE is {wanted}, but {self.size} processes train. Set DEVICE=cuda: each takes a GPU.")
        if not torch.cuda.is_available():
            return name
        count = torch.cuda.device_count()
        if self.local >= count:
            raise ScarpError(
                f"There are more processes than GPUs on this machine ({count}). Start {count} with --nproc-per-node, "
                "or set DEVICE=cpu."
            )
        return f"cuda:{self.local}"

    def voice(self, reporter: Reporter) -> Reporter:
        """A reporter for this process: only the one that leads is heard; while all train, all stop together."""
        return Reporter(
            reporter.progress if self.leads else None,
            lambda: not self._agreeing and _wants_to_stop(reporter),
            (lambda level, text: (reporter.warning if level == "warning" else reporter.info)(text))
            if self.leads
            else (lambda level, text: None),
        )

    @contextmanager
    def joined(self, device: torch.device) -> Iterator[None]:
        """Wait for the others; inside, they can talk."""
        self.device = device
        if self.size == 1:
            yield
            return
        if device.type == "cuda":
            torch.cuda.set_device(device)
        try:
            distributed.init_process_group("nccl" if device.type == "cuda" else "gloo", timeout=_PATIENCE)
            yield
        except (RuntimeError, ValueError) as error:
            if _is_lost(error):
                raise ScarpError(
                    "Another process of this training ended, so this one stopped, too. The message of that one says "
                    "why; RESUME goes on after the last whole epoch."
                ) from error
            raise
        finally:
            if distributed.is_initialized():
                distributed.destroy_process_group()

    @contextmanager
    def agreeing(self, reporter: Reporter) -> Iterator[Callable[[], None]]:
        """Inside, a wish to stop is only followed where all ask each other: by calling what is handed out.

        One process that stopped on its own would leave the others waiting.

        Args:
            reporter: Knows whether this process should stop (`voice`).
        """
        if self.size == 1:
            yield reporter.check
            return

        def ask() -> None:
            self._agreeing = False
            stop = _wants_to_stop(reporter)
            self._agreeing = True
            if self.sum([float(stop)])[0]:
                raise Cancelled

        self._agreeing = True
        try:
            yield ask
        finally:
            self._agreeing = False

    def part(self, source: ChipSource) -> ChipSource:
        """The chips that this process scores."""
        return source if self.size == 1 else Subset(source, range(self.rank, len(source), self.size))

    def sum(self, values: Sequence[float]) -> list[float]:
        """Sums over the processes."""
        if self.size == 1:
            return list(values)
        tensor = torch.tensor(values, dtype=torch.float64, device=self.device)
        distributed.all_reduce(tensor)
        return [float(value) for value in tensor]

    def sum_histogram(self, histogram: Histogram) -> Histogram:
        """Add up what the processes counted, in place."""
        if self.size > 1:
            for counts in (histogram.positive, histogram.negative, histogram.total):
                tensor = torch.from_numpy(counts).to(self.device)
                distributed.all_reduce(tensor)
                np.copyto(counts, tensor.cpu().numpy())
        return histogram

    def average_statistics(self, model: nn.Module) -> None:
        """Give all processes the same statistics of BatchNorm: the mean of what each has gathered."""
        if self.size > 1:
            for buffer in model.buffers():
                if buffer.is_floating_point():
                    # In double precision what is the same everywhere stays as it is to the last bit.
                    total = buffer.double()
                    distributed.all_reduce(total)
                    buffer.copy_(total / self.size)

    def same(self, compute: Callable[[], Value]) -> Value:
        """What the process that leads computes, in all of them."""
        if self.size == 1:
            return compute()
        found = [compute() if self.leads else None]
        distributed.broadcast_object_list(found, src=0, device=self.device)
        value: Value = found[0]  # type: ignore[assignment]
        return value

    def synchronized(self, model: nn.Module) -> nn.Module:
        """The network with layers of BatchNorm that see all processes' chips, where PyTorch has such: on GPUs."""
        if self.size == 1 or self.device.type != "cuda":
            return model
        converted: nn.Module = nn.SyncBatchNorm.convert_sync_batchnorm(model)  # type: ignore[no-untyped-call]
        return converted

    def parallel(self, model: nn.Module) -> nn.Module:
        """The network as it is called in training: its gradients are averaged over the processes."""
        if self.size == 1:
            return model
        device_ids = [self.device] if self.device.type == "cuda" else None
        # Statistics are averaged once an epoch instead of taken from one process at each step. PyTorch renamed this.
        known = inspect.signature(nn.parallel.DistributedDataParallel).parameters
        keyword = "forward_sync_buffers" if "forward_sync_buffers" in known else "broadcast_buffers"
        options: dict[str, Any] = {keyword: False, "device_ids": device_ids}
        return nn.parallel.DistributedDataParallel(model, **options)


def _wants_to_stop(reporter: Reporter) -> bool:
    try:
        reporter.check()
    except Cancelled:
        return True
    return False


def _is_lost(error: BaseException) -> bool:
    """Whether an exception says that another process is gone."""
    text = str(error).lower()
    lost = getattr(distributed, "DistError", ())
    return isinstance(error, lost) or any(word in text for word in ("gloo", "nccl", "connection", "timed out"))
