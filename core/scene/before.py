"""The same place before the event: further bands on the grid of a scene, known in a part of it at most.

A scene is mapped where it has data itself. Where it was not seen before the event, or lay under clouds then, nothing
is known about change: the pixel stays valid and ``PRE_VALID`` is 0 there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Optional

import numpy as np
import numpy.typing as npt

from ..bands import CANONICAL, PRE, PRE_VALID
from ..reporter import Reporter
from .grid import Window
from .mask import ValidMask
from .parts import Part, read_parts

FloatArray = npt.NDArray[np.float32]

_PARAMETERS = re.compile(r"\b(BANDS|BAND_MAP|RADIOMETRY|VALID_MASK)\b")


@dataclass(frozen=True)
class Before:
    """A pre-event image.

    Attributes:
        parts: Its files; their names are those of the bands (``B04``).
        raw: A photograph: 0 is black, not nodata.
        mask: Where it may be used; None: wherever it has data.
    """

    parts: tuple[Part, ...]
    raw: bool
    mask: Optional[ValidMask]  # noqa: UP045 (a dataclass field is evaluated on Python 3.9)

    @property
    def names(self) -> tuple[str, ...]:
        """``PRE_B04`` ..., in canonical order, and ``PRE_VALID``."""
        held = {name for part in self.parts for name in part.names}
        return (*(PRE + name for name in CANONICAL if name in held), PRE_VALID)

    def read(self, window: Window, names: Sequence[str]) -> dict[str, FloatArray]:
        """Name to float32 [h,w], for ``names`` of its own: DN without offset or as stored, 0 where unknown."""
        wanted = [name for name in names if name != PRE_VALID]
        bare = [name[len(PRE) :] for name in wanted]
        found, known = read_parts(self.parts, window, bare, zero_is_nodata=not self.raw)
        if self.mask is not None:
            known &= self.mask.read(window)
        values = {name: np.where(known, found[own], np.float32(0)) for name, own in zip(wanted, bare)}
        return {**values, PRE_VALID: known.astype(np.float32)}


def without_prefix(band_map: str) -> str:
    """PRE_BAND_MAP as BAND_MAP: there ``PRE_B04=3`` and ``B04=3`` mean the same."""
    return re.sub(rf"\b{PRE}(?=\w+\s*=)", "", band_map, flags=re.IGNORECASE)


def words(message: str) -> str:
    """A message about an image's parameters, told of those of the pre-event image."""
    return "Pre-event image: " + _PARAMETERS.sub(rf"{PRE}\1", message)


def reworded(reporter: Reporter) -> Reporter:
    """A reporter that hands messages on in these words."""
    tell = {"info": reporter.info, "warning": reporter.warning}
    return Reporter(log=lambda level, message: tell[level](words(message)))
