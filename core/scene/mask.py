"""VALID_MASK: a plain mask or a Sentinel-2 scene classification (SCL)."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import numpy.typing as npt
from rasterio.enums import Resampling

from ..errors import ScarpError
from ..reporter import Reporter
from .grid import Grid, Window
from .raster import Raster
from .source import Source

# No data, saturated or defective, cloud shadow, cloud medium and high probability, thin cirrus. Topographic shadow (2)
# stays: landslides lie on shaded slopes. So do snow (11) and unclassified (7).
SCL_INVALID = (0, 1, 3, 8, 9, 10)
_SCL_CLASSES = 12


class ValidMask:
    """Where the scene may be used.

    Args:
        raster: The file; its first band counts.
        grid: The scene's.
        reporter: Told how the values are read.

    Raises:
        ScarpError: It does not overlap the scene.
    """

    def __init__(self, raster: Raster, grid: Grid, reporter: Reporter) -> None:
        self.raster = raster
        self.source = Source(raster, raster.data_bands[:1], grid, Resampling.nearest)
        self.is_scl = _is_scl(raster)
        if self.is_scl:
            how = f"a scene classification; classes {', '.join(map(str, SCL_INVALID))} are not used"
        else:
            how = "a mask; 0 and nodata are not used"
        reporter.info(f"VALID_MASK '{raster.name}' is read as {how}.")

    def read(self, window: Window) -> npt.NDArray[np.bool_]:
        """Bool [h,w], true where usable."""
        values = self.source.read(window)[0]
        usable: npt.NDArray[np.bool_] = np.isfinite(values)
        usable &= ~np.isin(values, SCL_INVALID) if self.is_scl else values != 0
        return usable


def _is_scl(raster: Raster) -> bool:
    band = raster.data_bands[0]
    names = (raster.dataset.descriptions[band - 1] or "", raster.name, Path(raster.path).stem)
    if any(re.search(r"(?<![A-Z])SCL(?![A-Z])|scene.?classification", name, re.IGNORECASE) for name in names):
        return True
    values = np.unique(raster.samples[band])
    whole = bool((values == np.floor(values)).all())
    # 0 and 1, 0 and 255 or 0 and 2 are masks; several small classes are a classification.
    return whole and len(values) > 2 and values.min() >= 0 and values.max() < _SCL_CLASSES


def check_not_empty(raster: Raster, what: str) -> None:
    """Raise a `ScarpError` when a raster holds no valid pixel at all."""
    if not raster.has_valid(raster.data_bands[0]):
        raise ScarpError(
            f"{what} '{raster.name}' ({raster.path}) holds nodata only. Choose another raster, or leave {what} unset."
        )
