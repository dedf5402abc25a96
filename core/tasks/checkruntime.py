"""Says what the Python that runs this job can do."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from ..runtime.check import check

if TYPE_CHECKING:
    from ..jobs import CheckRuntimeJob
    from ..reporter import Reporter


def perform(job: CheckRuntimeJob, reporter: Reporter) -> dict[str, Any]:
    """Return the facts of `scarp.core.runtime.check.check` for this Python. No package need be there."""
    reporter.progress(0.0, "Trying packages and devices")
    facts = check(sys.executable, job.device)
    for problem in facts["problems"]:
        reporter.warning(f"{problem['what']} {problem['fix']}")
    reporter.progress(1.0)
    return facts
