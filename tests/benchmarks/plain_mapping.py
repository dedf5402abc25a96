"""Mapping as one writes it in an afternoon, to compare with: chips of 128 px through the network as it was trained."""

from __future__ import annotations

import numpy as np
import torch
from scarp.core import checkpoint
from scarp.core.features.filled import FilledReader
from scarp.core.scene.grid import Window

CHIP, BATCH = 128, 16


def _network(path):
    model, card = checkpoint.load(path)
    mean, std = (np.array(values, np.float32)[:, None, None] for values in (card.mean, card.std))

    def probability(features):
        with torch.no_grad():
            return torch.softmax(model(torch.from_numpy((features - mean) / std)).mask, 1)[:, 1].numpy()

    return probability, card


def _corners(window, step):
    rows = range(window.row, window.row + window.height - CHIP + 1, step)
    return [(row, col) for row in rows for col in range(window.col, window.col + window.width - CHIP + 1, step)]


def chip_by_chip(scene, path: str, window: Window, overlap: int) -> np.ndarray:
    """One chip after the other: read, features, network, middle of the chip into the map."""
    probability, card = _network(path)
    reader = FilledReader(scene, card)
    result, half = np.zeros(window.shape, np.float32), overlap // 2
    for row, col in _corners(window, CHIP - overlap):
        features, valid = reader.read(Window(row, col, CHIP, CHIP))
        found = probability(features[None])[0] * valid
        top, left = row - window.row + half, col - window.col + half
        result[top : top + CHIP - overlap, left : left + CHIP - overlap] = found[half : CHIP - half, half : CHIP - half]
    return result


def all_in_memory(scene, path: str, window: Window, overlap: int) -> np.ndarray:
    """All features at once, all chips at once, batches, averages."""
    probability, card = _network(path)
    features, _ = FilledReader(scene, card).read(window)
    corners = [(row - window.row, col - window.col) for row, col in _corners(window, CHIP - overlap)]
    chips = np.stack([features[:, row : row + CHIP, col : col + CHIP] for row, col in corners])
    found = np.concatenate([probability(chips[i : i + BATCH]) for i in range(0, len(chips), BATCH)])
    total, count = np.zeros(window.shape, np.float32), np.zeros(window.shape, np.float32)
    for (row, col), values in zip(corners, found):
        total[row : row + CHIP, col : col + CHIP] += values
        count[row : row + CHIP, col : col + CHIP] += 1
    return total / np.maximum(count, 1)
