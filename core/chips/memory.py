"""The interpreted area of a scene on disk: raw bands and burned labels, so that any crop of it is read at once."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import IO, TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..errors import ScarpError
from ..reporter import Reporter
from ..scene.grid import Window
from ..scene.vectors import Polygons, open_polygons
from .chip import NOT_SCORED, Chip

if TYPE_CHECKING:
    from ..scene import Scene

# In the label file: input is there but the pixel is outside the interpreted area.
_CONTEXT = 254
_STRIP_BYTES = 64 * 2**20


class SceneMemory:
    """Crops of a scene; attributes as in `ChipSource`, and what the split needs.

    Attributes:
        window: What of the scene's grid is held. frame: the same, counted from its own upper left pixel.
        scored: Scored pixels of each row and of each column (int64 [height], int64 [width]). landslide: likewise.
        labels: uint8 [height, width], memory-mapped: 0, 1, 254 (not scored, but valid), 255 (invalid).
    """

    def __init__(self, scene: Scene, window: Window, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self.gsd, self.product, self.radiometry = scene.grid.gsd, scene.product, scene.radiometry
        self.window, self.frame = window, Window(0, 0, window.height, window.width)
        self.height, self.width = window.shape
        self.scored = np.zeros(window.height, np.int64), np.zeros(window.width, np.int64)
        self.landslide = np.zeros(window.height, np.int64), np.zeros(window.width, np.int64)

    def fill(
        self,
        scene: Scene,
        files: tuple[IO[bytes], IO[bytes]],
        labels: Polygons,
        area: Polygons | None,
        reporter: Reporter,
    ) -> None:
        """Stream the window's bands and burn its labels, strip by strip.

        Args:
            scene: Read once.
            files: Empty, for bands and labels; open as long as the memory is used.
            labels: Landslides.
            area: Where they are complete; None: in all of the window.
            reporter: Told the progress.
        """
        rows = max(1, _STRIP_BYTES // (4 * len(self.names) * self.width))
        band_file, label_file = files
        # Plain writes, not a writable map: a full disk must be an error, and with a map it is a crash.
        for top in range(0, self.height, rows):
            reporter.progress(top / self.height, "Reading the scene")
            strip = Window(self.window.row + top, self.window.col, min(rows, self.height - top), self.width)
            bands, valid = scene.read(strip, self.names)
            label = labels.burn(strip).astype(np.uint8)
            if area is not None:
                label[~area.burn(strip)] = _CONTEXT
            label[~valid] = NOT_SCORED
            label_file.write(label.tobytes())
            for number, band in enumerate(bands):
                band_file.seek(4 * self.width * (number * self.height + top))
                band_file.write(np.ascontiguousarray(band, np.float32).tobytes())
            for count, hit in ((self.scored, label < 2), (self.landslide, label == 1)):
                count[0][top : top + strip.height] = hit.sum(1)
                count[1][:] += hit.sum(0)
        shape = (len(self.names), self.height, self.width)
        for file in files:
            file.flush()
        self._bands: NDArray[np.float32] = np.memmap(band_file, np.float32, "r", shape=shape)
        self.labels: NDArray[np.uint8] = np.memmap(label_file, np.uint8, "r", shape=shape[1:])

    def crop(self, row: int, col: int, side: int) -> Chip:
        """The chip of ``side`` x ``side`` px whose upper left pixel is (row, col) of the window; it lies inside."""
        part = (slice(row, row + side), slice(col, col + side))
        label = np.array(self.labels[part])
        valid = label != NOT_SCORED
        label[label == _CONTEXT] = NOT_SCORED
        return Chip(np.array(self._bands[(slice(None), *part)]), label, f"row {row} column {col}", valid)

    def count(self, kind: str, band: Window) -> int:
        """Pixels that are ``scored`` or ``landslide`` in a window that is as wide or as high as the memory."""
        rows, cols = getattr(self, kind)
        if band.width == self.width:
            return int(rows[band.row : band.row + band.height].sum())
        return int(cols[band.col : band.col + band.width].sum())

    def close(self) -> None:
        """Let go of the files, so that they vanish when they are closed, on Windows too."""
        for name in ("_bands", "labels"):
            self.__dict__.pop(name, None)


@contextmanager
def open_memory(
    scene: Scene, names: Sequence[str], *, labels: str, area: str, chip: int, reporter: Reporter
) -> Iterator[SceneMemory]:
    """Copy what training needs of a scene to temporary files without a name: they vanish even if the worker is killed.

    Args:
        scene: The scene.
        names: Canonical inputs to hold.
        labels: Source of the landslide polygons.
        area: Source of the interpreted area; empty: the whole scene.
        chip: Side of a chip, pixels.
        reporter: Told the progress.

    Raises:
        ScarpError: Labels or area are unusable, nothing is left to learn from, the area is smaller than a chip,
            or the disk is full.
    """
    polygons = open_polygons(labels, scene.grid, scene.window, reporter=reporter)
    interpreted, window = interpreted_window(scene, area, chip, reporter)
    folder = tempfile.gettempdir()
    needed, free = (4 * len(names) + 1) * window.height * window.width, shutil.disk_usage(folder).free
    if needed > free:
        raise ScarpError(
            f"Training needs {needed / 1e9:.1f} GB in the temporary folder '{folder}', {free / 1e9:.1f} GB are free. "
            "Free some, point TMPDIR to another disk, or choose a smaller EXTENT."
        )
    memory = SceneMemory(scene, window, names)
    with tempfile.TemporaryFile() as band_file, tempfile.TemporaryFile() as label_file, closing(memory):
        memory.fill(scene, (band_file, label_file), polygons, interpreted, reporter)
        if not memory.scored[0].any():
            raise ScarpError(
                "No pixel of the scene can be trained on: all are nodata, masked, or outside AREA. "
                "Check VALID_MASK, EXTENT and AREA."
            )
        if not memory.landslide[0].any():
            raise ScarpError(
                "LABELS mark no pixel of the scene that counts: they lie outside AREA or EXTENT, on nodata, or are "
                "smaller than a pixel. Check the labels, AREA and the valid mask."
            )
        yield memory


def interpreted_window(scene: Scene, area: str, chip: int, reporter: Reporter) -> tuple[Polygons | None, Window]:
    """The interpreted area (None: all of the scene) and the window of the scene's grid that holds it.

    Raises:
        ScarpError: The area is unusable, or smaller than a chip.
    """
    polygons = open_polygons(area, scene.grid, scene.window, what="AREA", reporter=reporter) if area else None
    window = _bounding_window(scene, polygons, chip, reporter) if polygons else scene.window
    if min(window.height, window.width) < chip:
        raise ScarpError(
            f"The scene to train on has {window.height} x {window.width} px, less than one chip of {chip} x {chip}. "
            "Enlarge EXTENT or AREA, or choose a smaller CHIP."
        )
    return polygons, window


def _bounding_window(scene: Scene, area: Polygons, chip: int, reporter: Reporter) -> Window:
    """The rows and columns that hold the interpreted area, at least a chip where the scene has one."""
    whole = scene.window
    rows, cols = np.zeros(whole.height, bool), np.zeros(whole.width, bool)
    step = max(1, _STRIP_BYTES // whole.width)
    for top in range(0, whole.height, step):
        reporter.check()
        strip = Window(whole.row + top, whole.col, min(step, whole.height - top), whole.width)
        inside = area.burn(strip)
        rows[top : top + strip.height] = inside.any(1)
        cols |= inside.any(0)
    if not rows.any():
        raise ScarpError("AREA covers no pixel of the scene. Check its place and its CRS.")
    (top, height), (left, width) = (_span(flags, chip) for flags in (rows, cols))
    return Window(whole.row + top, whole.col + left, height, width)


def _span(flags: NDArray[np.bool_], least: int) -> tuple[int, int]:
    """First index and length of what is set, widened to ``least`` where there is room."""
    where = np.flatnonzero(flags)
    start, stop = int(where[0]), int(where[-1]) + 1
    length = min(max(stop - start, least), len(flags))
    start = min(max(0, start - (length - (stop - start)) // 2), len(flags) - length)
    return start, length
