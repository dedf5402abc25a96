"""What is known of chips on disk before they are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .manifest import Facts

# Sub-folders of Landslide4Sense that are no training data.
VALIDATION, TEST = "ValidData", "TestData"


@dataclass(frozen=True)
class Spot:
    """Where a chip lies: its upper left pixel in the grid ``place``."""

    place: str
    row: int
    col: int


@dataclass(frozen=True)
class Entry:
    """One chip on disk.

    Attributes:
        id: Name of the image file without its ending, or what the manifest says.
        group: The sub-folder it comes from, or empty.
        number: The number in its name; None where there is none.
        image: The image. mask: None where the chip holds no landslide by definition. dem: None where there is none.
        part: `VALIDATION` or `TEST` where the data set itself says what a chip is for, else empty.
        spot: Where it lies; None where that is not known. columns: its row of the manifest.
    """

    id: str
    group: str
    number: int | None
    image: Path
    mask: Path | None
    dem: Path | None
    part: str = ""
    spot: Spot | None = None
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Layout:
    """All chips of a folder.

    Attributes:
        kind: ``landslide4sense``, ``pictures`` or ``manifest``.
        problems: File name and what is wrong with it, for chips that cannot be used.
        notes: Sentences for the log. facts: what the manifest says; None without one.
    """

    kind: str
    entries: list[Entry]
    problems: list[str]
    notes: tuple[str, ...] = ()
    facts: Facts | None = None
