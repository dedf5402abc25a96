"""The split of a folder of chips: its parts, what an epoch shows of them, and what the log and the card say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ..chips.chip import Subset
from ..chips.folder import ChipFolder
from ..chips.negatives import pooled
from ..chips.splits import Split, require_landslides
from ..jobs import TrainJob
from ..reporter import Reporter
from .epochs import Epochs
from .folder_parts import FolderChooser, FolderParts, Indices


def split_folder(job: TrainJob, folder: ChipFolder, reporter: Reporter, negatives: ChipFolder | None = None) -> Split:
    """Split a folder as the job says; ``negatives``: chips that are learned from beside it, whatever the split.

    Raises:
        ScarpError: It cannot be split like this, or a part holds no landslide.
    """
    source, shares, added = pooled(folder, negatives)
    parts = FolderChooser(folder)(job, reporter)
    held = [float(folder.shares[part].sum()) for part in (parts.train, parts.validation)]
    require_landslides(held[0] > 0, held[1] > 0, f"the chips in '{job.dataset}'")
    if parts.gap < parts.wanted:
        reporter.warning(
            f"The gap between training and validation is {parts.gap} {parts.unit} instead of {parts.wanted}: "
            f"{'chips of both parts may touch' if parts.gap == 0 else 'ground nearby is in both parts'}, and the "
            "figures may be too good."
        )

    parts = replace(parts, train=np.append(parts.train, added), whole=np.append(parts.whole, added))

    def shown(part: Indices) -> Epochs:
        return Epochs(part, shares[part], job.balance, job.epoch_chips, job.seed)

    def subset(indices: Indices) -> Subset:
        return Subset(source, [int(index) for index in indices])

    facts = {
        "training_chips": len(parts.train),
        **({"negative_chips": len(added)} if len(added) else {}),
        "validation_chips": len(parts.validation),
        "test_chips": len(parts.test),
        f"gap_{parts.unit}": parts.gap,
        **_place(parts, folder),
    }
    epochs = shown(parts.train)
    split = Split(
        parts.name,
        parts.description,
        lambda number: subset(epochs(number)),
        subset(parts.validation),
        subset(parts.test) if len(parts.test) else None,
        facts,
        parts.test_name,
        subset(parts.train),
    )
    _say(split, job, epochs.count, parts, reporter)
    if not split.few_validate:
        return split
    all_epochs = shown(parts.whole)
    whole = replace(
        split,
        name=f"all {len(parts.whole)} chips" + (" outside of the test part" if len(parts.test) else ""),
        train=lambda number: subset(all_epochs(number)),
        trained=subset(np.setdiff1d(parts.whole, parts.validation)),
    )
    return replace(split, whole=whole)


def _place(parts: FolderParts, folder: ChipFolder) -> dict[str, Any]:
    """Where the validation part is: ids, or rows and columns."""
    entries = [folder.entries[index] for index in parts.validation]
    spots = [entry.spot for entry in entries if entry.spot is not None]
    if len(spots) < len(entries):
        return {"validation_ids": f"{entries[0].id} to {entries[-1].id}"}
    places = len({spot.place for spot in spots})
    rows, cols = (np.array([getattr(spot, name) for spot in spots]) for name in ("row", "col"))
    block = ", ".join(
        f"{name} {low.min()} to {low.max() + folder.chip - 1}" for name, low in (("rows", rows), ("columns", cols))
    )
    return {"validation_block": block + (f" of {places} scenes" if places > 1 else "")}


def _say(split: Split, job: TrainJob, shown: int, parts: FolderParts, reporter: Reporter) -> None:
    where = split.facts.get("validation_ids", split.facts.get("validation_block"))
    added = split.facts.get("negative_chips")
    text = (
        f"Data: {len(parts.train)} chips train{f' ({added} of NEGATIVES)' if added else ''}, "
        f"{len(parts.validation)} validate ({where}, gap {parts.gap} {parts.unit})"
    )
    text += f", {len(parts.test)} are kept for the {parts.test_name}." if parts.test_name else "."
    if job.balance is not None:
        text += f" Of {shown} chips shown in an epoch {job.balance:.0%} hold a landslide (BALANCE)."
    elif shown != len(parts.train):
        text += f" An epoch shows {shown} of them."
    reporter.info(text)
