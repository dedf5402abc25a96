from __future__ import annotations

import numpy as np
import pytest
import rasterio
from scarp.core.scene.mask import SCL_INVALID


@pytest.fixture
def validity(make, dn, opened):
    def of(mask, name="m.tif", **options):
        scene = opened(bands=[make("B04.tif", dn((20, 20)))], valid_mask=make(name, mask, **options), radiometry="dn")
        return scene.read(scene.window, [])[1]

    return of


@pytest.mark.parametrize("value", [1, 2, 9, 255])
def test_a_plain_mask_is_usable_where_it_is_not_zero(validity, log, value):
    mask = np.full((20, 20), value, np.uint8)
    mask[:7] = 0
    np.testing.assert_array_equal(validity(mask)[:, 0], np.arange(20) >= 7)
    assert "is read as a mask" in log.text("info")


@pytest.mark.parametrize("name", ["m.tif", "T54_SCL_20m.tif"])
def test_a_scene_classification_is_recognised_by_values_or_name(validity, log, name):
    mask = np.tile(np.arange(12, dtype=np.uint8), (20, 2))[:, :20]
    np.testing.assert_array_equal(validity(mask, name), ~np.isin(mask, SCL_INVALID))
    assert "is read as a scene classification" in log.text("info")


def test_a_classification_that_holds_cloud_alone_is_known_by_its_name(validity):
    assert not validity(np.full((20, 20), 9, np.uint8), "SCL.tif").any()


def test_nodata_of_the_mask_is_not_usable(validity):
    mask = np.ones((20, 20), np.uint8)
    mask[3] = 255
    assert not validity(mask, nodata=255)[3].any()


def test_the_real_classification_on_its_20_m_grid(crops, opened):
    scl = crops / "S2A2A_20170703_022_Barbellino_SCL_10.tif"
    stack = crops / "S2A2A_20170703_022_Barbellino_BOA_10.tif"
    scene = opened(bands=[str(stack)], band_map="B02=2,B03=3,B04=4", valid_mask=str(scl))
    _, valid = scene.read(scene.window, ["B04"])
    with rasterio.open(scl) as dataset:
        fine = np.kron(dataset.read(1), np.ones((2, 2)))
    np.testing.assert_array_equal(valid, ~np.isin(fine, SCL_INVALID))
    assert (scene.product, scene.radiometry) == ("L2A", "dn")
