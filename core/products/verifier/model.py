"""A verifier as a file: the arrays of its forest, and in the header what they mean. No pickle, nothing that can run."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from ... import card as cards
from ...errors import ScarpError
from ...outputs import part_path, remove
from ..record import to_json
from .forest import Forest
from .table import columns_of

KEY = "scarp_verifier"
FORMAT_VERSION = 1
_ADVICE = "Choose a .safetensors file that scarp:verify wrote as MODEL."


@dataclass
class Verifier:
    """What has to be known to use a forest.

    Attributes:
        forest: It.
        attributes: What it looks at, in the order of its columns.
        missing: Share of the polygons it learned from of which an attribute was not known. A value that is not known
            takes, at every node, the branch that served best in training, or the larger one where all were known.
        threshold: Probability from which it learned to call a polygon right. unsure: on both sides of it, no verdict.
        marks: How many ``right`` and ``wrong`` it learned from, and ``by`` whom.
        figures: In blocks that were left out. importance: of each attribute, there.
        training: Polygons, blocks, trees, seed.
    """

    forest: Forest
    attributes: list[str]
    missing: dict[str, float] = field(default_factory=dict)
    threshold: float = 0.5
    unsure: float = 0.15
    marks: dict[str, Any] = field(default_factory=dict)
    figures: dict[str, Any] = field(default_factory=dict)
    importance: dict[str, Any] = field(default_factory=dict)
    training: dict[str, Any] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    date: str = ""
    format_version: int = FORMAT_VERSION

    def card(self) -> dict[str, Any]:
        """All but the forest."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "forest"}


def save(path: str | Path, verifier: Verifier) -> None:
    """Write a verifier, whole or not at all.

    Raises:
        ScarpError: The disk is full or the folder cannot be written.
    """
    part = part_path(path)
    try:
        save_file(verifier.forest.arrays(), part, {KEY: to_json(verifier.card())})
        os.replace(part, path)
    except (OSError, SafetensorError) as error:
        remove(part)
        raise ScarpError(
            f"'{path}' could not be written: {error}. Free some space, or choose another folder."
        ) from error


def load(path: str | Path) -> Verifier:
    """Read a verifier and check it.

    Raises:
        ScarpError: The file is missing, damaged, or no verifier.
    """
    if not Path(path).is_file():
        raise ScarpError(f"VERIFIER: there is no file '{path}'. {_ADVICE}")
    metadata = cards.read_metadata(path)
    if KEY not in metadata:
        what = "a network's checkpoint, not a verifier" if cards.KEY in metadata else "no verifier"
        raise ScarpError(f"VERIFIER: '{path}' is {what}. {_ADVICE}")
    try:
        data = json.loads(metadata[KEY])
        if data.get("format_version") != FORMAT_VERSION:
            raise ScarpError(f"it has the format {data.get('format_version')}, {FORMAT_VERSION} is known")
        attributes = [str(name) for name in data["attributes"]]
        forest = Forest.from_arrays(load_file(path), sum(map(len, columns_of(attributes))))
        known = {f.name for f in fields(Verifier)}
        return Verifier(forest=forest, **{name: value for name, value in data.items() if name in known - {"forest"}})
    except (ScarpError, SafetensorError, ValueError, TypeError, LookupError, AttributeError) as error:
        raise ScarpError(f"VERIFIER: '{path}' cannot be used: {error}. {_ADVICE}") from error
