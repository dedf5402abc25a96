"""Reading one chip of a folder, and everything that can be wrong with it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..bands import EXTRA, PRE_VALID
from . import files
from .chip import NOT_SCORED, Chip
from .entry import Entry
from .files import ChipFileError
from .manifest import Facts
from .natural_colour import BANDS, RELATIVE, as_bands

_NO_IMAGE = (*EXTRA, PRE_VALID)


@dataclass(frozen=True)
class Decoded:
    """A chip as its files hold it, the bands they say they are, and their radiometry."""

    chip: Chip
    names: tuple[str, ...]
    radiometry: str

    @property
    def size(self) -> tuple[int, int]:
        """Height and width, pixels."""
        height, width = self.chip.label.shape
        return height, width


def decode(entry: Entry, kind: str, facts: Facts | None = None, pictures: str = "photo") -> Decoded:
    """Read one chip.

    Args:
        entry: Its files.
        kind: Of its `Layout`.
        facts: Of its manifest; None without one.
        pictures: What the colours of pictures are, ``photo`` or ``landslide4sense``.

    Raises:
        ChipFileError: A file is damaged, its values are no measurements or no mask, sizes differ, or nothing of it
            can be used.
        OSError: A file cannot be opened.
    """
    names: tuple[str, ...] = files.L4S_NAMES
    radiometry = "dn"
    if kind == "landslide4sense":
        bands = files.read_h5_image(entry.image)
    elif facts is not None:
        names, radiometry = facts.names, facts.radiometry
        bands = files.read_named(entry.image, names)
    else:
        names, radiometry = files.picture_names(entry.image)
        bands = files.read_picture(entry.image, len(names))
        if pictures == "landslide4sense":
            bands, names, radiometry = as_bands(bands, names), BANDS, RELATIVE
    size = bands.shape[1:]
    if entry.dem is not None:
        dem = files.read_dem(entry.dem)
        _require_size(size, "DEM", dem)
        bands, names = np.concatenate([bands, dem[None]]), (*names, "DEM")
    label = _label(entry, kind, size)
    _require_size(size, "mask", label)
    valid = np.asarray(np.isfinite(bands).all(axis=0))
    bands = np.where(valid, bands, np.float32(0))
    spectral = [number for number, name in enumerate(names) if name not in _NO_IMAGE]
    if not valid.any() or not bands[spectral].any():
        raise ChipFileError("all of its image is nodata (or 0)")
    label = np.where(valid, label, np.uint8(NOT_SCORED))
    if (label == NOT_SCORED).all():
        raise ChipFileError("no pixel of it is scored")
    return Decoded(Chip(bands, label, entry.id, valid), names, radiometry)


def _label(entry: Entry, kind: str, size: tuple[int, ...]) -> NDArray[np.uint8]:
    if entry.mask is None:
        return np.zeros(size, np.uint8)
    if kind == "landslide4sense":
        return files.read_h5_mask(entry.mask)
    return files.read_label(entry.mask) if kind == "manifest" else files.read_picture_mask(entry.mask)


def _require_size(size: tuple[int, ...], kind: str, array: NDArray[np.generic]) -> None:
    if array.shape != size:
        raise ChipFileError(f"{size_text(size)} px, but its {kind} has {size_text(array.shape)}")


def size_text(size: tuple[int, ...]) -> str:
    """``128 x 128``."""
    return " x ".join(str(side) for side in size)
