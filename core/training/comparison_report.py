"""The report of a comparison: figures with intervals, courses, the budget, and what was published of the same data."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from ..card import Card
from ..features import GROUPS, PRESETS
from ..jobs import CompareJob
from ..products.page import render
from ..products.record import to_json
from ..products.report import FIGURES
from . import comparison_table, published
from .comparison import Outcome, folder_of
from .pictures import dots_picture, histories_picture
from .published import Row
from .report import settings

_WAY = ("network", "head", "features", "loss", "optimizer")
_DRAWN = ("f1_landslide", "iou_landslide")
_ELEVATION = {*GROUPS["terrain"]}


def page(job: CompareJob, outcomes: Sequence[Outcome], record: Mapping[str, Any]) -> str:
    """The report.

    Args:
        job: What was asked for.
        outcomes: Of each cell; one at least was trained.
        record: The run record.
    """
    rows = comparison_table.rows(outcomes)
    summary = comparison_table.summary_rows(rows) if job.seeds > 1 else []
    done = [(row, outcome) for row, outcome in zip(rows, outcomes) if outcome.card is not None]
    trained, cards = [row for row, _ in done], [outcome.card for _, outcome in done if outcome.card is not None]
    varied = [name for name in _WAY if name == "network" or len({row[name] for row in rows}) > 1]
    labels = [", ".join(row[name] for name in varied) for row in trained]
    data = str(cards[0].training.get("data", ""))
    twice = bool(cards[0].training.get("trained_twice"))
    beside = published.beside(data, {row["network"] for row in trained}, {*varied} - {"network"})
    return render(
        "comparison.html",
        card=cards[0],
        rows=rows,
        names=[outcome.cell.name for outcome in outcomes],
        summary=summary,
        trained=trained,
        varied=varied,
        constant={name: rows[0][name] for name in _WAY if name not in varied},
        columns=[name for name in FIGURES if any(not math.isnan(row[name]) for row in trained)],
        drawn=_DRAWN,
        meaning=FIGURES,
        twice=twice,
        late=[] if twice else [row for row in trained if row["best_epoch"] == row["epochs"] > 1],
        dots=dots_picture(trained, labels, _DRAWN),
        courses=histories_picture([outcome.note["history"] for _, outcome in done], labels),
        budget=_budget(job, trained, cards),
        published=[(row, _ours(row, summary or trained, varied)) for row in beside],
        landslide_class=published.landslide_class,
        differences=_differences(beside, trained, cards),
        folder=folder_of(job.table).name,
        settings=settings(json.loads(job.to_json())),
        record=json.dumps(json.loads(to_json(record)), indent=2),
        date=record["date"],
    )


def _budget(job: CompareJob, rows: Sequence[Mapping[str, Any]], cards: Sequence[Card]) -> str:
    """What a network was given to learn, in words."""
    shown = sorted({row["chips_shown"] for row in rows})
    batches = sorted({int(card.training["batch"]) for card in cards})
    text = f"Each network was shown {_span(shown)} chips of {cards[0].chip} px in {job.epochs} epochs"
    if job.patience:
        text += f" or fewer (it stopped after {job.patience} epochs without progress)"
    counts = cards[0].training
    distinct = f" The training part has {counts['training_chips']:,} chips." if job.dataset else ""
    minutes = [row["seconds"] / 60 for row in rows]
    return (
        f"{text}, {_span(batches)} at a time, with a learning rate of {cards[0].training['learning_rate']:g} at most "
        f"(schedule {job.schedule}). That took {min(minutes):.1f} to {max(minutes):.1f} minutes a network, "
        f"{sum(minutes):.0f} in all.{distinct}"
    )


def _ours(row: Row, found: Sequence[Mapping[str, Any]], varied: Sequence[str]) -> list[tuple[str, dict[str, float]]]:
    """Our figures of the same names for what a published row is about: how they differ among us, and the figures."""
    same = [
        own
        for own in found
        if own["seed"] != "std"
        and own["network"] == row.network
        and own["loss"] == row.loss
        and (row.topic != "features" or own["features"] == row.features)
        and (row.topic not in ("head", "optimizer") or row.detail == f"{row.topic} {own[row.topic]}")
    ]
    lines = []
    for own in same:
        label = ", ".join(str(own[name]) for name in varied if name not in ("network", "loss"))
        figures = {name: own[name] for name in row.figures if name in own}
        # Comparable with more papers, and never to be taken for a macro figure.
        lines.append((label, {**figures, "f1_landslide": own["f1_landslide"]}))
    return lines


def _differences(
    beside: Sequence[Row], rows: Sequence[Mapping[str, Any]], cards: Sequence[Card]
) -> list[tuple[str, str, str]]:
    """Why published figures and ours are not the same thing: what, published, here."""
    if not beside:
        return []
    features = {row.features: PRESETS[row.features] for row in beside if row.features in PRESETS}
    own = {str(row["features"]): card.features for row, card in zip(rows, cards)}
    heads = sorted({row.detail for row in beside if row.detail.startswith("head ")})
    training = cards[0].training
    found = [
        ("data", "; ".join(dict.fromkeys(row.data for row in beside)), f"{training['data']}. {training['split']}"),
        ("bands", _bands(features), _bands(own)),
        ("budget", "its own, which these rows do not tell", f"{_span(sorted({r['chips_shown'] for r in rows}))} chips"),
        ("threshold", "the paper's, or as the row says", "chosen on the validation part for each network"),
    ]
    if heads:
        found.append(("head", ", ".join(heads), ", ".join(sorted({f"head {row['head']}" for row in rows}))))
    return found


def _bands(features: Mapping[str, Sequence[str]]) -> str:
    def described(name: str, channels: Sequence[str]) -> str:
        terrain = [channel for channel in channels if channel in _ELEVATION]
        return f"{name}: {len(channels)} channels, {'with ' + ' and '.join(terrain) if terrain else 'no elevation'}"

    return "; ".join(described(name, channels) for name, channels in features.items())


def _span(values: Sequence[int]) -> str:
    return f"{values[0]:,}" if len(values) == 1 else f"{values[0]:,} to {values[-1]:,}"
