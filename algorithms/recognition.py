"""Which bands the chosen layers hold, told before the run with the rules of the worker; no pixel is read."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from osgeo import gdal

from ..core import card as cards
from ..core.assign import Assigned, assign, texts
from ..core.bands import BANDS, PRE, PRE_VALID
from ..core.errors import ScarpError
from ..core.jobs import Layer, SceneInputs
from ..core.reporter import Reporter
from ..core.sentinel import find_product, is_product
from .translation import tr

_ENGINEERED = "SCARP_BANDS"  # the tag by which the worker knows engineered bands again
_KINDS = {"Byte": "uint8"}
_COLOURS = {gdal.GCI_RedBand: "red", gdal.GCI_GreenBand: "green", gdal.GCI_BlueBand: "blue"}


@dataclass(frozen=True)
class Entry:
    """What is known of a raster: see `scarp.core.assign.Described`.

    Attributes:
        bands: Description, type, colour and whether it is alpha, each.
        product: Name of the product that it is an image of; empty: of none.
    """

    path: str
    name: str
    bands: tuple[tuple[str, str, str, bool], ...]
    product: str = ""

    @property
    def count(self) -> int:
        """How many bands it has."""
        return len(self.bands)

    @property
    def data_bands(self) -> tuple[int, ...]:
        """Numbers of the bands that are no alpha."""
        return tuple(number for number, band in enumerate(self.bands, 1) if not band[3])

    def texts(self, band: int) -> tuple[str, ...]:
        """What may tell which band this is."""
        description = self.bands[band - 1][0]
        if self.product:
            return (description,)
        return texts(description, self.name, self.path, alone=len(self.data_bands) == 1)

    def kind(self, band: int) -> str:
        """Type of the stored values."""
        return self.bands[band - 1][1]

    def colour(self, band: int) -> str:
        """``red``, ``green`` or ``blue``, else empty."""
        return self.bands[band - 1][2]


@dataclass(frozen=True)
class Recognised:
    """What was recognised.

    Attributes:
        found: Which band of which raster is which input.
        names: The inputs, or the channels of a raster of engineered bands.
        unknown: A raster could not be looked at from here; nothing is certain then.
    """

    found: tuple[Assigned[Entry], ...]
    names: tuple[str, ...]
    unknown: bool = False


def recognise(layers: Sequence[Layer], band_map: str) -> Recognised:
    """Tell which bands the layers hold.

    Raises:
        ScarpError: BAND_MAP is wrong, a band is there twice or cannot be told, or a product is damaged.
    """
    entries: list[Entry] = []
    for layer in layers:
        opened = _look(layer)
        if opened is None:
            return Recognised((), (), unknown=True)
        if isinstance(opened, tuple):
            return Recognised((), opened)
        entries += opened
    found = tuple(assign(entries, band_map, Reporter(log=_silent)))
    return Recognised(found, tuple(a.name for a in found))


def check(job: SceneInputs, checkpoint: str = "") -> None:
    """Refuse what is certainly wrong with the bands of a scene, before a worker is started.

    Raises:
        ScarpError: As `recognise`, or the checkpoint needs bands that are not there.
    """
    if not job.bands:
        return
    scene = recognise(job.bands, job.band_map)
    before = recognise_before(job) if job.pre_bands else Recognised((), ())
    if checkpoint and not (scene.unknown or before.unknown):
        card = cards.read(cards.find(checkpoint))
        cards.check_scene(card, names_of(job, scene, before), card.gsd, Reporter(log=_silent))


def recognise_before(job: SceneInputs) -> Recognised:
    """As `recognise`, for the pre-event image."""
    try:
        return recognise(job.pre_bands, re.sub(rf"\b{PRE}(?=\w+\s*=)", "", job.pre_band_map, flags=re.IGNORECASE))
    except ScarpError as error:
        words = re.sub(r"\b(BANDS|BAND_MAP|VALID_MASK)\b", rf"{PRE}\1", str(error))
        raise ScarpError(f"Pre-event image: {words}") from error


def names_of(job: SceneInputs, scene: Recognised, before: Recognised) -> tuple[str, ...]:
    """All inputs that the scene of a job will have."""
    names = list(scene.names)
    if scene.found:
        names += ["SLOPE"] if job.slope and "SLOPE" not in names else []
        names += ["DEM"] if job.dem and "DEM" not in names else []
        names += ["SLOPE"] if "DEM" in names and "SLOPE" not in names else []
        shared = [PRE + name for name in before.names if name in scene.names]
        names += [*shared, PRE_VALID] if shared else []
    return tuple(names)


def tell(job: SceneInputs, checkpoint: str = "") -> str:
    """What was recognised, from which layer, and what is missing: HTML for the dialog; empty when nothing is chosen."""
    if not job.bands:
        return ""
    try:
        scene = recognise(job.bands, job.band_map)
    except ScarpError as error:
        return _bold(error)
    text = _told(scene)
    try:
        check(job, checkpoint)
    except ScarpError as error:
        return f"{text}<br>{_bold(error)}"
    if not scene.found:
        return text
    if checkpoint:
        return f"{text}<br>{tr('The checkpoint has all that it needs.')}"
    absent = [name for name in BANDS if name not in scene.names]
    spectral = len(absent) < len(BANDS)
    return f"{text}<br>{tr('Not there: {names}.', names=', '.join(absent))}" if absent and spectral else text


def tell_before(job: SceneInputs) -> str:
    """As `tell`, for the pre-event image."""
    if not job.pre_bands:
        return ""
    try:
        return _told(recognise_before(job))
    except ScarpError as error:
        return _bold(error)


def _told(recognised: Recognised) -> str:
    if recognised.unknown:
        return tr("The bands are recognised when the algorithm runs.")
    if not recognised.found:
        return tr("Engineered bands: {names}.", names=escape(", ".join(recognised.names)))
    return tr("Recognised: {names}.", names=_by_layer(recognised.found))


def _bold(error: ScarpError) -> str:
    # A line may break at a comma: else a list without spaces would widen the dialog.
    return f"<b>{escape(str(error)).replace(',', ',&#8203;')}</b>"


def _by_layer(found: Sequence[Assigned[Entry]]) -> str:
    groups: dict[str, list[str]] = {}
    for assigned in found:
        groups.setdefault(assigned.raster.product or assigned.raster.name, []).append(assigned.name)
    return "; ".join(f"<b>{', '.join(names)}</b> ({escape(layer)})" for layer, names in groups.items())


def _look(layer: Layer) -> list[Entry] | tuple[str, ...] | None:
    """Entries of a raster or a product, the channels of engineered bands, or None when it cannot be opened here."""
    if is_product(layer.path):
        product = find_product(layer.path)
        return [
            Entry(path, Path(path).stem, ((band, "uint16", "", False),), product.name)
            for band, path in product.bands.items()
        ]
    dataset = _open(layer.path)
    if dataset is None or not dataset.RasterCount:
        return None
    tag = dataset.GetMetadataItem(_ENGINEERED)
    if tag:
        try:
            return tuple(json.loads(tag)["channels"])
        except (ValueError, KeyError, TypeError):
            return None
    bands = []
    for number in range(1, dataset.RasterCount + 1):
        band = dataset.GetRasterBand(number)
        kind, colour = gdal.GetDataTypeName(band.DataType), band.GetColorInterpretation()
        bands.append(
            (band.GetDescription(), _KINDS.get(kind, kind), _COLOURS.get(colour, ""), colour == gdal.GCI_AlphaBand)
        )
    return [Entry(layer.path, layer.name or Path(layer.path).stem, tuple(bands))]


def _open(path: str) -> gdal.Dataset | None:
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        return gdal.OpenEx(path, gdal.OF_RASTER)
    except RuntimeError:  # as GDAL says it where its exceptions are switched on
        return None
    finally:
        gdal.PopErrorHandler()


def _silent(level: str, message: str) -> None:
    """Nobody hears it now: the worker says it in the run."""
