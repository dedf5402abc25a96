"""A comparison: the cells of a grid are trained one after another on the same data, and judged on the same test."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Callable

import torch
from safetensors import SafetensorError

from ... import models
from .. import features
from ..card import Card
from ..errors import Cancelled, ScarpError
from ..inference.device import is_out_of_memory
from ..jobs import CompareJob, TrainJob
from ..jobs.comparison import Cell
from ..reporter import Reporter
from .data import Data, Source, split_source
from .finishing import Result
from .plan import make_plan
from .run import Run
from .series import Series, named

# What may differ when a comparison is gone on with. A cell's files carry its values in their names: the grid may grow.
_FREE = (
    *("job", "device", "table", "report"),
    *("architecture", "head", "features", "loss", "optimizer", "combine", "seed", "seeds"),
)
_WITH_INTERVAL = ("f1_landslide", "iou_landslide")


def folder_of(table: str | Path) -> Path:
    """The folder beside a table in which the trainings are kept."""
    return Path(table).with_suffix(".runs")


@dataclass(frozen=True)
class Outcome:
    """What came of a cell.

    Attributes:
        card: Of its network, with the figures of the test part; None where there is none.
        problem: Why there is none.
        note: What the card does not hold: ``parameters`` of the network, ``chips_shown`` in training, ``intervals``
            of figures of the test part (low, high), ``history`` (a record an epoch, `State.history`).
    """

    cell: Cell
    card: Card | None
    problem: str = ""
    note: dict[str, Any] = field(default_factory=dict)


class Comparison:
    """The trainings of one comparison, on disk.

    Args:
        job: What to do.
        reporter: Told what is gone on with.

    Raises:
        ScarpError: A name in the grid is unknown, or the folder beside the table holds trainings with other parameters.
    """

    def __init__(self, job: CompareJob, reporter: Reporter) -> None:
        self._job, self._cells = job, job.cells()
        self._series = Series(folder_of(job.table), job, _FREE, "trainings", reporter)
        self.folder = self._series.folder
        # Before the data are read, which may take long: a wrong name in the last cell would come to light hours later.
        for cell in self._cells:
            make_plan(self.training(cell), _silent())

    @property
    def opening(self) -> TrainJob:
        """The training whose source holds the bands of all cells, so that the data are read once."""
        return replace(self.training(self._cells[0]), features=",".join(self._job.values("features")))

    def training(self, cell: Cell) -> TrainJob:
        """The training of a cell."""
        name = cell.name
        return self._job.cell_job(cell, str(self._series.checkpoint(name)), str(self._series.page(name)))

    def run(
        self, source: Source, device: torch.device, reporter: Reporter, keep: Callable[[Sequence[Outcome]], None]
    ) -> list[Outcome]:
        """Train and test the cells that are not finished.

        Args:
            source: The data, see `opening`.
            device: Where to train.
            reporter: Told how far it is, with the name of the cell.
            keep: Called with the outcomes so far, in the order of the grid, whenever there is one more.

        Returns:
            An outcome a cell, in the order of the grid.

        Raises:
            ScarpError: The data cannot be split, have no test part, or are no longer those of the kept cells; or the
                disk is full. Nothing but finished cells and the last whole epoch of another stays.
            Cancelled: The user asked to stop; the same stays.
        """
        data = self._data(source, reporter)
        found: dict[Cell, Outcome] = {}

        def add(outcome: Outcome | None) -> None:
            if outcome is not None:
                found[outcome.cell] = outcome
                keep([found[cell] for cell in self._cells if cell in found])

        for cell in self._cells:
            add(self._kept(cell, data[cell]))
        left = [cell for cell in self._cells if cell not in found]
        if found:
            reporter.info(f"{len(found)} of {len(self._cells)} trainings were finished before, and are kept.")
        for number, cell in enumerate(left):
            part = named(reporter.part(number / len(left), (number + 1) / len(left)), cell.name)
            add(self._trained(cell, data[cell], device, part))
            part.progress(1.0, f"{len(found)} of {len(self._cells)} done")
        return [found[cell] for cell in self._cells]

    def _data(self, source: Source, reporter: Reporter) -> dict[Cell, Data]:
        """The data of each cell: one split for all, channels as asked, chips drawn by the seed."""
        channels = {text: features.resolve(text, source.chips.names) for text in self._job.values("features")}
        splits: dict[int, Data] = {}
        for cell in self._cells:
            if cell.seed not in splits:
                splits[cell.seed] = split_source(self.training(cell), source, _silent() if splits else reporter)
        if next(iter(splits.values())).split.test is None:
            raise ScarpError(
                "Nothing is kept for the test: networks would be compared on the part that chose their epoch. Set "
                "BLOCK=1 (or FOLD, or TEST_REGION), or give SPLIT a part 'test=...'."
            )
        return {cell: replace(splits[cell.seed], channels=channels[cell.features]) for cell in self._cells}

    def _kept(self, cell: Cell, data: Data) -> Outcome | None:
        card, note = self._series.finished(cell.name, data, f"'{cell.name}'"), self._series.note(cell.name)
        return Outcome(cell, card, note=note) if card is not None and note else None

    def _trained(self, cell: Cell, data: Data, device: torch.device, reporter: Reporter) -> Outcome:
        try:
            run, result = self._series.train(self.training(cell), data, device, reporter)
        except Cancelled:
            raise
        except (ScarpError, RuntimeError, ValueError, MemoryError) as error:
            if isinstance(error.__cause__, (OSError, SafetensorError)):
                raise  # a disk that is full is full for all
            problem = _problem(error, device)
        else:
            note = _noted(run, result)
            self._series.write_note(cell.name, note)
            self._series.forget_state(cell.name)
            # As it is read when the comparison is gone on with.
            return Outcome(cell, result.card, note=self._series.note(cell.name))
        # Outside of the handler, where the failed network is no longer held.
        gc.collect()
        if device.type == "cuda":
            torch.cuda.empty_cache()
        reporter.warning(f"left out: {problem}")
        return Outcome(cell, None, problem)


def _noted(run: Run, result: Result) -> dict[str, Any]:
    intervals = result.parts[result.split].intervals()
    return {
        "parameters": models.count_parameters(run.model),
        "chips_shown": run.state.epoch * len(run.data.split.train(0)),
        "intervals": {name: list(intervals[name]) for name in _WITH_INTERVAL},
        "history": run.state.history,
    }


def _problem(error: Exception, device: torch.device) -> str:
    if is_out_of_memory(error):
        return f"The memory of {device} is too small for it. Choose a smaller BATCH or network."
    text = " ".join(str(error).split())
    return text if isinstance(error, ScarpError) else f"{type(error).__name__}: {text}"


def _silent() -> Reporter:
    return Reporter(log=lambda level, message: None)
