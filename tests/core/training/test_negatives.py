"""Chips without landslides beside a folder of chips: always learned from, never tested, and in the folder's terms."""

from __future__ import annotations

import numpy as np
import pytest
from scarp.core import card, run
from scarp.core.chips.folder import ChipFolder
from scarp.core.errors import ScarpError
from scarp.core.jobs import MakeChipsJob
from scarp.core.reporter import Reporter
from scarp.core.training.data import open_data


@pytest.fixture
def cut(scene):
    """Cut chips of the scene, by default without polygons; return the folder."""

    def cut_chips(**changes):
        values = {"bands": scene.bands, "radiometry": "dn", "chip": 32, "folder": str(scene.folder / "before")}
        return run(MakeChipsJob(**{**values, **changes}))["FOLDER"]

    return cut_chips


def test_a_scene_without_polygons_holds_no_landslide(cut, caplog):
    folder = ChipFolder(cut(), Reporter())
    assert len(folder) == 45
    assert not folder.shares.any()
    assert "No LABELS: the scene is taken to hold no landslide" in caplog.text


def test_they_train_in_every_epoch_and_are_in_no_other_part(chips, cut):
    job = chips.job(
        negatives=cut(), pictures="landslide4sense", features="contrast", split="train=1-30, validate=31-40"
    )
    with open_data(job, Reporter()) as data:
        split = data.split
        for part in (split.train(0), split.train(1), split.whole.train(0)):
            empty = [chip for chip in (part[index] for index in range(len(part))) if chip.id.startswith("chip")]
            assert len({chip.id for chip in empty}) == 45
            assert not any((chip.label == 1).any() for chip in empty)
        assert len(split.train(0)) == 30 + 45
        assert len(split.validation) == 10
        assert split.facts["negative_chips"] == 45
        # Their bands come in the order of the pictures': red first, though the files hold blue first.
        first = ChipFolder(job.negatives, Reporter())
        at = [first.names.index(name) for name in ("B04", "B03", "B02")]
        shown = next(chip for chip in empty if chip.id == first[0].id)
        np.testing.assert_array_equal(shown.bands, first[0].bands[at])
    found = card.read(run(job)["CHECKPOINT"])
    assert "45 chips without landslides" in found.training["data"]


@pytest.mark.parametrize(
    ("negatives", "job", "said"),
    [
        ({"labels": True}, {}, r"chips in NEGATIVES .* hold a landslide.*leave LABELS empty"),
        ({"bands": 2}, {}, "lack B04"),
        ({}, {"pictures": "photo"}, "lack R, G, B"),
        ({"chip": 64}, {}, "have 64 px, those in .* 32 px. Cut them with CHIP=32"),
        ({}, {"dataset": ""}, "there is no DATASET"),
        ({}, {"negatives": "nowhere"}, "NEGATIVES 'nowhere' is not there or is no folder"),
    ],
)
def test_what_does_not_go_together_is_refused(chips, scene, cut, negatives, job, said):
    changes = dict(negatives)
    if "labels" in changes:
        changes["labels"] = scene.labels
    if "bands" in changes:
        changes["bands"] = scene.bands[: changes["bands"]]
    values = {"pictures": "landslide4sense", "features": "auto", "negatives": cut(**changes), **job}
    if not values.get("dataset", "x"):
        values.update(labels=scene.labels, bands=scene.bands, radiometry="dn", pictures="auto")
    with pytest.raises(ScarpError, match=said):
        run(chips.job(**values))
    assert not list(scene.out.glob("*.safetensors"))
