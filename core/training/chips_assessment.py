"""A network on labelled chips of any folder: whether they fit its card, and how good it is on them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .. import card as cards
from ..card import Card
from ..chips.chip import Chip, ChipSource
from ..errors import ScarpError
from ..features import Filling
from ..inference.predictor import Predictor
from ..reporter import Reporter
from .ahead import in_order
from .batches import Preparation
from .chip_scores import ChipScores

Floats = NDArray[np.float32]
# Rows and columns of a chip; a chip and the network's input for each of its pieces, float32 [side, side, C].
_Piece = tuple[slice, slice]
_Item = tuple[Chip, list[Floats]]


def check_chips(card: Card, source: ChipSource, folder: str, reporter: Reporter) -> None:
    """Check that chips bring what a network needs, before any work; say what may spoil the figures.

    Raises:
        ScarpError: Bands are missing (all are listed), the ground sampling distance is off by more than 4 x, or the
            chips are too small for a network that sees the whole chip at once.
    """
    missing = [name for name in card.bands_required if name not in source.names]
    if missing:
        raise ScarpError(
            f"The checkpoint needs {', '.join(card.bands_required)}. Missing in the chips of '{folder}': "
            f"{', '.join(missing)} (found: {', '.join(source.names)}). Choose chips that have them, or a checkpoint "
            "that was trained on the bands of these; for Landslide4Sense in natural colours set "
            "PICTURES=landslide4sense."
        )
    lacking = [name for name in card.bands_optional if name not in source.names]
    if lacking:
        reporter.warning(
            f"The chips lack {', '.join(lacking)}, which the checkpoint was trained to do without at times: its "
            "figures would be better with them."
        )
    if bound_to_chip(card) and source.chip < card.chip:
        raise ScarpError(
            f"The network sees a whole chip of {card.chip} px at once, as in its training; those of '{folder}' have "
            f"{source.chip} px. Choose chips of at least {card.chip} px."
        )
    if card.gsd > 0 and source.gsd > 0:
        factor = max(card.gsd / source.gsd, source.gsd / card.gsd)
        difference = f"The chips have {source.gsd:.3g} m pixels, the checkpoint was trained at {card.gsd:.3g} m"
        if factor > cards.GSD_REFUSED:
            raise ScarpError(
                f"{difference}: more than {cards.GSD_REFUSED:g} x apart. Resample the chips, or choose another "
                "checkpoint."
            )
        if factor > cards.GSD_WARNED:
            reporter.warning(f"{difference}: its figures will be worse than at its own.")
    for what, trained, found in (
        ("radiometry", cards.units(card.radiometry), cards.units(source.radiometry)),
        ("Sentinel-2 product", card.product, source.product),
    ):
        if "" not in (trained, found) and trained != found:
            reporter.warning(
                f"The chips' {what} is '{found}', that of the checkpoint's training data '{trained}': its figures may "
                "be worse than on data like those."
            )
    if source.chip != card.chip:
        cut = " They are cut into such pieces, for the network sees the whole piece." if bound_to_chip(card) else ""
        reporter.info(f"The chips have {source.chip} px, those of the training had {card.chip} px.{cut}")
    trained_on = str(card.training.get("data", "")).partition(" (")[0]
    if trained_on and trained_on == Path(folder).resolve().name:
        reporter.warning(
            f"The checkpoint was trained on '{card.training['data']}', which seems to be this folder: figures on chips "
            "that it learned from say nothing about others. Judge it on chips that it has not seen."
        )


def bound_to_chip(card: Card) -> bool:
    """Whether the network must be given pieces of the size of its training chips."""
    return card.pools_globally or card.mode == "chip"


def assess_chips(
    source: ChipSource,
    card: Card,
    predictor: Predictor,
    scores: ChipScores,
    reporter: Reporter,
    *,
    groups: Sequence[str] = (),
) -> ChipScores:
    """Run a network on all chips.

    Args:
        source: The chips; `check_chips` has accepted them.
        card: Of the network.
        predictor: The network, ready to run.
        scores: Takes the chips in.
        reporter: Told how far it is.
        groups: Group of each chip; empty: none has any.

    Returns:
        ``scores``.

    Raises:
        Cancelled: The user asked to stop.
    """
    side = card.chip if bound_to_chip(card) else source.chip
    pieces = _pieces(source.chip, side)
    fill = Filling(card, source.names)
    preparation = Preparation(fill.found, card.mode)

    def given(chip: Chip) -> Floats:
        return predictor.standardise(fill(preparation.features(chip, source.names), chip.valid), chip.valid)

    def prepare(index: int) -> _Item:
        chip = source[index]
        if card.mode == "chip":
            return chip, [given(_part(chip, piece)) for piece in pieces]
        whole = given(chip)
        return chip, [whole[piece] for piece in pieces]

    waiting: list[_Item] = []
    for done, item in enumerate(in_order(prepare, len(source), ahead=8), 1):
        waiting.append(item)
        predictor.prepare(item[1][0])
        if len(waiting) * len(pieces) < predictor.batch and done < len(source):
            reporter.check()
            continue
        reporter.progress(done / len(source), f"Chip {done} of {len(source)}")
        for (chip, _), probability in zip(waiting, _run(waiting, pieces, predictor)):
            scores.add(chip, source.names, probability, groups[len(scores.rows)] if groups else "")
        waiting = []
    return scores


def _run(waiting: list[_Item], pieces: list[_Piece], predictor: Predictor) -> list[Floats]:
    """Probabilities of whole chips, float32 [h, w] each."""
    probability = iter(predictor.run(np.stack([x for _, found in waiting for x in found])).probability)
    whole = []
    for chip, _ in waiting:
        joined = np.empty(chip.label.shape, np.float32)
        for piece in pieces:
            joined[piece] = next(probability)
        whole.append(joined)
    return whole


def _part(chip: Chip, piece: _Piece) -> Chip:
    return Chip(chip.bands[:, piece[0], piece[1]], chip.label[piece], chip.id, chip.valid[piece])


def _pieces(chip: int, side: int) -> list[_Piece]:
    """The pieces that cover a chip; the last ones are moved inwards where they would stick out."""
    starts = sorted({min(start, chip - side) for start in range(0, chip, side)})
    return [(slice(row, row + side), slice(col, col + side)) for row in starts for col in starts]
