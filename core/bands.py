"""What Sentinel-2 bands are called, and how to recognise them in a description, a file name or a layer name."""

from __future__ import annotations

import re

from .errors import ScarpError

BANDS = ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B09", "B10", "B11", "B12")
EXTRA = ("SLOPE", "DEM")
RGB = ("R", "G", "B")
CANONICAL = BANDS + EXTRA + RGB

# The same place before the event: ``PRE_B04`` is what B04 was. PRE_VALID is 1 where that is known, else 0.
PRE = "PRE_"
PRE_VALID = "PRE_VALID"
BEFORE = (*(PRE + name for name in BANDS + RGB), PRE_VALID)

# What a stack of so many bands usually is, to be confirmed by the user: it is never assumed.
USUAL_STACKS: dict[int, tuple[tuple[str, ...], str]] = {
    1: (("B04",), "a single band, here red"),
    3: (("B04", "B03", "B02"), "true colour"),
    4: (("B02", "B03", "B04", "B08"), "the 10 m bands"),
    6: (("B02", "B03", "B04", "B08", "B11", "B12"), "visible, near and short-wave infrared"),
    10: (tuple(b for b in BANDS if b not in ("B01", "B09", "B10")), "the 10 and 20 m bands"),
    11: (tuple(b for b in BANDS if b not in ("B8A", "B10")), "L2A without B8A and B10"),
    12: (tuple(b for b in BANDS if b != "B8A"), "L1C without B8A, the order of Landslide4Sense"),
    13: (BANDS, "L1C, all bands"),
    14: (tuple(b for b in BANDS if b != "B8A") + EXTRA, "Landslide4Sense: 12 bands, slope, DEM"),
}

_CODE = re.compile(r"(?<![A-Z0-9])B(?:0?([1-9])|(1[0-2])|0?(8A))(?![A-Z0-9])", re.IGNORECASE)
_SUFFIX = re.compile(r"\.(tiff?|jp2|img|vrt|png|jpe?g|asc|hgt|bil|nc|sdat)$", re.IGNORECASE)
_RESOLUTION = re.compile(r"^\d+(\.\d+)?m?$")
_WORDS = {
    "B01": ("coastal", "coastalaerosol"),
    "B02": ("blue",),
    "B03": ("green",),
    "B04": ("red",),
    "B05": ("rededge1", "vegetationrededge1"),
    "B06": ("rededge2", "vegetationrededge2"),
    "B07": ("rededge3", "vegetationrededge3"),
    "B08": ("nir", "nearinfrared"),
    "B8A": ("nir08", "narrownir", "nirnarrow", "rededge4"),
    "B09": ("nir09",),
    "B10": ("cirrus",),
    "B11": ("swir1", "swir16"),
    "B12": ("swir2", "swir22"),
    "SLOPE": ("slope", "slopedegrees"),
    "DEM": ("dem", "dsm", "dtm", "elevation"),
    "R": ("r",),
    "G": ("g",),
    "B": ("b",),
}
_BY_WORD = {word: name for name, words in _WORDS.items() for word in words}
_COLOURS = {"B04": "R", "B03": "G", "B02": "B", "R": "R", "G": "G", "B": "B"}


def codes(text: str) -> tuple[str, ...]:
    """Every Sentinel-2 band code in a text, canonical, each once: ``post_B4_B8a`` gives ``("B04", "B8A")``."""
    found = (f"B{int(m[1] or m[2]):02d}" if not m[3] else "B8A" for m in _CODE.finditer(_SUFFIX.sub("", text)))
    return tuple(dict.fromkeys(found))


def recognise(text: str) -> str | None:
    """The canonical input that a band description, file name or layer name speaks of.

    A band code counts anywhere in the text (``T54TWP_20180911_B8A``, ``download.B4.tif``, ``x_B04_10m.jp2``); a
    word such as ``red``, ``nir`` or ``dem`` counts when it is the whole text or stands last (``post_nir_10m``).

    Returns:
        One of `CANONICAL`, or None when nothing or more than one band is named.
    """
    found = codes(text)
    if found:
        return found[0] if len(found) == 1 else None
    return _by_word(text)


def described(text: str) -> str | None:
    """As `recognise`, for a description that Scarp wrote itself: ``PRE_B04`` is an input of its own."""
    return text if text in BEFORE else recognise(text)


def colour(text: str) -> str | None:
    """``R``, ``G`` or ``B`` when the text is a plain word for that colour: all that a photograph's bands tell."""
    return None if codes(text) else _COLOURS.get(_by_word(text) or "")


def _by_word(text: str) -> str | None:
    words = [w for w in re.split(r"[^a-z0-9]+", _SUFFIX.sub("", text.strip()).lower()) if w]
    whole = _BY_WORD.get("".join(words))
    if whole or not words:
        return whole
    while len(words) > 1 and _RESOLUTION.match(words[-1]):
        words.pop()
    if len(words) == 1:
        return _BY_WORD.get(words[0])
    # A lone letter at the end of a name says nothing.
    return _BY_WORD.get(words[-1]) if len(words[-1]) > 1 else None


def parse_band_map(text: str) -> dict[str, int | str]:
    """Read BAND_MAP.

    Args:
        text: ``B02=1,B03=2,DEM=my_dem``: canonical name (B2 and b02 are fine) to the number of a band, counted from
            1 over the bands of all rasters in their order, or to the name of a raster.

    Returns:
        Canonical name to number or raster name, in the order given.

    Raises:
        ScarpError: An entry is no ``NAME=NUMBER``, a name is unknown or given twice, a number is below 1 or used twice.
    """
    result: dict[str, int | str] = {}
    for entry in filter(None, (part.strip() for part in re.split(r"[,;\n]", text))):
        left, separator, right = (part.strip() for part in entry.partition("="))
        if not separator or not left or not right:
            raise ScarpError(f"BAND_MAP: '{entry}' is not NAME=NUMBER. Write it like B02=1,B03=2,B04=3.")
        if left.upper() in BEFORE:
            raise ScarpError(f"BAND_MAP: '{left}' belongs to the pre-event image, which has its own PRE_BAND_MAP.")
        name = _canonical(left)
        if name is None:
            raise ScarpError(f"BAND_MAP: '{left}' is no band known here. Known: {', '.join(CANONICAL)}.")
        if name in result:
            raise ScarpError(f"BAND_MAP names {name} twice ({name}={result[name]} and {name}={right}). Keep one.")
        target: int | str = int(right) if re.fullmatch(r"-?\d+", right) else right
        if isinstance(target, int) and target < 1:
            raise ScarpError(f"BAND_MAP: {entry} counts from 1; {target} is no band.")
        other = next((n for n, t in result.items() if t == target), None)
        if other:
            raise ScarpError(f"BAND_MAP uses {target} for both {other} and {name}. Each band can be only one input.")
        result[name] = target
    return result


def format_band_map(names: tuple[str, ...], first: int = 1) -> str:
    """BAND_MAP as text for bands numbered from ``first``: ``B02=1,B03=2``."""
    return ",".join(f"{name}={number}" for number, name in enumerate(names, first))


def _canonical(text: str) -> str | None:
    return text.upper() if text.upper() in CANONICAL else recognise(text)
