"""Outputs appear whole or not at all: written beside their target under another name, then renamed.

In an object store (``/vsis3/bucket/map.tif``) nothing can be renamed: there they are written to a local folder, then
copied, and the store shows an object when it is whole.
"""

from __future__ import annotations

import contextlib
import glob
import importlib
import os
import shutil
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any

from .errors import ScarpError

RASTER = (".tif", ".tiff")
VECTOR = (".gpkg",)
CHECKPOINT = (".safetensors",)
REPORT = (".html", ".htm")
TABLE = (".csv",)

_ADVICE = {
    RASTER: "Rasters are written as GeoTIFF: choose a name that ends in .tif.",
    VECTOR: "Vector layers are written as GeoPackage: choose a name that ends in .gpkg.",
    CHECKPOINT: "Checkpoints are written as safetensors: choose a name that ends in .safetensors.",
    REPORT: "Reports are written as HTML: choose a name that ends in .html.",
    TABLE: "Tables are written as CSV: choose a name that ends in .csv.",
}


_SCRATCH = ".scratch.tif"

ATTEMPT = ""
"""Stands in the names of parts. A worker of a cluster sets it anew for each task: one that is taken for lost may still
be writing while another repeats its task."""


def part_path(path: str | Path) -> Path:
    """Where an output is built before it is renamed to ``path``: hidden, same folder, same suffix (drivers read it)."""
    path = Path(path)
    return path.with_name(f".{path.stem}.part{ATTEMPT}{path.suffix}")


def remove_attempts(path: str | Path) -> None:
    """Delete what tasks that were lost have left of ``path``, whatever they had set as `ATTEMPT`."""
    path = Path(path)
    if not is_remote(path):
        for part in path.parent.glob(f".{glob.escape(path.stem)}.part-*{glob.escape(path.suffix)}"):
            remove(part)


def is_remote(path: str | Path) -> bool:
    """Whether a path is one of GDAL's own file systems (``/vsis3/...``) and none of the machine."""
    return Path(path).as_posix().startswith("/vsi")


def scratch_path(part: str | Path) -> Path:
    """A raster that a job needs but was not asked for, on the disk of an output: it goes away with that one's part."""
    return Path(f"{part}{_SCRATCH}")


def remove(path: str | Path) -> None:
    """Delete a file or folder and the side files that GDAL, SQLite and we leave beside it; missing ones are fine."""
    path = Path(path)
    for suffix in ("", ".aux.xml", ".ovr", "-journal", "-wal", "-shm", _SCRATCH):
        target = path.with_name(path.name + suffix)
        if target.is_dir() and not target.is_symlink():
            shutil.rmtree(target, ignore_errors=True)
        else:
            # A "folder" on the way may be a file or a device: then there is nothing to remove.
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                target.unlink()


def check_target(path: str | Path, suffixes: tuple[str, ...] = ()) -> Path:
    """Check that an output can be written, before any work is done.

    Args:
        path: The file to be written. Its folder is created when it is missing.
        suffixes: The endings allowed, lower case (one of the constants of this module); empty: any.

    Raises:
        ScarpError: Another format was asked for, or the folder cannot be created or written.
    """
    target = Path(path)
    if suffixes and target.suffix.lower() not in suffixes:
        advice = _ADVICE.get(suffixes, f"Choose a name that ends in {' or '.join(suffixes)}.")
        raise ScarpError(f"The output '{target.name}' has an unsupported format. {advice}")
    if is_remote(target):
        if target.suffix.lower() not in RASTER:
            raise ScarpError(
                f"The output '{target.as_posix()}' cannot be written: in an object store Scarp writes GeoTIFF alone. "
                "Choose a file in a folder, and copy it afterwards."
            )
        _remote().check(target.as_posix())
        return target
    if target.is_dir():
        raise ScarpError(f"The output '{target}' is a folder. Choose a file name inside it.")
    check_folder(target.parent)
    return target


def check_folder(folder: str | Path) -> Path:
    """Create ``folder`` when it is missing and prove that a file can be written in it.

    Raises:
        ScarpError: It cannot be created or written.
    """
    folder = Path(folder)
    probe = folder / f".scarp-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise ScarpError(
            f"The output folder '{folder}' cannot be written ({error.strerror or error}). "
            "Choose another folder, or change its permissions."
        ) from error
    return folder


class Outputs:
    """The outputs of one job, as a context: all are put in place on success, none on error, cancel or kill.

    >>> with Outputs() as outputs:  # doctest: +SKIP
    ...     write(outputs.stage("mask.tif", RASTER))
    """

    def __init__(self) -> None:
        self._targets: list[Path] = []
        self._new_folders: list[Path] = []
        self._to_copy: dict[str, Path] = {}

    def stage(self, path: str | Path, suffixes: tuple[str, ...] = ()) -> Path:
        """Check the target ``path`` and return the path to write to until the job has succeeded."""
        if is_remote(path):
            target = check_target(path, suffixes)
            local = Path(tempfile.mkdtemp(prefix="scarp-")) / target.name
            self._to_copy[target.as_posix()] = local
            return local
        missing = []
        folder = Path(path).absolute().parent
        while not folder.exists():
            missing.append(folder)
            folder = folder.parent
        self._new_folders += missing
        target = check_target(path, suffixes)
        remove(part_path(target))
        self._targets.append(target)
        return part_path(target)

    def __enter__(self) -> Outputs:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        in_place = False
        try:
            if kind is None:
                for remote, local in self._to_copy.items():
                    _remote().copy(local, remote)
                self._rename()
                in_place = True
        finally:
            self._clean_up(failed=not in_place)

    def _rename(self) -> None:
        for target in self._targets:
            if part_path(target).exists():
                os.replace(part_path(target), target)
                # Side files of an earlier run would be read as if they belonged to the new file.
                for suffix in (".aux.xml", ".ovr"):
                    Path(f"{target}{suffix}").unlink(missing_ok=True)

    def _clean_up(self, *, failed: bool) -> None:
        for target in self._targets:
            remove(part_path(target))
        for local in self._to_copy.values():
            shutil.rmtree(local.parent, ignore_errors=True)
        if failed:
            for folder in self._new_folders:
                try:
                    folder.rmdir()
                except OSError:
                    break  # something of the user's is in it


def _remote() -> Any:
    # By name: this module is loaded where there is no rasterio.
    return importlib.import_module(".scene.remote", __package__)
