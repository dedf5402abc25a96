"""Work done by threads ahead of whoever uses it, in order and with bounded memory."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Callable, TypeVar

Result = TypeVar("Result")


def in_order(function: Callable[[int], Result], count: int, ahead: int) -> Iterator[Result]:
    """``function(0)``, ``function(1)``, ... up to ``count``; at most ``ahead`` of them wait to be used.

    Raises:
        Exception: What ``function`` raised, in its place.
    """
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        waiting: deque[Future[Result]] = deque()
        try:
            for index in range(count):
                waiting.append(pool.submit(function, index))
                if len(waiting) >= max(ahead, 1):
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
