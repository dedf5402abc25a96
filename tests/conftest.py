"""What all tests share: where the real data is, and the tools of the repository as modules."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ROOT / "tools"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder with the real data sets; tests that need it skip where it is missing."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"the real data sets are not here ({folder})")
    return folder


@pytest.fixture(scope="session")
def load_tool() -> Iterator[Callable[[str], ModuleType]]:
    """Gives the script ``tools/NAME.py`` as a module; it finds its neighbours as when it is run."""

    def load(name: str) -> ModuleType:
        spec = importlib.util.spec_from_file_location(f"scarp_tool_{name}", TOOLS / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    sys.path.insert(0, str(TOOLS))
    yield load
    sys.path.remove(str(TOOLS))
