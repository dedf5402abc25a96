"""The environment variables that another Python is started with: those of QGIS would lead it to QGIS's libraries."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

# QGIS bundles set these for their own Python, GDAL, PROJ and Qt; the wheels of the runtime bring their own.
_FOREIGN = (
    "PYTHON",
    "PYENV_VERSION",
    "VIRTUAL_ENV",
    "__PYVENV",
    "LD_",
    "DYLD_",
    "PROJ_",
    "GDAL_DATA",
    "GDAL_DRIVER_PATH",
    "GDAL_PYTHON",
    "QT_",
    "QGIS_",
    "KMP_DUPLICATE",
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_USER",
)
# Kept, unless they point into the folder of QGIS (on Windows it sets some of them to folders that are not even there).
_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE")


def clean(environment: Mapping[str, str] | None = None, bundle: Path | None = None) -> dict[str, str]:
    """A copy of the environment without what leads another Python astray; PATH, HOME, TEMP and proxies stay.

    Args:
        environment: What to start from; default: this process's.
        bundle: Folder of a self-contained QGIS (Windows, macOS). What points into it is dropped, in PATH as well:
            its libraries would be found before those of the runtime.
    """
    environment = os.environ if environment is None else environment
    bundle = bundle if bundle is not None else qgis_bundle()
    cleaned = {name: value for name, value in environment.items() if not name.upper().startswith(_FOREIGN)}
    if bundle is None:
        return cleaned
    for name in _CERTIFICATES:
        if name in cleaned and _inside(cleaned[name], bundle):
            del cleaned[name]
    for name in [name for name in cleaned if name.upper() == "PATH"]:
        folders = cleaned[name].split(os.pathsep)
        cleaned[name] = os.pathsep.join(folder for folder in folders if not _inside(folder, bundle))
    return cleaned


def behind(proxy: str, environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """The variables that send another program's connections through a proxy; those that are set already win.

    Args:
        proxy: Its address, with name and password where it needs them; empty: none. It never stands on a command line,
            which all users see.
        environment: This process's.
    """
    environment = os.environ if environment is None else environment
    there = {name.upper() for name, value in environment.items() if value}
    return {name: proxy for name in ("HTTPS_PROXY", "HTTP_PROXY") if proxy and name not in there}


def redact(text: str) -> str:
    """The text without the passwords in its addresses."""
    return re.sub(r"(?<=://)([^/\s@:]*):[^/\s]*@", r"\1:***@", text)


def qgis_bundle(platform: str = sys.platform, prefix: str = sys.base_prefix) -> Path | None:
    r"""The folder of a QGIS that brings its own Python, None where QGIS uses the system's.

    ``C:\Program Files\QGIS 3.40`` or ``C:\OSGeo4W`` (Python in ``apps\Python312``), ``QGIS.app`` on macOS.
    """
    path = Path(prefix)
    if platform == "win32" and path.parent.name.lower() == "apps":
        return path.parent.parent
    if platform == "darwin":
        return next((folder for folder in (path, *path.parents) if folder.suffix == ".app"), None)
    return None


def _inside(text: str, folder: Path) -> bool:
    if not text:
        return False
    try:
        # resolve() also spells out the short names (PROGRA~1) that QGIS's start files use on Windows.
        return folder.resolve() in (Path(text).resolve(), *Path(text).resolve().parents)
    except OSError:
        return False
