"""The checkpoints that are there to choose from, in words: read out of their cards, without torch."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from ..core import card as cards
from ..core.errors import ScarpError
from ..core.outputs import CHECKPOINT, Outputs
from .translation import tr

_FIGURES = ("f1_landslide", "iou_landslide", "precision", "recall", "f1_macro", "miou", "auprc", "ece")


@dataclass
class Entry:
    """One checkpoint.

    Attributes:
        path: Its file.
        card: What it says; None where it cannot be read.
        problem: Why it cannot be read.
    """

    path: Path
    card: cards.Card | None
    problem: str = ""

    @property
    def name(self) -> str:
        """What the parameter CHECKPOINT takes."""
        return self.path.stem

    @property
    def origin(self) -> str:
        """Where it comes from, in words."""
        return "Scarp" if cards.is_shipped(self.path) else tr("you")

    @property
    def split(self) -> str:
        """The part of the data whose figures stand for the checkpoint: the test if there is one."""
        metrics = self.card.metrics if self.card else {}
        return next((name for name in metrics if name.startswith("test")), next(iter(metrics), ""))

    def figure(self, name: str = "f1_landslide") -> str:
        """A figure of that part, as text; empty when there is none."""
        value = self.card.metrics.get(self.split, {}).get(name) if self.card else None
        return "" if value is None else f"{value:.3f}"


def entries() -> list[Entry]:
    """The checkpoints shipped with Scarp, and those of the user's folder."""
    return [_entry(path) for path in cards.named()]


def take_in(source: str) -> Path:
    """Copy a checkpoint into the user's folder, where its name is enough to call it.

    Raises:
        ScarpError: It is no checkpoint, another one of this name is there, or it cannot be written.
    """
    path = Path(source)
    cards.read(path)
    target = cards.user_folder() / f"{path.stem}.safetensors"
    if target.exists():
        if target.samefile(path):
            return target
        raise ScarpError(
            f"There is a checkpoint '{target.stem}' in '{target.parent}' already. Rename the new file, or delete the "
            "old one there."
        )
    with Outputs() as outputs:
        part = outputs.stage(target, CHECKPOINT)
        try:
            shutil.copyfile(path, part)
        except OSError as error:
            raise ScarpError(
                f"'{path}' could not be copied to '{target.parent}': {error.strerror or error}."
            ) from error
    return target


def describe(entry: Entry) -> str:
    """What a user has to know of a checkpoint, as HTML."""
    card = entry.card
    if card is None:
        return f"<p>{escape(entry.problem)}</p>"
    bands = ", ".join(card.bands_required)
    if card.bands_optional:
        bands += "; " + tr("can do without {bands}", bands=", ".join(card.bands_optional))
    scene = [card.radiometry, *([f"Sentinel-2 {card.product}"] if card.product else [])]
    if card.gsd:
        scene.append(tr("pixels of {metres} m", metres=f"{card.gsd:g}"))
    rows = {
        tr("Network"): f"{card.network}, {card.head}",
        tr("Bands"): bands,
        tr("Scene"): ", ".join(scene),
        tr("Threshold"): f"{card.threshold:.3g}. {card.threshold_choice}",
        tr("Trained on"): _text(card.training.get("data")),
        tr("Attribution"): _text(card.training.get("attribution")),
        tr("Licence"): card.licence,
        tr("Date"): card.date,
    }
    figures = "".join(
        f"<tr><td>{name}</td><td align='right'>{entry.figure(name)}</td></tr>"
        for name in _FIGURES
        if entry.figure(name)
    )
    table = "".join(f"<tr><td><b>{key}</b></td><td>{escape(value)}</td></tr>" for key, value in rows.items() if value)
    below = (
        f"<p><b>{tr('Figures')}</b> ({escape(entry.split)})</p><table cellpadding='3'>{figures}</table>"
        if figures
        else ""
    )
    return f"{_introduction(card)}<table cellpadding='3'>{table}</table>{below}<p>{escape(str(entry.path))}</p>"


def _introduction(card: cards.Card) -> str:
    """What it is for and when not to use it."""
    limits = "".join(f"<li>{escape(limit)}</li>" for limit in card.limits)
    about = f"<p>{escape(card.about)}</p>" if card.about else ""
    return about + (f"<p><b>{tr('When not to use it')}</b></p><ul>{limits}</ul>" if limits else "")


def _entry(path: Path) -> Entry:
    try:
        return Entry(path, cards.read(path))
    except ScarpError as error:
        return Entry(path, None, str(error))


def _text(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(_text(item) for item in value)
    return "" if value is None else str(value)
