"""How long the threads of OpenMP, which PyTorch computes with, stay awake when there is nothing for them to do."""

from __future__ import annotations

import os

#: Turns of the waiting loop of GNU OpenMP, some microseconds. Its default is 300,000: milliseconds after each layer, in
#: which a core is busy with nothing while chips wait to be prepared. With 1000, small networks train up to 5 % faster
#: on two cores, and steps on batches in memory take as long as before (tests/benchmarks/bench_training.py).
SPINS = 1000


def wait_briefly() -> None:
    """Let idle threads sleep soon, unless the user has said how they wait. To be called before torch is imported."""
    if "OMP_WAIT_POLICY" not in os.environ:
        os.environ.setdefault("GOMP_SPINCOUNT", str(SPINS))
