"""ARCHITECTURE as text: a network's name, with options in brackets where the defaults do not suit."""

from __future__ import annotations

import re
from typing import Any

from ... import models
from ..errors import ScarpError


def parse(text: str) -> tuple[str, dict[str, Any]]:
    """Read ``unet`` or ``unet(widths=16-32-64-128, dropout=0.1)``: name and options of `scarp.models.create`.

    Options are separated by commas; a list of whole numbers is written with hyphens.

    Raises:
        ScarpError: The text cannot be read, or there is no such network.
    """
    match = re.fullmatch(r"\s*(\w+)\s*(?:\((.*)\))?\s*", text)
    if not match:
        raise ScarpError(f"ARCHITECTURE is '{text}'; write a name like unet, or unet(widths=16-32-64-128).")
    name, inner = match[1].lower(), match[2] or ""
    if name not in models.names():
        raise ScarpError(f"ARCHITECTURE is '{name}'; choose one of {', '.join(models.names())}.")
    options = {}
    for entry in filter(None, (part.strip() for part in inner.split(","))):
        key, separator, value = (part.strip() for part in entry.partition("="))
        if not separator or not key or not value:
            raise ScarpError(f"ARCHITECTURE: '{entry}' is no option; write it like widths=16-32-64-128.")
        options[key] = _value(value)
    return name, options


def _value(text: str) -> Any:
    if re.fullmatch(r"\d+(-\d+)+", text):
        return [int(part) for part in text.split("-")]
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
