"""What a training job learns from: a folder of chips or a scene with polygons, split so that nothing leaks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import features
from ..chips.blocks import spatial_block
from ..chips.chip import Subset
from ..chips.crops import Crops, RandomCrops, scoring_crops
from ..chips.folder import ChipFolder
from ..chips.memory import open_memory
from ..chips.splits import ID_GAP, Parts, Split, fold, id_ranges, require_landslides, split_ids
from ..errors import ScarpError
from ..jobs import TrainJob
from ..reporter import Reporter
from ..scene import open_scene

# Chips are given the statistics that a cell of a scene's lattice has, so that a network maps what it learned from.
MODE = "scene"

# An epoch shows each scored pixel of a scene about so often, within the limits (chips).
_COVERAGE = 8
_FEWEST, _MOST = 64, 1000

_ATTRIBUTION = {"landslide4sense": "Landslide4Sense: Ghorbanzadeh et al. 2022, IEEE TGRS 60"}


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
    with ExitStack() as stack:
        yield _from_folder(job, reporter) if job.dataset else _from_scene(job, stack, reporter)


def _from_folder(job: TrainJob, reporter: Reporter) -> Data:
    folder = ChipFolder(job.dataset, reporter)
    channels = features.resolve(job.features, folder.names)
    parts, tested, description = _chosen_parts(job, folder)
    train, validation = parts.train, parts.validation
    shares = [float(folder.shares[part].sum()) for part in (train, validation)]
    require_landslides(shares[0] > 0, shares[1] > 0, f"the chips in '{job.dataset}'")
    if parts.gap < ID_GAP:
        reporter.warning(
            f"The gap between training and validation is {parts.gap} ids instead of {ID_GAP}: "
            "neighbouring chips may be on both sides, and the figures may be too good."
        )

    def epoch(number: int) -> Subset:
        shown = np.random.default_rng([job.seed, number]).permutation(train)[: job.epoch_chips]
        return Subset(folder, [int(i) for i in shown])

    split = Split(
        "validation (block of ids)",
        description,
        epoch,
        Subset(folder, [int(i) for i in validation]),
        Subset(folder, [int(i) for i in tested]) if len(tested) else None,
        {
            "training_chips": len(train),
            "validation_chips": len(validation),
            "test_chips": len(tested),
            "gap_ids": parts.gap,
            "validation_ids": f"{folder.entries[validation[0]].id} to {folder.entries[validation[-1]].id}",
        },
    )
    facts = {
        "data": f"{Path(job.dataset).name} ({folder.kind}, {len(folder)} chips)",
        "attribution": _ATTRIBUTION.get(folder.kind, ""),
        "chips_with_landslide": int((folder.shares > 0).sum()),
        "landslide_share": float(folder.shares.mean()),
        **({"left_out": folder.problems} if folder.problems else {}),
    }
    reporter.info(
        f"Data: {len(train)} chips train, {len(validation)} validate (ids {split.facts['validation_ids']}, "
        f"gap {parts.gap} ids)" + (f", {len(tested)} are kept for the test." if len(tested) else ".")
    )
    return Data(split, channels, MODE, facts)


def _chosen_parts(job: TrainJob, folder: ChipFolder) -> tuple[Parts, NDArray[np.int64], str]:
    """Training and validation chips, the test chips (none: empty), and a sentence on how they were chosen."""
    everything = np.arange(len(folder))
    groups = [entry.group for entry in folder.entries]
    numbered = all(entry.number is not None for entry in folder.entries)
    numbers = np.array([e.number if numbered else rank for rank, e in enumerate(folder.entries)], np.int64)
    if job.split:
        ranges = id_ranges(job.split, numbers)
        train, validation, tested = ranges["train"], ranges["validate"], ranges.get("test", everything[:0])
        others = numbers[np.concatenate([validation, tested])]
        gap = min(int(np.abs(others - number).min()) for number in numbers[train]) - 1
        return Parts(train, validation, gap), tested, f"Ids chosen by hand: {job.split}."
    tested = fold(groups, job.fold) if job.fold else everything[:0]
    if job.fold and not folder.shares[tested].any():
        raise ScarpError(f"Fold {job.fold} holds no landslide, so nothing could be tested on it. Choose another FOLD.")
    rest = np.setdiff1d(everything, tested)
    parts = split_ids([groups[index] for index in rest], numbers[rest], folder.shares[rest])
    description = f"One block of consecutive ids validates; chips within {parts.gap} ids of it are not used." + (
        f" Fold {job.fold}, whose border touches the training part as in the paper, tests." if job.fold else ""
    )
    return Parts(rest[parts.train], rest[parts.validation], parts.gap), tested, description


def _from_scene(job: TrainJob, stack: ExitStack, reporter: Reporter) -> Data:
    if job.fold:
        raise ScarpError("FOLD is for folders of chips. Leave it 0 for a scene: a part of it validates.")
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
    block = spatial_block(memory.scored, memory.landslide, job.chip)
    crops = RandomCrops(memory, block.training, job.chip, job.seed)
    count = job.epoch_chips or int(np.clip(round(_COVERAGE * crops.pixels / job.chip**2), _FEWEST, _MOST))
    scoring = scoring_crops(memory, block.validation, job.chip)
    place = block.place(memory.window)
    split = Split(
        "validation (spatial block)",
        f"The {place} of the scene validate; {block.gap} px on both sides of them are not used.",
        lambda number: crops.epoch(number, count),
        Crops(memory, job.chip, scoring),
        None,
        {"training_chips": count, "validation_chips": len(scoring), "gap_px": block.gap, "validation_block": place},
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
    reporter.info(
        f"Data: {scored:,} px are scored, {landslide / scored:.1%} of them landslide. The {place} validate, "
        f"{block.gap} px beside them are not used; {count} random chips of {job.chip} px train in each epoch."
    )
    return Data(split, channels, MODE, facts)


def _file_name(source: str) -> str:
    """``file.gpkg|layername=x`` without its folder."""
    path, *layer = source.split("|")
    return "|".join([Path(path).name, *layer])
