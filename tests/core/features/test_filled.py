"""Channels of a scene that lacks bands which a network can do without."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from scarp.core import card as cards
from scarp.core.card import Card
from scarp.core.errors import ScarpError
from scarp.core.features import FeatureReader, FilledReader
from scarp.core.reporter import Reporter
from scarp.core.scene.grid import Window

CHANNELS = ["b10", "b02", "dem", "gray", "slope", "blur"]
CARD = Card(
    "unet", CHANNELS, [7.5, 900.0, 321.0, 1000.0, 12.25, 0.4], [1.0] * 6,
    bands_required=["B02", "B04", "B03"], bands_optional=["B10", "DEM", "SLOPE"],
)  # fmt: skip
WINDOW = Window(3, 5, 40, 50)


class MemoryScene:
    """What a reader uses of a scene of 60 x 70 px."""

    def __init__(self, names, engineered=False):
        rng = np.random.default_rng(0)
        every = {
            name: rng.uniform(300, 3000, (60, 70)).astype(np.float32) for name in ("B02", "B03", "B04", "B10", "DEM")
        }
        every.update({channel: every["B02"] for channel in CHANNELS}, SLOPE=every["DEM"])
        self.names, self.engineered, self._every = tuple(names), engineered, every
        self.grid = SimpleNamespace(height=60, width=70)
        self._valid = np.ones((60, 70), bool)
        self._valid[10:14, 8:20] = False

    def read(self, window, names):
        part = (slice(window.row, window.row + window.height), slice(window.col, window.col + window.width))
        return np.stack([self._every[name] * self._valid for name in names])[:, part[0], part[1]], self._valid[part]


def check(names):
    said = []
    cards.check_scene(CARD, names, 10.0, Reporter(log=lambda level, text: said.append((level, text))))
    return said


@pytest.mark.parametrize("gone", [["B10"], ["DEM", "SLOPE"], ["B10", "DEM", "SLOPE"]])
def test_what_is_missing_is_the_mean_and_the_others_are_what_they_were(gone):
    names = [name for name in ("B02", "B03", "B04", "B10", "DEM", "SLOPE") if name not in gone]
    [(level, text)] = check(names)
    assert level == "warning"
    assert all(name in text for name in gone)
    found, valid = FilledReader(MemoryScene(names), CARD).read(WINDOW)
    np.testing.assert_array_equal(np.stack(FilledReader(MemoryScene(names), CARD).planes(WINDOW)[0]), found)
    whole, _ = FeatureReader(MemoryScene(["B02", "B03", "B04", "B10", "DEM", "SLOPE"]), CHANNELS).read(WINDOW)
    assert not valid.all()
    for channel, mean, mine, full in zip(CHANNELS, CARD.mean, found, whole):
        expected = np.where(valid, np.float32(mean), 0) if channel.upper() in gone else full
        np.testing.assert_array_equal(mine, expected)


def test_a_whole_scene_is_read_as_ever():
    assert check(["B02", "B03", "B04", "B10", "DEM", "SLOPE"]) == []
    scene = MemoryScene(["B02", "B03", "B04", "B10", "DEM", "SLOPE"])
    for mine, other in zip(FilledReader(scene, CARD).read(WINDOW), FeatureReader(scene, CHANNELS).read(WINDOW)):
        np.testing.assert_array_equal(mine, other)


def test_a_raster_of_engineered_bands_may_lack_the_same_channels():
    names = ["b02", "gray", "blur", "slope"]
    [(_, text)] = check(names)
    assert "lacks b10, dem" in text
    found, _ = FilledReader(MemoryScene(names, engineered=True), CARD).read(WINDOW)
    assert set(np.unique(found[0])) == {0, np.float32(7.5)}


def test_a_required_band_is_still_required():
    with pytest.raises(ScarpError, match="Missing in the scene: B04"):
        check(["B02", "B03", "B10", "DEM", "SLOPE"])
    with pytest.raises(ScarpError, match="Missing in the scene: gray"):
        check(["b02", "blur"])
