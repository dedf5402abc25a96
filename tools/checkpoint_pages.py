"""Renew what ``docs/checkpoints.md`` says of each shipped checkpoint, from its card. Part of ``make docs``.

What stands outside the two marks is written by hand. A test compares the page with the cards.
"""

from __future__ import annotations

import html
import math
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from package import travelling
from scarp.core import card as cards
from scarp.core.card import Card

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "checkpoints.md"
PICTURES = PAGE.parent / "pictures"
START, END = "<!-- from the cards: tools/checkpoint_pages.py -->", "<!-- end of what comes from the cards -->"
FIGURES = ("f1_landslide", "iou_landslide", "precision", "recall", "auprc", "ece", "f1_macro", "miou")


def write() -> Path:
    """Write the page, and return its path."""
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    return PAGE


def page(text: str, folder: Path = cards.SHIPPED) -> str:
    """The page ``text`` with what the cards in ``folder`` say now."""
    before, _, rest = text.partition(START)
    _, end, after = rest.partition(END)
    if not end:
        sys.exit(f"checkpoint_pages: {PAGE.name} lacks the marks '{START}' and '{END}'")
    return f"{before}{START}\n\n{_about_all(folder)}\n\n{END}{after}"


def _about_all(folder: Path) -> str:
    paths = sorted(folder.glob("[!.]*.safetensors"))
    if not paths:
        return "None comes with this version: [train one](train.md), or import one that you were given."
    found = {path: cards.read(path) for path in paths}
    sizes = {path: path.stat().st_size for path in paths}
    packed = travelling(sizes)
    lines = ["| name | what it is for | bands | pixels | size | in the plugin zip |", "|---|---|---|---|---|---|"]
    for path, card in found.items():
        pixels = f"{card.gsd:g} m" if card.gsd else "not known"
        cells = (_first_sentence(card.about), ", ".join(card.bands_required), pixels, f"{sizes[path] / 1e6:.1f} MB")
        lines.append(f"| [`{path.stem}`](#{path.stem}) | {' | '.join(map(_cell, cells))} | {_word(path in packed)} |")
    if len(packed) < len(paths):
        lines += ["", "Those that are not in the zip lie in `resources/checkpoints` of the source code: import them."]
    return "\n".join([*lines, *(line for path, card in found.items() for line in _about(path.stem, card))])


def _about(name: str, card: Card) -> list[str]:
    """The section about one checkpoint."""
    picture = f"{name}.png"
    return [
        *("", f"### {name}", "", _text(card.about)),
        *(["", "**When not to use it**", ""] if card.limits else []),
        *(f"- {_text(limit)}" for limit in card.limits),
        *_table(card.metrics),
        *(["", f"![Map made with {name}](pictures/{picture})"] if (PICTURES / picture).exists() else []),
        "",
        f"- Trained on: {_text(str(card.training.get('attribution', '')))}",
        f"- Licence: {_text(card.licence)}",
        f"- Network: `{card.network}`; threshold: {card.threshold:.3g}. {_text(card.threshold_choice)}",
    ]


def _table(metrics: Mapping[str, Mapping[str, Any]]) -> list[str]:
    # Of use to compare ways of training; who maps with it has one threshold.
    metrics = {split: values for split, values in metrics.items() if not split.endswith("threshold 0.5")}
    if not metrics:
        return []
    shown = [name for name in FIGURES if any(name in values for values in metrics.values())]
    rows = [
        f"| {_cell(split)} | {' | '.join(_figure(values, n) for n in shown)} |" for split, values in metrics.items()
    ]
    return ["", f"| scored on | {' | '.join(f'`{name}`' for name in shown)} |", "|---" * (len(shown) + 1) + "|", *rows]


def _figure(values: Mapping[str, Any], name: str) -> str:
    def text(key: str) -> str:
        value = values.get(key)
        return "" if value is None or math.isnan(value) else f"{value:.3f}"

    low, high = text(f"{name}_low"), text(f"{name}_high")
    return f"{text(name)} ({low} to {high})" if low and high else text(name)


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=[.!?])\s", text.strip(), maxsplit=1)[0]


def _word(yes: bool) -> str:
    return "yes" if yes else "no"


def _text(text: str) -> str:
    return html.escape(" ".join(text.split()), quote=False)


def _cell(text: str) -> str:
    return _text(text).replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(f"{write().relative_to(ROOT)}\n")
