"""A network and its card, made ready on a device: features in, probabilities out."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from ...models.fuse import fuse
from ..errors import ScarpError
from ..reporter import Reporter
from . import remembered
from .averaging import Mean, landslide, opinions
from .budget import Load, Shares, share_out
from .device import is_out_of_memory
from .footprint import bytes_per_pixel
from .lattice import Lattice
from .precision import PRECISIONS, autocast, choose_precision
from .standardising import Standardisation
from .turning import TURNS, Gradients, turn_back

Floats = npt.NDArray[np.float32]

LARGEST_BATCH = 256
BATCH_SECONDS = 0.5
CPU_BYTES = 512 * 2**20
"""What a batch may take on a CPU, where a larger one is no faster: the whole worker has to live on 1.5 GB."""

EXAMPLE_SIDE = 256
"""On a CPU, precisions are compared on at most this many pixels: its speed hardly depends on it, but waiting does."""


class Normalisation(Protocol):
    """What a `Card` says about a network's input and output."""

    features: list[str]
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
    """Runs a network in batches. Several threads may do so at once.

    It takes the network over: evaluation mode, BatchNorm folded into the convolutions, channels-last, on the device,
    without the heads that are not needed. Every layer asks the reporter first whether to stop, so that even a slow
    batch can be cancelled.

    Args:
        model: Returns an `Output`.
        card: Features, normalisation, temperature and head.
        device: Where to run, from `choose_device`.
        precision: ``auto``, ``fp32``, ``bf16`` or ``fp16``; see `choose_precision`.
        batch: Tiles at once; None: chosen from the memory and time that one takes.
        tta: A key of `TURNS`.
        vote: Average the three resolutions of a multires head.
        presence: Return the presence of a dual head.
        memory: What a batch may take on a CPU, bytes.
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
        memory: int = CPU_BYTES,
        reporter: Reporter,
    ) -> None:
        check_heads(card.head, vote=vote, presence=presence)
        self.batch = batch or 1
        self.precision = precision
        self.opinions = len(TURNS[tta]) * (3 if vote else 1)
        self.presence = presence
        self.device = device
        self.memory = memory
        self._channels = len(card.mean)
        self.standardise = Standardisation(card.mean, card.std)
        self._turns, self._vote, self._temperature = TURNS[tta], vote, card.temperature
        self._gradients = Gradients(card.features, card.mean, card.std)
        self._batch_given = batch is not None
        self._ready = False
        self._reporter = reporter
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        # Joined branches compute a third more: worth it only where launching and memory cost more than arithmetic.
        keep = (*(("double", "half") if vote else ()), *(("presence",) if presence else ()))
        fuse(model, keep, join_branches=device.type == "cuda")
        self._model = model.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        for layer in model.modules():
            if not any(layer.children()):
                layer.register_forward_pre_hook(self._check)

    def share_out(self, lattices: Sequence[Lattice], blocks: int, memory: float | None) -> Shares:
        """Choose tiles, lanes and caches for this network; arguments and errors are those of `budget.share_out`."""
        load = Load(
            channels=self._channels,
            layers=1 + (self.opinions > 1) + self.presence,
            network=self.footprint * (self.batch if self._batch_given else 1),
            weights=sum(tensor.nbytes for tensor in self._model.state_dict().values()),
            blocks=blocks,
        )
        if self.device.type == "cuda":  # the network's memory is the GPU's, where the batch is fitted to what is free
            return share_out(lattices, replace(load, network=0.0, weights=0), memory, 1)
        shares = share_out(lattices, load, memory, torch.get_num_threads())
        self.memory = shares.batch
        return shares

    def prepare(self, x: Floats) -> None:
        """Choose batch and precision by running the network on a tile, unless that was done before.

        Args:
            x: Standardised features of a tile, float32 [H, W, C].

        Raises:
            ScarpError: One tile alone does not fit into memory, or the device cannot compute in the precision asked.
        """
        if self._ready:
            return
        if not self._batch_given:
            self.batch = self._fitting(x)
        while True:
            side = min(EXAMPLE_SIDE, *x.shape[:2]) if self.device.type == "cpu" else None
            count = min(self.batch, 8)
            try:
                self.precision = self._choose(np.repeat(x[None, :side, :side], count, 0))
                break
            except (RuntimeError, MemoryError) as error:
                self._halve(error, count, x.shape[1])
        self._ready = True
        self._reporter.info(f"Batch: {self.batch} tile{'s' if self.batch > 1 else ''}.")

    def _choose(self, example: Floats) -> str:
        """The precision: as asked, as measured before, or measured now."""
        known = None
        if self.precision == "auto":
            known = remembered.key(self._model, self.device, example.shape[1])
            found = remembered.recall(known)
            if found is not None and found in PRECISIONS:
                self._reporter.info(f"Precision: {found}, as measured before for this network on this machine.")
                return found
        chosen = choose_precision(self.precision, self.device, self._model, self._input(example), self._reporter)
        if known:
            remembered.remember(known, chosen)
        return chosen

    def predict(self, features: Floats, valid: npt.NDArray[np.bool_]) -> Prediction:
        """Run the network on a batch of any size, in halves where memory runs out.

        Args:
            features: float32 [B, C, H, W], not standardised; H and W multiples of 32.
            valid: bool [B, H, W]; elsewhere the network is given each channel's mean.

        Raises:
            ScarpError: One tile alone does not fit into memory.
        """
        return self.run(np.stack([self.standardise(*pair) for pair in zip(features, valid)]))

    def run(self, x: Floats) -> Prediction:
        """As `predict`, on features that are standardised: float32 [B, H, W, C], 0 where not valid."""
        self.prepare(x[0])
        parts: list[Prediction] = []
        done = 0
        while done < len(x):
            count = self.batch
            try:
                parts.append(self._run(x[done : done + count]))
            except (RuntimeError, MemoryError) as error:
                self._halve(error, min(count, len(x) - done), x.shape[2])
                continue
            done += count
        return parts[0] if len(parts) == 1 else Prediction(*(_joined(fields) for fields in zip(*parts)))

    def stop(self) -> None:
        """Make threads that are running the network give up at its next layer (they raise `Stopped`)."""
        self._stopped.set()

    def _run(self, x: Floats) -> Prediction:
        mask, presence = Mean(), Mean()
        with torch.inference_mode():
            given = self._input(x)
            for quarters, flip in self._turns:
                turned = self._gradients.turned(given, quarters, flip)
                with autocast(self.device, self.precision):
                    output = self._model(turned.contiguous(memory_format=torch.channels_last))
                for opinion in opinions(output, self._temperature, self._vote):
                    mask.add(turn_back(opinion, quarters, flip))
                if self.presence:
                    presence.add(landslide(output.presence))
            return Prediction(
                mask.mean.cpu().numpy(),
                mask.spread.cpu().numpy() if self.opinions > 1 else None,
                presence.mean.cpu().numpy() if self.presence else None,
            )

    def _input(self, x: Floats) -> Tensor:
        """The network's input [B, C, H, W] on its device: on a CPU the array itself, channels-last as it is."""
        tensor = torch.from_numpy(np.ascontiguousarray(x))
        if self.device.type == "cuda":
            # From pinned memory the copy runs while the GPU computes.
            tensor = tensor.pin_memory().to(self.device, non_blocking=True)
        return tensor.permute(0, 3, 1, 2)

    @cached_property
    def footprint(self) -> float:
        """Bytes that the network takes for each pixel of its input."""
        return bytes_per_pixel(self._model, self._channels, self.device)

    def _fitting(self, x: Floats) -> int:
        """How many tiles take neither too much memory nor too long, seen from one."""
        try:
            tile = self.footprint * x.shape[0] * x.shape[1]
            if self.device.type == "cpu" and self.memory < 2 * tile:
                return 1
            with torch.inference_mode():
                given = self._input(x[None])
                for _ in range(1 if self.device.type == "cpu" else 2):  # a GPU's first run loads its kernels
                    start = time.perf_counter()
                    self._model(given).mask.cpu()
                    seconds = time.perf_counter() - start
        except (RuntimeError, MemoryError) as error:
            self._halve(error, 1, x.shape[1])
        allowed = torch.cuda.mem_get_info(self.device)[0] // 2 if self.device.type == "cuda" else self.memory
        return int(max(1, min(allowed / tile, BATCH_SECONDS / seconds, LARGEST_BATCH)))

    def _halve(self, error: BaseException, count: int, side: int) -> None:
        """Answer an exception of a batch of ``count``: half the batch if memory ran out, else raise it again."""
        if not is_out_of_memory(error):
            raise error
        if count <= 1:
            raise ScarpError(
                f"The memory of {self.device} is too small for one tile of {side} px with this network. "
                "Choose a smaller TILE, close other programs, or run on another DEVICE."
            ) from error
        # The traceback keeps the failed batch's tensors alive; without it they can be freed.
        error.__traceback__ = None
        with self._lock:
            halved = max(count // 2, 1)
            if halved >= self.batch:
                return  # another thread was first
            self.batch = halved
        if self.device.type == "cuda":
            torch.cuda.empty_cache()
        self._reporter.warning(f"Out of memory on {self.device}: going on with batches of {halved}.")

    def _check(self, layer: nn.Module, args: Any) -> None:
        if self._stopped.is_set():
            raise Stopped
        self._reporter.check()


class Stopped(Exception):  # noqa: N818 - no error: another stage has failed, or the user has had enough
    """Raised in a thread that is told to give up."""


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


def _joined(fields: tuple[Any, ...]) -> Any:
    return None if fields[0] is None else np.concatenate(fields)
