"""The tag by which a raster of engineered bands is known again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import ScarpError
from .raster import Raster

TAG = "SCARP_BANDS"


@dataclass(frozen=True)
class Engineered:
    """What buildbands says of its raster: the channels in order, and what the scene was."""

    channels: tuple[str, ...]
    mode: str
    radiometry: str
    product: str


def to_tag(channels: Sequence[str], mode: str, radiometry: str, product: str) -> dict[str, str]:
    """The tag for `RasterWriter`."""
    return {TAG: json.dumps({"channels": list(channels), "mode": mode, "radiometry": radiometry, "product": product})}


def from_raster(raster: Raster) -> Engineered | None:
    """Read the tag; None for any other raster.

    Raises:
        ScarpError: The tag is there but does not fit the raster.
    """
    text = raster.dataset.tags().get(TAG)
    if text is None:
        return None
    try:
        said = json.loads(text)
        found = Engineered(tuple(said["channels"]), said["mode"], said["radiometry"], said["product"])
    except (ValueError, KeyError, TypeError) as error:
        raise ScarpError(f"'{raster.path}' has a damaged {TAG} tag ({error}). Build the bands again.") from error
    if len(found.channels) != raster.dataset.count:
        raise ScarpError(
            f"'{raster.path}' says that it holds {len(found.channels)} engineered bands but has "
            f"{raster.dataset.count}. It was changed after it was built: build the bands again."
        )
    return found
