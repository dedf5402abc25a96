"""What a Sentinel-2 product says of itself: level, baseline, day, and how its numbers become reflectance."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from ..bands import BANDS
from ..errors import ScarpError

OFFSET_SINCE = 4.0  # processing baseline from which a radiometric offset is added to the stored numbers
_AGAIN = "Download the product again"


@dataclass(frozen=True, eq=False)
class Facts:
    """A product's metadata.

    Attributes:
        level: ``L1C`` or ``L2A``.
        spacecraft: ``Sentinel-2A`` for example.
        baseline: Processing baseline, ``05.11`` for example.
        acquired: Start of the sensing, ISO 8601.
        uri: Name of the product with ``.SAFE``; empty: not said.
        quantification: What stands for a reflectance of 1.
        offsets: Band to what is added to the stored number, -1000 or 0.
        saturated: The stored number that stands for a saturated pixel.
        listed: Bands that the product should hold.
    """

    level: str
    spacecraft: str
    baseline: str
    acquired: str
    uri: str
    quantification: float
    offsets: dict[str, float]
    saturated: int
    listed: frozenset[str]

    @property
    def has_offset(self) -> bool:
        """Whether any offset applies."""
        return any(self.offsets.values())

    def linear(self, band: str) -> tuple[float, float]:
        """Gain and bias of a band: DN without offset (reflectance x 10000) = stored x gain + bias."""
        gain = 10000.0 / self.quantification
        return gain, self.offsets[band] * gain

    def describe(self) -> str:
        """For the log: ``L2A of Sentinel-2A, 2018-09-08, processing baseline 05.00, offset -1000``."""
        offsets = sorted({f"{value:g}" for value in self.offsets.values()})
        told = f"offset {' and '.join(offsets)} applied" if self.has_offset else "no offset"
        return f"{self.level} of {self.spacecraft}, {self.acquired[:10]}, processing baseline {self.baseline}, {told}"


def parse(text: bytes, level: str, what: str) -> Facts:
    """Read MTD_MSIL1C.xml or MTD_MSIL2A.xml.

    Args:
        text: The file.
        level: ``L1C`` or ``L2A``, by the name of the file.
        what: The product, for messages.

    Raises:
        ScarpError: It is damaged or of another satellite, or lacks what the reflectance depends on.
    """
    try:
        root = fromstring(text)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise ScarpError(f"The metadata of '{what}' is damaged ({error}). {_AGAIN}.") from error
    spacecraft = _text(root, "SPACECRAFT_NAME")
    if not re.match(r"Sentinel-2", spacecraft, re.IGNORECASE):
        raise ScarpError(
            f"'{what}' is a product of {spacecraft or 'an unknown satellite'}. Expected: a product of Sentinel-2 "
            "(MSI), level 1C or 2A."
        )
    tags = ("BOA_QUANTIFICATION_VALUE", "L2A_BOA_QUANTIFICATION_VALUE") if level == "L2A" else ("QUANTIFICATION_VALUE",)
    quantification = next(filter(None, (_number(_text(root, tag)) for tag in tags)), None)
    if not quantification or quantification <= 0:
        raise ScarpError(
            f"The metadata of '{what}' lacks QUANTIFICATION_VALUE, without which its numbers mean nothing. {_AGAIN}."
        )
    baseline = _text(root, "PROCESSING_BASELINE")
    offsets = _offsets(root, "BOA_ADD_OFFSET" if level == "L2A" else "RADIO_ADD_OFFSET", what)
    if not offsets and (_number(baseline) or 0.0) >= OFFSET_SINCE:
        name = "BOA_ADD_OFFSET" if level == "L2A" else "RADIO_ADD_OFFSET"
        raise ScarpError(
            f"The metadata of '{what}' is of processing baseline {baseline} but lacks {name}, which products have "
            f"since 04.00. It was changed or cut off: {_AGAIN.lower()}."
        )
    return Facts(
        level=level,
        spacecraft=spacecraft,
        baseline=baseline or "unknown",
        acquired=_text(root, "PRODUCT_START_TIME") or _text(root, "DATATAKE_SENSING_START"),
        uri=_text(root, "PRODUCT_URI"),
        quantification=quantification,
        offsets=offsets or dict.fromkeys(BANDS, 0.0),
        saturated=int(_special(root).get("SATURATED", 65535)),
        listed=frozenset(
            match[1] for item in _all(root, "IMAGE_FILE") if (match := re.search(r"_(B\d\d|B8A)(?:_\d\dm)?$", item))
        ),
    )


def _offsets(root: Any, tag: str, what: str) -> dict[str, float]:
    """Band to offset; empty where the product has none. Ids count the bands in their order: 8 is B8A, 9 is B09."""
    found = {}
    for element in _elements(root, tag):
        number, value = _number(element.get("band_id", "")), _number(element.text or "")
        if number is None or value is None or not 0 <= number < len(BANDS):
            raise ScarpError(f"The metadata of '{what}' has a {tag} that cannot be read. {_AGAIN}.")
        found[BANDS[int(number)]] = value
    missing = [band for band in BANDS if band not in found] if found else []
    if missing and missing != ["B10"]:  # surface reflectance has no cirrus band
        raise ScarpError(f"The metadata of '{what}' has no {tag} for {', '.join(missing)}. {_AGAIN}.")
    return {**dict.fromkeys(missing, 0.0), **found}


def _special(root: Any) -> dict[str, float]:
    texts, values = _all(root, "SPECIAL_VALUE_TEXT"), _all(root, "SPECIAL_VALUE_INDEX")
    numbers = [_number(value) for value in values]
    return {name.upper(): number for name, number in zip(texts, numbers) if number is not None}


def _elements(root: Any, tag: str) -> list[Any]:
    # Namespaces differ from baseline to baseline; inside them the names are the same.
    return [element for element in root.iter() if str(element.tag).rpartition("}")[2] == tag]


def _all(root: Any, tag: str) -> list[str]:
    return [(element.text or "").strip() for element in _elements(root, tag)]


def _text(root: Any, tag: str) -> str:
    return next(iter(_all(root, tag)), "")


def _number(text: str) -> float | None:
    match = re.fullmatch(r"\s*(-?\d+(?:\.\d+)?)\s*", text)
    return float(match[1]) if match else None
