"""Growing a forest, and judging it where it has not learned: in blocks of the map that were left out."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold

from ...reporter import Reporter
from .forest import Floats, Forest
from .table import Table

FOLDS = 5
_CELLS = 6  # blocks along the longer side of what is marked
_LEAF = 3
_REPEATS = 5


@dataclass(frozen=True)
class Growth:
    """How a forest is grown: the number of its trees, and what its chance starts from."""

    trees: int = 300
    seed: int = 0

    def grow(self, table: Floats, right: NDArray[np.bool_]) -> Forest:
        """Grow a forest on numbers [n, columns] (NaN: not known) of polygons that are right or not, bool [n]."""
        model = RandomForestClassifier(
            n_estimators=self.trees, min_samples_leaf=_LEAF, max_features="sqrt", random_state=self.seed, n_jobs=1
        )
        return Forest.of(model.fit(table.astype(np.float32), right.astype(np.int8)))


@dataclass(frozen=True)
class Trial:
    """How a verifier does in blocks that it has not learned from.

    Attributes:
        probability: Of each polygon, by a forest that knew none of its block, float64 [n]; NaN where there was none.
        importance: How much the AUROC falls when an attribute is shuffled between the polygons of a left-out part,
            float64 [attributes]: mean of five shuffles.
        blocks: How many blocks hold polygons. side: their side in metres. folds: parts that were left out in turn.
    """

    probability: Floats
    importance: Floats
    blocks: int
    side: float
    folds: int


def try_out(
    growth: Growth,
    table: Floats,
    right: NDArray[np.bool_],
    blocks: NDArray[np.int64],
    *,
    side: float,
    columns: list[list[int]],
    reporter: Reporter,
) -> Trial:
    """Leave out one part of the blocks after the other, and ask a forest of the rest about it.

    Neighbours are alike: a polygon that is judged by a forest that knows its neighbours is judged too well.

    Args:
        growth: How each forest is grown.
        table: Numbers [n, columns] of the polygons that are marked.
        right: Which of them are right.
        blocks: The block of each.
        side: Of the blocks, metres.
        columns: The columns of each attribute.
        reporter: Told the share done.
    """
    probability = np.full(len(table), np.nan)
    shuffled = np.full((len(columns), _REPEATS, len(table)), np.nan)
    chance = np.random.default_rng(growth.seed)
    parts = list(_parts(right, blocks, growth.seed))
    for number, (learned, left_out) in enumerate(parts):
        reporter.progress(number / len(parts), "Trying it out on blocks left out")
        forest = growth.grow(table[learned], right[learned])
        probability[left_out] = forest.probability(table[left_out])
        for attribute, taken in enumerate(columns):
            reporter.check()
            for repeat in range(_REPEATS):
                mixed = table[left_out].copy()
                mixed[:, taken] = mixed[chance.permutation(len(left_out))][:, taken]
                shuffled[attribute, repeat, left_out] = forest.probability(mixed)
    whole = auroc(right, probability)
    falls = [[whole - auroc(right, one) for one in repeats] for repeats in shuffled]
    return Trial(probability, np.mean(falls, axis=1), len(np.unique(blocks)), side, len(parts))


def make_blocks(table: Table, chosen: NDArray[np.bool_], side: float | None) -> tuple[NDArray[np.int64], float]:
    """The square block that the middle of each polygon lies in, int64 [n], and the side of the blocks in metres.

    Args:
        table: The polygons.
        chosen: Those that are marked; they decide the side where it is not given.
        side: Metres; None: a sixth of the longer side of what is marked.
    """
    middle = shapely.get_coordinates(shapely.centroid(table.shapes))
    crs = CRS.from_user_input(table.wkt)
    if crs.is_geographic:
        latitude = math.radians(float(np.median(middle[:, 1])))
        metres = middle * (111_320 * math.cos(latitude), 110_574)
    else:
        metres = middle * crs.axis_info[0].unit_conversion_factor
    low = metres[chosen].min(axis=0)
    side = side or max(float(np.ptp(metres[chosen], axis=0).max()) / _CELLS, 1.0)
    cells = np.floor((metres - low) / side).astype(np.int64)
    return np.unique(cells, axis=0, return_inverse=True)[1].ravel(), side


def figures(right: NDArray[np.bool_], probability: Floats, areas: Floats, threshold: float) -> dict[str, float]:
    """How good a verifier is, over the polygons that it was asked about; NaN where there is nothing to divide by.

    Args:
        right: Which are right, bool [n].
        probability: float64 [n]; NaN: not asked.
        areas: m², float64 [n].
        threshold: From which a polygon is kept.

    Returns:
        ``auroc``, ``auprc`` and ``brier``; precision and recall of the polygons kept, by number and by area, and the
        precision of all (``precision_before``); recall is of the right ones among these polygons.
    """
    asked = np.isfinite(probability)
    right, probability, areas = right[asked], probability[asked], areas[asked]
    kept = probability >= threshold
    both = 0 < right.sum() < len(right)
    found = {
        "auroc": auroc(right, probability),
        "auprc": float(average_precision_score(right, probability)) if both else math.nan,
        "brier": float(brier_score_loss(right, probability)) if len(right) else math.nan,
    }
    for suffix, weights in (("", np.ones(len(right))), ("_area", areas)):
        hits = weights[kept & right].sum()
        found[f"precision_before{suffix}"] = _share(weights[right].sum(), weights.sum())
        found[f"precision{suffix}"] = _share(hits, weights[kept].sum())
        found[f"recall{suffix}"] = _share(hits, weights[right].sum())
        found[f"wrong_removed{suffix}"] = _share(weights[~kept & ~right].sum(), weights[~right].sum())
    return found


def auroc(right: NDArray[np.bool_], score: Floats) -> float:
    """Area under the ROC curve of the polygons with a score; NaN without both kinds."""
    asked = np.isfinite(score)
    right = right[asked]
    return float(roc_auc_score(right, score[asked])) if 0 < right.sum() < len(right) else math.nan


def _parts(
    right: NDArray[np.bool_], blocks: NDArray[np.int64], seed: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """What to learn from and what to leave out, as indices; parts without both kinds to learn from are passed over."""
    folds = min(FOLDS, len(np.unique(blocks)))
    if folds < 2:
        return
    splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=seed)
    for learned, left_out in splitter.split(right, right, blocks):
        if 0 < right[learned].sum() < len(learned) and len(left_out):
            yield learned, left_out


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole else math.nan
