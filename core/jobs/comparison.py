"""The job that compares ways of training on the same data."""

from __future__ import annotations

import hashlib
import itertools
import re
from dataclasses import astuple, dataclass, fields
from typing import ClassVar

from ..errors import ScarpError
from ..job import output
from .training import TrainJob

#: How the values of several lists make cells: each with each, or the first of all, the second of all, and so on.
COMBINATIONS = ("grid", "pairs")
#: Fields of a `CompareJob` that take several values.
VARIED = ("architecture", "head", "features", "loss", "optimizer")

_LONGEST = 40


@dataclass(frozen=True)
class Cell:
    """One training of a comparison; the fields are those of `TrainJob`."""

    architecture: str
    head: str
    features: str
    loss: str
    optimizer: str
    seed: int

    @property
    def configuration(self) -> tuple[str, ...]:
        """All but the seed."""
        return self.architecture, self.head, self.features, self.loss, self.optimizer

    @property
    def name(self) -> str:
        """What its files are called: ``unet-single-auto-focal_iou-adamw-0``."""
        return "-".join(_file_name(str(value)) for value in astuple(self))


@dataclass
class CompareJob(TrainJob):
    """Train a grid of networks, heads, bands, losses, optimizers and seeds on the same data, and compare them.

    ``architecture``, ``head``, ``features``, ``loss`` and ``optimizer`` take several values, separated by semicolons;
    the other parameters are those of a training and hold for all of it.

    Attributes:
        combine: One of `COMBINATIONS`. ``pairs``: all lists are of the same length, or of one value.
        seeds: So many trainings of each, from ``seed`` upwards.
        table: CSV with a row a training. Beside it lies a folder with the checkpoints, from which a run that was
            stopped goes on.
    """

    KIND: ClassVar[str] = "compare"
    combine: str = COMBINATIONS[0]
    seeds: int = 1
    table: str = output()

    def check(self) -> None:
        """See `Job.check`."""
        self.require("table")
        self.choice("combine", COMBINATIONS)
        self.within("seeds", 1, 100)
        for name in ("resume", "checkpoint"):
            if getattr(self, name):
                raise ScarpError(
                    f"{name.upper()} is set, but a comparison decides it: checkpoints and states lie beside TABLE. "
                    "Leave it empty."
                )
        for cell in self.cells():
            self.cell_job(cell, "cell.safetensors").check()
        if not self.dataset and not self.block:
            raise ScarpError(
                "Nothing would be kept for the test: networks would be compared on the part that chose their epoch. "
                "Set BLOCK=1, so that one of BLOCKS parts of the scene is not learned from."
            )

    def values(self, name: str) -> list[str]:
        """The values of one of `VARIED`.

        Raises:
            ScarpError: There is none.
        """
        found = [value.strip() for value in getattr(self, name).split(";") if value.strip()]
        if not found:
            raise ScarpError(f"{name.upper()} is empty. Give a value, or several with a semicolon between them.")
        return found

    def cells(self) -> list[Cell]:
        """The trainings in the order of the table: as the values are listed, the last list the fastest, then seeds.

        Raises:
            ScarpError: A list is empty, they cannot be paired, or the same training is asked for twice.
        """
        lists = [self.values(name) for name in VARIED]
        if self.combine == "pairs":
            count = max(map(len, lists))
            odd = [f"{name.upper()} has {len(v)}" for name, v in zip(VARIED, lists) if len(v) not in (1, count)]
            if odd:
                raise ScarpError(
                    f"COMBINE=pairs takes the first of each list together, then the second: {count} values are "
                    f"expected (or 1 for all), but {', '.join(odd)}. Complete the list, or set COMBINE=grid."
                )
            chosen = list(zip(*(v if len(v) == count else v * count for v in lists)))
        else:
            chosen = list(itertools.product(*lists))
        ways = [dict(zip(VARIED, values)) for values in chosen]
        cells = [Cell(**way, seed=seed) for way in ways for seed in range(self.seed, self.seed + self.seeds)]
        names = [cell.name for cell in cells]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice:
            raise ScarpError(f"The training '{twice}' is asked for twice. Name each value once.")
        return cells

    def cell_job(self, cell: Cell, checkpoint: str, report: str = "") -> TrainJob:
        """The training of a cell."""
        values = {f.name: getattr(self, f.name) for f in fields(TrainJob)}
        own = {f.name: getattr(cell, f.name) for f in fields(Cell)}
        return TrainJob(**{**values, **own, "checkpoint": checkpoint, "report": report})


def _file_name(value: str) -> str:
    """A value as a part of a file name that every system takes; long ones are cut, and told apart by a digest."""
    plain = re.sub(r"[^a-z0-9_.=]+", "_", value.lower()).strip("_.")
    if len(plain) <= _LONGEST:
        return plain
    return f"{plain[:_LONGEST]}_{hashlib.sha256(value.encode()).hexdigest()[:6]}"
