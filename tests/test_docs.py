"""The user guide: links lead somewhere, pictures are small, examples are jobs."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest
from scarp.core.jobs import KINDS

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
PICTURES = sorted((DOCS / "pictures").glob("*.png"))


def linked(page):
    """The files that a page links to."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.S)
    targets = (target.partition("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", text))
    return {(page.parent / target).resolve() for target in targets if target and "://" not in target}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page):
    assert not [target for target in linked(page) if not target.exists()]


def test_every_page_and_picture_is_reached_from_the_readme():
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        reached.add(page)
        if (page.suffix == ".md" and page.is_relative_to(DOCS)) or page.name == "README.md":
            waiting += [target for target in linked(page) if target not in reached]
    assert not [path for path in (*PAGES, *PICTURES) if path.resolve() not in reached]


def test_pictures_are_small():
    sizes = {path.name: path.stat().st_size for path in PICTURES}
    assert sizes
    assert max(sizes.values()) <= 200_000, sizes
    assert sum(sizes.values()) <= 2_000_000


def test_examples_are_what_they_say():
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    for code in re.findall(r"```python\n(.*?)```", text, flags=re.S):
        ast.parse(code)
    blocks = [json.loads(code) for code in re.findall(r"```json\n(.*?)```", text, flags=re.S)]
    jobs = [job for block in blocks for job in (block if isinstance(block, list) else [block])]
    for job in jobs:
        KINDS[job.pop("job")](**job).check()
    assert jobs


def test_parameters_that_the_guide_names_are_there():
    offered = "\n".join(page.read_text(encoding="utf-8") for page in (DOCS / "algorithms").glob("*.md"))
    known = set(re.findall(r"^\| `([A-Z0-9_]+)` \|", offered, flags=re.M))
    others = {"SCARP_PYTHON", "OMP_NUM_THREADS", "QT_QPA_PLATFORM", "CUDA_VISIBLE_DEVICES", "TMPDIR"}  # variables
    for page in DOCS.glob("*.md"):
        named = set(re.findall(r"`([A-Z][A-Z0-9_]{3,})`", page.read_text(encoding="utf-8")))
        assert named <= known | others, page.name
