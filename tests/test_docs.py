"""The user guide: links lead somewhere, pictures are small, examples are jobs."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest
from scarp.core.card import KEY, Card
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


@pytest.fixture(scope="module")
def checkpoint_pages(load_tool):
    return load_tool("checkpoint_pages")


def test_the_page_of_the_checkpoints_says_what_their_cards_say(checkpoint_pages):
    written = checkpoint_pages.PAGE.read_text(encoding="utf-8")
    assert written == checkpoint_pages.page(written), "run: .venv/runtime/bin/python tools/checkpoint_pages.py"


def test_the_page_is_made_from_the_cards_or_does_without(checkpoint_pages, tmp_path):
    text = checkpoint_pages.PAGE.read_text(encoding="utf-8")
    without = checkpoint_pages.page(text, tmp_path)
    assert "None comes with this version" in without
    metrics = {
        "validation | west": {"f1_landslide": 0.7, "ece": None},
        "test": {"f1_landslide": 0.6, "f1_landslide_low": 0.5, "f1_landslide_high": 0.65},
    }
    card = Card("unet", ["b04"], [0], [1], bands_required=["B04"], about="For hills. And more.", limits=["Snow & ice."],
                licence="MIT", metrics=metrics, training={"attribution": "Somebody"})  # fmt: skip
    header = json.dumps({"__metadata__": {KEY: card.to_json()}}).encode()
    (tmp_path / "hills.safetensors").write_bytes(len(header).to_bytes(8, "little") + header)
    found = checkpoint_pages.page(text, tmp_path)
    assert "| [`hills`](#hills) | For hills. | B04 | 10 m | 0.0 MB | yes |" in found
    assert "| test | 0.600 (0.500 to 0.650) |  |" in found
    assert "| validation \\| west | 0.700 |  |" in found
    assert "- Snow &amp; ice." in found
    assert "- Trained on: Somebody\n- Licence: MIT\n" in found
    assert checkpoint_pages.page(found, tmp_path) == found
    assert checkpoint_pages.page(found, tmp_path / "none") == without


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
