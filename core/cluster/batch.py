"""Runs a list of jobs on an engine: each as far as it can go; one that fails stops only those that need it."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable

from ..errors import ScarpError
from ..jobs import DetectJob, Job
from ..outputs import remove_attempts
from ..reporter import Reporter
from .engine import Answer, Engine
from .listing import Listed, needs

_PLANNED, _MAPPED = 0.02, 0.9  # shares of a job that is done in blocks


@dataclass(frozen=True)
class Options:
    """How the jobs are to be done.

    Attributes:
        again: Do those that are done already again.
        blocks: Into how many blocks jobs of the kind ``detect`` are divided; 0: they are not.
        folder: Where blocks are kept; empty: beside the output.
    """

    again: bool = False
    blocks: int = 0
    folder: str = ""


@dataclass
class Outcome:
    """How a job ended: ``state`` is ``done``, ``skipped`` or ``failed``, ``message`` says why it failed."""

    name: str
    state: str
    message: str = ""
    seconds: float = 0.0
    result: dict[str, Any] = field(default_factory=dict)


@dataclass
class _Step:
    """Tasks that can be done at once, which part of the job they are, and what is left of it when they fail."""

    tasks: list[dict[str, Any]]
    start: float = 0.0
    end: float = 1.0
    kept: str = ""


_Steps = Generator[_Step, list[Answer], dict[str, Any]]


@dataclass
class _Running:
    """A job under way."""

    steps: _Steps
    step: _Step
    answers: dict[int, Answer]
    since: float
    said: set[str] = field(default_factory=set)

    @property
    def share(self) -> float:
        """How much of the job is done, 0 to 1."""
        return self.step.start + (self.step.end - self.step.start) * len(self.answers) / len(self.step.tasks)


class Batch:
    """The jobs of one call.

    Args:
        listed: The jobs, in order.
        engine: What does their tasks.
        options: How.
        reporter: Told what the jobs say, and how far all of them are.
        ended: Called with each outcome as it comes.
    """

    def __init__(
        self,
        listed: Sequence[Listed],
        engine: Engine,
        options: Options,
        reporter: Reporter,
        ended: Callable[[Outcome], None],
    ) -> None:
        self._listed, self._engine, self._options = listed, engine, options
        self._reporter, self._ended = reporter, ended
        self._needs = needs(listed)
        self._outcomes: dict[int, Outcome] = {}
        self._running: dict[int, _Running] = {}
        self._tickets: dict[int, tuple[int, int]] = {}  # ticket to number of the job and of its task
        self._order: list[int] = []  # tickets that wait, in order

    def run(self) -> list[Outcome]:
        """Do all jobs and return how they ended, in the order of the list.

        Raises:
            Cancelled: The user asked to stop. Jobs that are done stay done.
        """
        try:
            while len(self._outcomes) < len(self._listed):
                self._begin_what_can()
                if self._running:
                    self._take(*self._engine.next(self._reporter.part(*self._span())))
        finally:
            self._clean_up()
        return [self._outcomes[number] for number in range(len(self._listed))]

    def _begin_what_can(self) -> None:
        for number, one in enumerate(self._listed):
            if number in self._outcomes or number in self._running:
                continue
            if self._engine.at_once is not None and len(self._running) >= self._engine.at_once:
                return
            if one.job is None:
                self._end(number, Outcome(one.name, "failed", one.error))
            elif self._needs[number] <= set(self._outcomes):
                failed = [self._outcomes[i].name for i in self._needs[number] if self._outcomes[i].state == "failed"]
                if failed:
                    self._end(number, Outcome(one.name, "failed", f"It needs the outputs of {', '.join(failed)}."))
                else:
                    self._begin(number, one, one.job)

    def _begin(self, number: int, one: Listed, job: Job) -> None:
        blocks = self._options.blocks and isinstance(job, DetectJob)
        steps = _in_blocks(one, job, self._options) if blocks else _whole(one, job, self._options)
        self._running[number] = _Running(steps, next(steps), {}, time.monotonic())
        self._submit(number)

    def _submit(self, number: int) -> None:
        name = self._listed[number].name if len(self._listed) > 1 else ""
        for index, task in enumerate(self._running[number].step.tasks):
            ticket = len(self._tickets)
            self._tickets[ticket] = number, index
            self._order.append(ticket)
            self._engine.submit(ticket, {**task, "name": name})

    def _take(self, ticket: int, answer: Answer) -> None:
        """Take in the answer to a task, and go on with its job."""
        number, index = self._tickets[ticket]
        self._order.remove(ticket)
        running = self._running[number]
        self._repeat(number, running, answer)
        running.answers[index] = answer
        try:
            if "error" in answer:
                raise ScarpError(answer["error"])
            if len(running.answers) == len(running.step.tasks):
                found = [running.answers[i] for i in range(len(running.step.tasks))]
                running.step, running.answers = running.steps.send(found), {}
                self._submit(number)
        except StopIteration as last:
            state = "skipped" if last.value.get("skipped") else "done"
            result = {} if state == "skipped" else last.value
            self._end(number, Outcome(self._listed[number].name, state, "", self._seconds(running), result))
        except ScarpError as error:
            kept = running.step.kept and f" What is done of it, in '{running.step.kept}', is kept for the next run."
            self._end(number, Outcome(self._listed[number].name, "failed", f"{error}{kept}", self._seconds(running)))
        self._reporter.progress(self._span()[0], f"{len(self._outcomes)} of {len(self._listed)} jobs")

    def _repeat(self, number: int, running: _Running, answer: Answer) -> None:
        """Say what a task has said, once for all tasks of the job."""
        for level, message in answer.get("log", []):
            if message not in running.said:
                running.said.add(message)
                text = f"{self._listed[number].name}: {message}" if len(self._listed) > 1 else message
                (self._reporter.warning if level == "warning" else self._reporter.info)(text)

    def _end(self, number: int, outcome: Outcome) -> None:
        self._running.pop(number, None)
        for ticket in [ticket for ticket in self._order if self._tickets[ticket][0] == number]:
            self._engine.forget(ticket)
            self._order.remove(ticket)
        self._outcomes[number] = outcome
        self._ended(outcome)

    def _span(self) -> tuple[float, float]:
        """The share of all that is done, and that will be once the task that is first in line is."""
        total = len(self._listed)
        now = (len(self._outcomes) + sum(running.share for running in self._running.values())) / total
        if not self._order:
            return now, now
        step = self._running[self._tickets[self._order[0]][0]].step
        return now, now + (step.end - step.start) / len(step.tasks) / total

    def _clean_up(self) -> None:
        """Delete the half-written outputs of workers that were lost."""
        for one in self._listed:
            for path in one.job.outputs().values() if one.job else ():
                remove_attempts(path)

    @staticmethod
    def _seconds(running: _Running) -> float:
        return round(time.monotonic() - running.since, 1)


def _whole(one: Listed, job: Job, options: Options) -> _Steps:
    """A job as one task."""
    answers = yield _Step([{"do": "job", **_common(one, job, options)}])
    result: dict[str, Any] = answers[0]["result"]
    return result


def _in_blocks(one: Listed, job: Job, options: Options) -> _Steps:
    """A detection as a plan, its blocks, and what puts them together."""
    start = time.monotonic()
    common = _common(one, job, options)
    planned = yield _Step([{"do": "plan", **common, "blocks": options.blocks, "folder": options.folder}], 0.0, _PLANNED)
    plan = planned[0]["result"]
    if plan.get("skipped"):
        return {"skipped": True}
    blocks = [{"do": "block", **common, "plan": plan, "number": number} for number in range(len(plan["rows"]))]
    mapped = [answer["result"] for answer in (yield _Step(blocks, _PLANNED, _MAPPED, plan["folder"]))]
    devices = sorted({block["device"] for block in mapped} - {""})
    seconds = time.monotonic() - start
    last = {"do": "merge", **common, "plan": plan, "devices": devices, "seconds": seconds}
    result: dict[str, Any] = (yield _Step([last], _MAPPED, 1.0, plan["folder"]))[0]["result"]
    return result


def _common(one: Listed, job: Job, options: Options) -> dict[str, Any]:
    return {"job": job.to_json(), "file": str(Path(one.file).absolute()), "again": options.again}
