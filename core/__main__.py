"""The worker: runs one job and says its progress as JSON lines (`scarp.core.runtime.worker` tells the protocol).

``python -I <plugin>/core/__main__.py`` is how QGIS starts it, ``python -m scarp.core FILE.json`` how people do.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path


def _register() -> None:
    """Make this file's own root folder the package ``scarp``, whatever the folder is called.

    No folder is put on the path: a neighbouring plugin called ``numpy`` must not be found.
    """
    root = Path(__file__).resolve().parents[1]
    spec = importlib.util.spec_from_file_location("scarp", root / "__init__.py", submodule_search_locations=[str(root)])
    if spec is None or spec.loader is None:
        raise ImportError(f"'{root}' holds no package")
    package = importlib.util.module_from_spec(spec)
    sys.modules["scarp"] = package
    spec.loader.exec_module(package)


if not __package__:
    # Not only under __main__: processes that a data loader spawns import this file under another name.
    _register()

if __name__ == "__main__":
    sys.exit(importlib.import_module("scarp.core.runtime.worker").main(sys.argv[1:]))
