"""Networks that mark landslides: ``create(name, in_channels, head)``. Imports torch alone."""

from __future__ import annotations

from .network import Network, count_parameters
from .output import Output
from .registry import create, names

__all__ = ["Network", "Output", "count_parameters", "create", "names"]
