"""What a training job learns from: a folder of chips or a scene with polygons, split so that nothing leaks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import card as cards
from .. import features
from ..chips.folder import ChipFolder
from ..chips.memory import SceneMemory, open_memory
from ..chips.natural_colour import RELATIVE, check_channels, choose
from ..chips.splits import Split
from ..errors import ScarpError
from ..jobs import TrainJob
from ..reporter import Reporter
from ..scene import open_scene
from .folder_split import split_folder
from .scene_split import check_scene_parts, split_scene

# Chips are given the statistics that a cell of a scene's lattice has, so that a network maps what it learned from.
MODE = "scene"
# What `auto` means where brightness is not known.
_RELATIVE = "contrast,colours"


@dataclass(frozen=True)
class Source:
    """Data that have been opened and checked, and can be split in several ways.

    Attributes:
        channels: Names of the network's input channels.
        chips: The folder, or the scene on disk.
        facts: What card and report say about the data, JSON-able.
        negatives: Chips without landslides that are learned from beside the folder.
    """

    channels: tuple[str, ...]
    chips: ChipFolder | SceneMemory
    facts: dict[str, Any]
    negatives: ChipFolder | None = None


@dataclass(frozen=True)
class Data:
    """Data of one training.

    Attributes:
        split: Training, validation and test part.
        channels: Names of the network's input channels. mode: statistics of the local ones.
        facts: What card and report say about the data, JSON-able.
    """

    split: Split
    channels: tuple[str, ...]
    mode: str
    facts: dict[str, Any]


@contextmanager
def open_data(job: TrainJob, reporter: Reporter) -> Iterator[Data]:
    """Open and check the data of a job, and split it.

    Raises:
        ScarpError: Something is wrong with the data; nothing has been written.
    """
    with open_source(job, reporter) as source:
        yield split_source(job, source, reporter)


@contextmanager
def open_source(job: TrainJob, reporter: Reporter) -> Iterator[Source]:
    """Open and check the data of a job; how they are split (and shown) does not matter yet.

    Raises:
        ScarpError: Something is wrong with the data; nothing has been written.
    """
    with ExitStack() as stack:
        yield _open_folder(job, reporter) if job.dataset else _open_scene(job, stack, reporter)


def split_source(job: TrainJob, source: Source, reporter: Reporter) -> Data:
    """Split data as a job says: by ``fold``, ``block``, ``split``, ``test_region``, or with no test part.

    Raises:
        ScarpError: The data cannot be split like this.
    """
    chips = source.chips
    if isinstance(chips, ChipFolder):
        split = split_folder(job, chips, reporter, source.negatives)
    else:
        split = split_scene(job, chips, reporter)
    return Data(split, source.channels, MODE, source.facts)


def _open_folder(job: TrainJob, reporter: Reporter) -> Source:
    init = cards.read(cards.find(job.init)) if job.init else None
    folder = ChipFolder(job.dataset, reporter, pictures=choose(job.pictures, init, job.dataset, reporter))
    asked = job.features.strip().lower()
    channels = features.resolve(_RELATIVE if (asked, folder.radiometry) == ("auto", RELATIVE) else asked, folder.names)
    check_channels(channels, folder.radiometry)
    negatives = ChipFolder(job.negatives, reporter, what="NEGATIVES") if job.negatives else None
    data, attributions = f"{Path(job.dataset).name} ({folder.kind}, {len(folder)} chips)", [folder.attribution]
    if negatives:
        data += f" and {Path(job.negatives).name} ({len(negatives)} chips without landslides)"
        attributions.append(negatives.attribution)
    facts = {
        "data": data,
        "attribution": "; ".join(text for text in attributions if text),
        "chips_with_landslide": int((folder.shares > 0).sum()),
        "landslide_share": float(folder.shares.mean()),
        **({"left_out": folder.problems} if folder.problems else {}),
    }
    return Source(channels, folder, facts, negatives)


def _open_scene(job: TrainJob, stack: ExitStack, reporter: Reporter) -> Source:
    check_scene_parts(job)
    scene = stack.enter_context(open_scene(job, reporter))
    if scene.engineered:
        raise ScarpError(
            "BANDS is a raster of engineered bands. Train on the bands themselves: features are computed after each "
            "chip has been augmented."
        )
    channels = features.resolve(job.features, scene.names)
    names = features.required(channels, scene.names)
    memory = stack.enter_context(
        open_memory(scene, names, labels=job.labels, area=job.area, chip=job.chip, reporter=reporter)
    )
    scored, landslide = int(memory.scored[0].sum()), int(memory.landslide[0].sum())
    facts = {
        "data": ", ".join(Path(layer.path).name for layer in job.bands[:4]) + (", ..." if len(job.bands) > 4 else ""),
        "labels": _file_name(job.labels),
        "area": _file_name(job.area),
        "dem": _file_name(job.dem),
        "scored_pixels": scored,
        "landslide_share": landslide / scored,
    }
    return Source(channels, memory, facts)


def _file_name(source: str) -> str:
    """``file.gpkg|layername=x`` without its folder."""
    path, *layer = source.split("|")
    return "|".join([Path(path).name, *layer])
