"""Why a scene is unlike the training: mistakes that are undone in thought, one by one, until one makes it fit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from ..bands import PRE
from .domain import FloatArray, Seen

# How the atmosphere turns surface reflectance (L2A) into what is measured above it (L1C), DN: (added, factor). Fitted
# by eye to two pairs of products of one place in the Alps; enough to tell the products apart, not to convert them.
_ATMOSPHERE = {
    **{"B01": (850, 0.85), "B02": (570, 0.85), "B03": (320, 0.85), "B04": (200, 0.85), "B05": (90, 0.85)},
    **{"B06": (50, 0.88), "B07": (30, 0.93), "B08": (30, 0.87), "B8A": (20, 0.95), "B09": (10, 0.33)},
    **{"B10": (0, 1.0), "B11": (0, 0.84), "B12": (0, 0.8)},
}

LEAST = 0.75
"""Distance from which a mistake is looked for."""

EXPLAINED = 0.5
"""A mistake explains a distance when undoing it leaves at most this share."""


@dataclass(frozen=True)
class Cause:
    """A mistake that would explain what is seen.

    Attributes:
        text: What it is and what to do; goes on after "It would fit if".
        distance: What would be left of the distance.
    """

    text: str
    distance: float


def find_causes(
    seen: Seen, median: FloatArray, *, radiometry: str, product: str, trained_product: str, built: bool
) -> list[Cause]:
    """The mistakes that explain the distance, the best first: of units, products and order of bands at most one each.

    Args:
        seen: What the training was like.
        median: DN of the scene, [N].
        radiometry: As the scene was read.
        product: Of the scene: ``L1C``, ``L2A`` or ''.
        trained_product: Of the training data.
        built: The scene is a raster of engineered bands, which was read by another job.
    """
    distance = float(seen.distance(median))
    if distance < LEAST:
        return []
    found = []
    for kind in (
        _units(seen, median, radiometry, built),
        _products(seen, median, product, trained_product),
        _exchanged(seen, median),
    ):
        causes = [Cause(text, float(seen.distance(undone))) for text, undone in kind]
        best = min(causes, key=lambda cause: cause.distance, default=None)
        if best and best.distance <= EXPLAINED * distance:
            found.append(best)
    return sorted(found, key=lambda cause: cause.distance)


def _units(seen: Seen, median: FloatArray, radiometry: str, built: bool) -> Iterator[tuple[str, FloatArray]]:
    if not all(name.replace(PRE, "") in _ATMOSPHERE for name in seen.names):
        return  # a photograph has no units
    parameter = "PRE_RADIOMETRY" if seen.names[0].startswith(PRE) else "RADIOMETRY"
    where = " when the bands are built" if built else ""
    if radiometry in ("dn", "raw"):
        yield f"its values were reflectance (0 to 1): set {parameter}=reflectance{where}", median * 10000
        yield f"1000 were to be subtracted from its DN: set {parameter}=dn_offset1000{where}", median - 1000
    if radiometry == "dn_offset1000":
        yield f"nothing were to be subtracted from its DN: set {parameter}=dn{where}", median + 1000
    if radiometry == "reflectance":
        yield f"its values were DN, not reflectance: set {parameter}=dn{where}", median / 10000


def _products(seen: Seen, median: FloatArray, product: str, trained: str) -> Iterator[tuple[str, FloatArray]]:
    own = [name.replace(PRE, "") for name in seen.names]
    if not all(name in _ATMOSPHERE for name in own) or (product and product == trained):
        return
    added, factor = (np.array(values) for values in zip(*(_ATMOSPHERE[name] for name in own)))
    advice = "give bands of the product that the checkpoint was trained on, or train on this one"
    if trained != "L2A" and product != "L1C":
        yield f"it were an L2A product while the checkpoint learned from L1C: {advice}", median * factor + added
    if trained != "L1C" and product != "L2A":
        yield f"it were an L1C product while the checkpoint learned from L2A: {advice}", (median - added) / factor


def _exchanged(seen: Seen, median: FloatArray) -> Iterator[tuple[str, FloatArray]]:
    parameter = "PRE_BAND_MAP" if seen.names[0].startswith(PRE) else "BAND_MAP"
    for one, other in combinations(range(len(seen.names)), 2):
        undone = median.copy()
        undone[[one, other]] = undone[[other, one]]
        names = (seen.names[index].replace(PRE, "") for index in (one, other))
        yield f"{' and '.join(names)} were exchanged: check {parameter} and the names of the layers", undone
