"""Memory that is kept for the next tile, instead of given back to the system and asked for again."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Callable

# Parameters of glibc's mallopt.
_TRIM_THRESHOLD, _TOP_PAD, _MMAP_MAX, _ARENA_MAX = -1, -2, -4, -8
_KEEP = {_ARENA_MAX: 1, _MMAP_MAX: 0, _TRIM_THRESHOLD: 2**31 - 1, _TOP_PAD: 16 * 2**20}
_DEFAULTS = {_ARENA_MAX: 0, _MMAP_MAX: 65536, _TRIM_THRESHOLD: 128 * 2**10, _TOP_PAD: 128 * 2**10}


@contextmanager
def kept_memory(limit: int) -> Iterator[Callable[[], None]]:
    """Let freed memory stay with the process inside this context (glibc; elsewhere nothing happens).

    glibc maps every large block anew and returns it at once, so each map of a network is cleared by the kernel page by
    page: a fifth of the time of a small network in tiles of 512 px on a CPU, a third in tiles of 1024 px.

    Args:
        limit: Bytes. What is kept becomes splintered with time.

    Yields:
        What to call now and then: it gives back what is free when the process holds more than ``limit``.
    """
    try:
        libc = ctypes.CDLL(None)
        set_option, trim = libc.mallopt, libc.malloc_trim
    except (OSError, TypeError, AttributeError):  # no such library (Windows) or no such function (macOS, musl)
        yield lambda: None
        return

    def give_back() -> None:
        if _resident() > limit:
            trim(0)

    for option, value in _KEEP.items():
        set_option(option, value)
    try:
        yield give_back
    finally:
        for option, value in _DEFAULTS.items():
            set_option(option, value)
        trim(0)


def _resident() -> int:
    """Bytes of memory that this process has; 0 where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0
