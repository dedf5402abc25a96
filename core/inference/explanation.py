"""A network that is asked why: Grad-CAM of the landslide class, and probabilities with channels taken away.

Grad-CAM (Selvaraju et al. 2017) weighs the channels of a map inside the network by how much the class rises with
them, and adds up what is positive. For segmentation the class is summed over a set of pixels (Vinogradova et al. 2020):
here, the pixels mapped as landslide.

The weights are those of the whole extent, not of a tile: each tile's gradients are added up, a pixel counting with the
weight by which tiles blend, so that every pixel counts once however the scene is cut. The heat of two places can be
compared, then, and tile borders do not show. What is summed is the log-odds of landslide: unlike the probability it
does not saturate where the network is sure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate

from ..errors import ScarpError
from ..reporter import Reporter
from . import stages
from .device import is_out_of_memory
from .predictor import Normalisation
from .standardising import Standardisation

Floats = npt.NDArray[np.float32]


class Explainer:
    """A network made ready to be explained at one of its stages, tile by tile, in fp32.

    It takes the network over: evaluation mode, on the device, its parameters without gradients, and nothing in place.

    Args:
        model: A `scarp.models.Network`.
        card: Normalisation and temperature.
        device: From `choose_device`.
        stage: See `stages.find`.
        reporter: Asked for cancel before every layer.

    Attributes:
        stage: The stage that was found. standardise: makes what the network takes of features.

    Raises:
        ScarpError: The network has no such stage.
    """

    def __init__(
        self, model: nn.Module, card: Normalisation, device: torch.device, stage: str, reporter: Reporter
    ) -> None:
        self._model = model.eval().requires_grad_(False).to(device)
        self._device, self._temperature = device, card.temperature
        self.standardise = Standardisation(card.mean, card.std)
        for layer in model.modules():
            if hasattr(layer, "inplace"):
                layer.inplace = False  # type: ignore[assignment]
        self.stage = stages.find(model, len(card.mean), stage)
        for layer in model.modules():
            if not any(layer.children()):
                layer.register_forward_pre_hook(lambda _layer, _args: reporter.check())

    def probability(self, x: Floats, without: Sequence[int] = ()) -> Floats:
        """Probability of landslide in one tile, float32 [H, W].

        Args:
            x: Standardised, float32 [H, W, C], as `reading.Tile` has it; H and W multiples of 32.
            without: Channels that are replaced by their mean over the training data.
        """
        with torch.no_grad(), _in_memory(self._device, x):
            given = self._input(x)
            given[:, list(without)] = 0
            return _numpy(torch.sigmoid(self._log_odds(self._model(given).mask)))

    def gradients(self, x: Floats, pixels: Floats, threshold: float | None) -> tuple[npt.NDArray[np.float64], float]:
        """How much the log-odds of landslide, summed over pixels of one tile, rise with each channel of the stage.

        Args:
            x: float32 [H, W, C], as for `probability`.
            pixels: How much each pixel counts, float32 [H, W].
            threshold: Only pixels of at least this probability count; None: all.

        Returns:
            The gradients summed over the positions of the stage, float64 [K], and the sum of the pixels that counted.
        """
        with _in_memory(self._device, x):
            logits, activations = self._run(self._input(x))
            log_odds = self._log_odds(logits)
            counted = torch.from_numpy(pixels).to(self._device)
            if threshold is not None:
                counted = counted * (torch.sigmoid(log_odds.detach()) >= threshold)
            total = float(counted.sum())
            if not total:
                return np.zeros(self.stage.channels), 0.0
            (gradient,) = torch.autograd.grad((log_odds * counted).sum(), activations)
            return _numpy(gradient[0].double().sum((1, 2))), total

    def heat(self, x: Floats, weights: npt.NDArray[np.float64]) -> Floats:
        """Grad-CAM of one tile, float32 [H, W], 0 and more: its channels weighed and added, the negative cut off.

        Args:
            x: float32 [H, W, C], as for `probability`.
            weights: Of the channels of the stage, [K].
        """
        with torch.no_grad(), _in_memory(self._device, x):
            _, activations = self._run(self._input(x))
            weighed = torch.einsum("k,khw->hw", torch.from_numpy(weights).float().to(self._device), activations[0])
            heat = interpolate(torch.relu(weighed)[None, None], size=x.shape[:2], mode="bilinear")
            return _numpy(heat[0, 0])

    def _run(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Logits [1, 2, H, W] and the activations of the stage [1, K, h, w], of which alone gradients can be asked."""
        if not self.stage.name:
            full, deep = self._model.features(x)  # type: ignore[operator]
            full = full.detach().requires_grad_()
            return self._model.heads(full, deep).mask, full  # type: ignore[operator]
        kept: list[Tensor] = []

        def cut(_module: nn.Module, _args: Any, output: Tensor) -> Tensor:
            kept.append(output.detach().requires_grad_())
            return kept[-1]

        hook = self._model.get_submodule(self.stage.name).register_forward_hook(cut)
        try:
            logits: Tensor = self._model(x).mask
        finally:
            hook.remove()
        return logits, kept[-1]

    def _log_odds(self, logits: Tensor) -> Tensor:
        return (logits[0, 1] - logits[0, 0]) / self._temperature

    def _input(self, x: Floats) -> Tensor:
        """The network's input [1, C, H, W] on its device: a copy."""
        return torch.tensor(x, device=self._device).permute(2, 0, 1)[None].contiguous()


def _numpy(values: Tensor) -> npt.NDArray[Any]:
    found: npt.NDArray[Any] = values.detach().cpu().numpy()
    return found


@contextmanager
def _in_memory(device: torch.device, x: Floats) -> Iterator[None]:
    try:
        yield
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        raise ScarpError(
            f"The memory of {device} is too small to explain one tile of {x.shape[0]} px of this network: "
            "gradients need more than mapping does. Choose a smaller TILE, close other programs, or run on another "
            "DEVICE."
        ) from error
