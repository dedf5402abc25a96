"""Jobs about checkpoints and the worker itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..job import Job, output


@dataclass
class DescribeCheckpointJob(Job):
    """Describe a checkpoint's card in HTML."""

    KIND: ClassVar[str] = "describecheckpoint"
    checkpoint: str = ""
    report: str = output()

    def check(self) -> None:
        """See `Job.check`."""
        self.require("checkpoint")


@dataclass
class CheckRuntimeJob(Job):
    """Say what the worker's Python can do: versions, devices, memory, and what is missing."""

    KIND: ClassVar[str] = "checkruntime"
    device: str = "auto"
