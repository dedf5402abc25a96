"""One stage of a pipeline in a thread of its own: what it makes is taken from a bounded queue."""

from __future__ import annotations

import threading
from collections.abc import Generator
from queue import Empty, Full, Queue
from typing import Any, TypeVar

from ..reporter import Reporter

Item = TypeVar("Item")

PATIENCE = 0.1
"""Seconds after which whoever waits looks whether it should stop."""


def ahead(items: Generator[Item, None, None], depth: int, reporter: Reporter, name: str) -> Generator[Item, None, None]:
    """Yield ``items`` in order, while a thread makes the next ones.

    Args:
        items: Run in the thread alone, from its first step to its ``close``.
        depth: How many are finished and not yet taken, at most; one more is being made.
        reporter: Asked for cancel while waiting.
        name: Of the thread.

    Raises:
        Exception: What ``items`` raised, in its place.
        Cancelled: While waiting. Leaving early stops the thread at its next item and waits for that.
    """
    ready: Queue[tuple[str, Any]] = Queue(max(depth, 1))
    stopped = threading.Event()

    def hand_over(kind: str, what: object) -> None:
        while not stopped.is_set():
            try:
                ready.put((kind, what), timeout=PATIENCE)
            except Full:
                continue
            return

    def work() -> None:
        try:
            for item in items:
                hand_over("item", item)
                del item
                if stopped.is_set():
                    break
            hand_over("end", None)
        except BaseException as error:  # handed to whoever waits
            hand_over("error", error)
        finally:
            items.close()

    thread = threading.Thread(target=work, name=name, daemon=True)
    thread.start()
    try:
        while True:
            try:
                kind, what = ready.get(timeout=PATIENCE)
            except Empty:
                reporter.check()
                continue
            if kind == "error":
                raise what
            if kind == "end":
                return
            yield what
            del what
    finally:
        stopped.set()
        thread.join()
