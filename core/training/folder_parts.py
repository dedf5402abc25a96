"""Which chips of a folder train, validate and test: as the job says, and never nearer to each other than a gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..chips.entry import TEST, VALIDATION
from ..chips.folder import ChipFolder
from ..chips.leaks import Footprints, away_from, leaks
from ..chips.spatial import LEAST_TRAINED, chip_blocks, gaps, split_chips
from ..chips.splits import FOLDS, ID_GAP, Parts, fold, id_ranges, own_blocks, split_ids
from ..errors import ScarpError
from ..jobs import TrainJob
from ..reporter import Reporter

Indices = NDArray[np.int64]


@dataclass(frozen=True)
class FolderParts:
    """Indices of the chips of each part; ``test`` is empty where there is none.

    Attributes:
        whole: All chips that may be learned from once nothing is left to choose: no test chip, none too near to one.
        name: Of the validation part. test_name: of the test part, or empty. description: how they were chosen.
        gap: What lies between any two parts (but for the paper's folds), in ``unit``: ``ids`` or ``px``.
        wanted: The gap that there should be.
    """

    train: Indices
    validation: Indices
    test: Indices
    whole: Indices
    name: str
    test_name: str
    description: str
    gap: int
    wanted: int
    unit: str


class FolderChooser:
    """Chooses the parts of a folder of chips.

    Chips with a manifest are cut along rows or columns of their scene, others along their ids. A gap is a chip's side
    there, and `ID_GAP` ids here; small data sets make do with less, and the log says so.
    """

    def __init__(self, folder: ChipFolder) -> None:
        self._folder = folder
        self._own = np.array([i for i, entry in enumerate(folder.entries) if not entry.part], np.int64)
        self._groups = [entry.group for entry in folder.entries]
        numbered = all(entry.number is not None for entry in folder.entries)
        self._numbers = np.array([e.number if numbered else rank for rank, e in enumerate(folder.entries)], np.int64)
        spots = folder.footprints
        self.spatial = spots is not None
        self.footprints = Footprints.of_ids(self._places(), self._positions()) if spots is None else spots
        self.unit = "px" if self.spatial else "ids"
        self._gaps = gaps(folder.chip) if self.spatial else tuple(range(ID_GAP, -1, -1))

    def __call__(self, job: TrainJob, reporter: Reporter) -> FolderParts:
        """Choose the parts.

        Raises:
            ScarpError: The job asks for what the folder does not have, or there is too little to split.
        """
        if job.split:
            return self._by_hand(job.split)
        asked = next((name.upper() for name in ("fold", "block", "test_region") if getattr(job, name)), "")
        fixed = {part: self._of_part(part) for part in (VALIDATION, TEST)}
        if asked and any(map(len, fixed.values())):
            reporter.info(f"{asked} chooses among the training chips: {self._listed(fixed)} not used.")
        tested, test_name, sentence = self._tested(job) if asked else self._fixed_test(fixed[TEST])
        rest, gap = np.setdiff1d(self._own, tested), self._gaps[0]
        if asked and asked != "FOLD":
            rest, _, gap = self._apart(rest, tested)
        if not asked and len(fixed[VALIDATION]):
            parts, name = Parts(rest, fixed[VALIDATION], gap), f"validation ({VALIDATION})"
            said = f"The chips in {VALIDATION} validate."
        else:
            parts, name, said = self._carve(rest)
        chosen = FolderParts(
            train=parts.train,
            validation=parts.validation,
            test=tested,
            whole=np.union1d(rest, parts.validation),
            name=name,
            test_name=test_name,
            description=f"{said}{sentence}",
            gap=min(gap, parts.gap),
            wanted=self._gaps[0],
            unit=self.unit,
        )
        self._hold(chosen, touching_test=asked == "FOLD")
        return chosen

    def _carve(self, rest: Indices) -> tuple[Parts, str, str]:
        """Validation out of the chips that are left, its name, and a sentence."""
        if self.spatial:
            found = split_chips(self.footprints.take(rest), self._folder.shares[rest])
            name, what = "validation (block of chips)", "A band of chips in each scene validates"
        else:
            groups = [self._groups[index] for index in rest]
            found = split_ids(groups, self._numbers[rest], self._folder.shares[rest])
            name, what = "validation (block of ids)", "One block of consecutive ids validates"
        if not len(found.validation) or not len(found.train):
            raise ScarpError(
                f"{len(rest)} chips in '{self._folder.folder}' are too few, or lie too close together, for a training "
                "and a validation part. Cut smaller chips, enlarge the interpreted area, or say the parts with SPLIT."
            )
        said = f"{what}; chips within {found.gap} {self.unit} of it are not used."
        return Parts(rest[found.train], rest[found.validation], found.gap), name, said

    def _tested(self, job: TrainJob) -> tuple[Indices, str, str]:
        """Chips that the job keeps for the test, the name of that part, and a sentence."""
        own = [self._groups[index] for index in self._own]
        if job.fold:
            if self.spatial:
                raise ScarpError(
                    f"FOLD is the published cut into {FOLDS} parts that touch. For chips with a manifest choose BLOCK, "
                    "whose parts keep a gap."
                )
            tested = self._own[fold(own, job.fold)]
            name, why = f"fold {job.fold}", f"Fold {job.fold}, whose border touches the training part as in the paper,"
        elif job.block:
            blocks = (
                chip_blocks(self.footprints.take(self._own), job.blocks)
                if self.spatial
                else own_blocks(own, job.blocks)
            )
            tested = self._own[blocks[job.block - 1]]
            name = f"block {job.block} of {job.blocks}"
            why = f"Block {job.block} of {job.blocks}, with a gap around it,"
        else:
            tested = self._region(job.region_field, job.test_region)
            name, why = f"region {job.test_region}", f"The region {job.test_region} ({job.region_field})"
        if not self._folder.shares[tested].any():
            raise ScarpError(
                f"{name.capitalize()} holds no landslide, so nothing could be tested on it. Choose another one"
                f"{', or fewer BLOCKS' if job.block else ''}."
            )
        return tested, f"test ({name})", f" {why} tests."

    def _region(self, field: str, wanted: str) -> Indices:
        rows = [self._folder.entries[index].columns for index in self._own]
        if not any(rows):
            raise ScarpError(
                f"REGION_FIELD is '{field}', but the chips in '{self._folder.folder}' have no manifest that says where "
                "they come from. Cut them with 'Cut chips', or leave REGION_FIELD and TEST_REGION empty."
            )
        if not all(field in row for row in rows):
            raise ScarpError(f"REGION_FIELD is '{field}'; the manifest has {', '.join(rows[0])}.")
        regions = [row[field] for row in rows]
        tested = self._own[[region == wanted for region in regions]]
        if not len(tested) or len(tested) == len(self._own):
            found = ", ".join(sorted(set(regions)) or ["none"])
            share = "no chip lies" if not len(tested) else "all chips lie"
            raise ScarpError(f"TEST_REGION is '{wanted}': {share} in it. '{field}' is one of: {found}.")
        return tested

    def _fixed_test(self, tested: Indices) -> tuple[Indices, str, str]:
        if not len(tested):
            return tested, "", ""
        if not self._folder.shares[tested].any():
            raise ScarpError(f"{TEST} holds no landslide, so nothing can be tested on it. Remove it, or its masks.")
        return tested, f"test ({TEST})", f" The chips in {TEST} test."

    def _by_hand(self, text: str) -> FolderParts:
        ranges = id_ranges(text, self._numbers[self._own])
        parts = {name: self._own[ranges[name]] for name in ranges}
        chosen = "ids chosen by hand"
        return FolderParts(
            train=parts["train"],
            validation=parts["validate"],
            test=parts.get("test", self._own[:0]),
            whole=np.union1d(parts["train"], parts["validate"]),
            name=f"validation ({chosen})",
            test_name=f"test ({chosen})" if "test" in parts else "",
            description=f"Ids chosen by hand: {text}.",
            # The widest gap that the choice keeps.
            gap=next((g for g in self._gaps if g and not len(leaks(self.footprints, parts.values(), g))), 0),
            wanted=self._gaps[0],
            unit=self.unit,
        )

    def _apart(self, rest: Indices, tested: Indices) -> tuple[Indices, Indices, int]:
        parts = away_from(self.footprints, rest, tested, self._gaps, LEAST_TRAINED)
        if not len(parts.train):
            raise ScarpError("No chip is left to train on: all lie beside those that are kept for the test.")
        return parts.train, parts.validation, parts.gap

    def _hold(self, chosen: FolderParts, *, touching_test: bool) -> None:
        """The last line of defence: what was chosen for the user must not leak."""
        parts = [chosen.train, chosen.validation, *([] if touching_test else [chosen.test])]
        pairs = leaks(self.footprints, parts, chosen.gap)
        if len(pairs):
            one, other = (self._folder.entries[int(index)].id for index in pairs[0])
            raise ScarpError(
                f"{len(pairs)} pairs of chips in different parts are nearer than {chosen.gap} {self.unit}, such as "
                f"{one} and {other}. That is a defect of Scarp: please report it, and say the parts with SPLIT."
            )

    def _of_part(self, part: str) -> Indices:
        return np.array([i for i, entry in enumerate(self._folder.entries) if entry.part == part], np.int64)

    def _listed(self, fixed: dict[str, Indices]) -> str:
        present = [part for part, members in fixed.items() if len(members)]
        return f"{' and '.join(present)} {'are' if len(present) > 1 else 'is'}"

    def _places(self) -> Sequence[str]:
        return [f"{entry.part}/{entry.group}" for entry in self._folder.entries]

    def _positions(self) -> Indices:
        """Ids, or ranks where the ids of a group do not rise with the order of its files."""
        positions = self._numbers.copy()
        places = np.array(self._places())
        for place in np.unique(places):
            members = np.flatnonzero(places == place)
            if (np.diff(positions[members]) <= 0).any():
                positions[members] = np.arange(len(members))
        return positions
