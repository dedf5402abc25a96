"""Scoring a network on chips: pooled over all scored pixels, and the threshold that suits it best."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from ..chips.chip import ChipSource
from ..inference.precision import autocast
from ..reporter import Reporter
from .batches import Batch, Loader
from .metrics import Confusion, Histogram


@dataclass
class Scorer:
    """Counts what a network says of chips.

    Attributes:
        model: On ``device``, channels-last. loader: makes its batches. precision: it is computed in.
    """

    model: nn.Module
    loader: Loader
    device: torch.device
    precision: str

    def __call__(self, source: ChipSource, reporter: Reporter) -> Histogram:
        """Probabilities of all scored pixels of ``source``, by class; the network is in evaluation mode meanwhile.

        Raises:
            Cancelled: The user asked to stop.
        """
        histogram = Histogram()
        for batch in self.loader(source):
            reporter.check()
            histogram.add(self.probability(batch), batch.target.numpy(), batch.scored.numpy())
        return histogram

    def probability(self, batch: Batch) -> NDArray[np.float32]:
        """Probability of landslide, float32 [B, h, w]."""
        was_training = self.model.training
        self.model.eval()
        try:
            with torch.inference_mode(), autocast(self.device, self.precision):
                logits = self.model(batch.x.to(self.device, memory_format=torch.channels_last)).mask
            probability: NDArray[np.float32] = logits.float().softmax(1)[:, 1].cpu().numpy()
        finally:
            self.model.train(was_training)
        return probability


def scores(histogram: Histogram, threshold: float) -> dict[str, float]:
    """The figures (CONTRIBUTING.md, Figures) at a threshold that is an edge of the histogram's bins (0.5 is one)."""
    edge = round(threshold * len(histogram.positive))
    confusion = Confusion()
    confusion.tp, confusion.fn = int(histogram.positive[edge:].sum()), int(histogram.positive[:edge].sum())
    confusion.fp, confusion.tn = int(histogram.negative[edge:].sum()), int(histogram.negative[:edge].sum())
    return {"threshold": threshold, **confusion.scores(), **histogram.scores()}
