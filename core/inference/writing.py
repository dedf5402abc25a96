"""The last stage: finished rows are compressed and written by a thread of its own, behind the network."""

from __future__ import annotations

import threading
from queue import Empty, Full, Queue
from types import TracebackType
from typing import Callable, Generic, TypeVar

from ..reporter import Reporter
from .ahead import PATIENCE

Item = TypeVar("Item")

DEPTH = 2


class Behind(Generic[Item]):
    """Hands items to ``write`` in a thread, in order; a context that ends when all are written.

    Args:
        write: Called with each item.
        reporter: Asked for cancel while waiting for room.
    """

    def __init__(self, write: Callable[[Item], None], reporter: Reporter) -> None:
        self._write, self._reporter = write, reporter
        self._waiting: Queue[Item | None] = Queue(DEPTH)
        self._error: BaseException | None = None
        self._given_up = threading.Event()
        self._thread = threading.Thread(target=self._work, name="scarp-writing", daemon=True)

    def __enter__(self) -> Behind[Item]:
        self._thread.start()
        return self

    def put(self, item: Item) -> None:
        """Have ``item`` written; waits while `DEPTH` others wait already.

        Raises:
            Exception: What ``write`` raised on an earlier item.
            Cancelled: While waiting.
        """
        self._offer(item)

    def _offer(self, item: Item | None) -> None:
        while True:
            if self._error is not None:
                raise self._error
            try:
                self._waiting.put(item, timeout=PATIENCE)
            except Full:
                self._reporter.check()
                continue
            return

    def _work(self) -> None:
        while not self._given_up.is_set():
            try:
                item = self._waiting.get(timeout=PATIENCE)
            except Empty:
                continue
            if item is None:
                return
            try:
                self._write(item)
            except BaseException as error:  # raised in the thread that hands over
                self._error = error
                return
            del item

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            try:
                self._offer(None)
            except BaseException:
                self._given_up.set()
                raise
            finally:
                self._thread.join()
            if self._error is not None:
                raise self._error
        else:
            self._given_up.set()
            self._thread.join()
