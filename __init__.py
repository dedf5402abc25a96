"""Scarp maps landslides after an event from Sentinel-2 bands and a DEM, inside QGIS.

The folder that holds this file is the QGIS plugin *and* the Python package ``scarp``, whatever
the folder is called. Importing it loads nothing heavy: QGIS does so at every start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .plugin import ScarpPlugin

__version__ = "0.1.0"


def classFactory(iface: Any) -> ScarpPlugin:  # noqa: N802 - the name that QGIS asks for
    """Build the plugin object; ``iface`` is QGIS's main window, None under ``qgis_process``."""
    from .plugin import ScarpPlugin

    return ScarpPlugin(iface)
