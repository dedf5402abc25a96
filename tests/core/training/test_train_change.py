"""A network that compares with a pre-event image, from training to maps, where that image has a hole."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from scarp.core import card as cards
from scarp.core import run
from scarp.core.chips.folder import ChipFolder
from scarp.core.errors import ScarpError
from scarp.core.jobs import DetectJob, MakeChipsJob
from scarp.core.reporter import Reporter


@pytest.fixture
def before(scene):
    """The scene's bands before the event: its landslides are bright spots of old that only change tells apart."""

    def write(hole):
        paths = []
        for path in scene.bands:
            with rasterio.open(path) as file:
                pixels, profile = file.read(1).astype(float), file.profile
            pixels[scene.truth] -= 700
            pixels[hole] = 0
            paths.append(path.replace("scene_", "before_"))
            with rasterio.open(paths[-1], "w", **profile) as file:
                file.write(pixels.clip(0, 65535).astype(np.uint16), 1)
        return {"pre_bands": paths, "pre_radiometry": "dn"}

    return write


def detect(scene, **changes):
    target = scene.out / "probability.tif"
    messages = []
    job = DetectJob(
        bands=scene.bands,
        radiometry="dn",
        checkpoint=str(scene.out / "net.safetensors"),
        device="cpu",
        precision="fp32",
        probability=str(target),
        **changes,
    )
    result = run(job, log=lambda level, text: messages.append((level, text)))
    with rasterio.open(target) as file:
        return file.read(1), result, messages


def test_change_is_learned_and_mapped_across_a_hole(scene, before):
    hole = np.zeros(scene.truth.shape, bool)
    hole[:, 100:] = True
    run(scene.job(features="change_b03,change_b04,change_valid,b04", epochs=4, learning_rate=0.01, **before(hole)))
    card = cards.read(scene.out / "net.safetensors")
    assert card.bands_required == ["B03", "B04"]
    assert sorted(card.bands_optional) == ["PRE_B03", "PRE_B04", "PRE_VALID"]
    assert 0.4 < card.seen["before_known"] < 0.75
    assert card.seen["images"][1]["names"] == ["PRE_B03", "PRE_B04"]
    assert 800 < card.seen["quantiles"]["PRE_B04"][3] < 1000  # nodata takes no part

    probability, result, messages = detect(scene, **before(hole))
    assert (probability >= 0).all()  # no pixel is lost to the hole
    found, truth = probability[:, :90] >= card.threshold, scene.truth[:, :90]
    assert (found & truth).sum() / (found | truth).sum() > 0.5
    assert not [text for level, text in messages if level == "warning" and "look" in text]
    assert result["DOMAIN_DISTANCE"] < 0.5

    without, _, messages = detect(scene)
    assert (without >= 0).all()
    assert any(level == "warning" and "change is taken as unknown everywhere" in text for level, text in messages)
    np.testing.assert_allclose(without[:, 140:], probability[:, 140:], atol=0.02)  # as in the hole

    with pytest.raises(ScarpError, match="which lacks PRE_B03"):
        detect(scene, pre_bands=before(hole)["pre_bands"][2:], pre_radiometry="dn")


def test_a_network_that_always_saw_before_needs_it(scene, before):
    whole = before(np.zeros(scene.truth.shape, bool))
    run(scene.job(features="change_b04,b04", epochs=1, **whole))
    card = cards.read(scene.out / "net.safetensors")
    assert card.bands_required == ["B04", "PRE_B04", "PRE_VALID"]
    with pytest.raises(ScarpError, match="Missing in the scene: PRE_B04, PRE_VALID"):
        detect(scene)


def test_chips_keep_the_image_from_before(scene, before):
    hole = np.zeros(scene.truth.shape, bool)
    hole[:, 100:] = True
    folder = str(scene.folder / "chips")
    run(MakeChipsJob(bands=scene.bands, radiometry="dn", labels=scene.labels, chip=32, folder=folder, **before(hole)))
    chips = ChipFolder(folder, Reporter())
    assert chips.names == ("B02", "B03", "B04", "PRE_B02", "PRE_B03", "PRE_B04", "PRE_VALID")
    known = np.stack([chips[index].bands[-1] for index in range(len(chips))])
    assert set(np.unique(known)) == {0, 1}
    assert all(chips[index].valid.all() for index in range(len(chips)))
    job = scene.job(features="change", epochs=1)
    run(type(job)(**{**vars(job), "bands": [], "labels": "", "dataset": folder}))
    assert cards.read(scene.out / "net.safetensors").features[-1] == "change_valid"
