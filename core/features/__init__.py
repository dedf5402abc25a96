"""Engineered bands: the inputs of the networks, computed from Sentinel-2 bands or RGB and a DEM."""

from __future__ import annotations

from .channels import CHANNELS, GROUPS, PRESETS
from .compute import MODES, compute
from .filled import FilledReader, Filling, filled
from .reader import FeatureReader
from .resolve import inputs_of, required, resolve

__all__ = [
    "CHANNELS",
    "GROUPS",
    "MODES",
    "PRESETS",
    "FeatureReader",
    "FilledReader",
    "Filling",
    "compute",
    "filled",
    "inputs_of",
    "required",
    "resolve",
]
