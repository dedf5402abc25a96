"""Engineered bands: the inputs of the networks, computed from Sentinel-2 bands or RGB and a DEM."""

from __future__ import annotations

from .channels import CHANNELS, GROUPS, PRESETS
from .compute import MODES, compute
from .reader import FeatureReader
from .resolve import required, resolve

__all__ = ["CHANNELS", "GROUPS", "MODES", "PRESETS", "FeatureReader", "compute", "required", "resolve"]
