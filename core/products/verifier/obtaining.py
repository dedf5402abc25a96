"""Where a verifier comes from: it learns from the polygons that are judged, or has learned elsewhere."""

from __future__ import annotations

from datetime import datetime, timezone

import numpy as np
from numpy.typing import NDArray

from ...errors import ScarpError
from ...jobs import VerifyJob
from ...reporter import Reporter
from ..measure import Ruler
from ..record import versions
from . import learning, marks, model
from .forest import Floats
from .model import Verifier
from .table import ATTRIBUTES, Table, columns_of

Marks = NDArray[np.int8]


def use(job: VerifyJob, table: Table, judged: Marks, reporter: Reporter) -> tuple[Verifier, Floats]:
    """A verifier that has learned elsewhere, with its figures here, and what it says of the polygons judged here.

    Args:
        job: ``verifier``, ``threshold`` and ``unsure``.
        table: The polygons.
        judged: int8 [n], see `marks`; all may be unknown.
        reporter: Told what the verifier has to do without.

    Raises:
        ScarpError: The file is no verifier, or the polygons lack attributes that it looks at.
    """
    verifier = model.load(job.verifier)
    known = judged != marks.UNKNOWN
    numbers = table.numbers(verifier.attributes)
    for name, share in _missing(table, verifier.attributes).items():
        if share == 1 and verifier.missing.get(name, 0) < 1:
            reporter.warning(
                f"No polygon has a value of {name}, which the verifier has learned with: expect less of it."
            )
    said = verifier.forest.probability(numbers[known])
    verifier.threshold, verifier.unsure = job.threshold, job.unsure
    verifier.figures = _figures(table, judged, said, job.threshold)
    verifier.importance = {}
    return verifier, said


def learn(job: VerifyJob, table: Table, judged: Marks, reporter: Reporter) -> tuple[Verifier, Floats]:
    """A verifier of all polygons that are judged, and what such of other blocks say of these polygons.

    Args:
        job: ``attributes``, ``block``, ``trees``, ``seed``, ``threshold`` and ``unsure``.
        table: The polygons.
        judged: int8 [n], see `marks`.
        reporter: Told the choices, the figures and the share done.

    Raises:
        ScarpError: Too few are judged, or the polygons lack attributes.
    """
    marks.check_enough(judged)
    wanted = [name.strip() for name in job.attributes.split(",") if name.strip()] or list(ATTRIBUTES)
    table.numbers(wanted)  # says all that is missing before anything is left out
    known = judged != marks.UNKNOWN
    shares = _missing(table, wanted, known)
    attributes = [name for name in wanted if shares[name] < 1]
    dropped = [name for name in wanted if shares[name] == 1]
    if dropped:
        reporter.info(f"Left out, because no judged polygon has a value: {', '.join(dropped)}.")
    if not attributes:
        raise ScarpError(
            f"No judged polygon has a value of any of {', '.join(wanted)}: there is nothing to learn from."
        )
    numbers, right = table.numbers(attributes)[known], judged[known] == marks.RIGHT
    blocks, side = learning.make_blocks(table, known, job.block)
    growth = learning.Growth(job.trees, job.seed)
    trial = learning.try_out(
        growth,
        numbers,
        right,
        blocks[known],
        side=side,
        columns=columns_of(attributes),
        reporter=reporter.part(0.0, 0.8),
    )
    if not trial.folds:
        reporter.warning(
            "All judged polygons lie in one block of the map, so the verifier could not be tried on others: there are "
            "no figures. Judge polygons in other places too, or choose a smaller BLOCK."
        )
    reporter.progress(0.8, "Learning from all")
    figures = _figures(table, judged, trial.probability, job.threshold)
    reporter.info(
        f"In blocks left out: AUROC {figures['auroc']:.3f}; of the polygons kept {figures['precision']:.3f} are right "
        f"(of all: {figures['precision_before']:.3f}); {figures['recall']:.3f} of the right ones are kept."
    )
    by = "reference" if job.reference else "analyst"
    verifier = Verifier(
        forest=growth.grow(numbers, right),
        attributes=attributes,
        missing={name: shares[name] for name in attributes},
        threshold=job.threshold,
        unsure=job.unsure,
        marks={"right": int(right.sum()), "wrong": int((~right).sum()), "by": by},
        figures=figures,
        importance=dict(zip(attributes, map(float, trial.importance))) if trial.folds else {},
        training={
            "blocks": trial.blocks,
            "block_m": trial.side,
            "folds": trial.folds,
            "trees": job.trees,
            "seed": job.seed,
            "left_out": dropped,
        },
        versions=versions(),
        date=datetime.now(timezone.utc).isoformat(timespec="seconds"),
    )
    return verifier, trial.probability


def _figures(table: Table, judged: Marks, probability: Floats, threshold: float) -> dict[str, float]:
    """Figures of the polygons that are judged; beside them, what the network's own probability could do alone."""
    known = judged != marks.UNKNOWN
    right = judged[known] == marks.RIGHT
    areas = Ruler(table.wkt).polygons(table.shapes[known])[0]
    found = learning.figures(right, probability, areas, threshold)
    if "prob_mean" in table.columns:
        own = table.numbers(["prob_mean"])[known, 0]
        found["auroc_prob_mean"] = learning.auroc(right, np.where(np.isfinite(probability), own, np.nan))
    return found


def _missing(table: Table, attributes: list[str], among: NDArray[np.bool_] | None = None) -> dict[str, float]:
    """Share of the polygons (among some) of which each attribute is not known."""
    unknown = np.isnan(table.numbers(attributes))
    unknown = unknown if among is None else unknown[among]
    return {name: float(unknown[:, taken[0]].mean()) for name, taken in zip(attributes, columns_of(attributes))}
