"""Write ``docs/algorithms``: one page an algorithm, made of its own help and parameters. Part of ``make docs``.

Run with the Python of the tests in QGIS: ``.venv/qgis/bin/python tools/algorithm_pages.py``. A test compares the pages
with the algorithms.
"""

from __future__ import annotations

import html
import os
import re
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.append("/usr/share/qgis/python/plugins")  # where Debian keeps the plugin 'processing'

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsProcessingAlgorithm,
    QgsProcessingModelAlgorithm,
    QgsProcessingParameterDefinition,
    QgsProcessingProvider,
)

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "algorithms"
GROUPS = ("Prepare", "Map", "Train", "Assess", "Set up")

_KINDS = {
    "boolean": "yes or no",
    "datetime": "date",
    "enum": "choice",
    "extent": "extent",
    "file": "file",
    "fileDestination": "file",
    "folderDestination": "folder",
    "layer": "layer",
    "multilayer": "rasters",
    "number": "number",
    "raster": "raster",
    "rasterDestination": "raster",
    "source": "polygons",
    "string": "text",
    "vectorDestination": "vector layer",
}


def pages(provider: QgsProcessingProvider) -> dict[str, str]:
    """File name to Markdown, for all algorithms of a provider, and ``README.md`` that lists them."""
    algorithms = sorted(provider.algorithms(), key=lambda one: (GROUPS.index(one.group()), one.displayName()))
    own = [one for one in algorithms if not isinstance(one, QgsProcessingModelAlgorithm)]
    models = [one for one in algorithms if isinstance(one, QgsProcessingModelAlgorithm)]
    return {"README.md": _overview(own, models), **{f"{one.name()}.md": _page(one) for one in own}}


def write(provider: QgsProcessingProvider) -> None:
    """Write the pages, and remove those of algorithms that are gone."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    found = pages(provider)
    for path in FOLDER.glob("*.md"):
        if path.name not in found:
            path.unlink()
    for name, text in found.items():
        (FOLDER / name).write_text(text, encoding="utf-8")


def _overview(own: list[QgsProcessingAlgorithm], models: list[QgsProcessingModelAlgorithm]) -> str:
    lines = ["# Algorithms", "", "[User guide](../README.md)", ""]
    for group in GROUPS:
        members = [one for one in own if one.group() == group]
        if members:
            lines += [f"## {group}", "", "| algorithm | id | what it does |", "|---|---|---|"]
            lines += [
                f"| [{one.displayName()}]({one.name()}.md) | `{one.id()}` | {_cell(one.shortDescription())} |"
                for one in members
            ]
            lines.append("")
    lines += ["## Models of the Model Designer", "", "| model | id | what it does |", "|---|---|---|"]
    lines += [f"| {one.displayName()} | `{one.id()}` | {_cell(one.shortDescription())} |" for one in models]
    return "\n".join(lines) + "\n"


def _page(algorithm: QgsProcessingAlgorithm) -> str:
    first, *others = [html.unescape(part) for part in re.findall(r"<p>(.*?)</p>", algorithm.shortHelpString(), re.S)]
    inputs = [one for one in algorithm.parameterDefinitions() if not one.isDestination()]
    plain = [one for one in inputs if not one.flags() & Qgis.ProcessingParameterFlag.Advanced]
    advanced = [one for one in inputs if one.flags() & Qgis.ProcessingParameterFlag.Advanced]
    destinations = [one for one in algorithm.parameterDefinitions() if one.isDestination()]
    return "\n".join(
        [
            f"# {algorithm.displayName()}",
            "",
            f"`{algorithm.id()}`, group *{algorithm.group()}* · [all algorithms](README.md)",
            "",
            f"**{first}**",
            *(line for paragraph in others for line in ("", paragraph)),
            *_table("Parameters", plain),
            *_table("Advanced parameters", advanced),
            *_table("Outputs", destinations),
            *_results(algorithm, {one.name() for one in destinations}),
            "",
        ]
    )


def _table(title: str, definitions: list[QgsProcessingParameterDefinition]) -> list[str]:
    if not definitions:
        return []
    rows = [
        f"| `{one.name()}` | {_cell(one.description())} | {_kind(one)} | {_cell(one.help())} |" for one in definitions
    ]
    return ["", f"## {title}", "", "| id | in the dialog | kind | what it is |", "|---|---|---|---|", *rows]


def _results(algorithm: QgsProcessingAlgorithm, destinations: set[str]) -> list[str]:
    others = [one for one in algorithm.outputDefinitions() if one.name() not in destinations]
    if not others:
        return []
    rows = [f"| `{one.name()}` | {_cell(one.description())} |" for one in others]
    return ["", "## Further results", "", "| id | what it is |", "|---|---|", *rows]


def _kind(definition: QgsProcessingParameterDefinition) -> str:
    kind = _KINDS[definition.type()]
    if definition.type() == "enum":
        kind = ", ".join(f"`{option}`" for option in definition.options())
    if definition.type() == "file" and definition.behavior() == Qgis.ProcessingFileParameterBehavior.Folder:
        kind = "folder"
    default = definition.defaultValue()
    if default is not None and default != "" and not definition.isDestination():
        said = {True: "yes", False: "no"}[default] if isinstance(default, bool) else default
        return f"{kind}; default `{said}`"
    optional = definition.flags() & Qgis.ProcessingParameterFlag.Optional
    return f"{kind}, optional" if optional else kind


def _cell(text: str) -> str:
    """Text in a table: one line, and no bar that would end the cell."""
    return html.escape(" ".join(text.split()), quote=False).replace("|", "\\|")


if __name__ == "__main__":
    application = QgsApplication([], False)
    application.initQgis()
    import scarp

    plugin = scarp.classFactory(None)
    plugin.initProcessing()
    write(QgsApplication.processingRegistry().providerById("scarp"))
    sys.stdout.write(f"{FOLDER.relative_to(ROOT)}: {len(list(FOLDER.glob('*.md')))} pages\n")
    sys.stdout.flush()
    os._exit(0)  # QGIS may crash while Python takes it apart
