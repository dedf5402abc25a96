"""From what the user asks for (a preset, groups, channels, ``auto``) to channel names, and to the inputs they need."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from ..errors import ScarpError
from .channels import ALIASES, AUTO, CHANNELS, GROUPS, OPEN_GROUPS, PRE, PRESETS, Inputs


def resolve(features: str | Sequence[str], available: Sequence[str]) -> tuple[str, ...]:
    """Turn a feature request into channel names, in order and without repetition.

    Args:
        features: A preset (``bands23``), a channel (``ndvi``), a group (``bands``: the spectral bands that are there;
            ``terrain``, ``rgb``, ``local``, ``global``, ``indices``, ``blurs``, ``gradients``; ``change``: against the
            pre-event image, as far as both have the bands), ``auto`` (every channel worth having whose inputs are
            there), or several of them, comma separated or as a sequence.
            ``rgb``, ``rgb3`` and ``rgb4dem`` mean R, G, B where the scene has them, else B04, B03, B02.
        available: Canonical names of the scene's inputs, e.g. ``B02``, ``SLOPE``, ``R``.

    Raises:
        ScarpError: A name is unknown, nothing was asked for, or an input is missing (all missing ones are listed).
    """
    words = features.split(",") if isinstance(features, str) else list(features)
    words = [word.strip().lower() for word in words if word.strip()]
    if not words:
        raise ScarpError("FEATURES is empty. Give a preset such as bands23, a list such as b04,ndvi,slope, or auto.")
    channels: list[str] = []
    for word in words:
        channels += [channel for channel in _expand(word, available) if channel not in channels]
    missing = _missing(channels, available)
    if any(name.startswith(PRE) for name in missing) and not any(name.startswith(PRE) for name in available):
        raise ScarpError(
            f"FEATURES '{', '.join(words)}' compares the scene with a pre-event image, and none was given. Give it as "
            "PRE_BANDS, or leave the features of change out."
        )
    if missing:
        raise ScarpError(
            f"FEATURES '{', '.join(words)}' needs {', '.join(missing)}, which the scene lacks; it has "
            f"{', '.join(available) or 'nothing'}. Add those bands, name them with BAND_MAP, or use FEATURES=auto."
        )
    return tuple(channels)


def required(channels: Sequence[str], available: Sequence[str] | None = None) -> tuple[str, ...]:
    """Canonical inputs that ``channels`` are computed from, each once, in the order of the channels.

    Args:
        channels: Channel names as `resolve` returns them.
        available: Canonical names of the scene's inputs; decides between B04, B03, B02 and R, G, B for channels
            that take either. None: Sentinel-2.

    Raises:
        ScarpError: A channel is unknown.
    """
    needed: list[str] = []
    for channel in channels:
        needed += [name for name in inputs_of(channel, available or ()) if name not in needed]
    return tuple(needed)


def inputs_of(channel: str, available: Sequence[str]) -> Inputs:
    """The inputs that one channel takes from a scene: of its alternatives the first that is there, else the first.

    Raises:
        ScarpError: The channel is unknown.
    """
    if channel not in CHANNELS:
        raise _unknown(channel)
    return _inputs_of(channel, tuple(available))


@lru_cache(maxsize=4096)  # asked for each channel of each training chip
def _inputs_of(channel: str, available: tuple[str, ...]) -> Inputs:
    alternatives = CHANNELS[channel]
    return next((inputs for inputs in alternatives if set(inputs) <= set(available)), alternatives[0])


def _expand(word: str, available: Sequence[str]) -> tuple[str, ...]:
    word = ALIASES.get(word, word)
    if word in CHANNELS:
        return (word,)
    if word == "auto":
        return _there(AUTO, available) or GROUPS["bands"]
    if word in OPEN_GROUPS:
        return _there(GROUPS[word], available) or GROUPS[word]
    channels = GROUPS.get(word) or PRESETS.get(word)
    if channels is None:
        raise _unknown(word)
    if not {"R", "G", "B"} & set(available):
        bands = {"red": "b04", "green": "b03", "blue": "b02"}
        channels = tuple(bands.get(channel, channel) for channel in channels)
    return channels


def _there(channels: Sequence[str], available: Sequence[str]) -> tuple[str, ...]:
    return tuple(channel for channel in channels if not _missing((channel,), available))


def _missing(channels: Sequence[str], available: Sequence[str]) -> list[str]:
    return [name for name in required(channels, available) if name not in available]


def _unknown(word: str) -> ScarpError:
    return ScarpError(
        f"Unknown feature '{word}'. Presets: auto, {', '.join(PRESETS)}. Groups: {', '.join(GROUPS)}. "
        f"Channels: {', '.join(CHANNELS)}."
    )
