"""One code for QGIS 3.40 to 4.x, Qt 5 and Qt 6: what is missing on one side is not used.

Qt 6 cannot be tried beside Qt 5. What PyQt6 no longer accepts is looked for in the code instead, with QGIS at hand to
tell what a name stands for.
"""

from __future__ import annotations

import ast
import enum
import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = [*sorted((ROOT / "algorithms").glob("*.py")), ROOT / "plugin.py", ROOT / "__init__.py"]

#: Gone in Qt 6 or PyQt6, or on their way out of QGIS.
GONE = {
    "exec_": "exec",
    "QVariant": "QMetaType, or None",
    "QRegExp": "QRegularExpression",
    "qApp": "QApplication.instance()",
    "QDesktopWidget": "QScreen",
    "QTextCodec": "Python's codecs",
    "QStringList": "list",
    "pyqtWrapperType": "sip.wrappertype",
    "resources_rc": "files",
}
#: QGIS keeps these for old plugins: the class that held an enumeration before it moved to `Qgis`.
MOVED = {
    "QgsProcessing": ("SourceType", "FieldType"),
    "QgsProcessingParameterNumber": ("Type",),
    "QgsProcessingParameterFile": ("Behavior",),
    "QgsProcessingParameterField": ("DataType",),
    "QgsProcessingParameterDateTime": ("Type",),
    "QgsProcessingParameterDefinition": ("Flag",),
    "QgsProcessingAlgorithm": ("Flag",),
    "QgsProcessingFeatureSource": ("Flag",),
    "QgsProcessingContext": ("Flag", "LogLevel"),
    "QgsWkbTypes": ("Type", "GeometryType"),
    "QgsMapLayer": ("LayerType",),
    "QgsFeatureRequest": ("InvalidGeometryCheck", "Flag"),
    "QgsUnitTypes": ("DistanceUnit", "AreaUnit"),
}


def parsed():
    return [(path.name, ast.parse(path.read_text(encoding="utf-8"))) for path in CODE]


@pytest.mark.parametrize(("name", "tree"), parsed())
def test_qt_comes_through_qgis_alone(name, tree):
    for node in ast.walk(tree):
        modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        for module in modules:
            assert not re.match(r"(PyQt\d|PySide\d?|sip|sipbuild)\b", module), f"{name}: import {module}"


@pytest.mark.parametrize(("name", "tree"), parsed())
def test_nothing_is_used_that_qt_6_or_qgis_4_drops(name, tree):
    for node in ast.walk(tree):
        used = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
        assert used not in GONE, f"{name}:{node.lineno}: instead of {used} use {GONE.get(used)}"
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert node.attr not in MOVED.get(node.value.id, ()), (
                f"{name}:{node.lineno}: {node.value.id}.{node.attr} is an enumeration of Qgis now"
            )


@pytest.mark.parametrize(("name", "tree"), parsed())
def test_enumerations_are_written_in_full(name, tree):
    """``Qt.ItemDataRole.UserRole``, never ``Qt.UserRole``, which PyQt6 does not know; and every name exists."""
    known = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("qgis."):
            module = importlib.import_module(node.module)
            known.update({alias.asname or alias.name: getattr(module, alias.name) for alias in node.names})
    for node in ast.walk(tree):
        holder = resolved(node.value, known) if isinstance(node, ast.Attribute) else None
        if not isinstance(holder, type):
            continue
        where = f"{name}:{node.lineno}: {ast.unparse(node)}"
        assert hasattr(holder, node.attr), f"{where} is not there"
        value = getattr(holder, node.attr)
        if is_enumerated(value):
            assert type(value) is holder, f"{where}: write the enumeration, {type(value).__qualname__}.{node.attr}"


def resolved(node, known):
    """What a dotted name stands for, None when it is no name of QGIS's or Qt's."""
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.Attribute):
        holder = resolved(node.value, known)
        return getattr(holder, node.attr, None) if isinstance(holder, type) else None
    return None


def is_enumerated(value):
    """Whether it is a member of an enumeration, of Python's kind or of sip's."""
    return isinstance(value, enum.Enum) or (isinstance(value, int) and type(value) not in (int, bool))


def test_the_check_of_enumerations_sees_what_pyqt6_refuses():
    good = (
        "from qgis.PyQt.QtCore import Qt\nfrom qgis.core import Qgis\nQt.ItemDataRole.UserRole\nQgis.MessageLevel.Info"
    )
    test_enumerations_are_written_in_full("good", ast.parse(good))
    for bad in ("Qt.UserRole", "Qgis.Info", "Qt.ItemDataRole.NoSuchRole"):
        code = f"from qgis.PyQt.QtCore import Qt\nfrom qgis.core import Qgis\n{bad}"
        with pytest.raises(AssertionError):
            test_enumerations_are_written_in_full("bad", ast.parse(code))


def test_the_version_is_asked_for_in_one_place_only():
    """Nothing differs between the versions so far; what will, goes into ``algorithms/compat.py``."""
    for name, tree in parsed():
        if name != "compat.py":
            names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
            assert not names & {"QGIS_VERSION_INT", "QGIS_VERSION", "versionInt", "QT_VERSION", "QT_VERSION_STR"}, name
