"""A folder of chips as a source: everything that is wrong with it is found before training, and said once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..errors import ScarpError
from ..reporter import Reporter
from .cache import ChipCache, budget
from .chip import Chip
from .entry import Entry, Layout
from .files import ChipFileError
from .inspection import decode, size_text
from .layout import find_layout
from .leaks import Footprints
from .natural_colour import RELATIVE

# Landslide4Sense chips are Sentinel-2 L1C at 10 m; pictures do not say what they are.
_L4S_GSD = 10.0
_ATTRIBUTION = "Landslide4Sense: Ghorbanzadeh et al. 2022, IEEE TGRS 60"
_LISTED = 20


@dataclass(frozen=True)
class _Checked:
    """What is remembered of a chip that can be read; ``number``: its place in the cache."""

    number: int
    entry: Entry
    size: tuple[int, int]
    names: tuple[str, ...]
    radiometry: str
    landslide_pixels: int

    @property
    def kind(self) -> tuple[tuple[str, ...], str]:
        return self.names, self.radiometry


class ChipFolder:
    """Chips of a folder: each is decoded once and kept in memory as far as there is room. See `ChipSource`.

    Attributes:
        entries: The chips that can be used, in natural order. shares: their landslide share, float64 [chips].
        problems: A line for each chip that cannot.
        attribution: Who made the data, or empty.
    """

    def __init__(
        self,
        folder: str | Path,
        reporter: Reporter,
        cache_bytes: int | None = None,
        *,
        pictures: str = "photo",
        what: str = "DATASET",
    ) -> None:
        """Find, read and check all chips.

        Args:
            folder: Of one of the layouts that `find_layout` knows.
            reporter: Told the progress, what cannot be used, and whether the chips fit into memory.
            cache_bytes: What decoded chips may take; None: see `scarp.core.chips.cache.budget`.
            pictures: What the colours of pictures are, ``photo`` or ``landslide4sense``; see `natural_colour.choose`.
            what: The parameter that named the folder, for messages.

        Raises:
            ScarpError: The folder is missing, empty or of an unknown layout, or most of its chips are of no use.
        """
        layout = find_layout(folder, what)
        if pictures != "photo" and layout.kind != "pictures":
            raise ScarpError(f"PICTURES={pictures} is for folders of pictures, and '{folder}' is none. Leave it unset.")
        self._pictures = pictures
        self.folder, self.kind, self._facts = Path(folder), layout.kind, layout.facts
        self._cache = ChipCache(budget() if cache_bytes is None else cache_bytes)
        for note in layout.notes:
            reporter.info(note)
        checked, problems = self._check(layout, reporter)
        self.problems = layout.problems + problems
        if not checked:
            raise ScarpError(f"None of the chips in '{folder}' can be used. {self._list_problems()}")
        usable, size = self._alike(checked)
        self._judge(len(usable), reporter)
        if size[0] != size[1] or size[0] % 32:
            raise ScarpError(
                f"The chips in '{folder}' are {size_text(size)} px; square ones with a multiple of 32 are expected. "
                "Resize them and their masks (nearest neighbour), for example to 128 x 128."
            )
        self._cache.keep([item.number for item in usable])
        self.names, self.chip = usable[0].names, size[0]
        self._describe(usable[0].radiometry)
        self.entries = [item.entry for item in usable]
        self.shares: NDArray[np.float64] = np.array([item.landslide_pixels for item in usable]) / self.chip**2
        self._say_cache(reporter)

    def __len__(self) -> int:
        return len(self.entries)

    def __getitem__(self, index: int) -> Chip:
        """One chip, from memory or from its files.

        Raises:
            ScarpError: It has been damaged or removed since it was checked.
        """
        kept = self._cache.get(index)
        if kept is not None:
            return kept
        entry = self.entries[index]
        try:
            found = decode(entry, self.kind, self._facts, self._pictures)
        except (ChipFileError, OSError) as error:
            raise ScarpError(f"The chip '{entry.image}' changed during training: {error}.") from error
        if found.size != (self.chip, self.chip) or found.names != self.names:
            raise ScarpError(f"The chip '{entry.image}' changed during training: other size or bands.")
        return found.chip

    @property
    def footprints(self) -> Footprints | None:
        """Where the chips lie, in pixels; None where that is not known."""
        spots = [entry.spot for entry in self.entries if entry.spot is not None]
        if len(spots) < len(self.entries):
            return None
        corners = np.array([(spot.row, spot.col) for spot in spots], np.int64)
        return Footprints.of_squares([spot.place for spot in spots], corners, self.chip)

    def _describe(self, radiometry: str) -> None:
        facts, known = self._facts, self.kind == "landslide4sense" or radiometry == RELATIVE
        self.radiometry = radiometry
        self.gsd = facts.gsd if facts else _L4S_GSD if known else 0.0
        self.product = facts.product if facts else "L1C" if known else ""
        self.attribution = facts.attribution if facts else _ATTRIBUTION if known else ""

    def _check(self, layout: Layout, reporter: Reporter) -> tuple[list[_Checked], list[str]]:
        good, problems = [], []
        for number, entry in enumerate(layout.entries):
            reporter.progress(number / len(layout.entries), f"Reading chip {number + 1} of {len(layout.entries)}")
            try:
                found = decode(entry, self.kind, layout.facts, self._pictures)
            except (ChipFileError, OSError) as error:
                problems.append(f"{entry.part and entry.part + '/'}{entry.image.name}: {error}")
                continue
            self._cache.add(number, found.chip)
            landslide = int((found.chip.label == 1).sum())
            good.append(_Checked(number, entry, found.size, found.names, found.radiometry, landslide))
        return good, problems

    def _alike(self, checked: list[_Checked]) -> tuple[list[_Checked], tuple[int, int]]:
        """The chips of the most frequent size and bands, and that size; the others become problems."""
        size, _ = Counter(item.size for item in checked).most_common(1)[0]
        kind, _ = Counter(item.kind for item in checked).most_common(1)[0]
        for item in checked:
            name = item.entry.image.name
            if item.size != size:
                self.problems.append(f"{name}: {size_text(item.size)} instead of {size_text(size)} px")
            elif item.kind != kind:
                self.problems.append(
                    f"{name}: bands {', '.join(item.names)} ({item.radiometry}) instead of "
                    f"{', '.join(kind[0])} ({kind[1]})"
                )
        return [item for item in checked if item.size == size and item.kind == kind], size

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

    def _say_cache(self, reporter: Reporter) -> None:
        kept, size = len(self._cache), self._cache.size / 2**20
        if kept == len(self):
            reporter.info(f"All {kept} chips are kept in memory ({size:.0f} MB): epochs do not read the files again.")
        else:
            reporter.info(
                f"{kept} of {len(self)} chips are kept in memory ({size:.0f} of at most "
                f"{self._cache.limit / 2**20:.0f} MB); the others are read from their files in each epoch."
            )
