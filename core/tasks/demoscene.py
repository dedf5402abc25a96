"""Generate the demonstration scene."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from ..demo import files, scene
from ..errors import ScarpError
from ..jobs import DemoSceneJob
from ..outputs import check_folder, remove
from ..reporter import Reporter


def perform(job: DemoSceneJob, reporter: Reporter) -> dict[str, Any]:
    """Generate bands, DEM and labels in a folder: all of them, or nothing.

    Args:
        job: What to do. ``seed`` decides everything: the same seed and size give the same pixels.
        reporter: Told the progress.

    Returns:
        ``FOLDER``, ``LABELS`` (the layer of true landslides) and ``DEM``.

    Raises:
        ScarpError: The seed is negative, the folder is a file, or something cannot be written.
        Cancelled: The user asked to stop.
    """
    if job.seed < 0:
        raise ScarpError(f"SEED is {job.seed}; choose 0 or a positive whole number.")
    folder = Path(job.folder)
    if folder.exists() and not folder.is_dir():
        raise ScarpError(f"FOLDER '{folder}' is a file. Choose another name, or an existing folder.")
    memory = scene.BYTES * job.size**2 / 2e9
    if memory > 1:
        reporter.warning(f"A scene as large as this takes about {memory:.1f} GB of memory, and minutes.")
    new = not folder.exists()
    check_folder(folder)
    part = Path(tempfile.mkdtemp(prefix=".demoscene.part-", dir=folder))
    try:
        made = scene.build(job.seed, job.size, reporter.part(0, 0.6))
        names = files.write(made, part, reporter.part(0.6, 1))
        reporter.progress(1, "Putting the files in place")
        for name in names:
            remove(folder / name)
            os.replace(part / name, folder / name)
    finally:
        shutil.rmtree(part, ignore_errors=True)
        if new and not any(folder.iterdir()):
            folder.rmdir()
    reporter.info(
        f"Demonstration scene of {made.grid.width} x {made.grid.height} pixels in '{folder}'. "
        f"Train inside the layer area_train of {files.LABELS}, assess inside area_test."
    )
    return {
        "FOLDER": str(folder),
        "LABELS": f"{folder / files.LABELS}|layername=landslides",
        "DEM": str(folder / files.DEM),
    }
