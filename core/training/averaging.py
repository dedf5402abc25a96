"""Averaged weights: an exponential moving average of a network over the steps of its training."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel

# Steps after which half of the first weights, which are random, are forgotten several times over.
_WARMUP = 10


def averaged(model: nn.Module, decay: float) -> AveragedModel:
    """A copy of ``model`` whose weights follow it: after each step ``average + (1 - d) * (weight - average)``.

    d is ``decay``, or (1 + n) / (10 + n) after n steps as long as that is less: with a decay of 0.999 a training of a
    few hundred steps would else end with mostly its first weights. Running means and variances of BatchNorm are
    averaged likewise. They are averages themselves, but of what the weights of the moment put out; the same mixture of
    statistics as of weights fits the averaged network best, while a copy would belong to the newest weights only.

    Args:
        model: On its device, in its memory format.
        decay: From 0 to less than 1.
    """

    @torch.no_grad()
    def follow(average: Sequence[Tensor], current: Sequence[Tensor], steps: Tensor | int) -> None:
        if not average[0].is_floating_point():  # the number of batches seen
            for mine, its in zip(average, current):
                mine.copy_(its)
            return
        done = int(steps)
        share = 1 - min(decay, (1 + done) / (_WARMUP + done))
        torch._foreach_lerp_(list(average), list(current), share)

    return AveragedModel(model, multi_avg_fn=follow, use_buffers=True)  # type: ignore[arg-type]
