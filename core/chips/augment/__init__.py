"""Augmentation of chips in the units of the scene, before engineered bands are computed from them.

What a band means is known then: a gain is a gain of the sensor, a pasted pixel gets the features of where it lies now,
and an index follows the bands it is computed from.
"""

from __future__ import annotations

from .chain import NAMES, Augmentation, fitting, parse
from .missing import OPTIONAL, optional

__all__ = ["NAMES", "OPTIONAL", "Augmentation", "fitting", "optional", "parse"]
