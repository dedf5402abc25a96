"""Where tasks are done: here, one after the other, or by the workers of a Dask cluster."""

from __future__ import annotations

import asyncio
import concurrent.futures
import importlib
import json
import logging
import os
import sys
import time
import uuid
from collections import deque
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Callable, Protocol

from ..errors import Cancelled, ScarpError
from ..jobs import from_json
from ..reporter import Reporter
from ..runtime.launcher import run_job

Answer = dict[str, Any]  # see `work.work`

POLL = 0.2  # s between two looks at the wish to stop
PATIENCE = 15.0  # s that workers are given to stop
_STOP_POLL = 2.0  # s between two questions of a worker to the scheduler whether to stop
_CONNECT = "20s"


class Engine(Protocol):
    """Does tasks; a context.

    Attributes:
        at_once: How many jobs to begin before one has ended; None: all of them.
    """

    at_once: int | None

    def submit(self, ticket: int, task: dict[str, Any]) -> None:
        """Have a task done (see `work.work`); its answer will carry the ticket."""

    def forget(self, ticket: int) -> None:
        """Do not begin a task any more, and give no answer to it."""

    def next(self, reporter: Reporter) -> tuple[int, Answer]:
        """Wait for an answer to any of the tasks.

        Args:
            reporter: Of the task that is next in line, where tasks are done here; asked for cancel everywhere.

        Raises:
            Cancelled: The user asked to stop.
        """

    def __enter__(self) -> Engine: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Here:
    """This machine, one task after the other. A whole job has a process of its own: its crash ends no other job."""

    at_once: int | None = 1

    def __init__(self) -> None:
        self._queue: deque[tuple[int, dict[str, Any]]] = deque()

    def submit(self, ticket: int, task: dict[str, Any]) -> None:
        """See `Engine.submit`."""
        self._queue.append((ticket, task))

    def forget(self, ticket: int) -> None:
        """See `Engine.forget`."""
        self._queue = deque(item for item in self._queue if item[0] != ticket)

    def next(self, reporter: Reporter) -> tuple[int, Answer]:
        """See `Engine.next`."""
        reporter.check()
        ticket, task = self._queue.popleft()
        return ticket, self._whole(task, reporter) if task["do"] == "job" else self._part(task, reporter)

    def _whole(self, task: dict[str, Any], reporter: Reporter) -> Answer:
        from .fresh import is_done

        job = from_json(task["job"])
        if not task["again"] and is_done(job, Path(task["file"])):
            return {"result": {"skipped": True}}
        try:
            result = run_job(
                job,
                sys.executable,
                progress=reporter.progress,
                log=_forward(reporter, task["name"]),
                cancelled=lambda: _stopped(reporter),
                environment=os.environ,  # as it is for a single job: there is no QGIS whose variables lead astray
            )
            return {"result": result}
        except Cancelled:
            raise
        except ScarpError as error:
            return {"error": str(error)}

    def _part(self, task: dict[str, Any], reporter: Reporter) -> Answer:
        from .work import work

        answer: Answer = json.loads(work(json.dumps(task), lambda: _stopped(reporter), reporter.progress))
        if answer["cancelled"]:
            raise Cancelled
        return answer

    def __enter__(self) -> Here:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._queue.clear()


class Dask:
    """A cluster of Dask: an existing one, or processes on this machine that live as long as this context.

    Dask repeats the tasks of workers that are lost, up to three times each; a task that fails with a message is not
    repeated.

    Args:
        scheduler: Its address; empty: a cluster on this machine.
        workers: Processes of that cluster.
        reporter: Told what was found.

    Raises:
        ScarpError: ``distributed`` is not installed, or nobody answers.
    """

    at_once: int | None = None

    def __init__(self, scheduler: str, workers: int, reporter: Reporter) -> None:
        try:
            distributed = _distributed()
        except ImportError as error:
            raise ScarpError(
                f"A cluster needs the package 'distributed', which {sys.executable} does not have ({error}). Install "
                "it there: pip install distributed (or scarp[cluster])."
            ) from error
        self._stack = ExitStack()
        self._futures: dict[Any, int] = {}
        self._session = f"scarp-{uuid.uuid4().hex[:12]}"
        with ExitStack() as stack:
            address = scheduler or stack.enter_context(_local_cluster(workers))
            try:
                self._client = stack.enter_context(
                    distributed.Client(address, timeout=_CONNECT, set_as_default=False, name=self._session)
                )
            except (OSError, TimeoutError, ValueError) as error:
                raise ScarpError(
                    f"No scheduler of Dask answers at '{scheduler}' ({error}). Start one with 'dask scheduler' and "
                    "workers with 'dask worker', and give the address that it says (tcp://HOST:8786)."
                ) from error
            self._stop = distributed.Event(self._session, client=self._client)
            self._stack = stack.pop_all()
        count = len(self._client.scheduler_info(n_workers=-1)["workers"])
        reporter.info(f"Cluster: {count} worker{'' if count == 1 else 's'} at {self._client.scheduler.address}.")
        if not count:
            reporter.warning("The scheduler has no worker yet: the jobs wait until one comes.")

    def submit(self, ticket: int, task: dict[str, Any]) -> None:
        """See `Engine.submit`."""
        # A key of its own: Dask would take two equal tasks for one.
        future = self._client.submit(on_worker, json.dumps(task), self._session, key=f"{self._session}-{ticket}")
        self._futures[future] = ticket

    def forget(self, ticket: int) -> None:
        """See `Engine.forget`."""
        for future in [future for future, mine in self._futures.items() if mine == ticket]:
            future.cancel()
            del self._futures[future]

    def next(self, reporter: Reporter) -> tuple[int, Answer]:
        """See `Engine.next`."""
        while True:
            reporter.check()
            for future, ticket in self._futures.items():
                if future.done():
                    del self._futures[future]
                    return ticket, _answer(future)
            time.sleep(POLL)

    def __enter__(self) -> Dask:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._stack:
            if self._futures:
                self._stop.set()
                deadline = time.monotonic() + PATIENCE
                while time.monotonic() < deadline and not all(future.done() for future in self._futures):
                    time.sleep(POLL)
                self._client.cancel(list(self._futures))


def on_worker(text: str, session: str) -> str:
    """What a worker of Dask runs: `work.work`, asking the scheduler now and then whether to stop."""
    from .work import work

    stop = _distributed().Event(session)
    state = {"asked": 0.0, "stop": False}

    def cancelled() -> bool:
        if time.monotonic() - state["asked"] > _STOP_POLL:
            state.update(asked=time.monotonic(), stop=stop.is_set())
        return bool(state["stop"])

    return work(text, cancelled)


def _local_cluster(workers: int) -> Any:
    threads = max((os.cpu_count() or 1) // workers, 1)
    return _distributed().LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        host="127.0.0.1",
        dashboard_address=None,
        silence_logs=logging.ERROR,
        memory_limit=0,  # a job keeps to its own limit; Dask would kill it for what GDAL has cached
        env={name: str(threads) for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS")},
    )


def _distributed() -> Any:
    # By name: it is no part of the runtime, and has no types.
    return importlib.import_module("distributed")


def _answer(future: Any) -> Answer:
    try:
        answer: Answer = json.loads(future.result())
        return answer
    except (asyncio.CancelledError, concurrent.futures.CancelledError):
        return {"error": "The scheduler of Dask was lost. Start it again, then this command: what is done is skipped."}
    except Exception as error:  # what Dask raises for lost workers, and what a worker could not even load
        name = type(error).__name__
        if name == "KilledWorker":
            return {
                "error": "Its workers were lost again and again, as those are that run out of memory. Give workers "
                "more memory, set MEMORY or TILE smaller, or look at the log of the last worker."
            }
        advice = " Install the same version of Scarp for the workers." if isinstance(error, ImportError) else ""
        return {"error": f"The worker could not do it ({name}: {error}).{advice}"}


def _stopped(reporter: Reporter) -> bool:
    try:
        reporter.check()
    except Cancelled:
        return True
    return False


def _forward(reporter: Reporter, name: str) -> Callable[[str, str], None]:
    def log(level: str, message: str) -> None:
        text = f"{name}: {message}" if name else message
        (reporter.warning if level == "warning" else reporter.info)(text)

    return log
