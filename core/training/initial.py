"""Fine-tuning: a network starts from the weights of a checkpoint, also where it sees other channels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from ... import models
from .. import card as cards
from ..card import Card
from ..checkpoint import load_tensors
from ..errors import ScarpError
from ..features import inputs_of
from ..jobs import TrainJob
from ..reporter import Reporter

# Fewer chips than these say less about the channels than what the checkpoint was trained on.
FEW_CHIPS = 50
_SHARED = 0.5  # of its standard deviation: by more a channel's mean must have moved to be named


@dataclass(frozen=True)
class Scaling:
    """Mean and standard deviation of each channel."""

    mean: tuple[float, ...]
    std: tuple[float, ...]


def options_of(card: Card, architecture: str, options: dict[str, Any]) -> dict[str, Any]:
    """The options of the network to build so that the weights of ``card`` fit; those asked for must agree.

    Raises:
        ScarpError: The job asks for another network.
    """
    asked = {**card.options, **options}
    if (architecture, asked) != (card.architecture, card.options):
        raise ScarpError(
            f"INIT is a checkpoint of {_name(card.architecture, card.options)}, but {_name(architecture, asked)} is to "
            f"be trained. Set ARCHITECTURE={card.architecture}, or leave INIT empty."
        )
    return asked


def channels_of(card: Card, available: tuple[str, ...]) -> tuple[str, ...]:
    """The channels of a checkpoint that can be computed from the inputs ``available``: FEATURES=auto in fine-tuning."""
    return tuple(channel for channel in card.features if set(inputs_of(channel, available)) <= set(available))


def start_from(job: TrainJob, card: Card, model: nn.Module, channels: tuple[str, ...], reporter: Reporter) -> None:
    """Put the weights of a checkpoint into ``model``; the layers that see the input are adapted channel by channel.

    Channels that the checkpoint does not know start at weight 0, so that training begins with what was known. Heads
    that it does not have start anew.

    Raises:
        ScarpError: The tensors do not fit, no channel is shared, or new ones would be frozen at weight 0.
    """
    known = {name: index for index, name in enumerate(card.features)}
    new, unused = [c for c in channels if c not in known], [c for c in card.features if c not in channels]
    if len(new) == len(channels):
        raise ScarpError(
            f"INIT was trained on {', '.join(card.features)}, and none of these is among the channels to train on "
            f"({', '.join(channels)}). Choose FEATURES that share some, or leave INIT empty."
        )
    if new and job.freeze:
        raise ScarpError(
            f"FREEZE keeps the first layer as it is, so {', '.join(new)}, which INIT does not know, would never be "
            "used. Leave them out of FEATURES, or set FREEZE to false."
        )
    path = cards.find(job.init)
    tensors = load_tensors(path)
    for name in _input_layers(card):
        if name in tensors:
            tensors[name] = _adapted(tensors[name], known, channels)
    expected = model.state_dict()
    fresh = [name for name in expected if name not in tensors]
    left = [name for name in tensors if name not in expected]
    if any(not name.startswith("heads.") for name in fresh + left):
        raise ScarpError(f"INIT '{path}' does not fit {card.architecture}: {', '.join((fresh + left)[:3])} differ.")
    try:
        model.load_state_dict(tensors, strict=False)
    except RuntimeError as error:
        raise ScarpError(f"INIT '{path}' does not fit {card.architecture}: {error}.") from error
    changes = {
        f"first layer was adapted ({len(channels) - len(new)} channels keep their weights)": {
            "new and starting at 0": new,
            "no longer used": unused,
        },
        "heads differ": {"new and untrained": _heads(fresh), "left out": _heads(left)},
    }
    message = f"Starting from the weights of '{card.architecture}' in {path.name}"
    for what, lists in changes.items():
        listed = [f"{how}: {', '.join(names)}" for how, names in lists.items() if names]
        message += f"; its {what}, {', '.join(listed)}" if listed else ""
    (reporter.warning if new or unused or fresh or left else reporter.info)(f"{message}.")


def scaling_of(
    card: Card,
    channels: tuple[str, ...],
    measured: Scaling,
    *,
    chips: float,
    radiometry: str,
    frozen: bool,
    reporter: Reporter,
) -> Scaling:
    """Mean and standard deviation to fine-tune with: those of the checkpoint, or those of the new data.

    The first layer's weights belong to the checkpoint's. A few chips, mostly of landslides, measure their own too
    poorly to be worth the change, and a frozen encoder cannot follow it; many chips measure what the sensor, season
    and ground at hand are like, and the weights follow. Where the values mean something else (radiometry), the
    checkpoint's are of no use. Channels that it does not know have those of the data.

    Args:
        card: Of the checkpoint.
        channels: Of the network.
        measured: Those of the data.
        chips: So many chips' worth of pixels train.
        radiometry: Of the data.
        frozen: The encoder stays as it is.
        reporter: Told the choice and the channels that differ much.
    """
    differing = _differing(card, channels, measured)
    difference = f" The means of {differing} differ by more than {_SHARED:g} standard deviations." if differing else ""
    if cards.units(radiometry) != cards.units(card.radiometry):
        reporter.warning(
            f"Normalisation: that of the new data, since their radiometry is {radiometry} and the checkpoint's is "
            f"{card.radiometry}.{difference}"
        )
        return measured
    if chips > FEW_CHIPS and not frozen:
        reporter.info(f"Normalisation: that of the new data, not of the checkpoint.{difference}")
        return measured
    why = "its encoder stays as it is (FREEZE)" if frozen else f"{chips:.0f} chips are too few to measure it"
    say = reporter.warning if differing else reporter.info
    say(f"Normalisation: that of the checkpoint, since {why}.{difference}")
    known = dict(zip(card.features, zip(card.mean, card.std)))
    pairs = [known.get(c, pair) for c, pair in zip(channels, zip(measured.mean, measured.std))]
    return Scaling(tuple(mean for mean, _ in pairs), tuple(std for _, std in pairs))


def _differing(card: Card, channels: tuple[str, ...], measured: Scaling) -> str:
    found = dict(zip(channels, measured.mean))
    return ", ".join(
        name
        for name, mean, std in zip(card.features, card.mean, card.std)
        if name in found and abs(found[name] - mean) > _SHARED * std
    )


def _adapted(old: torch.Tensor, known: dict[str, int], channels: tuple[str, ...]) -> torch.Tensor:
    """A layer's weights for other channels: the input's stand last among those it sees ([out, others + input, ...])."""
    others = old.shape[1] - len(known)
    adapted = old.new_zeros(old.shape[0], others + len(channels), *old.shape[2:])
    adapted[:, :others] = old[:, :others]
    for index, channel in enumerate(channels):
        if channel in known:
            adapted[:, others + index] = old[:, others + known[channel]]
    return adapted


def _input_layers(card: Card) -> list[str]:
    """Tensors whose shape depends on the number of input channels."""
    with torch.device("meta"):
        one, more = (
            models.create(card.architecture, len(card.features) + extra, head=card.head, **card.options).state_dict()
            for extra in (0, 1)
        )
    return [name for name, tensor in one.items() if tensor.shape != more[name].shape]


def _heads(names: list[str]) -> list[str]:
    return list(dict.fromkeys(name.split(".")[1] for name in names))


def _name(architecture: str, options: dict[str, Any]) -> str:
    inner = ",".join(f"{k}={'-'.join(map(str, v)) if isinstance(v, (list, tuple)) else v}" for k, v in options.items())
    return f"{architecture}({inner})" if inner else architecture
