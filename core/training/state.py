"""The state of a training between two epochs, on disk: enough to go on exactly where it stopped. No pickle."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.optim import Optimizer
from torch.optim.swa_utils import AveragedModel

from ..card import STATE_KEY, read_metadata
from ..checkpoint import load_tensors, save_tensors
from ..errors import ScarpError
from ..jobs import TrainJob
from ..reporter import Reporter

FORMAT_VERSION = 1
# What may differ when a training is resumed: where it runs and where it writes.
_FREE = ("device", "checkpoint", "report", "resume")

_ADVICE = (
    "Choose the file that ends in .state.safetensors beside the checkpoint; to start from a checkpoint's weights, give "
    "it as INIT."
)


def state_path(checkpoint: str | Path) -> Path:
    """The state file that is written beside a checkpoint."""
    return Path(checkpoint).with_suffix(".state.safetensors")


@dataclass
class State:
    """What happened so far.

    Attributes:
        epoch: Epochs that are finished. history: a record of each.
        best: Epoch (from 1) of the checkpoint, 0: none yet. score: its validation ``f1_landslide``.
        schedule: What the learning rate schedule remembers.
        chosen: What was measured or chosen at the start (precision, batch, mean, std, channels).
        pieces: Parts in which a batch goes through, for lack of memory.
        job: The job, as a dictionary.
        checkpoint: File name of the checkpoint.
    """

    job: dict[str, Any]
    checkpoint: str
    epoch: int = 0
    best: int = 0
    score: float = -1.0
    history: list[dict[str, float]] = field(default_factory=list)
    schedule: dict[str, Any] = field(default_factory=dict)
    chosen: dict[str, Any] = field(default_factory=dict)
    pieces: int = 1


def save(
    path: Path, state: State, model: nn.Module, optimizer: Optimizer, average: AveragedModel | None = None
) -> None:
    """Write the state atomically: the network as it learns, its optimizer, and the averaged weights if there are some.

    Raises:
        ScarpError: The disk is full; the last state stays as it was.
    """
    tensors = {f"model/{name}": tensor for name, tensor in model.state_dict().items()}
    if average is not None:
        tensors.update({f"average/{name}": tensor for name, tensor in average.state_dict().items()})
    scalars: dict[str, dict[str, Any]] = {}
    for index, values in optimizer.state_dict()["state"].items():
        for name, value in values.items():
            if isinstance(value, torch.Tensor):
                tensors[f"optimizer/{index}/{name}"] = value
            else:
                scalars.setdefault(str(index), {})[name] = value
    header = {"format_version": FORMAT_VERSION, "state": asdict(state), "scalars": scalars}
    save_tensors(path, tensors, {STATE_KEY: json.dumps(header)})


def read(path: str | Path, job: TrainJob, reporter: Reporter) -> State:
    """Read what happened, and check that ``job`` goes on with the same training.

    Raises:
        ScarpError: The file is no state, of another version, or its parameters differ from those of ``job``; or the
            checkpoint beside it is gone.
    """
    header = _header(path)
    state = State(**header["state"])
    now = json.loads(job.to_json())
    now.pop("job")
    differing = [name for name in now if name not in _FREE and now[name] != state.job.get(name)]
    if differing:
        listed = ", ".join(f"{name.upper()} was {state.job.get(name)!r}, is {now[name]!r}" for name in differing)
        raise ScarpError(
            f"The training in '{path}' was started with other parameters: {listed}. Give the same ones to go on with "
            "it, or leave RESUME empty to start anew (INIT takes over the weights)."
        )
    if state.best and not best_checkpoint(path, state).is_file():
        raise ScarpError(
            f"The checkpoint '{state.checkpoint}' that belongs to the state '{path}' is not beside it. Put it back, "
            "or leave RESUME empty to start anew."
        )
    reporter.info(f"Resuming after epoch {state.epoch} of {job.epochs}.")
    return state


def best_checkpoint(path: str | Path, state: State) -> Path:
    """The best checkpoint so far, which lies beside the state file."""
    return Path(path).with_name(state.checkpoint)


def restore(path: str | Path, model: nn.Module, optimizer: Optimizer, average: AveragedModel | None = None) -> None:
    """Put the tensors of a state file into a network, its optimizer and its averaged weights.

    Raises:
        ScarpError: They do not fit.
    """
    tensors, scalars = load_tensors(path), _header(path)["scalars"]
    weights, averages = (
        {name[len(start) :]: tensor for name, tensor in tensors.items() if name.startswith(start)}
        for start in ("model/", "average/")
    )
    moments: dict[int, dict[str, Any]] = {int(index): dict(values) for index, values in scalars.items()}
    for name, tensor in tensors.items():
        if name.startswith("optimizer/"):
            _, index, key = name.split("/")
            # The layout of the weights: what is computed with them is then the same to the last bit.
            layout = torch.channels_last if tensor.dim() == 4 else torch.preserve_format
            moments.setdefault(int(index), {})[key] = (
                tensor.contiguous(memory_format=layout) if layout == torch.channels_last else tensor
            )
    try:
        model.load_state_dict(weights)
        if average is not None:
            average.load_state_dict(averages)
        groups = optimizer.state_dict()["param_groups"]
        optimizer.load_state_dict({"state": moments, "param_groups": groups})
    except (RuntimeError, ValueError) as error:
        raise ScarpError(f"The state '{path}' does not fit this version of Scarp: {error}. Start anew.") from error


def _header(path: str | Path) -> dict[str, Any]:
    if not Path(path).is_file():
        raise ScarpError(f"RESUME '{path}' is not there. {_ADVICE}")
    text = read_metadata(path).get(STATE_KEY)
    if text is None:
        raise ScarpError(f"RESUME '{path}' is no state of a training. {_ADVICE}")
    header: dict[str, Any] = json.loads(text)
    if header.get("format_version") != FORMAT_VERSION:
        raise ScarpError(
            f"The state '{path}' has format version {header.get('format_version')}; this Scarp reads "
            f"{FORMAT_VERSION}. Go on with the version that wrote it, or start anew."
        )
    return header
