"""Scarp's page in Settings > Options > Processing > Providers: the Python of the runtime."""

from __future__ import annotations

from qgis.core import QgsSettings
from qgis.PyQt.QtGui import QIcon

PYTHON = "SCARP_PYTHON"
_KEY = f"Processing/Configuration/{PYTHON}"


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


def register(group: str, icon: QIcon) -> None:
    """Show the option."""
    from processing.core.ProcessingConfig import ProcessingConfig, Setting

    ProcessingConfig.settingIcons[group] = icon
    text = "Python of the runtime, or its folder (empty: the one made by 'Set up the runtime')"
    ProcessingConfig.addSetting(Setting(group, PYTHON, text, "", valuetype=Setting.FILE))
    ProcessingConfig.readSettings()


def unregister(group: str) -> None:
    """Take the option away; its value stays."""
    from processing.core.ProcessingConfig import ProcessingConfig

    if PYTHON in ProcessingConfig.settings:
        ProcessingConfig.removeSetting(PYTHON)
    ProcessingConfig.settingIcons.pop(group, None)
