"""A folder of chips as a source: everything that is wrong with it is found before training, and said once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..errors import ScarpError
from ..reporter import Reporter
from . import files
from .chip import Chip
from .files import ChipFileError
from .layout import Entry, find_layout

# Landslide4Sense chips are Sentinel-2 L1C at 10 m; pictures do not say what they are.
_L4S_GSD = 10.0
_LISTED = 20


@dataclass(frozen=True)
class _Checked:
    entry: Entry
    size: tuple[int, int]
    names: tuple[str, ...]
    radiometry: str
    landslide_pixels: int


class ChipFolder:
    """Chips read from disk one by one. See `ChipSource` for the attributes.

    Attributes:
        entries: The chips that can be used, in natural order. shares: their landslide share, float64 [chips].
        problems: A line for each chip that cannot.
    """

    def __init__(self, folder: str | Path, reporter: Reporter) -> None:
        """Find and check all chips.

        Raises:
            ScarpError: The folder is missing, empty or of an unknown layout, or most of its chips are of no use.
        """
        layout = find_layout(folder)
        self.folder, self.kind = Path(folder), layout.kind
        checked, self.problems = self._check(layout.entries, reporter)
        self.problems = layout.problems + self.problems
        if not checked:
            raise ScarpError(f"None of the chips in '{folder}' can be used. {self._list_problems()}")
        size, _ = Counter(item.size for item in checked).most_common(1)[0]
        kind, _ = Counter((item.names, item.radiometry) for item in checked).most_common(1)[0]
        usable = [item for item in checked if item.size == size and (item.names, item.radiometry) == kind]
        for item in checked:
            if item.size != size:
                self.problems.append(f"{item.entry.image.name}: {_text(item.size)} instead of {_text(size)} px")
            elif (item.names, item.radiometry) != kind:
                self.problems.append(f"{item.entry.image.name}: bands {', '.join(item.names)} instead of {kind[0]}")
        self._judge(len(usable), reporter)
        if size[0] != size[1] or size[0] % 32:
            raise ScarpError(
                f"The chips in '{folder}' are {_text(size)} px; square ones with a multiple of 32 are expected. "
                "Resize them and their masks (nearest neighbour), for example to 128 x 128."
            )
        self.names, self.radiometry = kind
        self.chip = size[0]
        self.gsd = _L4S_GSD if self.kind == "landslide4sense" else 0.0
        self.product = "L1C" if self.kind == "landslide4sense" else ""
        self.entries = [item.entry for item in usable]
        self.shares: NDArray[np.float64] = np.array([item.landslide_pixels for item in usable]) / self.chip**2

    def __len__(self) -> int:
        return len(self.entries)

    def __getitem__(self, index: int) -> Chip:
        """Read one chip.

        Raises:
            ScarpError: It has been damaged or removed since it was checked.
        """
        entry = self.entries[index]
        try:
            bands, label = self._read_image(entry), self._read_mask(entry)
        except (ChipFileError, OSError) as error:
            raise ScarpError(f"The chip '{entry.image}' changed during training: {error}.") from error
        valid = np.asarray(np.isfinite(bands).all(axis=0))
        label = np.zeros(valid.shape, np.uint8) if label is None else label
        label = np.where(valid, label, np.uint8(255))
        return Chip(np.where(valid, bands, np.float32(0)), label, entry.id, valid)

    def _check(self, entries: list[Entry], reporter: Reporter) -> tuple[list[_Checked], list[str]]:
        good, problems = [], []
        for number, entry in enumerate(entries):
            reporter.progress(number / len(entries), f"Checking chip {number + 1} of {len(entries)}")
            try:
                good.append(self._check_one(entry))
            except (ChipFileError, OSError) as error:
                problems.append(f"{entry.image.name}: {error}")
        return good, problems

    def _check_one(self, entry: Entry) -> _Checked:
        names: tuple[str, ...] = files.L4S_NAMES
        radiometry = "dn"
        if self.kind == "landslide4sense":
            height, width, bands = files.h5_image_shape(entry.image)
            if bands != len(names):
                raise ChipFileError(f"{bands} bands instead of {len(names)}")
        else:
            names, radiometry = files.picture_names(entry.image)
            height, width = files.read_picture(entry.image, len(names)).shape[1:]
        mask, dem = self._read_mask(entry), self._read_dem(entry)
        for kind, array in (("mask", mask), ("DEM", dem)):
            if array is not None and array.shape != (height, width):
                raise ChipFileError(f"{_text((height, width))} px, but its {kind} has {_text(array.shape)}")
        names = (*names, "DEM") if entry.dem else names
        return _Checked(entry, (height, width), names, radiometry, 0 if mask is None else int(mask.sum()))

    def _read_image(self, entry: Entry) -> NDArray[np.float32]:
        if self.kind == "landslide4sense":
            return files.read_h5_image(entry.image)
        dem = self._read_dem(entry)
        if dem is None:
            return files.read_picture(entry.image, len(self.names))
        return np.concatenate([files.read_picture(entry.image, len(self.names) - 1), dem[None]])

    def _read_mask(self, entry: Entry) -> NDArray[np.uint8] | None:
        if entry.mask is None:
            return None
        return files.read_h5_mask(entry.mask) if self.kind == "landslide4sense" else files.read_picture_mask(entry.mask)

    def _read_dem(self, entry: Entry) -> NDArray[np.float32] | None:
        return files.read_dem(entry.dem) if entry.dem else None

    def _judge(self, usable: int, reporter: Reporter) -> None:
        if not self.problems:
            return
        if len(self.problems) > usable:
            raise ScarpError(f"Most chips in '{self.folder}' cannot be used. {self._list_problems()}")
        reporter.warning(f"{usable} chips are used. {self._list_problems()}")

    def _list_problems(self) -> str:
        shown = "; ".join(self.problems[:_LISTED])
        more = f"; and {len(self.problems) - _LISTED} more" if len(self.problems) > _LISTED else ""
        return f"{len(self.problems)} cannot be used: {shown}{more}."


def _text(size: tuple[int, ...]) -> str:
    return " x ".join(str(side) for side in size)
