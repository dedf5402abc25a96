"""The pages of the user guide about algorithms say what the algorithms say."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("algorithm_pages", ROOT / "tools" / "algorithm_pages.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_pages_are_up_to_date(provider, tool):
    written = {path.name: path.read_text(encoding="utf-8") for path in tool.FOLDER.glob("*.md")}
    found = tool.pages(provider)
    stale = sorted(name for name in {*written, *found} if written.get(name) != found.get(name))
    assert not stale, "run: .venv/qgis/bin/python tools/algorithm_pages.py"


def test_a_page_holds_every_parameter_and_output_with_its_help(provider, tool):
    for name, page in tool.pages(provider).items():
        algorithm = provider.algorithm(name.removesuffix(".md"))
        if algorithm is not None:
            for definition in algorithm.parameterDefinitions():
                assert f"| `{definition.name()}` |" in page
                assert tool._cell(definition.help()) in page
            for output in algorithm.outputDefinitions():
                assert f"| `{output.name()}` |" in page
