"""From stored values to DN without offset (reflectance x 10000): what the file says first, then what it holds."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from .. import bands
from ..errors import ScarpError
from ..reporter import Reporter
from .assign import Assigned
from .raster import Raster

FloatArray = npt.NDArray[np.float64]

OFFSET = 1000  # added to the DN since processing baseline 04.00
OFFSET_SINCE = "20220125"

# Reflectance stays below this but for a few glints; Landslide4Sense's divided values do not.
_BRIGHTEST_REFLECTANCE = 1.6
# Where 1 % of some band lies below, an offset of 1000 would mean markedly negative reflectance: there is none.
_DARK = 750
_TOO_DARK = 500  # not even L2A, whose reflectance can be slightly negative, gets here with the offset
_CHOICES = (
    "RADIOMETRY=dn (plain DN, reflectance x 10000), RADIOMETRY=dn_offset1000 (DN + 1000: products of baseline 04.00 "
    "and later as downloaded), RADIOMETRY=reflectance (0 to 1) or RADIOMETRY=raw (a picture, as it is)"
)


@dataclass(frozen=True)
class Radiometry:
    """What the stored values are.

    Attributes:
        kind: ``dn``, ``dn_offset1000``, ``reflectance`` or ``raw``.
        linear: Input name to (gain, bias): DN = stored * gain + bias.
    """

    kind: str
    linear: dict[str, tuple[float, float]]


def decide(found: Sequence[Assigned], asked: str, reporter: Reporter) -> Radiometry:
    """Decide the radiometry of the spectral inputs of a scene.

    Args:
        found: All inputs; ``SLOPE`` and ``DEM`` are left alone, ``R``, ``G``, ``B`` are always raw.
        asked: RADIOMETRY, ``auto`` or what the user knows.
        reporter: Told what was decided and why.

    Raises:
        ScarpError: It cannot be told; the message says what was seen and which values to choose from.
    """
    spectral = [a for a in found if a.name in bands.BANDS]
    linear = {a.name: (1.0, 0.0) for a in found if a.name in bands.RGB}
    if not spectral:
        return Radiometry("raw", linear)
    if asked != "auto":
        gain_bias = {"reflectance": (10000.0, 0.0), "dn_offset1000": (1.0, -float(OFFSET))}.get(asked, (1.0, 0.0))
        reporter.info(f"Radiometry: {asked}, as asked.")
        for facts in {a.raster.facts for a in spectral if a.raster.facts}:
            if asked != ("dn_offset1000" if facts.has_offset else "dn"):
                reporter.warning(f"RADIOMETRY={asked} overrules what the product says: {facts.describe()}.")
        return Radiometry(asked, {**linear, **{a.name: gain_bias for a in spectral}})
    certain = {a.name: a.raster.facts for a in spectral if a.raster.facts}
    if certain:
        reporter.info(f"Radiometry: {', '.join(certain)} by the metadata of the product.")
        linear.update({name: facts.linear(name) for name, facts in certain.items()})
        spectral = [a for a in spectral if a.name not in certain]
    if not spectral:
        added = any(facts.has_offset for facts in certain.values())
        return Radiometry("dn_offset1000" if added else "dn", linear)
    samples = {a.name: _physical(a) for a in spectral}
    kind, bias = _kind(spectral, samples), 0.0
    if kind == "dn":
        darkest = min(float(np.percentile(v, 1)) for v in samples.values())
        bias = _offset([a.raster for a in spectral], darkest, reporter)
        kind = "dn_offset1000" if bias else "dn"
    else:
        reporter.info("Radiometry: reflectance (values from 0 to about 1), multiplied by 10000.")
    factor = 10000.0 if kind == "reflectance" else 1.0
    for a in spectral:
        scale, offset = _scaling(a)
        linear[a.name] = (scale * factor, offset * factor + bias)
    return Radiometry(kind, linear)


def _scaling(a: Assigned) -> tuple[float, float]:
    """Scale and offset to apply; DN that only declare their quantification (1/10000) are DN."""
    scale, offset = a.raster.scaling(a.band)
    return (1.0, 0.0) if math.isclose(scale, 1e-4) and offset == 0 else (scale, offset)


def _physical(a: Assigned) -> FloatArray:
    scale, offset = _scaling(a)
    stored = a.raster.samples[a.band]
    stored = stored[stored != 0]  # 0 is nodata in Sentinel-2 products
    if stored.size == 0:
        raise ScarpError(
            f"No valid pixel was found in a sample of {a}, so its radiometry cannot be told. Check the file; if it is "
            f"right, say {_CHOICES}."
        )
    values: FloatArray = stored.astype(np.float64) * scale + offset
    return values


def _kind(spectral: Sequence[Assigned], samples: dict[str, FloatArray]) -> str:
    """``dn`` (offset not looked at) or ``reflectance``."""
    high = {name: float(np.percentile(values, 99)) for name, values in samples.items()}
    eight_bit = [a.name for a in spectral if a.raster.dtype(a.band).itemsize == 1]
    if len(eight_bit) == len(spectral):
        raise ScarpError(
            f"{', '.join(eight_bit)} are 8-bit: a picture made from the bands, not reflectance. Give the original "
            "16-bit bands, or use the picture as such: name its bands R, G, B (BAND_MAP=R=1,G=2,B=3), or set "
            "RADIOMETRY=raw."
        )
    # Cirrus (B10) can be as dark as a DN of 1.
    dark = [name for name, value in high.items() if value <= _BRIGHTEST_REFLECTANCE and name != "B10"]
    brightest = max(high.values())
    if not eight_bit and brightest <= _BRIGHTEST_REFLECTANCE:
        return "reflectance"
    if not eight_bit and brightest > 255 and not dark:
        return "dn"
    seen = "; ".join(f"{name} {values.min():.4g} to {values.max():.4g}" for name, values in samples.items())
    raise ScarpError(
        f"The radiometry is ambiguous: the values are neither all DN nor all reflectance. Seen: {seen}. Give all bands "
        f"in one radiometry and say which: {_CHOICES}."
    )


def _offset(rasters: Sequence[Raster], darkest: float, reporter: Reporter) -> float:
    """What to add to the DN: 0 or -1000."""
    unique = list({id(r): r for r in rasters}.values())
    said = {offset: source for r in unique for offset, source in [_declared_offset(r)] if source}
    dates = [d for r in unique if (d := acquired(r))]
    if len(said) > 1:
        raise ScarpError(f"The bands disagree about the offset: {'; '.join(said.values())}. Say {_CHOICES}.")
    if said:
        offset, source = next(iter(said.items()))
        if offset and darkest < _TOO_DARK:
            raise ScarpError(
                f"The radiometry is ambiguous: {source}, so {OFFSET} was added to the DN, but 1 % of a band lies "
                f"below {darkest:.0f}, which would be negative reflectance. Perhaps it was subtracted already. "
                f"Say {_CHOICES}."
            )
        reporter.info(f"Radiometry: {'DN + 1000' if offset else 'plain DN'} ({source}).")
        return offset
    if darkest < _DARK:
        reporter.info(f"Radiometry: plain DN (1 % of a band lies below {darkest:.0f}, so no offset was added).")
        return 0.0
    if dates and max(dates) < OFFSET_SINCE:
        reporter.warning(
            f"Radiometry: plain DN, because the image is of {max(dates)}, before the offset of 1000 came into use. "
            "If it is a reprocessed product (baseline 04.00 or later), set RADIOMETRY=dn_offset1000."
        )
        return 0.0
    when = f"the image is of {max(dates)}" if dates else "no date or processing baseline is known"
    raise ScarpError(
        f"The radiometry is ambiguous: the darkest values (about {darkest:.0f}) fit plain DN in haze as well as "
        f"DN + 1000, and {when}. Say {_CHOICES}."
    )


def _declared_offset(raster: Raster) -> tuple[float, str]:
    """The offset by the file's metadata or by the product's name in the path, and where it was found ('': nowhere)."""
    tags = all_tags(raster)
    for key, value in tags.items():
        if key.upper().endswith("ADD_OFFSET") or "_ADD_OFFSET_" in key.upper():
            number = re.match(r"-?\d+(\.\d+)?", value.strip())
            if number and float(number[0]) in (0.0, -float(OFFSET)):
                return float(number[0]), f"'{raster.name}' has {key}={value}"
    text = tags.get("PROCESSING_BASELINE", "")
    if re.fullmatch(r"\d\d\.\d\d", text.strip()):
        baseline = float(text)
    else:
        match = re.search(r"_N(\d\d)(\d\d)_", " ".join([tags.get("PRODUCT_URI", ""), *_names(raster)]))
        if not match:
            return 0.0, ""
        baseline = float(f"{match[1]}.{match[2]}")
    return (-float(OFFSET) if baseline >= 4 else 0.0), f"'{raster.name}' is of processing baseline {baseline:05.2f}"


def acquired(raster: Raster) -> str:
    """The day of acquisition, ``YYYYMMDD``, by metadata or names; '' when unknown."""
    tags = all_tags(raster)
    starts = [v for k, v in tags.items() if k.upper().endswith(("SENSING_START", "PRODUCT_START_TIME", "SENSING_TIME"))]
    for text in (*starts, *_names(raster)):
        match = re.search(r"(?<!\d)(20[1-4]\d)-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])(?!\d)", text)
        if match:
            return "".join(match.groups())
    return ""


def product(rasters: Sequence[Raster], names: Sequence[str]) -> str:
    """``L1C`` or ``L2A`` by metadata, product name or the cirrus band (never in L2A); '' when unknown."""
    found = {"L1C"} if "B10" in names else set()
    for raster in rasters:
        if raster.facts:
            found.add(raster.facts.level)
            continue
        tags = [v for k, v in all_tags(raster).items() if "PRODUCT" in k.upper() or "LEVEL" in k.upper()]
        for level, surface in (("1C", "TOA"), ("2A", "BOA")):
            pattern = rf"MSIL{level}|S2[ABC]{level}|Level-{level}|_{surface}_|(?<![A-Z0-9])L{level}(?![A-Z0-9])"
            if re.search(pattern, " ".join([*_names(raster), *tags]), re.IGNORECASE):
                found.add(f"L{level}")
    return found.pop() if len(found) == 1 else ""


def _names(raster: Raster) -> list[str]:
    """Layer, file and product folder; other folders may be dated by whatever the user did then."""
    path = Path(raster.path)
    return [raster.name, path.name, *(part for part in path.parts if part.upper().startswith(("S2A_", "S2B_", "S2C_")))]


def all_tags(raster: Raster) -> dict[str, str]:
    """Metadata of a file and its bands, default domain."""
    tags: dict[str, str] = dict(raster.dataset.tags())
    for band in raster.dataset.indexes:
        tags.update(raster.dataset.tags(band))
    return tags
