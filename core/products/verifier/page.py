"""The report of a verifier: what it learned from, how it does where it has not learned, and what it looks at."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

from ..page import render
from ..record import to_json
from .forest import Floats
from .model import Verifier

MEANING = {
    "auroc": "a right polygon is ranked before a wrong one with this probability",
    "auprc": "area under the precision-recall curve (average precision)",
    "brier": "mean squared difference between probability and truth; 0 is best, smaller than always saying the mean",
    "precision_before": "share of right polygons among all, before",
    "precision": "share of right polygons among those kept",
    "recall": "share of the right polygons that are kept",
    "wrong_removed": "share of the wrong polygons that are taken away",
}


def write_page(
    path: str | Path,
    verifier: Verifier,
    *,
    learned: bool,
    right: NDArray[np.bool_],
    probability: Floats,
    counts: Mapping[str, int],
    inputs: Mapping[str, str],
    record: Mapping[str, Any],
) -> None:
    """Write the report.

    Args:
        path: HTML file to write.
        verifier: It, with its figures.
        learned: It has learned in this run; else it has learned elsewhere, and was only tried here.
        right: Which of the marked polygons are right, bool [n].
        probability: What it says of them without having learned from their block, float64 [n].
        counts: Polygons by verdict.
        inputs: What was given, as the reader knows it.
        record: The run record.
    """
    asked = np.isfinite(probability)
    html = render(
        "verify.html",
        verifier=verifier,
        learned=learned,
        meaning=MEANING,
        judged=int(asked.sum()),
        right=int(right[asked].sum()),
        curves=_curves_picture(right[asked], probability[asked], verifier) if asked.any() else "",
        importance=_importance_picture(verifier.importance) if verifier.importance else "",
        counts=counts,
        inputs=inputs,
        date=record.get("date", ""),
        record=json.dumps(json.loads(to_json(record)), indent=2),
    )
    Path(path).write_text(html, encoding="utf-8")


def _curves_picture(right: NDArray[np.bool_], probability: Floats, verifier: Verifier) -> str:
    figure = Figure(figsize=(11, 3.4), dpi=120, layout="constrained")
    spread, trade = figure.subplots(1, 2)
    edges = np.linspace(0, 1, 21)
    for chosen, label, colour in ((right, "right", "#2c8c3c"), (~right, "wrong", "#be1e6e")):
        spread.hist(probability[chosen], edges, color=colour, alpha=0.55, label=label)
    low, high = verifier.threshold - verifier.unsure, verifier.threshold + verifier.unsure
    spread.axvspan(max(low, 0), min(high, 1), color="grey", alpha=0.2, label="unsure")
    spread.set(xlabel="probability of being right", ylabel="polygons", xlim=(0, 1), title="Polygons that are marked")
    cuts = np.unique(np.concatenate([[0.0], probability]))
    kept = probability[None] >= cuts[:, None]
    with np.errstate(invalid="ignore"):
        trade.plot(cuts, (kept & right).sum(1) / kept.sum(1), color="#e67814", label="right among those kept")
        trade.plot(cuts, (kept & right).sum(1) / right.sum(), color="#2c8c3c", label="right ones kept")
        trade.plot(cuts, (~kept & ~right).sum(1) / (~right).sum(), color="#be1e6e", label="wrong ones taken away")
    trade.axvline(verifier.threshold, color="black", linewidth=1, linestyle="--")
    trade.set(xlabel="probability from which polygons are kept", xlim=(0, 1), ylim=(0, 1.02), title="What is kept")
    for axes in (spread, trade):
        axes.legend(fontsize=7)
        axes.grid(alpha=0.3)
        axes.title.set_fontsize(9)
    return _data_uri(figure)


def _importance_picture(importance: Mapping[str, float]) -> str:
    names = sorted(importance, key=lambda name: importance[name] or 0.0)
    figure = Figure(figsize=(8, 0.8 + 0.28 * len(names)), dpi=120, layout="constrained")
    axes = figure.add_subplot()
    axes.barh(names, [importance[name] or 0.0 for name in names], color="#2c6e8f")
    axes.axvline(0, color="black", linewidth=0.8)
    axes.set_xlabel("fall of the AUROC when the attribute is shuffled")
    axes.tick_params(labelsize=8)
    axes.grid(axis="x", alpha=0.3)
    return _data_uri(figure)


def _data_uri(figure: Figure) -> str:
    buffer = io.BytesIO()
    FigureCanvasAgg(figure)
    figure.savefig(buffer, format="png", bbox_inches="tight")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
