"""What QGIS loads: it adds the Processing provider, in the desktop and under ``qgis_process`` alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qgis.core import QgsApplication

if TYPE_CHECKING:
    from .algorithms.provider import ScarpProvider


class ScarpPlugin:
    """The plugin.

    Args:
        iface: QGIS's main window; None under ``qgis_process``. The plugin adds nothing to it.
    """

    def __init__(self, iface: Any) -> None:
        self._provider: ScarpProvider | None = None

    def initProcessing(self) -> None:  # noqa: N802
        """Add the provider. ``qgis_process`` calls this alone."""
        from .algorithms.provider import ScarpProvider

        self._provider = ScarpProvider()
        QgsApplication.processingRegistry().addProvider(self._provider)
        # Again, now that models find their steps in the registry.
        self._provider.refreshAlgorithms()

    def initGui(self) -> None:  # noqa: N802
        """Add the provider; all that Scarp offers is in the toolbox."""
        self.initProcessing()

    def unload(self) -> None:
        """Take the provider away."""
        if self._provider is not None:
            QgsApplication.processingRegistry().removeProvider(self._provider)
            self._provider = None
