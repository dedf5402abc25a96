"""Where Scarp's own files and pages are."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESOURCES = ROOT / "resources"
ICON = str(RESOURCES / "icons" / "scarp.svg")
HOMEPAGE = "https://github.com/scarp-qgis/scarp"
