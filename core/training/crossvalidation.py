"""Cross-validation: each fold is tested once by a network that was trained without it; finished folds are kept."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import torch

from .. import card as cards
from ..card import Card
from ..errors import Cancelled, ScarpError
from ..jobs import CrossValidateJob
from ..outputs import part_path, remove
from ..reporter import Reporter
from . import report
from .data import Data, Source, split_source
from .plan import make_plan
from .run import Run
from .state import state_path

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
        self.folder = folder_of(job.table)
        self._check_parameters(reporter)

    def checkpoint(self, number: int) -> Path:
        """Where the checkpoint of a fold lies."""
        return self.folder / f"fold_{number}.safetensors"

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
            _named(reporter.part((number - 1) / job.folds, number / job.folds), f"Fold {number} of {job.folds}")
            for number in numbers
        ]
        # All folds are looked at before the first is trained: an error in the last would come hours later.
        splits = [split_source(self._training(number), source, part) for number, part in zip(numbers, parts)]
        for number, part, data in zip(numbers, parts, splits):
            card = self._finished(number, data)
            if card is not None:
                part.info("finished before, and kept.")
            elif job.fold in (0, number):
                card = self._train(number, data, device, part)
            part.progress(1.0, "left for later" if card is None else "finished")
            if card is not None:
                found[number] = card
        return found

    def _train(self, number: int, data: Data, device: torch.device, reporter: Reporter) -> Card:
        start = time.monotonic()
        job = self._training(number)
        state = state_path(job.checkpoint)
        if state.is_file():
            job = self._training(number, resume=str(state))
        plan = make_plan(job, reporter)
        run = Run(job, plan, data, device, reporter.part(0.0, 0.95))
        self._write_parameters()
        try:
            run.trainer.fit(data, job.epochs)
        finally:
            if not any(self.folder.glob("*.safetensors")):
                remove(self.folder)
        result = run.finish(round(time.monotonic() - start, 1), reporter.part(0.95, 1.0))
        page = part_path(job.report)
        page.write_text(report.training_page(run, result), encoding="utf-8")
        page.replace(job.report)
        remove(state)
        return result.card

    def _training(self, number: int, resume: str = "") -> Any:
        checkpoint = self.checkpoint(number)
        return self._job.fold_job(number, str(checkpoint), str(checkpoint.with_suffix(".html")), resume)

    def _finished(self, number: int, data: Data) -> Card | None:
        """The card of a fold that was trained to its end; None where it was not."""
        if not self.checkpoint(number).is_file():
            return None
        card = cards.read(self.checkpoint(number))
        if not card.training.get("finished"):
            return None
        now = json.loads(json.dumps({**data.facts, **data.split.facts}))
        differing = [name for name, value in now.items() if card.training.get(name) != value]
        if differing:
            raise ScarpError(
                f"The data are no longer those that fold {number} in '{self.folder}' was trained on "
                f"({', '.join(differing)} differ). Restore them, choose another TABLE, or delete that folder."
            )
        return card

    @property
    def _record(self) -> Path:
        return self.folder / "job.json"

    def _parameters(self) -> dict[str, Any]:
        return {name: value for name, value in json.loads(self._job.to_json()).items() if name not in _FREE}

    def _check_parameters(self, reporter: Reporter) -> None:
        if not self._record.is_file():
            return
        old, now = json.loads(self._record.read_text(encoding="utf-8")), self._parameters()
        differing = [name for name in sorted({*old, *now}) if old.get(name) != now.get(name)]
        if differing:
            listed = ", ".join(f"{name.upper()} was {old.get(name)!r}, is {now.get(name)!r}" for name in differing)
            raise ScarpError(
                f"'{self.folder}' holds folds with other parameters: {listed}. Give the same ones to go on with them, "
                "choose another TABLE, or delete that folder."
            )
        reporter.info(f"Going on with what is kept in '{self.folder}'.")

    def _write_parameters(self) -> None:
        if not self._record.is_file():
            self.folder.mkdir(parents=True, exist_ok=True)
            part = part_path(self._record)
            part.write_text(json.dumps(self._parameters(), indent=1), encoding="utf-8")
            part.replace(self._record)


def _named(reporter: Reporter, name: str) -> Reporter:
    """A reporter that puts ``name`` in front of all it is told."""

    def cancelled() -> bool:
        try:
            reporter.check()
        except Cancelled:
            return True
        return False

    def log(level: str, message: str) -> None:
        (reporter.warning if level == "warning" else reporter.info)(f"{name}: {message}")

    return Reporter(lambda share, text: reporter.progress(share, f"{name}: {text}"), cancelled, log)
