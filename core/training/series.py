"""Several trainings in a folder beside a table: finished ones are kept, and one that was stopped is gone on with."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import torch

from .. import card as cards
from ..card import Card
from ..errors import Cancelled, ScarpError
from ..jobs import TrainJob
from ..outputs import part_path, remove
from ..products.record import to_json
from ..reporter import Reporter
from . import report
from .data import Data
from .finishing import Result
from .plan import make_plan
from .run import Run
from .state import state_path
from .twice import train

_RECORD = "job.json"


class Series:
    """Checkpoints, reports, states and notes of trainings that belong together, by name.

    Args:
        folder: Where they lie. It is made with the first training, and goes again when nothing of it was kept.
        job: What to do. It is written beside them: the folder takes no trainings with other parameters.
        free: Names of parameters that may differ when the series is gone on with.
        noun: What the trainings are called: ``folds``.
        reporter: Told what is gone on with.

    Raises:
        ScarpError: The folder holds trainings with other parameters.
    """

    def __init__(self, folder: Path, job: TrainJob, free: Collection[str], noun: str, reporter: Reporter) -> None:
        self.folder, self._noun = folder, noun
        self._parameters = {name: value for name, value in json.loads(job.to_json()).items() if name not in free}
        self._check_parameters(reporter)

    def checkpoint(self, name: str) -> Path:
        """Where the checkpoint of a training lies."""
        return self.folder / f"{name}.safetensors"

    def page(self, name: str) -> Path:
        """Where the report of a training lies."""
        return self.folder / f"{name}.html"

    def finished(self, name: str, data: Data, called: str) -> Card | None:
        """The card of a training that came to its end; None where it did not.

        Args:
            name: Of the training.
            data: What it would learn from now.
            called: What the user calls it: ``fold 1``.

        Raises:
            ScarpError: The data are no longer those that it was trained on.
        """
        if not self.checkpoint(name).is_file():
            return None
        card = cards.read(self.checkpoint(name))
        if not card.training.get("finished"):
            return None
        now = json.loads(json.dumps({**data.facts, **data.split.facts}))
        differing = [fact for fact, value in now.items() if card.training.get(fact) != value]
        if differing:
            raise ScarpError(
                f"The data are no longer those that {called} in '{self.folder}' was trained on "
                f"({', '.join(differing)} differ). Restore them, choose another TABLE, or delete that folder."
            )
        return card

    def train(self, job: TrainJob, data: Data, device: torch.device, reporter: Reporter) -> tuple[Run, Result]:
        """Train, or go on where a state lies beside the checkpoint; its report is written, the state removed.

        Args:
            job: Its checkpoint and report are those of this series.
            data: What to learn from.
            device: Where.
            reporter: Told how far it is.

        Raises:
            Cancelled: The user asked to stop: the last whole epoch stays.
            ScarpError: See `Run` and `Trainer.fit`.
        """
        state = state_path(job.checkpoint)
        if state.is_file():
            job = replace(job, resume=str(state))
        plan = make_plan(job, reporter)
        self._write_parameters()
        try:
            run, result = train(job, plan, data, device, reporter)
        finally:
            if {path.name for path in self.folder.iterdir()} <= {_RECORD}:
                remove(self.folder)
        judged = cast(Result, result)  # this process leads
        _write(Path(job.report), report.training_page(run, judged))
        return run, judged

    def forget_state(self, name: str) -> None:
        """Remove the state of a training of which everything has been written."""
        remove(state_path(self.checkpoint(name)))

    def note(self, name: str) -> dict[str, Any]:
        """What was written down of a training; empty where nothing was."""
        path = self._note(name)
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        return found

    def write_note(self, name: str, values: dict[str, Any]) -> Path:
        """Write down what the card of a training does not hold; NaN becomes null. Returns the file."""
        self._write_parameters()
        _write(self._note(name), to_json(values))
        return self._note(name)

    def _note(self, name: str) -> Path:
        return self.folder / f"{name}.json"

    def _check_parameters(self, reporter: Reporter) -> None:
        record = self.folder / _RECORD
        if not record.is_file():
            return
        old, now = json.loads(record.read_text(encoding="utf-8")), self._parameters
        differing = [name for name in sorted({*old, *now}) if old.get(name) != now.get(name)]
        if differing:
            listed = ", ".join(f"{name.upper()} was {old.get(name)!r}, is {now.get(name)!r}" for name in differing)
            raise ScarpError(
                f"'{self.folder}' holds {self._noun} with other parameters: {listed}. Give the same ones to go on with "
                "them, choose another TABLE, or delete that folder."
            )
        reporter.info(f"Going on with what is kept in '{self.folder}'.")

    def _write_parameters(self) -> None:
        if not (self.folder / _RECORD).is_file():
            self.folder.mkdir(parents=True, exist_ok=True)
            _write(self.folder / _RECORD, json.dumps(self._parameters, indent=1))


def named(reporter: Reporter, name: str) -> Reporter:
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


def _write(path: Path, text: str) -> None:
    part = part_path(path)
    part.write_text(text, encoding="utf-8")
    part.replace(path)
