"""Scarp's words in the language of the user, through Qt's translators.

What the toolbox, the menu and messages of this package show goes through `tr`. The base class does so for titles, help,
parameters and outputs; other text is wrapped where it is written. ``make strings`` collects all of it.
"""

from __future__ import annotations

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QLocale, QTranslator

from .about import RESOURCES

#: What Qt files Scarp's strings under.
CONTEXT = "Scarp"
CATALOGUES = RESOURCES / "i18n"


class Translated(str):
    """Text that has been through `tr`: it is not looked up again."""

    __slots__ = ()


def tr(text: str, **values: object) -> str:
    """A text in the user's language, or as it is where there is no translation.

    Args:
        text: In English. Outside of the base class it is written out in the call, so that it can be collected.
        values: What stands in place of ``{name}``.
    """
    if isinstance(text, Translated):
        return text
    found = QCoreApplication.translate(CONTEXT, text)
    return Translated(found.format(**values) if values else found)


def install() -> QTranslator | None:
    """Load the translation for QGIS's language, which the user may have set apart from the system's.

    Returns:
        The translator, to be kept and given to `remove`; None where Scarp does not speak the language.
    """
    translator = QTranslator()
    if not translator.load(QLocale(QgsApplication.locale()), "scarp", "_", str(CATALOGUES)):
        return None
    QCoreApplication.installTranslator(translator)
    return translator


def remove(translator: QTranslator | None) -> None:
    """Take the translation away."""
    if translator is not None:
        QCoreApplication.removeTranslator(translator)
