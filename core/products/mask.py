"""A mask of landslides, ours or anybody's: which of its values mean landslide, and which mean nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import ScarpError
from ..reporter import Reporter
from ..scene.grid import Grid, Window
from .band import Band
from .raster import NODATA, strips

_MANY = 256


class Mask(Band):
    """A single-band raster of landslide and not landslide, as a context.

    0 is not landslide, also when it is declared as nodata; any other value is landslide; 255 is no data if 1 is there
    as well. What was made of the values is said, except for 0, 1 and a declared nodata value.

    Args:
        path: The raster.
        role: What the user calls it.
        reporter: Told what the values were taken for.
        onto: Read it on this grid (nearest neighbour) instead of its own.

    Raises:
        ScarpError: See `Band`; or the values are no mask.
    """

    def __init__(self, path: str | Path, role: str, reporter: Reporter, onto: Grid | None = None) -> None:
        super().__init__(path, role, onto)
        try:
            self._interpret(reporter)
        except BaseException:
            self.__exit__(None, None, None)
            raise

    def read(self, window: Window) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        """Landslide, bool [h, w], and where that is known, bool [h, w]."""
        values, valid = super().read(window)
        return valid & (values != 0), valid

    def _interpret(self, reporter: Reporter) -> None:
        if self.nodata == 0:
            self.nodata = None
            reporter.warning(f"{self.role}: 0 is declared as nodata in '{self.path}'; taken for 'no landslide'.")
        values = self._values(reporter)
        if any(value < 0 or value != int(value) for value in values):
            raise ScarpError(
                f"{self.role}: '{self.path}' holds values such as {next(v for v in values if v < 0 or v != int(v)):g}; "
                "a mask holds 0 (no landslide) and 1 (landslide). Threshold it first (in QGIS: Raster calculator), or "
                "declare the value that means 'no data'."
            )
        landslide = values - {0}
        if landslide == {1, NODATA}:
            self.nodata = NODATA
            reporter.info(f"{self.role}: 1 is taken for landslide, 255 for no data.")
        elif landslide - {1}:
            listed = ", ".join(f"{value:g}" for value in sorted(landslide)[:8]) + (
                ", ..." if len(landslide) > 8 else ""
            )
            report = reporter.info if len(landslide) == 1 else reporter.warning
            report(f"{self.role}: the values {listed} are all taken for landslide, 0 for no landslide.")

    def _values(self, reporter: Reporter) -> set[float]:
        """The distinct valid values; those of a raster with very many are not all looked for."""
        values: set[float] = set()
        for window in strips(self.grid):
            reporter.check()
            stored, valid = super().read(window)
            values |= set(np.unique(stored[valid]).tolist())
            if len(values) > _MANY:
                break
        return values
