"""The jobs in a file: one, a JSON array of them, or JSON lines (a job a line)."""

from __future__ import annotations

import json
from pathlib import Path


def jobs_in(text: str) -> list[str]:
    """The jobs in the text of a file, each as JSON; what is no JSON is one job, whose error will tell."""
    try:
        data = json.loads(text)
    except ValueError:
        lines = [line for line in text.splitlines() if line.strip()]
        return lines if len(lines) > 1 and all(line.lstrip().startswith("{") for line in lines) else [text]
    return [json.dumps(item) for item in data] if isinstance(data, list) else [text]


def holds_several(path: str) -> bool:
    """Whether a file holds a list of jobs; one that cannot be read does not."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    return text.lstrip().startswith("[") or len(jobs_in(text)) > 1
