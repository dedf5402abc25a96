"""Reports are HTML in one file, made from the templates in ``resources/templates``."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_TEMPLATES = Path(__file__).parents[2] / "resources" / "templates"


def render(template: str, **values: Any) -> str:
    """Fill a template; the filters ``figure`` and ``fact`` write numbers and other values as a reader wants them."""
    environment = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined)
    environment.filters["figure"] = _figure
    environment.filters["fact"] = _fact
    return environment.get_template(template).render(**values)


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
