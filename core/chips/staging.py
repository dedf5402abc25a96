"""A folder that appears whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import ScarpError
from ..outputs import check_folder


@contextmanager
def staged_folder(path: str | Path, own: Collection[str], mark: str) -> Iterator[Path]:
    """A hidden folder beside ``path`` to write to; it takes that name on success and vanishes on error or cancel.

    Args:
        path: A new folder, an empty one, or one that was made like this before: then it is replaced.
        own: Names of all that may be in a folder that is replaced; side files of GDAL and QGIS may, too.
        mark: The one of them that shows that it was made like this before.

    Raises:
        ScarpError: It is a file, it holds something else, or it cannot be written.
    """
    target = Path(os.path.abspath(path))
    _check(target, own, mark)
    missing = [folder for folder in target.parents if not folder.exists()]
    check_folder(target.parent)
    part, old = (target.with_name(f".{target.name}.{kind}") for kind in ("part", "old"))
    for rest in (part, old):
        shutil.rmtree(rest, ignore_errors=True)  # of a run that was killed
    try:
        part.mkdir()
        yield part
        if target.exists():
            os.replace(target, old)
        os.replace(part, target)
        shutil.rmtree(old, ignore_errors=True)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        if old.exists() and not target.exists():
            os.replace(old, target)
        for folder in missing:
            try:
                folder.rmdir()
            except OSError:
                break  # something of the user's is in it
        raise


def _check(target: Path, own: Collection[str], mark: str) -> None:
    if not target.exists():
        return
    if not target.is_dir():
        raise ScarpError(f"FOLDER '{target}' is a file. Choose another name, or a new folder.")
    inside = sorted(path.name for path in target.iterdir())
    foreign = [name for name in inside if name not in own and not name.endswith((".aux.xml", ".qmd"))]
    if inside and (mark not in inside or foreign):
        raise ScarpError(
            f"FOLDER '{target}' holds other things ({', '.join((foreign or inside)[:5])}), which would be lost. Choose "
            "a new folder."
        )
