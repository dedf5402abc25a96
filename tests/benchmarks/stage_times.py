"""CPU time of the stages of a mapping, by wrapping the functions that do the work."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from contextlib import ExitStack, contextmanager
from unittest import mock

from scarp.core.features import reader as features
from scarp.core.inference import blending, mapping, panels, predictor
from scarp.core.scene import scene
from scarp.core.tasks import detect

# Nested: what a stage calls is taken off its time.
STAGES = {
    "inputs": (scene.Scene, "read"),
    "features": (features.FeatureReader, "planes"),
    "standardise": (predictor.Standardisation, "__call__"),
    "panels": (panels.Panels, "read"),
    "network": (predictor.Predictor, "run"),
    "blend": (mapping, "_blend"),
    "take": (blending.RollingStrip, "take"),
    "write": (detect._Maps, "write"),
    "close": (detect._Maps, "__exit__"),
    "inventory": (detect, "write_inventory"),
}


@contextmanager
def measured():
    """Yield a dictionary that fills with the CPU seconds of each stage."""
    seconds, lock, running = defaultdict(float), threading.Lock(), threading.local()

    def timed(name, function):
        def call(*args, **kwargs):
            outer = getattr(running, "inner", 0.0)
            running.inner, start = 0.0, time.thread_time()
            try:
                return function(*args, **kwargs)
            finally:
                spent = time.thread_time() - start
                with lock:
                    seconds[name] += spent - running.inner
                running.inner = outer + spent

        return call

    with ExitStack() as stack:
        for name, (owner, attribute) in STAGES.items():
            stack.enter_context(mock.patch.object(owner, attribute, timed(name, getattr(owner, attribute))))
        yield seconds
