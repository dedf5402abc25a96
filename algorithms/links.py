"""Links in the log that open an algorithm: ``scarp:setupruntime``."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from qgis.core import QgsProcessingFeedback
from qgis.PyQt.QtCore import QObject, QUrl, pyqtSlot
from qgis.PyQt.QtGui import QDesktopServices

_SCHEME = "scarp"


class Links(QObject):
    """Has links open dialogs, in the desktop, as long as it is installed.

    Args:
        run: Opens the dialog of an algorithm, given its id.
    """

    def __init__(self, run: Callable[[str], object]) -> None:
        super().__init__()
        self._run = run
        QDesktopServices.setUrlHandler(_SCHEME, self, "follow")

    @pyqtSlot(QUrl)  # type: ignore[untyped-decorator]
    def follow(self, url: QUrl) -> None:
        """Open what a link names."""
        self._run(url.toString())

    def remove(self) -> None:
        """Leave no handler behind."""
        QDesktopServices.unsetUrlHandler(_SCHEME)


def push(feedback: QgsProcessingFeedback, words: str, algorithm: str) -> None:
    """Write words into the log that open the dialog of an algorithm where the log is a page; else plain words."""
    link = f'<a href="{_SCHEME}:{algorithm}">{escape(words)}</a>'
    feedback.pushFormattedMessage(f"<br>{link}", f"{words} ({_SCHEME}:{algorithm})")
