"""A network and its card, made ready on a device: features in, probabilities out."""

from __future__ import annotations

import time
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from ..errors import ScarpError
from ..reporter import Reporter
from .averaging import TURNS, Mean, landslide, opinions, turn, turn_back
from .device import is_out_of_memory
from .precision import autocast, choose_precision

Floats = npt.NDArray[np.float32]

LARGEST_BATCH = 256
BATCH_SECONDS = 0.5
CPU_BYTES = 512 * 2**20
"""What a batch may take on a CPU, where a larger one is no faster: the whole worker has to live on 1.5 GB."""
MAPS_ALIVE = 6
"""How many maps as large as a network's largest are alive at its peak, roughly: input, output, skips, workspace."""


EXAMPLE_SIDE = 256
"""On a CPU, precisions are compared on at most this many pixels: its speed hardly depends on it, but waiting does."""


class Normalisation(Protocol):
    """What a `Card` says about a network's input and output."""

    head: str
    mean: list[float]
    std: list[float]
    temperature: float


class Prediction(NamedTuple):
    """What a network says about a batch.

    Attributes:
        probability: Of landslide, float32 [B, H, W], mean of all opinions.
        spread: Their standard deviation, float32 [B, H, W]; None with a single opinion.
        presence: Probability that the tile holds a landslide, float32 [B]; None where not asked for.
    """

    probability: Floats
    spread: Floats | None
    presence: Floats | None


class Predictor:
    """Runs a network in batches.

    It takes the network over: evaluation mode, channels-last, on the device, without the heads that are not needed.
    Every layer asks the reporter first whether to stop, so that even a slow batch can be cancelled.

    Args:
        model: Returns an `Output`.
        card: Normalisation, temperature and head.
        device: Where to run, from `choose_device`.
        precision: ``auto``, ``fp32``, ``bf16`` or ``fp16``; see `choose_precision`.
        batch: Tiles at once; None: chosen from the memory and time that one takes.
        tta: A key of `TURNS`.
        vote: Average the three resolutions of a multires head.
        presence: Return the presence of a dual head.
        reporter: Told the choices; asked for cancel.

    Raises:
        ScarpError: ``vote`` or ``presence`` with a card whose head does not have them.
    """

    def __init__(
        self,
        model: nn.Module,
        card: Normalisation,
        device: torch.device,
        *,
        precision: str = "auto",
        batch: int | None = None,
        tta: str = "none",
        vote: bool = False,
        presence: bool = False,
        reporter: Reporter,
    ) -> None:
        check_heads(card.head, vote=vote, presence=presence)
        self.batch = batch or 1
        self.precision = precision
        self.opinions = len(TURNS[tta]) * (3 if vote else 1)
        self.presence = presence
        self._turns, self._vote, self._temperature = TURNS[tta], vote, card.temperature
        self._batch_given = batch is not None
        self._ready = False
        self._device, self._reporter = device, reporter
        _drop_heads(model, vote=vote, presence=presence)
        self._model = model.eval().to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._mean = torch.tensor(card.mean, dtype=torch.float32, device=device)[:, None, None]
        self._std = torch.tensor(card.std, dtype=torch.float32, device=device)[:, None, None]
        for layer in model.modules():
            if not any(layer.children()):
                layer.register_forward_pre_hook(self._check)

    def prepare(self, features: Floats, valid: npt.NDArray[np.bool_]) -> None:
        """Choose batch and precision by running the network on a tile, unless that was done before.

        Args:
            features: float32 [C, H, W], as `predict` takes them.
            valid: bool [H, W].

        Raises:
            ScarpError: One tile alone does not fit into memory, or the device cannot compute in the precision asked.
        """
        if self._ready:
            return
        if not self._batch_given:
            self.batch = self._fitting(features, valid)
        while True:
            count = min(self.batch, 8)
            side = EXAMPLE_SIDE if self._device.type == "cpu" else features.shape[-1]
            try:
                example = self._input(
                    np.repeat(features[None, :, :side, :side], count, 0), np.repeat(valid[None, :side, :side], count, 0)
                )
                self.precision = choose_precision(self.precision, self._device, self._model, example, self._reporter)
                break
            except (RuntimeError, MemoryError) as error:
                self._halve(error, features.shape)
        self._ready = True
        self._reporter.info(f"Batch: {self.batch} tile{'s' if self.batch > 1 else ''}.")

    def predict(self, features: Floats, valid: npt.NDArray[np.bool_]) -> Prediction:
        """Run the network on a batch of any size, in halves where memory runs out.

        Args:
            features: float32 [B, C, H, W], not normalised; H and W multiples of 32.
            valid: bool [B, H, W]; elsewhere the network is given each channel's mean.

        Raises:
            ScarpError: One tile alone does not fit into memory.
        """
        self.prepare(features[0], valid[0])
        parts: list[Prediction] = []
        done = 0
        while done < len(features):
            part = slice(done, done + self.batch)
            try:
                parts.append(self._run(features[part], valid[part]))
            except (RuntimeError, MemoryError) as error:
                self._halve(error, features.shape[1:])
                continue
            done += self.batch
        return parts[0] if len(parts) == 1 else Prediction(*(_joined(fields) for fields in zip(*parts)))

    def _run(self, features: Floats, valid: npt.NDArray[np.bool_]) -> Prediction:
        mask, presence = Mean(), Mean()
        with torch.inference_mode():
            x = self._input(features, valid)
            for quarters, flip in self._turns:
                with autocast(self._device, self.precision):
                    output = self._model(turn(x, quarters, flip).contiguous(memory_format=torch.channels_last))
                for opinion in opinions(output, self._temperature, self._vote):
                    mask.add(turn_back(opinion, quarters, flip))
                if self.presence:
                    presence.add(landslide(output.presence))
            return Prediction(
                mask.mean.cpu().numpy(),
                mask.spread.cpu().numpy() if self.opinions > 1 else None,
                presence.mean.cpu().numpy() if self.presence else None,
            )

    def _input(self, features: Floats, valid: npt.NDArray[np.bool_]) -> Tensor:
        """The network's input on its device: standardised, 0 (the channel's mean) where not valid."""
        x = torch.from_numpy(np.ascontiguousarray(features)).to(self._device)
        usable = torch.from_numpy(np.ascontiguousarray(valid)).to(self._device)
        x = ((x - self._mean) / self._std).masked_fill_(~usable[:, None], 0)
        return x.contiguous(memory_format=torch.channels_last)

    def _fitting(self, features: Floats, valid: npt.NDArray[np.bool_]) -> int:
        """How many tiles take neither too much memory nor too long, seen from one."""
        largest, seconds = features.nbytes, 0.0

        def look(layer: nn.Module, args: Any, output: Any) -> None:
            nonlocal largest
            if isinstance(output, Tensor):
                largest = max(largest, output.numel() * 4)

        layers = [layer for layer in self._model.modules() if not any(layer.children())]
        hooks = [layer.register_forward_hook(look) for layer in layers]
        try:
            with torch.inference_mode():
                x = self._input(features[None], valid[None])
                for _ in range(1 if self._device.type == "cpu" else 2):  # a GPU's first run loads its kernels
                    start = time.perf_counter()
                    self._model(x).mask.cpu()
                    seconds = time.perf_counter() - start
        except (RuntimeError, MemoryError) as error:
            self._halve(error, features.shape)
        finally:
            for hook in hooks:
                hook.remove()
        allowed = torch.cuda.mem_get_info(self._device)[0] // 2 if self._device.type == "cuda" else CPU_BYTES
        return int(max(1, min(allowed / (MAPS_ALIVE * largest), BATCH_SECONDS / seconds, LARGEST_BATCH)))

    def _halve(self, error: BaseException, shape: tuple[int, ...]) -> None:
        """Answer an exception: half the batch if memory ran out, else raise it again."""
        if not is_out_of_memory(error):
            raise error
        if self.batch == 1:
            raise ScarpError(
                f"The memory of {self._device} is too small for one tile of {shape[-1]} px with this network. "
                "Choose a smaller TILE, close other programs, or run on another DEVICE."
            ) from error
        # The traceback keeps the failed batch's tensors alive; without it they can be freed.
        error.__traceback__ = None
        self.batch //= 2
        if self._device.type == "cuda":
            torch.cuda.empty_cache()
        self._reporter.warning(f"Out of memory on {self._device}: going on with batches of {self.batch}.")

    def _check(self, layer: nn.Module, args: Any) -> None:
        self._reporter.check()


def check_heads(
    head: str, *, vote: bool = False, presence: bool = False, spread: bool = False, tta: str = "none"
) -> None:
    """Check that a network with ``head`` can give what is asked for, before any work.

    Raises:
        ScarpError: It cannot, or a spread is asked for where there is only one opinion.
    """
    if vote and head != "multires":
        raise ScarpError(
            f"VOTE averages three resolutions, but this checkpoint has the head '{head}', which gives one. "
            "Turn VOTE off, or use a checkpoint trained with HEAD=multires."
        )
    if presence and head != "dual":
        raise ScarpError(
            f"PRESENCE was asked for, but this checkpoint has the head '{head}', which does not give it. "
            "Leave PRESENCE empty, or use a checkpoint trained with HEAD=dual."
        )
    if spread and not vote and tta == "none":
        fix = "TTA=rotations or TTA=all" + (", or VOTE" if head == "multires" else "")
        raise ScarpError(
            "UNCERTAINTY is the spread of several opinions of the network, but it gives only one here. "
            f"Choose {fix}, or leave UNCERTAINTY empty."
        )


def _drop_heads(model: nn.Module, *, vote: bool, presence: bool) -> None:
    heads = getattr(model, "heads", None)
    for name, needed in (("double_head", vote), ("half_head", vote), ("presence", presence)):
        if not needed and isinstance(getattr(heads, name, None), nn.Module):
            setattr(heads, name, None)


def _joined(fields: tuple[Any, ...]) -> Any:
    return None if fields[0] is None else np.concatenate(fields)
