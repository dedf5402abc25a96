"""The split of a scene with polygons: bands of rows or columns with a gap, and random chips of what trains."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..chips.blocks import spatial_block
from ..chips.crops import Crops, RandomCrops, scoring_crops
from ..chips.memory import SceneMemory
from ..chips.splits import Split
from ..errors import ScarpError
from ..jobs import TrainJob
from ..reporter import Reporter

# An epoch shows each scored pixel of a scene about so often, within the limits (chips).
_COVERAGE = 8
_FEWEST, _MOST = 64, 1000


def check_scene_parts(job: TrainJob) -> None:
    """Refuse choices of a test part that only chips can be given.

    Raises:
        ScarpError: FOLD, SPLIT or TEST_REGION was given with a scene.
    """
    if job.fold:
        raise ScarpError(
            "FOLD is for folders of chips. Leave it 0 for a scene: a part of it validates; BLOCK keeps another for "
            "the test."
        )
    if job.split:
        raise ScarpError("SPLIT is for folders of chips: a scene has no ids. BLOCK keeps a part of it for the test.")
    if job.test_region:
        raise ScarpError(
            "TEST_REGION is for folders of chips with a manifest. Cut the scene with 'Cut chips' and the same "
            "REGION_FIELD, and train on that folder; or train with AREA reduced to the other regions."
        )


def split_scene(job: TrainJob, memory: SceneMemory, reporter: Reporter) -> Split:
    """Split a scene: a band of it validates, another tests if the job has a ``block``.

    Raises:
        ScarpError: The scene is too small, or a part would hold no landslide.
    """
    check_scene_parts(job)
    block = spatial_block(memory.scored, memory.landslide, job.chip, (job.block, job.blocks) if job.block else None)
    crops = RandomCrops(memory, block.training, job.chip, job.seed, near=job.balance)
    count = job.epoch_chips or int(np.clip(round(_COVERAGE * crops.pixels / job.chip**2), _FEWEST, _MOST))
    scoring = scoring_crops(memory, block.validation, job.chip)
    place = block.place(memory.window)
    facts: dict[str, object] = {
        "training_chips": count,
        "validation_chips": len(scoring),
        "gap_px": block.gap,
        "validation_block": place,
    }
    test, tested, test_name = None, "", ""
    if block.test is not None:
        tested = block.place(memory.window, block.test)
        test = Crops(memory, job.chip, scoring_crops(memory, block.test, job.chip))
        test_name = f"test (block {job.block} of {job.blocks})"
        facts.update(test_chips=len(test), test_block=tested)
    scored, landslide = int(memory.scored[0].sum()), int(memory.landslide[0].sum())
    said = f"The {place} of the scene validate; " + (f"the {tested} test; " if tested else "")
    said += f"{block.gap} px on both sides of them are not used."
    reporter.info(
        f"Data: {scored:,} px are scored, {landslide / scored:.1%} of them landslide. {said} {count} random chips of "
        f"{job.chip} px train in each epoch"
        + (f", {job.balance:.0%} of them drawn near landslides (BALANCE)." if job.balance is not None else ".")
    )
    split = Split(
        "validation (spatial block)",
        said,
        lambda number: crops.epoch(number, count),
        Crops(memory, job.chip, scoring),
        test,
        facts,
        test_name,
        worth=memory.count("scored", block.validation) / job.chip**2,
    )
    if not split.few_validate:
        return split
    all_crops = RandomCrops(memory, block.whole, job.chip, job.seed, near=job.balance)
    name = "the whole area" + (" outside of the test part" if test else "")
    whole = replace(split, name=name, train=lambda number: all_crops.epoch(number, count))
    return replace(split, whole=whole)
