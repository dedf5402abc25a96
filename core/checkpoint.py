"""Checkpoints: one ``.safetensors`` file that holds the tensors of a network and, in its header, the card."""

from __future__ import annotations

import os
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from .. import models
from . import card as cards
from .card import Card
from .errors import ScarpError
from .outputs import part_path, remove


def create(card: Card) -> torch.nn.Module:
    """The network that a card describes, with fresh weights.

    Raises:
        ScarpError: The architecture or one of its options is unknown.
    """
    try:
        return models.create(card.architecture, len(card.features), head=card.head, **card.options)
    except (TypeError, ValueError) as error:
        raise ScarpError(f"The architecture '{card.architecture}' cannot be built as asked: {error}.") from error


def load(path: str | Path) -> tuple[torch.nn.Module, Card]:
    """Load a network (on the CPU, in evaluation mode) and its card.

    Raises:
        ScarpError: The file is no checkpoint (`card.read`), or its tensors do not fit the architecture.
    """
    path = cards.find(path)
    card = cards.read(path)
    model = create(card)
    tensors = load_tensors(path)
    expected = model.state_dict()
    misfits = [
        f"{name} ({list(tensors[name].shape) if name in tensors else 'missing'} instead of {list(tensor.shape)})"
        for name, tensor in expected.items()
        if name not in tensors or tensors[name].shape != tensor.shape
    ] + [f"{name} (not part of it)" for name in tensors if name not in expected]
    if misfits:
        more = f" and {len(misfits) - 3} more" if len(misfits) > 3 else ""
        raise ScarpError(
            f"The tensors in '{path}' do not fit the architecture '{card.architecture}' that its card names: "
            f"{', '.join(misfits[:3])}{more}. It comes from another version of Scarp or was edited: train it again."
        )
    model.load_state_dict(tensors)
    return model.eval(), card


def load_tensors(path: str | Path) -> dict[str, torch.Tensor]:
    """The tensors of a safetensors file, on the CPU.

    Raises:
        ScarpError: The file is damaged.
    """
    try:
        tensors: dict[str, torch.Tensor] = load_file(str(path))
    except SafetensorError as error:
        raise ScarpError(f"'{path}' is damaged: {error}. Copy or download it again.") from error
    return tensors


def save(path: str | Path, model: torch.nn.Module, card: Card) -> None:
    """Write a checkpoint: beside its target first, then renamed, so that ``path`` is always a whole file.

    Raises:
        ScarpError: The disk is full or the folder cannot be written; ``path`` stays as it was.
    """
    save_tensors(path, model.state_dict(), {cards.KEY: card.to_json()})


def save_tensors(path: str | Path, tensors: dict[str, torch.Tensor], metadata: dict[str, str]) -> None:
    """Write tensors and text entries as safetensors, atomically. Raises as `save`."""
    part = part_path(path)
    whole = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    try:
        part.touch()
        mode = part.stat().st_mode
        save_file(whole, str(part), metadata)
        part.chmod(mode)  # safetensors makes files that nobody else may read
        os.replace(part, path)
    except (OSError, SafetensorError) as error:
        remove(part)
        raise ScarpError(
            f"'{path}' could not be written: {error}. Free some space, or choose another folder."
        ) from error
