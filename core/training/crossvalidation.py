"""Cross-validation: each fold is tested once by a network that was trained without it; finished folds are kept."""

from __future__ import annotations

from pathlib import Path

import torch

from ..card import Card
from ..jobs import CrossValidateJob, TrainJob
from ..reporter import Reporter
from .data import Source, split_source
from .series import Series, named

# What may differ when a cross-validation is gone on with: where it runs and writes, and which part of it is asked for.
_FREE = ("job", "device", "fold", "table", "report")


def folder_of(table: str | Path) -> Path:
    """The folder beside a table in which the folds are kept."""
    return Path(table).with_suffix(".folds")


class Folds:
    """The folds of one cross-validation, on disk.

    Args:
        job: What to do.
        reporter: Told what is gone on with.

    Raises:
        ScarpError: The folder beside the table holds folds of a cross-validation with other parameters.
    """

    def __init__(self, job: CrossValidateJob, reporter: Reporter) -> None:
        self._job = job
        self._series = Series(folder_of(job.table), job, _FREE, "folds", reporter)
        self.folder = self._series.folder

    def checkpoint(self, number: int) -> Path:
        """Where the checkpoint of a fold lies."""
        return self._series.checkpoint(_name(number))

    def run(self, source: Source, device: torch.device, reporter: Reporter) -> dict[int, Card]:
        """Train and test the folds that were asked for and are not finished.

        Args:
            source: The data.
            device: Where to train.
            reporter: Told how far it is, with the number of the fold.

        Returns:
            Number and card of each fold that is finished.

        Raises:
            ScarpError: The data cannot be split so that each fold can be tested; nothing has been written then. Or
                they are no longer those that the kept folds were trained on.
            Cancelled: The user asked to stop: finished folds, and the last whole epoch of another, stay.
        """
        job, found = self._job, {}
        numbers = range(1, job.folds + 1)
        parts = [
            named(reporter.part((number - 1) / job.folds, number / job.folds), f"Fold {number} of {job.folds}")
            for number in numbers
        ]
        # All folds are looked at before the first is trained: an error in the last would come hours later.
        splits = [split_source(self._training(number), source, part) for number, part in zip(numbers, parts)]
        for number, part, data in zip(numbers, parts, splits):
            card = self._series.finished(_name(number), data, f"fold {number}")
            if card is not None:
                part.info("finished before, and kept.")
            elif job.fold in (0, number):
                card = self._series.train(self._training(number), data, device, part)[1].card
                self._series.forget_state(_name(number))
            part.progress(1.0, "left for later" if card is None else "finished")
            if card is not None:
                found[number] = card
        return found

    def _training(self, number: int) -> TrainJob:
        return self._job.fold_job(number, str(self.checkpoint(number)), str(self._series.page(_name(number))))


def _name(number: int) -> str:
    return f"fold_{number}"
