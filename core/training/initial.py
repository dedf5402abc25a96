"""Fine-tuning: a network starts from the weights of a checkpoint, also where it sees other channels."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from ... import models
from .. import card as cards
from ..card import Card
from ..checkpoint import load_tensors
from ..errors import ScarpError
from ..reporter import Reporter


def options_of(card: Card, architecture: str, options: dict[str, Any], head: str) -> dict[str, Any]:
    """The options of the network to build so that the weights of ``card`` fit; those asked for must agree.

    Raises:
        ScarpError: The job asks for another network.
    """
    asked = {**card.options, **options}
    if (architecture, asked, head) != (card.architecture, card.options, card.head):
        raise ScarpError(
            f"INIT is a checkpoint of {_name(card.architecture, card.options)} with head '{card.head}', but "
            f"{_name(architecture, asked)} with head '{head}' is to be trained. Set ARCHITECTURE={card.architecture} "
            f"and HEAD={card.head}, or leave INIT empty."
        )
    return asked


def start_from(path: str, card: Card, model: nn.Module, channels: tuple[str, ...], reporter: Reporter) -> None:
    """Put the weights of a checkpoint into ``model``; its first layer is adapted channel by channel, by name.

    Channels that the checkpoint does not know start at weight 0, so that training begins with what was known.

    Raises:
        ScarpError: The tensors do not fit, or no channel is shared.
    """
    known = {name: index for index, name in enumerate(card.features)}
    shared = [name for name in channels if name in known]
    if not shared:
        raise ScarpError(
            f"INIT was trained on {', '.join(card.features)}, and none of these is among the channels to train on "
            f"({', '.join(channels)}). Choose FEATURES that share some, or leave INIT empty."
        )
    tensors = load_tensors(cards.find(path))
    for name in _input_layers(card):
        if name in tensors and tensors[name].dim() > 1 and tensors[name].shape[1] == len(known):
            old = tensors[name]
            adapted = old.new_zeros(old.shape[0], len(channels), *old.shape[2:])
            for index, channel in enumerate(channels):
                if channel in known:
                    adapted[:, index] = old[:, known[channel]]
            tensors[name] = adapted
    try:
        model.load_state_dict(tensors)
    except RuntimeError as error:
        raise ScarpError(f"INIT '{path}' does not fit {card.architecture}: {error}.") from error
    new, unused = [c for c in channels if c not in known], [c for c in card.features if c not in channels]
    message = f"Starting from the weights of '{card.architecture}' in {cards.find(path).name}"
    if new or unused:
        reporter.warning(
            f"{message}; its first layer was adapted: {len(shared)} channels keep their weights"
            + (f", new and starting at 0: {', '.join(new)}" if new else "")
            + (f", no longer used: {', '.join(unused)}" if unused else "")
            + "."
        )
    else:
        reporter.info(f"{message}.")


def _input_layers(card: Card) -> list[str]:
    """Tensors whose shape depends on the number of input channels."""
    with torch.device("meta"):
        one, more = (
            models.create(card.architecture, len(card.features) + extra, head=card.head, **card.options).state_dict()
            for extra in (0, 1)
        )
    return [name for name, tensor in one.items() if tensor.shape != more[name].shape]


def _name(architecture: str, options: dict[str, Any]) -> str:
    inner = ",".join(f"{k}={'-'.join(map(str, v)) if isinstance(v, (list, tuple)) else v}" for k, v in options.items())
    return f"{architecture}({inner})" if inner else architecture
