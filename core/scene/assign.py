"""Which band of which opened raster is which input; see `scarp.core.assign`."""

from __future__ import annotations

from .. import assign as _core
from .raster import Raster

assign = _core.assign
Assigned = _core.Assigned[Raster]
