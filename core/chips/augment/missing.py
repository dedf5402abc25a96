"""Bands that a scene may lack: a network that has to do without them at times can be used where they are not there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from ...bands import PRE
from ..chip import Chip, ChipSource

# Each group is there or not as a whole: cirrus (in no L2A product), the 60-m bands, the red edge (in no product of
# Landsat, nor among six-band stacks), terrain.
OPTIONAL: tuple[tuple[str, ...], ...] = (
    ("B10",),
    ("B01", "B09"),
    ("B05", "B06", "B07", "B8A"),
    ("SLOPE", "DEM"),
)
DROPPED = 0.15


def optional(names: Collection[str]) -> tuple[frozenset[str], ...]:
    """The groups of `OPTIONAL` of which ``names`` hold a band, with its pre-event twin; none if nothing were left."""
    groups = (frozenset(name for name in names if name.removeprefix(PRE) in group) for group in OPTIONAL)
    found = tuple(group for group in groups if group)
    return found if set(names) - frozenset().union(*found) else ()


def drop(chip: Chip, rng: np.random.Generator, source: ChipSource) -> Chip:
    """Let each optional group be missing with a probability of 0.15: its channels become the mean."""
    groups = optional(source.names)
    hit = rng.random(len(groups)) < DROPPED
    return replace(chip, missing=chip.missing.union(*(group for group, gone in zip(groups, hit) if gone)))
