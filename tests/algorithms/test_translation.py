"""Text for users is translatable, collected and in German; and QGIS shows it in the language it speaks itself."""

from __future__ import annotations

import ast
import importlib.util
import re
import string
import sys
from pathlib import Path

import pytest
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QTranslator

ROOT = Path(__file__).resolve().parents[2]
CODE = [*sorted((ROOT / "algorithms").glob("*.py")), ROOT / "plugin.py"]

#: What shows its text to a user at once, and by nothing that translates it.
SHOWS = {
    "pushInfo", "pushWarning", "pushMessage", "reportError", "setProgressText", "logMessage", "QAction", "QLabel",
    "QPushButton", "QCheckBox", "QGroupBox", "addButton", "setWindowTitle", "setTitle", "setText", "setToolTip",
    "setHtml", "setPlaceholderText", "setStatusTip", "setHorizontalHeaderLabels", "addTab", "addRow", "warning",
    "information", "critical", "question", "getOpenFileName", "getOpenFileNames", "getSaveFileName",
    "getExistingDirectory",
}  # fmt: skip
#: Errors, the log and run records are in English: they are searched for and reported.
ENGLISH = {"ScarpError", "QgsProcessingException", "logMessage"}
ENGLISH_FILES = {"history.py"}


@pytest.fixture(scope="module")
def strings():
    spec = importlib.util.spec_from_file_location("scarp_strings", ROOT / "tools" / "strings.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["scarp_strings"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def german(strings):
    return strings.messages(ROOT / "resources" / "i18n" / "scarp_de.ts")


@pytest.fixture(scope="module")
def collected(provider, strings):
    return strings.collect()


def test_the_catalogue_holds_all_text_and_nothing_else(collected, german):
    texts = {text for text, _ in german}
    assert texts == set(collected), "run `make strings`"


def test_german_is_complete(german):
    assert not [text for text, translation in german if not translation], "translate these in scarp_de.ts"


def test_translations_keep_placeholders_and_ids(german):
    for text, translation in german:
        assert fields(translation) == fields(text), text
        # Ids of parameters, file names, options and bands stand for themselves.
        for name in re.findall(r"\b[A-Z]{2,}_[A-Z_]+\b|\.[a-z]{3,}\b|\b[a-z]+_[a-z]+\b|\bb?[0-9]{2,}\b", text):
            assert name in translation, f"{name} is missing in: {translation}"


def fields(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def test_the_compiled_catalogue_is_that_of_the_source(german):
    from scarp.algorithms.translation import CATALOGUES, CONTEXT

    translator = QTranslator()
    assert translator.load(str(CATALOGUES / "scarp_de.qm"))
    QCoreApplication.installTranslator(translator)
    try:
        stale = [text for text, german in german if QCoreApplication.translate(CONTEXT, text) != german]
    finally:
        QCoreApplication.removeTranslator(translator)
    assert not stale, "run `make strings`"


def test_every_sentence_in_the_code_is_collected(collected):
    """A sentence is two words; it must be known to `make strings`, unless it is for developers or an error."""
    missing = {}
    for path in CODE:
        if path.name not in ENGLISH_FILES:
            found = [text for text in sentences(path) if text not in collected]
            if found:
                missing[path.name] = found
    assert not missing, "wrap these in tr(), or declare them through the base class"


def test_what_is_shown_directly_goes_through_tr():
    bare = []
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and called(node) in SHOWS - ENGLISH:
                for argument in node.args:
                    parts = [argument.body, argument.orelse] if isinstance(argument, ast.IfExp) else [argument]
                    bare += [f"{path.name}:{node.lineno}" for part in parts if is_bare(part)]
    assert not bare, "wrap these in tr()"


def test_tr_is_given_text_that_can_be_collected():
    """Outside of the modules that translate what others declare, `tr` takes a literal."""
    central = {"base.py", "models.py", "styles.py", "translation.py"}
    for path in CODE:
        if path.name in central:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and called(node) == "tr" and not isinstance(node.args[0], ast.Constant):
                allowed = ast.unparse(node.args[0]) == "meaning"  # of an augmentation: declared, not written
                assert allowed, f"{path.name}:{node.lineno}"


def called(node):
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def is_bare(node):
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.Constant) and re.search(r"[A-Za-z]{3}", part.value) for part in node.values)
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(re.search("[a-z]{3}", node.value))


def sentences(path):
    """The literals of a file with two words or more that are no docstring, no search word and no error."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node):
            skipped.add(node.body[0])
        if isinstance(node, ast.Assign) and any(getattr(target, "id", "") == "TAGS" for target in node.targets):
            skipped.add(node)
        if isinstance(node, ast.FunctionDef) and getattr(node.returns, "id", "") in ENGLISH:
            skipped.add(node)
        if isinstance(node, ast.Call) and called(node) in ENGLISH:
            skipped.add(node)
    found = []

    def visit(node):
        if node in skipped:
            return
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = re.sub(r"<[^>]*>|^[\w ]+\(\*\.\w+\)$", "", node.value)  # no markup, no name of a file format
            if re.search(r"[A-Za-z]{2,},? [A-Za-z]{2,}", text):
                found.append(node.value)
        for child in ast.iter_child_nodes(node):
            visit(child)

    visit(tree)
    return found


def test_the_toolbox_speaks_the_language_of_qgis(provider, monkeypatch):
    from scarp.algorithms import translation
    from scarp.algorithms.detect import Detect

    def detect():
        return Detect().create()

    english = detect().displayName()
    monkeypatch.setattr(QgsApplication, "locale", lambda: "de_AT")
    translator = translation.install()
    try:
        german = detect()
        assert german.displayName() == "Hangrutschungen kartieren"
        assert german.group() == "Kartieren"
        assert german.groupId() == "map"
        assert german.parameterDefinition("THRESHOLD").description() == "Schwellenwert (Wahrscheinlichkeit)"
        assert "Hangrutschungen" in german.shortHelpString()
        assert german.outputDefinition("AREA_M2").description().startswith("Fläche")
    finally:
        translation.remove(translator)
    assert detect().displayName() == english
    monkeypatch.setattr(QgsApplication, "locale", lambda: "xx")
    assert translation.install() is None


def test_qgis_process_speaks_the_language_of_the_settings(tmp_path, qgis_process):
    german = type(qgis_process)(tmp_path / "profile")
    settings = german.profile / "profiles" / "default" / "QGIS" / "QGIS3.ini"
    settings.write_text(settings.read_text() + "[locale]\noverrideFlag=true\nuserLocale=de\n")
    answer = german("list")
    assert answer.code == 0, answer.log
    algorithms = answer.said["providers"]["scarp"]["algorithms"]
    assert algorithms["scarp:detect"]["name"] == "Hangrutschungen kartieren"
    assert {one["group"] for one in algorithms.values()} == {
        "Vorbereiten",
        "Kartieren",
        "Trainieren",
        "Bewerten",
        "Einrichten",
    }
