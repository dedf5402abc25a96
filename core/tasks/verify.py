"""Verify polygons: learn from those that are judged which of the others are landslides."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..jobs import VerifyJob
from ..outputs import CHECKPOINT, REPORT, VECTOR, Outputs
from ..products.fields import REVIEWS
from ..products.geopackage import attach_record
from ..products.polygons import LAYER
from ..products.record import run_record, sha256
from ..products.verifier import marks, model
from ..products.verifier.forest import Floats
from ..products.verifier.model import Verifier
from ..products.verifier.obtaining import learn, use
from ..products.verifier.page import write_page
from ..products.verifier.table import Table, read_table, write_table
from ..reporter import Reporter

Marks = NDArray[np.int8]


def perform(job: VerifyJob, reporter: Reporter) -> dict[str, Any]:
    """Score the polygons of a layer.

    Args:
        job: What to do.
        reporter: Told the choices, the figures and the progress.

    Returns:
        The outputs that were asked for; ``COUNT``, and of these ``RIGHT``, ``WRONG`` and ``UNSURE``; ``MARKED``, how
        many the analyst or the reference has judged; and, in blocks that were left out (or, with a verifier that has
        learned elsewhere, on all that is marked), ``AUROC``, ``POLYGON_PRECISION`` and ``POLYGON_RECALL``.

    Raises:
        ScarpError: The polygons lack attributes, too few are judged, or an input or output cannot be used.
    """
    start = time.monotonic()
    with Outputs() as outputs:
        target = outputs.stage(job.output, VECTOR) if job.output else None
        file = outputs.stage(job.model, CHECKPOINT) if job.model else None
        page = outputs.stage(job.report, REPORT) if job.report else None
        reporter.progress(0.0, "Reading the polygons")
        table = read_table(job.polygons)
        judged, by = _marks(job, table, reporter)
        obtain = use if job.verifier else learn
        verifier, of_marked = obtain(job, table, judged, reporter.part(0.1, 0.9))
        probability = verifier.forest.probability(table.numbers(verifier.attributes))
        known = judged != marks.UNKNOWN
        # A polygon that was learned from would only be remembered.
        probability[known] = of_marked
        added = _verdicts(probability, judged, by, verifier)
        counts = {word: int(np.sum(added["verdict"] == word)) for word in ("right", "wrong", "unsure")}
        record = run_record(
            job,
            model={"name": job.verifier, "sha256": sha256(job.verifier)} if job.verifier else None,
            figures=verifier.figures,
            marks=verifier.marks,
            counts=counts,
            seconds=round(time.monotonic() - start, 1),
        )
        if target:
            write_table(target, table, added, {"reviewed": REVIEWS})
            attach_record(target, LAYER, record)
        if file:
            model.save(file, verifier)
        if page:
            inputs = {"Polygons": job.polygons, "Judged by": by or "nobody here", "Verifier": job.verifier or "new"}
            write_page(
                page,
                verifier,
                learned=not job.verifier,
                right=judged[known] == marks.RIGHT,
                probability=of_marked,
                counts=counts,
                inputs=inputs,
                record=record,
            )
        reporter.progress(1.0, "Done")
    reporter.info(f"Of {len(table)} polygons {', '.join(f'{number} {word}' for word, number in counts.items())}.")
    return {
        **{name.upper(): path for name, path in job.outputs().items()},
        "COUNT": len(table),
        **{word.upper(): number for word, number in counts.items()},
        "MARKED": int(known.sum()),
        "AUROC": verifier.figures.get("auroc", float("nan")),
        "POLYGON_PRECISION": verifier.figures.get("precision", float("nan")),
        "POLYGON_RECALL": verifier.figures.get("recall", float("nan")),
    }


def _marks(job: VerifyJob, table: Table, reporter: Reporter) -> tuple[Marks, str]:
    """What is known of each polygon, and who says so: ``reference``, ``analyst``, or nobody (empty)."""
    if job.reference:
        judged = marks.from_reference(table, job.reference, job.area, job.share, reporter)
        by = "reference"
        reporter.info(f"REFERENCE decides which polygons are right; the field '{job.field}' is not looked at.")
        if not job.area:
            reporter.warning("AREA is not set: the reference is taken to be complete everywhere, so all are judged.")
    elif job.verifier and job.field not in table.columns:
        judged, by = np.full(len(table), marks.UNKNOWN, np.int8), ""
    else:
        judged, by = marks.from_field(table, job.field), "analyst"
    right, wrong = int(np.sum(judged == marks.RIGHT)), int(np.sum(judged == marks.WRONG))
    reporter.info(f"{right} polygons are known to be right, {wrong} to be wrong, of {len(table)}.")
    return judged, by if right + wrong else ""


def _verdicts(probability: Floats, judged: Marks, by: str, verifier: Verifier) -> dict[str, NDArray[Any]]:
    """The columns that are added: whoever has judged a polygon decides its verdict, the verifier that of the others."""
    low, high = verifier.threshold - verifier.unsure, verifier.threshold + verifier.unsure
    # Rounded, so that a margin of 0 or of all leaves nothing to the last digit.
    said = np.round(probability, 12)
    words = np.where(said >= high, "right", np.where(said < low, "wrong", "unsure")).astype(object)
    known = judged != marks.UNKNOWN
    words[known] = np.where(judged[known] == marks.RIGHT, "right", "wrong")
    return {
        "verified": probability,
        "verdict": words,
        "verdict_by": np.where(known, by, "verifier").astype(object),
    }
