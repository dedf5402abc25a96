"""What QGIS loads: it adds the Processing provider, in the desktop and under ``qgis_process`` alike, and a menu."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qgis.core import QgsApplication

if TYPE_CHECKING:
    from qgis.PyQt.QtCore import QTranslator

    from .algorithms.menu import Menu
    from .algorithms.provider import ScarpProvider


class ScarpPlugin:
    """The plugin.

    Args:
        iface: QGIS's main window; None under ``qgis_process``. The plugin adds a small menu to it.
    """

    def __init__(self, iface: Any) -> None:
        self._iface = iface
        self._menu: Menu | None = None
        self._provider: ScarpProvider | None = None
        self._translator: QTranslator | None = None

    def initProcessing(self) -> None:  # noqa: N802
        """Add the provider. ``qgis_process`` calls this alone."""
        from .algorithms import translation
        from .algorithms.provider import ScarpProvider

        self._translator = translation.install()
        self._provider = ScarpProvider()
        QgsApplication.processingRegistry().addProvider(self._provider)
        # Again, now that models find their steps in the registry.
        self._provider.refreshAlgorithms()

    def initGui(self) -> None:  # noqa: N802
        """Add the provider, which holds all that Scarp does, and the menu for what the toolbox cannot offer."""
        self.initProcessing()
        if self._iface is not None:
            from .algorithms.menu import Menu

            self._menu = Menu(self._iface)

    def unload(self) -> None:
        """Take all of it away."""
        if self._menu is not None:
            self._menu.remove()
            self._menu = None
        if self._provider is not None:
            QgsApplication.processingRegistry().removeProvider(self._provider)
            self._provider = None
        if self._translator is not None:
            from .algorithms import translation

            translation.remove(self._translator)
            self._translator = None
