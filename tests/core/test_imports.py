"""Imports run one way (CONTRIBUTING.md), the package list is true, and no file grows too long."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STDLIB_ONLY = tuple(
    f"core/{part}"
    for part in (
        *(
            "__init__.py",
            "__main__.py",
            "assign.py",
            "bands.py",
            "card.py",
            "errors.py",
            "job.py",
            "outputs.py",
            "reporter.py",
            "sentinel.py",
        ),
        *("jobs/", "runtime/", "tasks/__init__.py"),
    )
)
# Since 3.10; the oldest Python here knows what the newest has dropped.
STDLIB = set(getattr(sys, "stdlib_module_names", ()))
FROM_QGIS = tuple(
    f"core.{part}"
    for part in ("assign", "bands", "card", "errors", "jobs", "outputs", "reporter", "runtime", "sentinel")
)

shipped = [
    *sorted(ROOT.glob("*.py")),
    *(path for folder in ("algorithms", "core", "models") for path in sorted((ROOT / folder).rglob("*.py"))),
]
everything = [*shipped, *(path for folder in ("tests", "tools") for path in sorted((ROOT / folder).rglob("*.py")))]


def name(path):
    return path.relative_to(ROOT).as_posix()


def imports(path, *, inside_functions=True):
    """Absolute names that a file imports; ours start with ``scarp``. What only type checkers see does not count."""
    package = ["scarp", *path.relative_to(ROOT).parent.parts]
    found = set()

    def visit(node):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            nodes = node.orelse
        elif not inside_functions and isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            nodes = []
        else:
            nodes = ast.iter_child_nodes(node)
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            found.update({f"{module}.{alias.name}" for alias in node.names})
        for child in nodes:
            visit(child)

    visit(ast.parse(path.read_text(encoding="utf-8")))
    return found


def top(imported):
    return {module.split(".")[0] for module in imported}


def ours(imported):
    return {module.split(".", 1)[1] for module in imported if module.startswith("scarp.")}


def offenders(paths, wrong):
    return {name(path): sorted(bad) for path in paths if (bad := wrong(path))}


def within(folder):
    return [path for path in shipped if name(path).startswith(folder)]


def test_core_and_models_never_import_qgis():
    assert not offenders(
        [*within("core/"), *within("models/")], lambda path: top(imports(path)) & {"qgis", "PyQt5", "osgeo"}
    )


def test_core_never_imports_algorithms_or_the_plugin():
    def wrong(path):
        return {module for module in ours(imports(path)) if module.split(".")[0] in ("algorithms", "plugin")}

    assert not offenders([*within("core/"), *within("models/")], wrong)


def test_models_import_torch_alone():
    def wrong(path):
        imported = imports(path)
        foreign = top(imported) - STDLIB - {"scarp", "torch"}
        return foreign | {module for module in ours(imported) if not module.startswith("models")}

    assert not offenders(within("models/"), wrong)


def test_algorithms_import_qgis_and_the_standard_library_parts_of_core():
    def wrong(path):
        imported = imports(path)
        foreign = top(imported) - STDLIB - {"scarp", "qgis", "osgeo", "processing"}
        parts = {module for module in ours(imported) if module.split(".")[0] in ("core", "models")}
        return foreign | {part for part in parts if not any(part == f or part.startswith(f"{f}.") for f in FROM_QGIS)}

    assert not offenders([*within("algorithms/"), *[path for path in shipped if path.parent == ROOT]], wrong)


@pytest.mark.skipif(not STDLIB, reason="Python 3.10 or later knows its own modules")
def test_standard_library_parts():
    def wrong(path):
        # What a function of the entry point imports runs in the worker.
        deep = name(path) not in ("core/__init__.py", "core/runtime/worker.py", "core/runtime/probe.py")
        imported = imports(path, inside_functions=deep)
        parts = {
            module
            for module in ours(imported)
            if not any(f"{module.replace('.', '/')}".startswith(s.replace(".py", "")) for s in STDLIB_ONLY)
        }
        return (top(imported) - STDLIB - {"scarp"}) | {part for part in parts if not part.startswith("core.tasks")}

    assert not offenders([path for path in shipped if name(path).startswith(STDLIB_ONLY)], wrong)


def test_standard_library_parts_load_without_site_packages():
    """The same, seen from a Python that has nothing else (-S)."""
    parts = [f"scarp.{name(path)[:-3].replace('/', '.')}" for path in shipped if name(path).startswith(STDLIB_ONLY)]
    code = (
        "import importlib, runpy, sys\n"
        "runpy.run_path(sys.argv[1], run_name='not main')\n"
        "for part in sys.argv[2:]: importlib.import_module(part.replace('.__init__', ''))"
    )
    entry = str(ROOT / "core" / "__main__.py")
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code, entry, *parts], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_reader_of_imports_sees_them(tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    file = tmp_path / "core" / "x" / "a.py"
    file.parent.mkdir(parents=True)
    file.write_text(
        "import numpy.linalg\nfrom . import b\nfrom ..errors import E\nfrom ... import models\n"
        "if TYPE_CHECKING:\n    import qgis\nelse:\n    import cv2\ndef f():\n    import torch\n"
    )
    fixed = {"numpy.linalg", "scarp.core.x.b", "scarp.core.errors.E", "scarp.models", "cv2"}
    assert imports(file) == fixed | {"torch"}
    assert imports(file, inside_functions=False) == fixed


def test_shipped_code_imports_nothing_that_the_plugin_site_refuses():
    assert not offenders(
        shipped, lambda path: top(imports(path)) & {"subprocess", "pickle", "marshal", "shelve", "telnetlib"}
    )


def test_loading_the_plugin_loads_nothing_heavy():
    def wrong(path):
        return top(imports(path, inside_functions=False)) & {"numpy", "torch", "rasterio", "scipy", "cv2", "matplotlib"}

    assert not offenders([*within("algorithms/"), *[path for path in shipped if path.parent == ROOT]], wrong)


def test_package_list_equals_the_folders():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = re.findall(
        r'"(scarp[\w.]*)"', text[text.index("packages = [") : text.index("]", text.index("packages = ["))]
    )
    folders = {".".join(["scarp", *path.relative_to(ROOT).parent.parts]) for path in shipped}
    assert sorted(listed) == sorted(folders)


def test_every_package_folder_has_its_init():
    assert not [name(path) for path in shipped if not (path.parent / "__init__.py").is_file()]


def test_no_file_is_too_long():
    lengths = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in everything}
    assert not {path: length for path, length in lengths.items() if length > 400}
    assert statistics.median(lengths[name(path)] for path in shipped) <= 150


def test_no_vague_module_names():
    assert not [
        name(path)
        for path in everything
        if path.stem.strip("_") in ("utils", "util", "helpers", "helper", "misc", "common")
    ]


def test_syntax_is_that_of_python_3_9():
    for path in shipped:
        ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 9))
        assert (
            "from __future__ import annotations" in path.read_text(encoding="utf-8")
            or len(path.read_text().splitlines()) <= 1
        )
