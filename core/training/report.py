"""Pages about a network, HTML in one file: the report of its training, and the description of a checkpoint."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ..card import Card
from ..products.pictures import curves_picture
from ..products.report import MEANING
from .metrics import Histogram
from .pictures import course_picture, examples_picture

if TYPE_CHECKING:
    from .run import Run

_TEMPLATES = Path(__file__).parents[2] / "resources" / "templates"
_FIGURES = {name: text for group in MEANING.values() for name, text in group.items()}


def training_page(card: Card, run: Run, histogram: Histogram) -> str:
    """The report of a training that is finished.

    Args:
        card: Of the best network.
        run: The training; its network is used for a few example chips.
        histogram: Probabilities of the validation part.
    """
    return _render(
        "training.html",
        card,
        split=run.result_split(card),
        history=run.state.history,
        best=run.state.best,
        course=course_picture(run.state.history, run.state.best),
        curves=curves_picture(histogram, card.threshold),
        examples=examples_picture(run, card.threshold),
    )


def checkpoint_page(card: Card, name: str, sha256: str, parameters: int, megabytes: float) -> str:
    """The description of a checkpoint file."""
    return _render("checkpoint.html", card, name=name, sha256=sha256, parameters=parameters, megabytes=megabytes)


def _render(template: str, card: Card, **values: Any) -> str:
    environment = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined)
    environment.filters["figure"] = _figure
    environment.filters["fact"] = _fact
    shown = [name for name in _FIGURES if any(name in figures for figures in card.metrics.values())]
    card_json = json.dumps(json.loads(card.to_json()), indent=2)
    return environment.get_template(template).render(
        card=card, shown=shown, meaning=_FIGURES, card_json=card_json, **values
    )


def _figure(value: float | None) -> str:
    return "undefined" if value is None or math.isnan(value) else f"{value:.3f}"


def _fact(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(_fact(item) for item in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}"
    return f"{value:,}" if isinstance(value, int) else str(value)
