"""Scenes like and unlike the training: quiet on the one, loud on the other, with the cause."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pytest
import rasterio
from affine import Affine
from scarp.core.card import Card
from scarp.core.chips.chip import Chip
from scarp.core.chips.files import L4S_NAMES, read_h5_image
from scarp.core.demo.scene import build
from scarp.core.errors import ScarpError
from scarp.core.inference.domain import NOTED, WARNED, Seen, from_card
from scarp.core.inference.domain_check import check_domain, write_map
from scarp.core.inference.domain_sample import sample
from scarp.core.jobs import SceneInputs
from scarp.core.reporter import Reporter
from scarp.core.scene import open_scene
from scarp.core.training.domain import may_lack, measure_domain

SIX = ("B02", "B03", "B04", "B08", "B11", "B12")
ELEVEN = tuple(name for name in L4S_NAMES[:12] if name != "B10")


class Chips(list):
    """Arrays [N, h, w] as a source of chips."""

    def __init__(self, arrays, names, radiometry="dn"):
        super().__init__(
            Chip(a.astype(np.float32), np.zeros(a.shape[1:], np.uint8), "", (a != 0).any(0)) for a in arrays
        )
        self.names, self.radiometry = tuple(names), radiometry


def card(arrays, names, **values):
    seen = measure_domain(Chips(arrays, names, values.get("radiometry", "dn")), names, Reporter())
    whole = Card("unet", ["b04"], [0.0], [1.0], seen=seen, **{"product": "L1C", **values})
    return Card(**json.loads(whole.to_json()))


def pieces(array, side=64):
    _, height, width = array.shape
    return [
        array[:, r : r + side, c : c + side]
        for r in range(0, height - side + 1, side)
        for c in range(0, width - side + 1, side)
    ]


@pytest.fixture
def judged(tmp_path):
    """Distance, warnings and notes of a scene [N, h, w] under a card."""

    def judge(checkpoint, array, names, radiometry="dn", **inputs):
        path = tmp_path / "scene.tif"
        with rasterio.open(
            path, "w", driver="GTiff", count=len(array), height=array.shape[1], width=array.shape[2], dtype="float32",
            crs="EPSG:32654", transform=Affine(10, 0, 5e5, 0, -10, 4.7e6),
        ) as file:  # fmt: skip
            file.write(array.astype(np.float32))
            file.descriptions = names
        lines = []
        reporter = Reporter(log=lambda level, text: lines.append((level, text)))
        with open_scene(SceneInputs(bands=[str(path)], radiometry=radiometry, **inputs), reporter) as scene:
            lines.clear()
            verdict = check_domain(checkpoint, scene, reporter)
        told = {kind: " ".join(text for level, text in lines if level == kind) for kind in ("warning", "info")}
        return SimpleNamespace(distance=verdict.distance, facts=verdict.facts, **told)

    return judge


def exchanged(array, names, one, other):
    order = list(names)
    i, j = order.index(one), order.index(other)
    order[i], order[j] = order[j], order[i]
    return array[[names.index(name) for name in order]]


@pytest.fixture(scope="module")
def demo():
    """Two generated places, SIX bands at 10 m, [6, 192, 384] each."""

    def bands(seed):
        scene = build(seed, 384, Reporter())
        found = []
        for name in SIX:
            _, image = scene.band(name)
            factor = 192 // image.shape[0]
            found.append(np.repeat(np.repeat(image, factor, 0), factor, 1))
        return np.stack(found).astype(float)

    return bands(1), bands(2)


def test_quiet_where_the_scene_is_like_the_training(demo, judged):
    west, east = demo[0][:, :, :192], demo[0][:, :, 192:]
    checkpoint = card(pieces(west), SIX)
    for array in (west, east, demo[1]):
        found = judged(checkpoint, array, SIX)
        assert found.distance < NOTED
        assert not found.warning
        assert "looks like the training data" in found.info
    for brightness in (0.8, 1.2):
        found = judged(checkpoint, east * brightness, SIX)
        assert found.distance < WARNED
        assert not found.warning


def test_where_brightness_is_unknown_only_the_balance_of_the_bands_counts(demo, judged):
    west, east = demo[0][:, :, :192], demo[0][:, :, 192:]
    checkpoint = card(
        [piece * factor for piece, factor in zip(pieces(west), (1, 3, 0.2) * 3)], SIX, radiometry="relative"
    )
    for brightness in (0.3, 1, 5):
        assert not judged(checkpoint, east * brightness, SIX).warning
    assert "B02 and B08 were exchanged" in judged(checkpoint, exchanged(east, SIX, "B02", "B08"), SIX).warning


@pytest.mark.parametrize(
    ("change", "radiometry", "cause"),
    [
        (lambda a: a / 10000, "dn", "RADIOMETRY=reflectance"),
        (lambda a: a, "reflectance", "its values were DN, not reflectance: set RADIOMETRY=dn"),
        (lambda a: a + 1000, "dn", "RADIOMETRY=dn_offset1000"),
        (lambda a: a, "dn_offset1000", "nothing were to be subtracted from its DN: set RADIOMETRY=dn"),
        (lambda a: exchanged(a, SIX, "B02", "B04"), "dn", "B02 and B04 were exchanged: check BAND_MAP"),
        (lambda a: exchanged(a, SIX, "B08", "B11"), "dn", "B08 and B11 were exchanged"),
        (lambda a: exchanged(a, SIX, "B04", "B08"), "dn", "B04 and B08 were exchanged"),
    ],
)
def test_mistakes_are_warned_of_with_their_cause(demo, judged, change, radiometry, cause):
    west, east = demo[0][:, :, :192], demo[0][:, :, 192:]
    found = judged(card(pieces(west), SIX), change(east), SIX, radiometry)
    assert "does not look like" in found.warning
    assert cause in found.warning
    assert found.facts["scene"]["warned"]
    assert any(cause in text for text in found.facts["scene"]["causes"])


@pytest.fixture
def chips(shared_data):
    folder = shared_data / "landslide4sense-14band" / "img"

    def read(*numbers):
        return [read_h5_image(folder / f"image_{number}.h5") for number in numbers]

    return read


@pytest.fixture
def crop(shared_data):
    """A crop of a genuine product in the bands ELEVEN, DN."""

    def read(kind, year):
        path = next((shared_data / "sentinel2-crops").glob(f"S2A{kind}_{year}*_[TB]OA_10.tif"))
        with rasterio.open(path) as file:
            values = file.read().astype(float)
        return values if kind == "2A" else np.delete(values, 9, axis=0)

    return read


def test_held_out_chips_and_other_places_of_the_same_product_pass(chips, crop, judged):
    def spectral(*numbers):
        return [chip[[L4S_NAMES.index(name) for name in ELEVEN]] for chip in chips(*numbers)]

    checkpoint = card(spectral(1, 2, 16, 27, 38, 40, 72, 150, 253, 300), ELEVEN)
    held = np.concatenate(spectral(3, 28, 41, 45, 800), axis=2)
    for array in (held, held * 0.8, held * 1.2, crop("1C", 2017), crop("1C", 2019)):
        found = judged(checkpoint, array, ELEVEN)
        assert found.distance < NOTED
        assert not found.warning
    for year in (2017, 2019):
        found = judged(checkpoint, crop("2A", year), ELEVEN)
        assert found.distance > WARNED
        assert "it were an L2A product while the checkpoint learned from L1C" in found.warning
    for one, other in (("B02", "B04"), ("B08", "B11")):
        found = judged(checkpoint, exchanged(held, ELEVEN, one, other), ELEVEN)
        assert f"{one} and {other} were exchanged" in found.warning
    assert judged(checkpoint, held / 1e4, ELEVEN).distance > 2 * WARNED


def test_each_chip_left_out_passes_alone_and_no_mistake_with_it_does(chips, judged):
    numbers = (1, 2, 3, 16, 27, 28, 38, 40, 41, 45, 72, 150, 253, 300, 800)
    images = [chip[[L4S_NAMES.index(name) for name in ELEVEN]] for chip in chips(*numbers)]
    for index, image in enumerate(images):
        checkpoint = card([*images[:index], *images[index + 1 :]], ELEVEN)
        assert not judged(checkpoint, image, ELEVEN).warning, numbers[index]
        assert "RADIOMETRY=dn" in judged(checkpoint, image, ELEVEN, "reflectance").warning
        for one, other in (("B02", "B04"), ("B04", "B08"), ("B08", "B11")):
            assert judged(checkpoint, exchanged(image, ELEVEN, one, other), ELEVEN).warning, (numbers[index], one)


@pytest.mark.parametrize("names", [ELEVEN, SIX, ("B02", "B03", "B04", "B08"), ("B02", "B03", "B04")])
def test_another_year_passes_and_another_level_does_not_with_few_bands_too(crop, judged, names):
    rows = [ELEVEN.index(name) for name in names]
    for trained, other in (("1C", "2A"), ("2A", "1C")):
        checkpoint = card(pieces(crop(trained, 2017)[rows], 20), names, product=f"L{trained}")
        same, unlike = (judged(checkpoint, crop(kind, 2019)[rows], names) for kind in (trained, other))
        assert not same.warning
        assert f"it were an L{other} product" in unlike.warning


def test_the_ground_before_an_event_is_not_unlike_that_after_it(hokkaido_bands, judged):
    after, before = hokkaido_bands
    names = ("B02", "B03", "B04")
    checkpoint = card(pieces(after[:, :, :600], 128), names)
    assert not judged(checkpoint, after[:, :, 640:], names).warning
    assert not judged(checkpoint, before, names).warning
    assert "B02 and B04 were exchanged" in judged(checkpoint, after[::-1], names).warning


@pytest.fixture
def hokkaido_bands(shared_data):
    folder = shared_data / "hokkaido2018"

    def read(when):
        return np.stack([rasterio.open(folder / when / f"S2_{when}_B{n}.tif").read(1).astype(float) for n in (2, 3, 4)])

    return read("post"), read("pre")


def test_terrain_and_the_image_before_are_compared_for_themselves(demo, judged, tmp_path):
    image = demo[0][:, :128, :128]
    terrain = np.linspace(100, 900, 128 * 128).reshape(1, 128, 128)
    names = (*SIX, "DEM", "PRE_B04", "PRE_VALID")
    known = np.ones((1, 128, 128))
    known[:, :64] = 0
    before = image[2:3] * known
    checkpoint = card(pieces(np.concatenate([image, terrain, before, known]), 32), names)
    assert 0.4 < checkpoint.seen["before_known"] < 0.6
    assert may_lack(names, checkpoint.seen) == ["PRE_B04", "PRE_VALID"]
    assert may_lack(names, {}) == []

    def place(array, name):
        path = tmp_path / f"{name}.tif"
        with rasterio.open(
            path, "w", driver="GTiff", count=1, height=128, width=128, dtype="float32", crs="EPSG:32654",
            transform=Affine(10, 0, 5e5, 0, -10, 4.7e6),
        ) as file:  # fmt: skip
            file.write(array.astype(np.float32))
        return str(path)

    pre = {"pre_bands": [place(before * 10000, "B04")], "pre_radiometry": "dn"}
    found = judged(checkpoint, image, SIX, dem=place(terrain + 2000, "dem"), **pre)
    assert "The pre-event image does not look like" in found.warning
    assert "100% of the scene has a DEM outside" in found.warning
    assert found.facts["scene"]["distance"] < NOTED < WARNED < found.facts["before"]["distance"]
    pre = {"pre_bands": [place(before, "B04")], "pre_radiometry": "dn"}
    assert not judged(checkpoint, image, SIX, dem=place(terrain + 50, "dem"), **pre).warning


def test_cards_that_do_not_remember_are_not_checked(demo, judged):
    silent = Card("unet", ["b04"], [0.0], [1.0])
    found = judged(silent, demo[0][:, :128, :128], SIX)
    assert (found.distance, found.warning) == (None, "")
    assert "does not say what it has seen" in found.info
    for seen in ({"images": 3}, {"images": [{"names": ["B02"], "median": [1.0], "spread": [[1.0, 2.0]]}]}):
        silent.seen = {"quantiles": {}, **seen}
        assert "cannot be read" in judged(silent, demo[0][:, :128, :128], SIX).warning


def test_the_map_shows_where(demo, tmp_path):
    image = np.tile(demo[0][:, :192, :192], (1, 2, 2))
    image[:, :128, :128] = exchanged(image, SIX, "B08", "B04")[:, :128, :128]
    image[:, 256:, 256:] = 0
    path = tmp_path / "bands.tif"
    with rasterio.open(
        path, "w", driver="GTiff", count=6, height=384, width=384, dtype="uint16", crs="EPSG:32654",
        transform=Affine(10, 0, 5e5, 0, -10, 4.7e6), tiled=True, blockxsize=256, blockysize=256,
    ) as file:  # fmt: skip
        file.write(image.astype(np.uint16))
        file.descriptions = SIX
    checkpoint = card(pieces(demo[0]), SIX)
    inputs = SceneInputs(bands=[str(path)], radiometry="dn", extent=[500000, 4696200, 503840, 4699900])
    with open_scene(inputs, Reporter()) as scene:
        write_map(checkpoint, scene, tmp_path / "map.tif", Reporter())
        pixels = sample(scene, SIX, Reporter())
        with pytest.raises(ScarpError, match="Leave DOMAIN empty"):
            write_map(Card("unet", ["b04"], [0.0], [1.0]), scene, tmp_path / "none.tif", Reporter())
    with rasterio.open(tmp_path / "map.tif") as file:
        found = file.read(1)
        assert file.transform == Affine(1280, 0, 5e5, 0, -1280, 4.7e6)
    assert found.shape == (3, 3)
    assert found[0, 0] > WARNED
    assert found[2, 2] == -9999
    others = np.delete(found.ravel(), [0, 8])
    assert ((others >= 0) & (others < WARNED)).all()
    assert len(pixels) == 6
    assert 5000 < pixels.shape[1] < 40 * 32 * 32


def test_distance_is_that_of_mahalanobis_and_grows_with_a_shift():
    names = ("B02", "B03", "B04")
    seen = Seen(names, np.array([800.0, 700.0, 600.0]), np.diag([0.1, 0.2, 0.3]))
    assert seen.distance(seen.median) == 0
    distances = [float(seen.distance(seen.median * factor)) for factor in (1.05, 1.2, 2, 4)]
    assert distances == sorted(distances)
    part = seen.part(("B04", "B02"))
    np.testing.assert_array_equal(part.spread, np.diag([0.3, 0.1]))
    stored = {"images": [{"names": list(names), "median": [1.0, 2.0, 3.0], "spread": np.eye(3).tolist()}]}
    (again,), _ = from_card({**stored, "quantiles": {}})
    assert again.names == names
