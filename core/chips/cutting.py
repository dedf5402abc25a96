"""Cutting a scene with its polygons into chips on disk, one at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.io import MemoryFile

from ..errors import ScarpError
from ..scene.grid import Grid, Window
from ..scene.vectors import Polygons
from .chip import NOT_SCORED
from .manifest import Row

if TYPE_CHECKING:
    from ..reporter import Reporter
    from ..scene import Scene

IMAGES, MASKS = "image", "mask"
# No measurement: DN without offset reach down to -1000, no land lies so deep.
NODATA = -9999.0


@dataclass(frozen=True)
class _Piece:
    """What becomes a chip: float32 [N, h, w], bool [h, w], uint8 [h, w] (0, 1, 255)."""

    window: Window
    bands: NDArray[np.float32]
    valid: NDArray[np.bool_]
    label: NDArray[np.uint8]


@dataclass(frozen=True)
class Place:
    """Where a chip is cut in the scene's grid; its first rows and columns that an earlier chip has scored already."""

    window: Window
    seen_rows: int
    seen_cols: int


def lattice(window: Window, chip: int, stride: int) -> list[Place]:
    """Chips in raster order that cover a window; the last of a row or column is moved back inside.

    What a moved chip repeats of its neighbour is not scored again, unless the chips overlap anyhow: with ``stride``
    equal to ``chip`` each pixel is scored once.
    """
    return [
        Place(Window(window.row + row, window.col + col, chip, chip), seen_rows, seen_cols)
        for row, seen_rows in _starts(window.height, chip, stride)
        for col, seen_cols in _starts(window.width, chip, stride)
    ]


def _starts(length: int, chip: int, stride: int) -> list[tuple[int, int]]:
    starts = [(start, 0) for start in range(0, length - chip + 1, stride)]
    covered = starts[-1][0] + chip
    if covered < length and stride <= chip:
        starts.append((length - chip, covered - (length - chip) if stride == chip else 0))
    return starts


class Cutter:
    """Cuts chips of a scene into a folder.

    Args:
        scene: Read window by window.
        labels: Landslides.
        area: Where they are complete; None: everywhere.
        regions: Name to polygons.
        min_scored: Chips with a smaller share of scored pixels are left out.
        skip_empty: Share of the chips without landslide that is left out, evenly over the scene.
        context: Pixels around a chip that are written with it, but not scored.
    """

    def __init__(
        self,
        scene: Scene,
        labels: Polygons,
        area: Polygons | None,
        *,
        regions: Mapping[str, Polygons],
        min_scored: float,
        skip_empty: float,
        context: int = 0,
    ) -> None:
        self._scene, self._labels, self._area, self._regions = scene, labels, area, regions
        self._min_scored, self._kept_empty = min_scored, 1 - skip_empty
        self._empty, self._context = 0, context

    def cut(self, places: Sequence[Place], folder: Path, name: str, reporter: Reporter) -> list[Row]:
        """Write ``image/`` and ``mask/``, and return the rows of the manifest.

        Raises:
            ScarpError: The scene cannot be read.
            OSError: The disk is full.
            Cancelled: The user asked to stop.
        """
        for kind in (IMAGES, MASKS):
            (folder / kind).mkdir()
        rows: list[Row] = []
        for number, place in enumerate(places):
            reporter.progress(number / len(places), f"Cutting chip {number + 1} of {len(places)}")
            piece = self._read(place)
            if piece is not None:
                rows.append(self._write(piece, folder, f"chip_{len(rows) + 1:06d}", name))
        return rows

    def _read(self, place: Place) -> _Piece | None:
        """What lies at a place; None if it is left out."""
        window = place.window
        scored = np.ones(window.shape, bool) if self._area is None else self._area.burn(window)
        scored[: place.seen_rows] = scored[:, : place.seen_cols] = False
        if not self._enough(scored):
            return None  # before the bands are read: areas can be small in large scenes
        around = self._around(window)
        bands, valid = self._scene.read(around, self._scene.names)
        inner = window.slices(around)
        scored &= valid[inner]
        if not self._enough(scored):
            return None
        label = np.full(around.shape, NOT_SCORED, np.uint8)
        np.copyto(label[inner], self._labels.burn(window).astype(np.uint8), where=scored)
        if not (label == 1).any() and not self._keep_empty():
            return None
        return _Piece(around, bands, valid, label)

    def _around(self, window: Window) -> Window:
        """A chip with its context; at the edge of the scene it is moved inside, so that all have one size."""
        scene, height, width = self._scene.window, *(side + 2 * self._context for side in window.shape)
        row = min(max(window.row - self._context, scene.row), scene.row + scene.height - height)
        col = min(max(window.col - self._context, scene.col), scene.col + scene.width - width)
        return Window(row, col, height, width)

    def _enough(self, scored: NDArray[np.bool_]) -> bool:
        return bool(scored.any() and scored.mean() >= self._min_scored)

    def _keep_empty(self) -> bool:
        self._empty += 1
        # Rounding hides that shares such as 1 - 0.9 are not quite what they seem.
        before, now = (int(round(count * self._kept_empty, 9)) for count in (self._empty - 1, self._empty))
        return now > before

    def _write(self, piece: _Piece, folder: Path, chip_id: str, scene: str) -> Row:
        window, label = piece.window, piece.label
        grid = self._scene.grid.part(window)
        image, mask = f"{IMAGES}/{chip_id}.tif", f"{MASKS}/{chip_id}.tif"
        pixels = np.where(piece.valid, piece.bands, np.float32(NODATA))
        (folder / image).write_bytes(_geotiff(pixels, grid, self._scene.names, NODATA))
        (folder / mask).write_bytes(_geotiff(label[None], grid, ("landslide",), NOT_SCORED))
        return Row(
            id=chip_id,
            image=image,
            mask=mask,
            row=window.row,
            column=window.col,
            landslide_share=round(float((label == 1).mean()), 6),
            scored_share=round(float((label != NOT_SCORED).mean()), 6),
            region=self._region(window, label),
            scene=scene,
        )

    def _region(self, window: Window, label: NDArray[np.uint8]) -> str:
        """The region that most of the scored pixels lie in; empty where there is none."""
        scored = label != NOT_SCORED
        counts = {name: int((polygons.burn(window) & scored).sum()) for name, polygons in self._regions.items()}
        name = max(counts, key=lambda region: counts[region], default="")
        return name if name and counts[name] else ""


def _geotiff(pixels: NDArray[np.generic], grid: Grid, names: Sequence[str], nodata: float) -> bytes:
    """A GeoTIFF in memory: GDAL does not always say when it found the disk full, Python's own file does."""
    floating = pixels.dtype.kind == "f"
    with MemoryFile() as memory:
        with memory.open(
            driver="GTiff", count=len(pixels), height=grid.height, width=grid.width, dtype=pixels.dtype, crs=grid.crs,
            transform=grid.transform, nodata=nodata, interleave="band", compress="deflate", zlevel=6,
            predictor=3 if floating else 1, blockysize=grid.height,
        ) as file:  # fmt: skip
            file.colorinterp = [rasterio.enums.ColorInterp.gray] * len(pixels)
            file.descriptions = tuple(names)
            file.write(pixels)
        return bytes(memory.read())


def check_any(rows: Sequence[Row]) -> None:
    """Refuse a folder without chips.

    Raises:
        ScarpError: All chips were left out.
    """
    if not rows:
        raise ScarpError(
            "No chip of the scene can be used: all are nodata, masked, outside AREA, or left out by MIN_SCORED or "
            "SKIP_EMPTY. Check VALID_MASK, EXTENT and AREA, or choose a smaller CHIP."
        )
