from __future__ import annotations

import numpy as np
import pytest
from scarp.core.chips.augment import Augmentation, parse
from scarp.core.chips.chip import Chip
from scarp.core.errors import ScarpError


def test_bands_label_and_validity_move_together_and_all_eight_ways_occur():
    label = np.arange(16, dtype=np.uint8).reshape(4, 4)
    chip = Chip(np.stack([label, label + 1]).astype(np.float32), label, "a", label > 3)
    rng = np.random.default_rng(0)
    seen = set()
    for _ in range(200):
        changed = Augmentation(flips=True, rotations=True)(chip, rng)
        assert np.array_equal(changed.bands[0], changed.label)
        assert np.array_equal(changed.bands[1], changed.label + 1)
        assert np.array_equal(changed.valid, changed.label > 3)
        seen.add(changed.label.tobytes())
    assert len(seen) == 8


def test_names():
    assert parse("none") == Augmentation()
    assert parse(" Flips ,rotations") == Augmentation(flips=True, rotations=True)
    with pytest.raises(ScarpError, match="no 'mosaic'"):
        parse("flips,mosaic")
