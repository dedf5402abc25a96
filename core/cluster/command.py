"""The command line for several jobs, for a cluster, and for one job in blocks."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict

from ..reporter import Reporter
from ..runtime.channel import Channel
from .batch import Batch, Options, Outcome
from .engine import Dask, Engine, Here
from .listing import all_absolute, read_jobs

_DESCRIPTION = (
    "Runs the jobs of all FILEs: one job each, a JSON array of jobs, or JSON lines. Those whose outputs are up to date "
    "are skipped; one that fails does not stop the others. Exit code: 0 when all are done, 1 when one has failed, 130 "
    "when it was stopped."
)


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line; a wrong one ends the program with code 2."""
    parser = argparse.ArgumentParser("python -m scarp.core", description=_DESCRIPTION, allow_abbrev=False)
    parser.add_argument("jobs", nargs="+", metavar="FILE")
    parser.add_argument("--again", action="store_true", help="do also what is up to date")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--scheduler", default="", metavar="ADDRESS", help="a Dask cluster: tcp://HOST:8786")
    where.add_argument("--workers", type=_count, default=0, metavar="N", help="N processes on this machine (Dask)")
    parser.add_argument("--blocks", type=_count, default=0, metavar="N", help="divide each detect job into N blocks")
    parser.add_argument("--folder", default="", help="where blocks are kept (default: beside the first output)")
    return parser.parse_args(arguments)


def run(asked: argparse.Namespace, channel: Channel) -> int:
    """Run the jobs and return the exit code.

    Args:
        asked: From `parse`.
        channel: Told the progress, an event ``job`` for each that has ended, and last the ``result``: how many are
            ``DONE``, ``SKIPPED`` and ``FAILED``.

    Raises:
        ScarpError: The list or the cluster cannot be used.
        Cancelled: The user asked to stop.
    """
    reporter = Reporter(channel.progress, channel.stopped, channel.log)
    listed = read_jobs(asked.jobs)
    shared = bool(asked.scheduler or asked.workers)
    if shared:
        listed = all_absolute(listed)
    options = Options(again=asked.again, blocks=asked.blocks, folder=asked.folder)

    def ended(outcome: Outcome) -> None:
        channel.send("job", **asdict(outcome))
        tell = reporter.warning if outcome.state == "failed" else reporter.info
        tell(f"{outcome.name}: {_words(outcome)}")

    engine: Engine = Dask(asked.scheduler, asked.workers, reporter) if shared else Here()
    with engine:
        outcomes = Batch(listed, engine, options, reporter, ended).run()
    states = Counter(outcome.state for outcome in outcomes)
    counts = {state.upper(): states[state] for state in ("done", "skipped", "failed")}
    reporter.info(f"{states['done']} done, {states['skipped']} up to date, {states['failed']} failed.")
    channel.send("result", result=counts)
    return 1 if states["failed"] else 0


def _words(outcome: Outcome) -> str:
    if outcome.state == "failed":
        return f"failed. {outcome.message}"
    if outcome.state == "skipped":
        return "up to date, not done again (--again does)."
    return f"done in {outcome.seconds:.0f} s."


def _count(text: str) -> int:
    value = int(text)
    if not 1 <= value <= 10_000:
        raise argparse.ArgumentTypeError("a number from 1 to 10000 is expected")
    return value
