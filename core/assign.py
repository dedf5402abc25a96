"""Which band of which raster is which input: by BAND_MAP, by name, or by the colours of a photograph.

Standard library only: the dialogs of QGIS tell with it before a run what the worker tells in one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from . import bands
from .errors import ScarpError
from .reporter import Reporter


class Described(Protocol):
    """What is known of a raster without reading a pixel; its bands count from 1."""

    @property
    def path(self) -> str:
        """Where it is."""

    @property
    def name(self) -> str:
        """Of the layer, else of the file."""

    @property
    def count(self) -> int:
        """How many bands it has, alpha included."""

    @property
    def data_bands(self) -> tuple[int, ...]:
        """Numbers of the bands that are no alpha."""

    def texts(self, band: int) -> tuple[str, ...]:
        """What may tell which band this is."""

    def kind(self, band: int) -> str:
        """Type of the stored values, in NumPy's words: ``uint8``."""

    def colour(self, band: int) -> str:
        """``red``, ``green`` or ``blue`` where the file says so, else anything."""


R = TypeVar("R", bound=Described)
_COLOURS = {"red": "R", "green": "G", "blue": "B"}


@dataclass(frozen=True)
class Assigned(Generic[R]):
    """A canonical input and where it is stored."""

    name: str
    raster: R
    band: int

    def __str__(self) -> str:
        return f"{self.name} in {_place(self.raster, self.band)}"


def texts(description: str, name: str, path: str, *, alone: bool) -> tuple[str, ...]:
    """What may tell which band it is: its description and, for the only one of a file, layer name and file name."""
    own = (description,) if description else ()
    return (*own, name, Path(path).name) if alone else own


def assign(rasters: Sequence[R], band_map: str, reporter: Reporter) -> list[Assigned[R]]:
    """Find the canonical inputs in the rasters of BANDS.

    Args:
        rasters: In the order that BAND_MAP counts.
        band_map: As `scarp.core.bands.parse_band_map` reads it; it comes before all names.
        reporter: Told what was taken and what was left out.

    Returns:
        One entry an input, in canonical order.

    Raises:
        ScarpError: An input was found twice, a raster says nothing or two things about what it holds, or BAND_MAP
            points nowhere. The message lists what was found where, and the BAND_MAP to type.
    """
    flat = [(raster, band) for raster in rasters for band in range(1, raster.count + 1)]
    mapped = _mapped(rasters, flat, band_map)
    taken = {(id(a.raster), a.band) for a in mapped}
    found, silent = list(mapped), []
    for raster in rasters:
        rest = [band for band in raster.data_bands if (id(raster), band) not in taken]
        named = _named(raster, rest) or _photograph(raster, rest, reporter)
        # What BAND_MAP says of an input overrules the names.
        overruled = [a for a in named if any(a.name == m.name for m in mapped)]
        found += [a for a in named if a not in overruled]
        left = [band for band in rest if band not in [a.band for a in named]]
        if left and not named and not mapped:
            silent.append((raster, left))
        elif left or overruled:
            which = ", ".join(map(str, [*left, *(a.band for a in overruled)]))
            reporter.info(f"'{raster.name}': band {which} is not used.")
    if silent:
        raise ScarpError(_cannot_tell(silent, found, flat))
    _check_unique(found, flat)
    return sorted(found, key=lambda a: bands.CANONICAL.index(a.name))


def _mapped(rasters: Sequence[R], flat: list[tuple[R, int]], band_map: str) -> list[Assigned[R]]:
    result: list[Assigned[R]] = []
    for name, target in bands.parse_band_map(band_map).items():
        if isinstance(target, int):
            if target > len(flat):
                raise ScarpError(
                    f"BAND_MAP asks for band {target} ({name}={target}), but BANDS holds {len(flat)}: {_listing(flat)}."
                )
            raster, band = flat[target - 1]
        else:
            raster, band = _by_name(rasters, name, target)
        same = next((a for a in result if a.raster is raster and a.band == band), None)
        if same:
            raise ScarpError(f"BAND_MAP uses {_place(raster, band)} for both {same.name} and {name}. Keep one.")
        result.append(Assigned(name, raster, band))
    return result


def _by_name(rasters: Sequence[R], name: str, target: str) -> tuple[R, int]:
    wanted = target.lower()
    hits = [r for r in rasters if wanted in (r.name.lower(), Path(r.path).name.lower(), Path(r.path).stem.lower())]
    if len(hits) != 1:
        problem = "is the name of no raster" if not hits else f"is the name of {len(hits)} rasters"
        raise ScarpError(
            f"BAND_MAP: '{target}' ({name}={target}) {problem} in BANDS: {', '.join(r.name for r in rasters)}. "
            "Use the number of the band instead, counted from 1 over the bands of all rasters."
        )
    if len(hits[0].data_bands) != 1:
        raise ScarpError(
            f"BAND_MAP: '{target}' ({name}={target}) has {hits[0].count} bands. Use the number of the band "
            "instead, counted from 1 over the bands of all rasters."
        )
    return hits[0], hits[0].data_bands[0]


def _named(raster: R, rest: Sequence[int]) -> list[Assigned[R]]:
    result = []
    for band in rest:
        texts = raster.texts(band)
        names = dict.fromkeys(filter(None, (_recognise(raster, band, text) for text in texts)))
        if len(names) > 1:
            raise ScarpError(
                f"Cannot tell which band {_place(raster, band)} is: its names ({', '.join(texts)}) say "
                f"{' and '.join(names)}. Rename the layer, or say it with BAND_MAP."
            )
        result += [Assigned(name, raster, band) for name in names]
    return result


def _recognise(raster: R, band: int, text: str) -> str | None:
    if raster.kind(band) == "uint8" and (colour := bands.colour(text)):
        return colour  # the red of a photograph is no B04
    return bands.recognise(text)


def _photograph(raster: R, rest: Sequence[int], reporter: Reporter) -> list[Assigned[R]]:
    if len(raster.data_bands) not in (3, 4) or len(rest) != len(raster.data_bands):
        return []
    if any(raster.kind(band) != "uint8" for band in rest):
        return []
    found = [Assigned(_COLOURS[c], raster, b) for b in rest if (c := raster.colour(b)) in _COLOURS]
    if not found:
        found = [Assigned(name, raster, band) for name, band in zip(bands.RGB, rest)]
        reporter.warning(
            f"'{raster.name}' is an 8-bit picture that does not say which band is which colour: taken as R, G, B in "
            "this order. If that is wrong, say it with BAND_MAP."
        )
    if len(found) == 3:
        reporter.info(f"'{raster.name}' is a photograph: its bands are R, G and B.")
        return found
    return []


def _check_unique(found: Sequence[Assigned[R]], flat: list[tuple[R, int]]) -> None:
    groups = {name: [a for a in found if a.name == name] for name in bands.CANONICAL}
    twice = {name: same for name, same in groups.items() if len(same) > 1}
    if twice:
        places = "; ".join(
            f"{name} in {' and '.join(_place(a.raster, a.band) for a in same)}"
            for name, same in list(twice.items())[:4]
        )
        places += f"; and {len(twice) - 4} more" if len(twice) > 4 else ""
        keep = ",".join(f"{name}={flat.index((same[0].raster, same[0].band)) + 1}" for name, same in twice.items())
        raise ScarpError(
            f"Bands were found more than once: {places}. Remove all but one of each from BANDS (neighbouring tiles: "
            f"merge them first), or choose with BAND_MAP, for example BAND_MAP={keep}."
        )


def _cannot_tell(silent: list[tuple[R, list[int]]], found: list[Assigned[R]], flat: list[tuple[R, int]]) -> str:
    lines = "; ".join(
        f"'{raster.name}' ({Path(raster.path).name}, band{'s' if len(left) > 1 else ''} {_span(left)}) names none"
        for raster, left in silent
    )
    known = f" Found: {'; '.join(map(str, found))}." if found else ""
    raster, left = silent[0]
    names, meaning = bands.USUAL_STACKS.get(len(left), ((), ""))
    first = flat.index((raster, left[0])) + 1
    if len(silent) > 1 and len(left) == 1:
        names, meaning = ("B02", "B03", "B04")[: len(silent)], "in this order, for example"
    advice = (
        f"If it is {meaning}, type BAND_MAP={bands.format_band_map(names, first)}"
        if names
        else f"Type for example BAND_MAP={bands.format_band_map(('B02', 'B03', 'B04'), first)}"
    )
    return (
        f"Cannot tell which Sentinel-2 band is which: {lines}.{known} {advice} (numbers count the bands of all rasters "
        "in the order given, from 1), or name the bands or layers like B04. A mask or scene classification belongs "
        "in VALID_MASK."
    )


def _span(numbers: Sequence[int]) -> str:
    return str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]} to {numbers[-1]}"


def _listing(flat: list[tuple[R, int]]) -> str:
    return ", ".join(f"{number}: {_place(*item)}" for number, item in enumerate(flat[:20], 1))


def _place(raster: R, band: int) -> str:
    which = f", band {band}" if raster.count > 1 else ""
    return f"'{raster.name}' ({Path(raster.path).name}{which})"
