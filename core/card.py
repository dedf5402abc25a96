"""The checkpoint's card: what a network is, what it was trained on and what a scene must bring to be mapped with it.

It is JSON in the header of the ``.safetensors`` file: QGIS's Python reads it without torch (standard library only).
"""

from __future__ import annotations

import codecs
import json
import math
from collections.abc import Collection
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from .bands import PRE, PRE_VALID
from .errors import ScarpError
from .reporter import Reporter
from .runtime.find import data_folder

FORMAT_VERSION = 1
KEY = "scarp"
STATE_KEY = "scarp_state"
MODES = ("scene", "chip")
SHIPPED = Path(__file__).resolve().parents[1] / "resources" / "checkpoints"

GSD_WARNED = 1.5
GSD_REFUSED = 4.0

_CHANGE = "change_"
_HEADER_LIMIT = 100_000_000
_ADVICE = "Choose a .safetensors file written by scarp:train, or the name of a shipped checkpoint."


@dataclass
class Card:
    """What has to be known to use a network.

    Attributes:
        architecture: Name in `scarp.models`. options: its arguments. head: ``single``, ``dual`` or ``multires``.
        features: Channel names in the order of the network's input.
        mode: Statistics of the local features it was trained with, one of `MODES`.
        bands_required: Canonical inputs that ``features`` are computed from. bands_optional: further ones, which may be
            missing: the network was trained to do without.
        radiometry: As decided for the training data (``dn``, ``raw``...; ``relative``: DN but for a factor).
        product: ``L1C``, ``L2A`` or empty.
        mean: Mean of each channel over the training split. std: its standard deviation, never 0.
        seen: What the inputs were like in the training, as `scarp.core.training.domain` measures it; empty: unknown.
        chip: Side of a training chip, pixels. gsd: ground sampling distance, metres; 0: unknown.
        pools_globally: The network sees the whole tile at once, so it must run at ``chip``.
        threshold: Probability from which a pixel is landslide. threshold_choice: how it was chosen, a sentence.
        temperature: The logits are divided by it.
        training: Data, split, attribution, chips, epochs... metrics: name of a split -> its figures; None: undefined.
        about: What it is and for whom, for a person. limits: when not to use it, a sentence each.
    """

    architecture: str
    features: list[str]
    mean: list[float]
    std: list[float]
    options: dict[str, Any] = field(default_factory=dict)
    head: str = "single"
    mode: str = "scene"
    bands_required: list[str] = field(default_factory=list)
    bands_optional: list[str] = field(default_factory=list)
    radiometry: str = "dn"
    product: str = ""
    chip: int = 128
    gsd: float = 10.0
    pools_globally: bool = False
    threshold: float = 0.5
    threshold_choice: str = "Not chosen: 0.5 by convention."
    temperature: float = 1.0
    loss: str = ""
    training: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, dict[str, Any]] = field(default_factory=dict)
    seen: dict[str, Any] = field(default_factory=dict)
    seed: int = 0
    versions: dict[str, str] = field(default_factory=dict)
    date: str = ""
    licence: str = ""
    about: str = ""
    limits: list[str] = field(default_factory=list)
    format_version: int = FORMAT_VERSION

    @property
    def network(self) -> str:
        """The architecture with its options, as ARCHITECTURE of a training takes it."""
        options = ", ".join(
            f"{name}={'-'.join(map(str, value)) if isinstance(value, list) else value}"
            for name, value in self.options.items()
        )
        return f"{self.architecture}({options})" if options else self.architecture

    def to_json(self) -> str:
        """The card as it stands in the file: strict JSON, undefined figures are null."""
        return json.dumps(_without_nan(asdict(self)), allow_nan=False)


def from_json(text: str, source: str) -> Card:
    """Read a card and check it; ``source`` names the file in messages.

    Raises:
        ScarpError: It is no card, of an unknown format, or contradicts itself.
    """
    try:
        data = json.loads(text)
    except ValueError as error:
        raise ScarpError(f"The card of checkpoint '{source}' is damaged: {error}. {_ADVICE}") from error
    if not isinstance(data, dict):
        raise ScarpError(f"The card of checkpoint '{source}' is damaged: it is no JSON object. {_ADVICE}")
    version = data.get("format_version")
    if version != FORMAT_VERSION:
        raise ScarpError(
            f"The card of checkpoint '{source}' has format version {version}; this Scarp reads version "
            f"{FORMAT_VERSION}. Update Scarp, or choose another checkpoint."
        )
    known = {f.name for f in fields(Card)}
    try:
        card = Card(**{name: value for name, value in data.items() if name in known})
        problem = _problem(card)
    except TypeError as error:
        problem = str(error)
    if problem:
        raise ScarpError(f"The card of checkpoint '{source}' is not valid: {problem}. {_ADVICE}")
    return card


def read(path: str | Path) -> Card:
    """Read the card out of a checkpoint's header; the tensors are not touched.

    Raises:
        ScarpError: ``path`` is missing, cut off, of another format (text, pickle), or without a card that is known.
    """
    metadata = read_metadata(path)
    if KEY not in metadata:
        if STATE_KEY in metadata:
            raise ScarpError(
                f"'{path}' is the state of a training run, not a checkpoint. Give it as RESUME of scarp:train, "
                "or choose the checkpoint beside it."
            )
        raise ScarpError(f"'{path}' is a safetensors file without a Scarp card. {_ADVICE}")
    return from_json(metadata[KEY], str(path))


def read_metadata(path: str | Path) -> dict[str, str]:
    """The text entries in the header of a safetensors file, after checking that the file is whole.

    Raises:
        ScarpError: As in `read`, but for the card itself.
    """
    path = Path(path)
    if not path.is_file():
        raise ScarpError(f"There is no checkpoint '{path}'. {_ADVICE}")
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(8)
        length = int.from_bytes(start, "little")
        if len(start) < 8 or not 2 <= length <= min(size - 8, _HEADER_LIMIT):
            raise ScarpError(_foreign(path, start + file.read(512)))
        text = file.read(length)
    try:
        header = json.loads(text)
        metadata = header.pop("__metadata__", {})
        end = max((entry["data_offsets"][1] for entry in header.values()), default=0)
    except (ValueError, AttributeError, LookupError, TypeError) as error:
        raise ScarpError(f"The header of checkpoint '{path}' is damaged. Copy the file again. {_ADVICE}") from error
    if size != 8 + length + end:
        raise ScarpError(
            f"The checkpoint '{path}' is not whole: {8 + length + end} bytes are expected, {size} are there. "
            "Copy or download it again."
        )
    return {str(key): str(value) for key, value in metadata.items()}


def units(radiometry: str) -> str:
    """What values are once they were read: ``raw``, or ``DN``, of which ``relative`` ones lack a common factor.

    Channels that a network may learn from ``relative`` values are the same on DN.
    """
    return radiometry if radiometry in ("raw", "") else "DN"


def user_folder() -> Path:
    """Where checkpoints lie that the user has imported; it may not be there."""
    return data_folder() / "checkpoints"


def named() -> list[Path]:
    """The checkpoints that can be called by their name: those shipped with Scarp, then the user's."""
    folders = (SHIPPED, user_folder())
    # Hidden ones are being written.
    return [path for folder in folders for path in sorted(folder.glob("[!.]*.safetensors"))]


def is_shipped(path: Path) -> bool:
    """Whether a checkpoint is one of those that come with Scarp."""
    return path.resolve().parent == SHIPPED.resolve()


def find(name_or_path: str | Path) -> Path:
    """The file of a checkpoint: a path, or the name of one that is shipped with Scarp or was imported by the user.

    Raises:
        ScarpError: Neither; the message lists the names.
    """
    text = str(name_or_path).strip()
    if text and Path(text).is_file():
        return Path(text)
    known = {path.stem: path for path in reversed(named())}  # a shipped one goes before the user's of the same name
    if text in known:
        return known[text]
    there = f"there are: {', '.join(sorted(known))}" if known else "none is shipped with this version"
    raise ScarpError(f"There is no checkpoint '{text}'. Give the path of a .safetensors file, or a name ({there}).")


def introduce(card: Card, reporter: Reporter, limits: int | None = None) -> None:
    """Say what a checkpoint is for, and when not to use it; ``limits``: at most so many of the latter."""
    if card.about:
        reporter.info(card.about)
    for limit in card.limits[:limits]:
        reporter.info(f"Limit: {limit}")


def check_scene(card: Card, names: Collection[str], gsd: float, reporter: Reporter) -> None:
    """Check that a scene brings what the network needs, before any work.

    Args:
        card: The card.
        names: Inputs of the scene: canonical names, or channel names (lower case) of a raster written by buildbands.
        gsd: Ground sampling distance of the scene's grid, metres.
        reporter: Gets the warning about the ground sampling distance.

    Raises:
        ScarpError: Inputs are missing (all are listed), or the ground sampling distance is off by more than 4 x.
    """
    engineered = _engineered(names)
    gone = absent(card, names)
    needed = [name for name in card.features if name not in gone] if engineered else card.bands_required
    missing = [name for name in needed if name not in names]
    if missing:
        fix = (
            "Write the raster with these FEATURES, or give the original bands."
            if engineered
            else "Add them to BANDS (DEM, SLOPE and PRE_BANDS have their own parameters), name them in BAND_MAP, or "
            "choose a checkpoint for these bands."
        )
        raise ScarpError(
            f"The checkpoint needs {', '.join(needed)}. Missing in the scene: {', '.join(missing)} "
            f"(found: {', '.join(names) or 'nothing'}). {fix}"
        )
    unknown = unknown_before(card, names)
    if unknown:
        reporter.warning(
            "The checkpoint was trained to compare the scene with a pre-event image, and none was given: change is "
            "taken as unknown everywhere. Expect a worse map, or give the image as PRE_BANDS."
        )
    gone = [channel for channel in gone if channel not in unknown]
    if gone:
        lacking = gone if engineered else [name for name in card.bands_optional if name not in names]
        lacking = [name for name in lacking if not (unknown and name.startswith(PRE))]
        reporter.warning(
            f"The scene lacks {', '.join(lacking)}. The checkpoint was trained to do without at times: the network is "
            f"given the mean of its training data for {', '.join(gone)}. Expect a somewhat worse map than with them."
        )
    lacking = [PRE + name for name in names if PRE + name in card.bands_optional and PRE + name not in names]
    if lacking and not unknown and PRE_VALID in card.bands_optional:
        raise ScarpError(
            f"The checkpoint compares the scene with a pre-event image, which lacks {', '.join(lacking)}. Add them to "
            "PRE_BANDS, or leave PRE_BANDS empty."
        )
    if card.gsd <= 0 or gsd <= 0:
        reporter.info("The checkpoint does not say its ground sampling distance: whether it fits was not checked.")
        return
    factor = max(card.gsd / gsd, gsd / card.gsd)
    difference = f"The scene has {gsd:.3g} m pixels, the checkpoint was trained at {card.gsd:.3g} m"
    if factor > GSD_REFUSED:
        raise ScarpError(f"{difference}: more than {GSD_REFUSED:g} x apart. Set RESOLUTION to {card.gsd:.3g}.")
    if factor > GSD_WARNED:
        reporter.warning(f"{difference}: expect a worse map. Setting RESOLUTION to {card.gsd:.3g} avoids this.")


def absent(card: Card, names: Collection[str]) -> list[str]:
    """Channels of a card that a scene cannot give, and that the network can do without; ``names`` as in `check_scene`.

    An optional band is the input of its own channel (``B10`` of ``b10``) and of its change since before the event.
    """
    unknown = unknown_before(card, names)

    def lacking(channel: str) -> bool:
        if channel in unknown:
            return True
        own = channel.removeprefix(_CHANGE).upper()
        inputs = {own} if own == channel.upper() else {own, PRE + own}
        there = {channel} if _engineered(names) else inputs
        return inputs <= {*card.bands_optional} and not there <= {*names}

    return [channel for channel in card.features if lacking(channel)]


def unknown_before(card: Card, names: Collection[str]) -> list[str]:
    """Channels of change that are unknown (0) everywhere; they are among those of `absent`.

    The scene has no pre-event image, and the training data often had none either.
    """
    if PRE_VALID not in card.bands_optional or any(name.startswith((PRE, _CHANGE)) for name in names):
        return []
    return [channel for channel in card.features if channel.startswith(_CHANGE)]


def _engineered(names: Collection[str]) -> bool:
    return bool(names) and all(name == name.lower() for name in names)


def _problem(card: Card) -> str:
    """What contradicts itself in the card, or an empty text."""
    channels = len(card.features)
    numbers = [card.gsd, card.threshold, card.temperature, *card.mean, *card.std]
    checks = (
        (isinstance(card.architecture, str) and isinstance(card.options, dict), "the architecture has a wrong type"),
        (channels > 0 and _is_texts(card.features), "it lists no features"),
        (len(card.mean) == len(card.std) == channels, "features, means and standard deviations differ in number"),
        (all(isinstance(n, (int, float)) and math.isfinite(n) for n in numbers), "a number is missing or not finite"),
        (all(isinstance(n, (int, float)) and n > 0 for n in [*card.std, card.temperature]), "a scale is not positive"),
        (isinstance(card.seen, dict), "what it has seen has a wrong type"),
        (isinstance(card.about, str), "what it is about is no text"),
        (_is_texts(card.limits), "its limits are no list of sentences"),
        (card.mode in MODES, f"mode is '{card.mode}', one of {', '.join(MODES)} is expected"),
        (isinstance(card.chip, int) and card.chip > 0 and card.chip % 32 == 0, "chip is no multiple of 32 px"),
        (isinstance(card.threshold, (int, float)) and 0 <= card.threshold <= 1, "threshold is not within 0 to 1"),
    )
    return next((problem for holds, problem in checks if not holds), "")


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _foreign(path: Path, start: bytes) -> str:
    if start[:2] in (b"PK", b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05"):
        return (
            f"'{path}' is a pickled PyTorch file. Scarp loads none, because opening one can run any program. {_ADVICE}"
        )
    if _is_text(start):
        return f"'{path}' is a text file, not a checkpoint. {_ADVICE}"
    return f"'{path}' is no checkpoint, or was cut off while it was copied. Copy it again. {_ADVICE}"


def _is_text(start: bytes) -> bool:
    try:
        # Incremental: the last character may be cut in two.
        text = codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return False
    return bool(text) and all(character.isprintable() or character in "\t\r\n\f" for character in text)


def _without_nan(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _without_nan(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_nan(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
