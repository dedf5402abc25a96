"""Landslide4Sense in natural colours: pictures that were made from B04, B03, B02, read as these bands again.

Each pixel is floor(255 x [B04, B03, B02] / the largest of the three in the chip), each band divided by its constant
of the data set before. So the ratios of the bands are known, and the brightness of a chip is not: radiometry
``relative``. Channels that depend on a common gain mean nothing on such data (`check_channels`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..bands import RGB
from ..card import Card
from ..errors import ScarpError
from ..features import GROUPS
from ..reporter import Reporter
from .files import L4S_NAMES, L4S_SCALES, ChipFileError
from .layout import find_layout

BANDS = ("B04", "B03", "B02")
RELATIVE = "relative"
BRIGHTNESS = 900.0
"""DN that the mean of B02 is set to in each chip: that of vegetated mountains in L1C, where haze adds the most."""

_BLIND_TO_GAIN = {
    *(name for group in ("local", "contrast", "colours", "indices", "blurs", "gradients") for name in GROUPS[group]),
    *("edge", "gaussian"),
}
_SCALES = np.array([dict(zip(L4S_NAMES, L4S_SCALES))[name] for name in BANDS], np.float32)


def choose(asked: str, card: Card | None, folder: str | Path, reporter: Reporter) -> str:
    """What the pictures in a folder of chips are: ``photo`` or ``landslide4sense``.

    Args:
        asked: One of `scarp.core.jobs.PICTURES`; ``auto``: what the checkpoint was trained on.
        card: Of the checkpoint to judge or to start from; None: there is none.
        folder: The folder.
        reporter: Told what was assumed.

    Raises:
        ScarpError: The folder is missing, empty or of an unknown layout.
    """
    if asked != "auto":
        return asked
    if card is None or card.radiometry != RELATIVE or find_layout(folder).kind != "pictures":
        return "photo"
    reporter.warning(
        "The pictures are taken for Landslide4Sense in natural colours (B04, B03, B02), which the checkpoint was "
        "trained on. Say PICTURES=photo if they are something else."
    )
    return "landslide4sense"


def as_bands(picture: NDArray[np.float32], names: Sequence[str]) -> NDArray[np.float32]:
    """Undo the division by the bands' constants.

    Args:
        picture: float32 [3, h, w], 0 to 255, red first.
        names: What its bands are called.

    Returns:
        B04, B03, B02, float32 [3, h, w], whole numbers: DN but for an unknown factor.

    Raises:
        ChipFileError: It is no picture in natural colours.
    """
    if tuple(names) != RGB or picture.max() > 255:
        raise ChipFileError(
            f"PICTURES=landslide4sense needs 8-bit pictures in red, green, blue, not {', '.join(names)}"
        )
    if not picture.any():
        return picture  # nodata, as everywhere
    bands = (picture + np.float32(0.5)) * _SCALES[:, None, None]  # the middle of the step that was cut to
    mean = float(bands[BANDS.index("B02")].mean())  # never 0: half a step is left of black
    whole: NDArray[np.float32] = np.rint(bands * np.float32(BRIGHTNESS / mean))
    return whole


def check_channels(channels: Sequence[str], radiometry: str) -> None:
    """Raise a `ScarpError` where channels depend on a brightness that is not known."""
    wrong = [channel for channel in channels if channel not in _BLIND_TO_GAIN]
    if radiometry == RELATIVE and wrong:
        raise ScarpError(
            f"The chips tell bands but for an unknown brightness (PICTURES=landslide4sense), on which "
            f"{', '.join(wrong)} depend. Set FEATURES to a list of contrast, colours, local, blurs."
        )
