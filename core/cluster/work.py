"""What a worker does: a task as JSON in, its result and what it said as JSON out."""

from __future__ import annotations

import json
import shutil
import threading
import time
import traceback
import uuid
from dataclasses import asdict
from pathlib import Path
from typing import Any, Callable

from ... import __version__
from .. import outputs
from ..errors import Cancelled, ScarpError
from ..jobs import DetectJob, Job, from_json
from ..reporter import Progress, Reporter
from ..runtime.channel import plain
from ..tasks import explained, perform
from . import blocks
from .fresh import is_done

# GDAL's cache, torch's threads and the allocator belong to the process: it does one task at a time.
_one_at_a_time = threading.Lock()


def work(text: str, cancelled: Callable[[], bool] | None = None, progress: Progress | None = None) -> str:
    """Do a task. What goes wrong is a part of the answer: only a worker that is lost raises.

    Args:
        text: A JSON object with ``do`` (``job``, ``plan``, ``block`` or ``merge``), ``job`` (the job's JSON) and what
            the task needs besides.
        cancelled: Asked often; true stops the task.
        progress: Called with the share done (0 to 1) and a short text.

    Returns:
        A JSON object with ``result`` or ``error`` (a message), ``cancelled``, ``log`` (pairs of level and message) and
        ``version`` (of Scarp).
    """
    said: list[list[str]] = []
    answer: dict[str, Any] = {"cancelled": False, "version": __version__}
    with _one_at_a_time:
        outputs.ATTEMPT = f"-{uuid.uuid4().hex[:8]}"
        try:
            reporter = Reporter(progress, cancelled, lambda level, message: said.append([level, message]))
            task = json.loads(text)
            with explained():
                answer["result"] = _DO[task["do"]](from_json(task["job"]), task, reporter)
        except Cancelled as error:
            answer.update(error=str(error), cancelled=True)
        except ScarpError as error:
            answer["error"] = str(error)
        except MemoryError:
            answer["error"] = "The memory ran out. Close other programs, or choose a smaller TILE or BATCH."
        except Exception as error:  # a defect of ours: the others go on
            traceback.print_exc()
            answer["error"] = f"Something went wrong inside Scarp ({type(error).__name__}: {error}). Please report it."
        finally:
            outputs.ATTEMPT = ""
    return json.dumps(plain({**answer, "log": said}), allow_nan=False)


def _job(job: Job, task: dict[str, Any], reporter: Reporter) -> dict[str, Any]:
    if not task["again"] and is_done(job, Path(task["file"])):
        return {"skipped": True}
    return perform(job, reporter)


def _plan(job: Job, task: dict[str, Any], reporter: Reporter) -> dict[str, Any]:
    detect = _detect(job)
    if not task["again"] and is_done(detect, Path(task["file"])):
        return {"skipped": True}
    detect.check_files()
    plan = blocks.make_plan(detect, task["blocks"], task["folder"], reporter)
    if task["again"]:
        shutil.rmtree(plan.folder, ignore_errors=True)
    return asdict(plan)


def _block(job: Job, task: dict[str, Any], reporter: Reporter) -> dict[str, Any]:
    return blocks.map_block(_detect(job), blocks.Plan(**task["plan"]), task["number"], reporter)


def _merge(job: Job, task: dict[str, Any], reporter: Reporter) -> dict[str, Any]:
    plan = blocks.Plan(**task["plan"])
    result = blocks.merge(_detect(job), plan, task["devices"], time.monotonic() - task["seconds"], reporter)
    shutil.rmtree(plan.folder, ignore_errors=True)
    return result


def _detect(job: Job) -> DetectJob:
    if not isinstance(job, DetectJob):
        raise ScarpError(f"Only 'detect' is done in blocks, not '{job.KIND}'.")
    return job


_DO: dict[str, Callable[[Job, dict[str, Any], Reporter], dict[str, Any]]] = {
    "job": _job,
    "plan": _plan,
    "block": _block,
    "merge": _merge,
}
