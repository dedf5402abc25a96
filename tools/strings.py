"""Collect Scarp's text into ``resources/i18n/scarp_LANGUAGE.ts``, and compile it for QGIS: ``make strings``.

Text that an algorithm declares is collected as QGIS asks for it; text in calls of ``tr`` is read from the code. Qt's
own tools do the rest: ``lupdate`` keeps translations that still fit, ``lrelease`` compiles.
"""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.append("/usr/share/qgis/python/plugins")  # where Debian keeps the plugin 'processing'

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QTranslator

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "resources" / "i18n"
LANGUAGES = ("de",)


class Recorder(QTranslator):
    """Notes down what is looked up, and translates nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, None] = {}

    def isEmpty(self) -> bool:  # noqa: N802
        """Qt asks only translators that hold something."""
        return False

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        """See QTranslator."""
        from scarp.algorithms.translation import CONTEXT

        if context == CONTEXT:
            self.found[source] = None
        return source


def declared() -> list[str]:
    """What the toolbox shows: titles, groups, help, parameters, outputs, names of layers. QGIS must be running."""
    from scarp.algorithms import models
    from scarp.algorithms.provider import ALGORITHMS, ScarpProvider
    from scarp.algorithms.translation import tr

    recorder = Recorder()
    QCoreApplication.installTranslator(recorder)
    try:
        ScarpProvider().longName()
        for kind in ALGORITHMS:
            algorithm = kind().create()
            algorithm.displayName(), algorithm.group(), algorithm.shortHelpString()
            for name in algorithm.LAYERS.values():
                tr(name)
        for model in models.load():
            model.displayName(), model.group()
    finally:
        QCoreApplication.removeTranslator(recorder)
    return list(recorder.found)


def written() -> list[str]:
    """The text in calls of ``tr``."""
    found = []
    for path in sorted((ROOT / "algorithms").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "tr"
            if is_call and isinstance(node.args[0], ast.Constant):
                found.append(str(node.args[0].value))
    return found


def collect() -> list[str]:
    """All of it, each text once."""
    return list(dict.fromkeys([*declared(), *written()]))


def update(texts: Iterable[str]) -> None:
    """Bring the catalogues up to date."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "strings.js"
        lines = (f"qsTranslate('Scarp', {json.dumps(text, ensure_ascii=False)});" for text in texts)
        source.write_text("\n".join(lines), encoding="utf-8")
        for language in LANGUAGES:
            catalogue = FOLDER / f"scarp_{language}.ts"
            options = ("-silent", "-no-obsolete", "-locations", "none", "-source-language", "en")
            qt("lupdate", *options, "-target-language", language, str(source), "-ts", str(catalogue))
            qt("lrelease", "-silent", str(catalogue))
            open_ones = [message for message in messages(catalogue) if not message[1]]
            sys.stdout.write(f"{catalogue.relative_to(ROOT)}: {len(open_ones)} texts to translate\n")
            sys.stdout.writelines(f"  {text}\n" for text, _ in open_ones)


def messages(catalogue: Path) -> list[tuple[str, str]]:
    """Text and finished translation (else empty) of each message of a catalogue."""
    found = []
    for message in ElementTree.parse(catalogue).iter("message"):
        translation = message.find("translation")
        done = translation is not None and translation.get("type") is None
        found.append((message.findtext("source", ""), (translation.text or "") if done else ""))
    return found


def qt(tool: str, *arguments: str) -> None:
    """Run a tool of Qt."""
    program = shutil.which(tool)
    if program is None:
        sys.exit(f"strings: Qt's {tool} is needed (Debian: apt install qttools5-dev-tools)")
    subprocess.run([program, *arguments], check=True)


if __name__ == "__main__":
    application = QgsApplication([], False)
    application.initQgis()
    import scarp
    from processing.core.Processing import Processing

    Processing.initialize()
    plugin = scarp.classFactory(None)
    plugin.initProcessing()  # models find their steps in the registry
    update(collect())
    sys.stdout.flush()
    os._exit(0)  # without the tidying up of QGIS, which outlives its Python providers
