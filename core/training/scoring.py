"""Scoring a network on chips: pooled over all scored pixels, and the threshold that suits it best."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import expit
from torch import nn

from ..chips.augment import Augmentation
from ..chips.chip import ChipSource
from ..inference.precision import autocast
from ..reporter import Reporter
from .batches import Batch, Loader
from .calibration import LogitHistogram
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

    def __call__(
        self,
        source: ChipSource,
        reporter: Reporter,
        logits: LogitHistogram | None = None,
        augmentation: Augmentation | None = None,
        seed: tuple[int, ...] = (),
    ) -> Histogram:
        """Probabilities of all scored pixels of ``source``, by class; the network is in evaluation mode meanwhile.

        Args:
            source: The chips.
            reporter: Asked for cancel.
            logits: Counts the logits, too: a calibration is fitted to them.
            augmentation: Changes the chips before; None: they are seen as they are.
            seed: Of its random numbers.

        Raises:
            Cancelled: The user asked to stop.
        """
        histogram = Histogram()
        for batch in self.loader(source, augmentation, seed, whole=False):
            reporter.check()
            difference, target, scored = self._difference(batch), batch.target.numpy(), batch.scored.numpy()
            histogram.add(expit(difference), target, scored)
            if logits is not None:
                logits.add(difference, target, scored)
        return histogram

    def _difference(self, batch: Batch) -> NDArray[np.float32]:
        """Logit of landslide minus that of background, float32 [B, h, w]; its sigmoid is the probability."""
        was_training = self.model.training
        self.model.eval()
        try:
            with torch.inference_mode(), autocast(self.device, self.precision):
                logits = self.model(batch.x.to(self.device, memory_format=torch.channels_last)).mask.float()
            difference: NDArray[np.float32] = (logits[:, 1] - logits[:, 0]).cpu().numpy()
        finally:
            self.model.train(was_training)
        return difference


def scores(histogram: Histogram, threshold: float) -> dict[str, float]:
    """The figures (CONTRIBUTING.md, Figures) at a threshold that is an edge of the histogram's bins (0.5 is one)."""
    edge = round(threshold * len(histogram.positive))
    confusion = Confusion()
    confusion.tp, confusion.fn = int(histogram.positive[edge:].sum()), int(histogram.positive[:edge].sum())
    confusion.fp, confusion.tn = int(histogram.negative[edge:].sum()), int(histogram.negative[:edge].sum())
    return {"threshold": threshold, **confusion.scores(), **histogram.scores()}
