"""The scene classification (SCL) that comes with Sentinel-2 products: what is ground, water, cloud and shadow."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..scene.grid import Grid
from .scene import DemoScene
from .spectra import Cover

FACTOR = 2  # 20 m

_NO_DATA, _CLOUD_SHADOW, _VEGETATION, _NOT_VEGETATED, _WATER, _CLOUD = 0, 3, 4, 5, 6, 9
_GREEN = (Cover.CONIFER, Cover.BROADLEAF, Cover.MEADOW, Cover.ALPINE, Cover.CROP)


def classify(scene: DemoScene) -> tuple[Grid, NDArray[np.uint8]]:
    """Classify a scene at 20 m.

    Returns:
        The grid, and uint8 [h, w]: 0 no data, 3 cloud shadow, 4 vegetation, 5 not vegetated, 6 water, 9 cloud.
    """
    cover = scene.land.cover[::FACTOR, ::FACTOR]
    classes = np.where(np.isin(cover, _GREEN), _VEGETATION, _NOT_VEGETATED).astype(np.uint8)
    classes[cover == Cover.WATER] = _WATER
    classes[_any(~scene.sky.clear)] = _CLOUD_SHADOW
    classes[_any(scene.sky.cloudy)] = _CLOUD
    classes[_any(~scene.sky.swath)] = _NO_DATA
    return scene.at(FACTOR, classes)


def _any(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    rows, cols = mask.shape
    blocks = mask.reshape(rows // FACTOR, FACTOR, cols // FACTOR, FACTOR)
    return np.asarray(blocks.any(axis=(1, 3)))
