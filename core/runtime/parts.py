"""Clearing up after a job that could not do so itself: it was killed, or it crashed."""

from __future__ import annotations

from pathlib import Path

from .. import outputs
from ..jobs import Job


def remove_parts(job: Job) -> None:
    """Delete what the job has half-written: the parts of its outputs, and hidden parts inside a folder of outputs."""
    for path in map(Path, job.outputs().values()):
        outputs.remove(outputs.part_path(path))
        if path.is_dir():
            for part in path.glob(".*.part*"):
                outputs.remove(part)
