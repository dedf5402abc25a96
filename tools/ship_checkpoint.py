"""Make a trained checkpoint one that comes with Scarp: ``resources/checkpoints/NAME.safetensors``.

    .venv/runtime/bin/python tools/ship_checkpoint.py CHECKPOINT NAME NOTES.json [FIGURES.json] --dataset CHIPS

Kernels are stored in half precision, which must not change the mask: both networks map the chips of ``--dataset``, and
what differs is printed. NOTES (``resources/recipes/NAME.notes.json``) holds what a person has to say: ``about``,
``limits``, ``licence``, ``attribution``. FIGURES holds what was measured besides the training's own parts: name of a
split to its figures, named as in CONTRIBUTING.md or as the algorithms return them. They stand before those of the
training; of all, the first whose name starts with "test" stands for the checkpoint.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import checkpoint_pages
import numpy as np
import torch
from scarp.core import card as cards
from scarp.core import checkpoint
from scarp.core.card import Card
from scarp.core.chips import natural_colour
from scarp.core.chips.chip import Chip, Subset
from scarp.core.chips.folder import ChipFolder
from scarp.core.errors import ScarpError
from scarp.core.inference.predictor import Predictor
from scarp.core.jobs import PICTURES
from scarp.core.products.report import FIGURES
from scarp.core.reporter import Reporter
from scarp.core.training.chips_assessment import assess_chips, check_chips
from through_qgis import say

LARGEST = 12_000_000  # bytes
FLIPPED = 1e-4
HARM = 1e-3
SMALL = 10_000  # weights
NOTES = ("about", "limits", "licence", "attribution")
_COUNTS = ("threshold", "chips", "tp", "fp", "fn", "tn", "ece_uncalibrated", "outline_mean_m", "outline_p95_m")


class Difference(NamedTuple):
    """How two networks differ on chips: the share of the valid pixels whose mask flips, and the largest difference."""

    flipped: float
    probability: float
    pixels: int


def halved(tensors: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Kernels in half precision where that costs none of their outputs more than `HARM` of its norm.

    What is left as it is: all that is small (biases, scales and statistics of BatchNorm, the first and the last layer),
    for it matters and saves nothing; and kernels that overflow, or of which an output's weights are so close to 0 that
    half precision has few digits for them.
    """
    return {name: tensor.half() if _bears_it(tensor) else tensor for name, tensor in tensors.items()}


def described(card: Card, notes: Mapping[str, Any], figures: Mapping[str, Mapping[str, Any]]) -> Card:
    """The card with what a person says, and with the figures of further splits.

    Raises:
        ScarpError: Something is missing, unknown or of a wrong type.
    """
    if set(notes) != set(NOTES) or not all(notes.values()):
        raise ScarpError(f"The notes must hold {', '.join(NOTES)}, and nothing else; found: {', '.join(notes)}.")
    metrics = {split: _figures(split, values) for split, values in figures.items()}
    new = replace(
        card,
        about=notes["about"],
        limits=notes["limits"],
        licence=notes["licence"],
        training={**card.training, "attribution": notes["attribution"]},
        metrics={**metrics, **card.metrics},
    )
    return cards.from_json(new.to_json(), "as described by the notes")


def compare(first: Path, second: Path, source: ChipFolder, most: int) -> Difference:
    """Run both checkpoints on at most ``most`` chips, in single precision on the CPU, as a map is made."""
    chosen = np.unique(np.linspace(0, len(source) - 1, min(len(source), most)).astype(int))
    threshold = cards.read(first).threshold
    one, other = (_probabilities(path, Subset(source, chosen.tolist())) for path in (first, second))
    flipped = float(((one >= threshold) != (other >= threshold)).mean())
    return Difference(flipped, float(np.abs(one - other).max()), one.size)


def ship(path: Path, name: str, card: Card, source: ChipFolder, most: int) -> Path:
    """Write the checkpoint if it is small enough and draws the same mask.

    Raises:
        ScarpError: It is too large, or its mask differs.
    """
    target = cards.SHIPPED / f"{name}.safetensors"
    tensors, metadata = halved(checkpoint.load_tensors(path)), {cards.KEY: card.to_json()}
    single = [key for key, one in tensors.items() if one.numel() >= SMALL and one.dtype != torch.float16]
    say(f"large kernels left in single precision: {', '.join(single) or 'none'}")
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / target.name
        checkpoint.save_tensors(trial, tensors, metadata)
        size = trial.stat().st_size
        if size > LARGEST:
            raise ScarpError(f"{target.name} would have {size / 1e6:.1f} MB; at most {LARGEST / 1e6:g} are shipped.")
        found = compare(path, trial, source, most)
    say(f"mask flipped: {found.flipped:.2e} of {found.pixels:,} pixels")
    say(f"largest difference of the probability: {found.probability:.2e}")
    if found.flipped > FLIPPED:
        raise ScarpError(f"More than {FLIPPED:g} of the mask flips. Nothing was written.")
    cards.SHIPPED.mkdir(parents=True, exist_ok=True)
    checkpoint.save_tensors(target, tensors, metadata)
    say(f"{target.name}: {size / 1e6:.1f} MB, was {path.stat().st_size / 1e6:.1f} MB")
    return target


class _Answers:
    """Takes the place of the scores where chips are assessed: keeps the probabilities of valid pixels."""

    def __init__(self) -> None:
        self.rows: list[np.ndarray] = []

    def add(self, chip: Chip, _names: Any, probability: np.ndarray, _group: str) -> None:
        """Take in a chip."""
        self.rows.append(probability[chip.valid])


def _probabilities(path: Path, source: Subset) -> np.ndarray:
    model, card = checkpoint.load(path)
    check_chips(card, source, "--dataset", _reporter())
    predictor = Predictor(model, card, torch.device("cpu"), precision="fp32", reporter=_reporter())
    answers = _Answers()
    assess_chips(source, card, predictor, answers, _reporter())
    return np.concatenate(answers.rows)


def _reporter() -> Reporter:
    return Reporter(log=lambda level, text: say(f"{level}: {text}") if level == "warning" else None)


def _bears_it(tensor: torch.Tensor) -> bool:
    if tensor.dtype != torch.float32 or tensor.dim() < 2 or tensor.numel() < SMALL:
        return False
    half = tensor.half().float()
    outputs = tensor.flatten(1).norm(dim=1)
    return bool(half.isfinite().all() and ((half - tensor).flatten(1).norm(dim=1) <= HARM * outputs).all())


def _figures(split: str, values: Mapping[str, Any]) -> dict[str, float | None]:
    """Figures of a split; what the algorithms return besides (paths, counts of other things) is left out, and said."""
    known, left = {}, []
    for key, value in values.items():
        name = re.sub(r"_(low|high)$", "", key.lower())
        if name in FIGURES or name in _COUNTS:
            known[key.lower()] = None if value is None else float(value)
        else:
            left.append(key)
    if left:
        say(f"no figures, left out of '{split}': {', '.join(left)}")
    if "f1_landslide" not in known:
        raise ScarpError(f"The figures of '{split}' hold no f1_landslide.")
    return known


def main() -> None:
    """Read, check, write, and renew the page of the user guide."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("name", help="what users will call it by: small letters, digits, hyphens")
    parser.add_argument("notes", type=Path)
    parser.add_argument("figures", type=Path, nargs="?")
    parser.add_argument("--dataset", required=True, help="folder of chips that both networks map")
    parser.add_argument("--pictures", default=PICTURES[0], choices=PICTURES, help="what pictures among them are")
    parser.add_argument("--chips", type=int, default=256, help="so many of them at most, spread evenly")
    options = parser.parse_args()
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", options.name):
        parser.error(f"'{options.name}' is no name: small letters, digits, hyphens")
    try:
        notes = json.loads(options.notes.read_text(encoding="utf-8"))
        figures = json.loads(options.figures.read_text(encoding="utf-8")) if options.figures else {}
        card = described(cards.read(options.checkpoint), notes, figures)
        pictures = natural_colour.choose(options.pictures, card, options.dataset, _reporter())
        source = ChipFolder(options.dataset, _reporter(), pictures=pictures)
        ship(options.checkpoint, options.name, card, source, options.chips)
    except (ScarpError, OSError, ValueError) as error:
        sys.exit(f"ship_checkpoint: {error}")
    say(f"renewed: {checkpoint_pages.write().name}")


if __name__ == "__main__":
    main()
