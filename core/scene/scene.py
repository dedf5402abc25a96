"""A scene: aligned inputs of an event, read window by window."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt

from ..bands import PRE
from ..errors import ScarpError
from ..reporter import Reporter
from . import gdal
from .before import Before
from .elevation import Elevation
from .grid import Grid, Window
from .mask import ValidMask
from .parts import Part, read_parts

FloatArray = npt.NDArray[np.float32]
BoolArray = npt.NDArray[np.bool_]


@dataclass
class Scene:
    """Aligned inputs of an event on one grid; made by `open_scene`, used as a context.

    Attributes:
        grid: The whole grid of the finest band, or that of RESOLUTION.
        window: What EXTENT selects of it, else all.
        names: Inputs available, in canonical order, those of the pre-event image last (channels, for engineered
            bands).
        engineered: The bands are a raster written by buildbands. mode: statistics of its local features, else ''.
        radiometry: ``dn``, ``dn_offset1000``, ``reflectance`` or ``raw``: what the files held.
        product: ``L1C``, ``L2A``, or '' when unknown.
        sources: Where everything came from, for the run record.
    """

    grid: Grid
    window: Window
    names: tuple[str, ...]
    engineered: bool
    radiometry: str
    product: str
    sources: list[dict[str, Any]]
    reporter: Reporter = field(repr=False)
    _parts: list[Part] = field(repr=False)
    _mask: ValidMask | None = field(repr=False)
    _resources: ExitStack = field(repr=False)
    mode: str = ""
    _dem: Elevation | None = field(default=None, repr=False)
    _before: Before | None = field(default=None, repr=False)
    _pixels: int = 0
    _valid_pixels: int = 0

    def __post_init__(self) -> None:
        self._lock = threading.Lock()  # GDAL's datasets stand one reader at a time

    def read(self, window: Window, names: Sequence[str]) -> tuple[FloatArray, BoolArray]:
        """Read inputs and their validity.

        Args:
            window: Inside the grid; it may reach beyond ``self.window``.
            names: Of `names`.

        Returns:
            float32 [len(names), h, w]: DN without offset (reflectance x 10000), degrees, metres, R, G and B as stored;
            0 where invalid. Bool [h, w]: true where every input of the scene is valid, asked for or not; the
            pre-event image does not count, whose values are 0 where it is unknown.

        Raises:
            ScarpError: An input is not there, or a file is damaged.
        """
        missing = [name for name in names if name not in self.names]
        if missing:
            raise ScarpError(f"The scene has no {', '.join(missing)}. It has {', '.join(self.names)}.")
        if window.empty or window.clip(*self.grid.shape) != window:
            raise ValueError(f"{window} is not inside the grid of {self.grid.shape}")
        values = np.empty((len(names), *window.shape), np.float32)
        with self._lock:
            zero_is_nodata = not self.engineered and self.radiometry != "raw"
            found, valid = read_parts(self._parts, window, names, zero_is_nodata=zero_is_nodata, room=values)
            earlier = [name for name in names if name.startswith(PRE)]
            if self._before is not None and earlier:
                found.update(self._before.read(window, earlier))
            if self._dem is not None:
                if "SLOPE" in names and "SLOPE" not in found:
                    found["DEM"], found["SLOPE"] = self._dem.height_and_slope(window)
                else:
                    found["DEM"] = self._dem.height(window)
                valid &= np.isfinite(found["DEM"])
            if self._mask is not None:
                valid &= self._mask.read(window)
        for plane, name in zip(values, names):
            if found[name].ctypes.data != plane.ctypes.data:  # it could not be read to its place
                plane[:] = found[name]
        if "SLOPE" in names:  # of all that was read only this can be unknown where its source is valid
            valid &= np.isfinite(values[names.index("SLOPE")])
        if not valid.all():
            values[:, ~valid] = 0
        self._pixels += valid.size
        self._valid_pixels += int(valid.sum())
        return values, valid

    def decoded(self, side: int) -> int:
        """Pixels of all inputs, about, that have to be decoded to read a small window of ``side`` px."""
        total = 0
        for part in self._parts:
            height, width = part.source.raster.dataset.block_shapes[part.source.bands[0] - 1]
            total += len(part.names) * (-(-side // height) * height) * (-(-side // width) * width)
        return total

    @property
    def cached_bytes(self) -> int:
        """What GDAL's cache should hold so that reading window by window, row by row, decodes no block twice."""
        return sum(part.source.row_bytes for part in self._parts)

    def __enter__(self) -> Scene:
        limits = gdal.limits()
        limits.__enter__()
        self._resources.push(limits)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None and self._pixels and not self._valid_pixels:
            self.reporter.warning(
                "Not one pixel that was read is usable: everything is nodata in some input"
                + (f" or left out by VALID_MASK '{self._mask.raster.name}'" if self._mask else "")
                + ". Check which of the inputs covers the area."
            )
        self.close()

    def close(self) -> None:
        """Close all files."""
        self._resources.close()
