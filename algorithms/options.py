"""What Scarp remembers: the Python of the runtime (Settings > Options > Processing > Providers), the last report."""

from __future__ import annotations

from qgis.core import QgsSettings
from qgis.PyQt.QtGui import QIcon

from .translation import tr

PYTHON = "SCARP_PYTHON"
_KEY = f"Processing/Configuration/{PYTHON}"
_LAST_REPORT = "scarp/last_report"


def python() -> str:
    """The Python of the runtime, or its folder, that the user chose; empty when none."""
    return str(QgsSettings().value(_KEY, "") or "").strip()


def set_python(path: str) -> None:
    """Store the Python of the runtime, or its folder, for this session and later ones."""
    from processing.core.ProcessingConfig import ProcessingConfig

    QgsSettings().setValue(_KEY, path)
    setting = ProcessingConfig.settings.get(PYTHON)
    if setting is not None:
        setting.setValue(path)


def last_report() -> str:
    """The report that an algorithm wrote last, empty when none; it may be gone."""
    return str(QgsSettings().value(_LAST_REPORT, "") or "")


def set_last_report(path: str) -> None:
    """Remember a report for the menu."""
    QgsSettings().setValue(_LAST_REPORT, path)


def register(group: str, icon: QIcon) -> None:
    """Show the option."""
    from processing.core.ProcessingConfig import ProcessingConfig, Setting

    ProcessingConfig.settingIcons[group] = icon
    text = tr("Python of the runtime, or its folder (empty: the one made by 'Set up the runtime')")
    ProcessingConfig.addSetting(Setting(group, PYTHON, text, "", valuetype=Setting.FILE))
    ProcessingConfig.readSettings()


def unregister(group: str) -> None:
    """Take the option away; its value stays."""
    from processing.core.ProcessingConfig import ProcessingConfig

    if PYTHON in ProcessingConfig.settings:
        ProcessingConfig.removeSetting(PYTHON)
    ProcessingConfig.settingIcons.pop(group, None)
