"""A raster of landslide probabilities, ours or anybody's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import ScarpError
from ..scene.grid import Window
from .band import Band
from .record import raster_record

#: Resampling and rounding leave probabilities this far outside of 0 to 1.
_SLACK = 1e-3


class Probability(Band):
    """A single-band raster of probabilities from 0 to 1, as a context.

    Args:
        path: The raster.
        role: What the user calls it.

    Raises:
        ScarpError: See `Band`.
    """

    def __init__(self, path: str | Path, role: str = "PROBABILITY") -> None:
        super().__init__(path, role)

    def read(self, window: Window) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        """Probabilities float32 [h, w] (0 where not valid) and where they are valid, bool [h, w].

        Raises:
            ScarpError: A valid value is not a probability.
        """
        stored, valid = super().read(window)
        values = np.where(valid, stored, 0).astype(np.float32)
        low, high = float(values.min()), float(values.max())
        if low < -_SLACK or high > 1 + _SLACK:
            raise ScarpError(
                f"{self.role}: '{self.path}' holds values from {low:g} to {high:g}; probabilities lie between 0 and 1. "
                f"{_advice(low, high)}"
            )
        return np.clip(values, 0, 1), valid

    @property
    def record(self) -> dict[str, Any]:
        """The run record of a raster that Scarp made; empty for rasters of others."""
        return raster_record(self.tags)


def _advice(low: float, high: float) -> str:
    if low < 0:
        return f"If {low:g} means 'no data', declare it as the nodata value of the raster (gdal_edit -a_nodata)."
    if high <= 100:
        return "If these are per cent, divide by 100 first (in QGIS: Raster calculator)."
    if high <= 255:
        return "If these are 8-bit values, divide by 255 first (in QGIS: Raster calculator)."
    return "Choose the probability raster that scarp:detect wrote, or rescale this one (in QGIS: Raster calculator)."
