"""Distance to the other class, which `boundary` and `center` weigh pixels with."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import ndimage
from torch import Tensor


def distance_to_other_class(target: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Distance of each pixel to the nearest pixel of the other class, between pixel centres.

    Meant for loaders, so that it is computed once a chip and off the training path.

    Args:
        target: uint8 [h, w]: 0 background, 1 landslide, anything else belongs to neither.

    Returns:
        float32 [h, w] in pixels; 0 where the target is neither class, and everywhere if it holds one class only.
    """
    landslide, background = target == 1, target == 0
    distance = np.zeros(target.shape, np.float32)
    if landslide.any() and background.any():
        distance[background] = ndimage.distance_transform_edt(~landslide)[background]
        distance[landslide] = ndimage.distance_transform_edt(~background)[landslide]
    return distance


def distances_to_other_class(target: Tensor) -> Tensor:
    """The same for a batch [B, h, w] of labels or shares of landslide (half and more is landslide), on its device."""
    labels = torch.where(target.float() == 255, 255, (target >= 0.5).to(torch.uint8)).to(torch.uint8).cpu().numpy()
    return torch.from_numpy(np.stack([distance_to_other_class(chip) for chip in labels])).to(target.device)
