"""Which device a network runs on: what the user asked for, proven with a real kernel."""

from __future__ import annotations

import re
from pathlib import Path

import torch

from ..errors import ScarpError
from ..reporter import Reporter

_INSTEAD = "Choose DEVICE=cpu or DEVICE=auto to go on without it"


def choose_device(text: str, reporter: Reporter) -> torch.device:
    """Return the device to run on, after a small convolution has really run there.

    Args:
        text: ``auto``, ``cpu``, ``cuda`` or ``cuda:N`` with the number of the GPU; upper case and spaces don't matter.
        reporter: Told what was chosen, and with ``auto`` why a GPU is not used.

    Raises:
        ScarpError: Any other text, or a GPU was asked for by name that cannot run. ``auto`` never raises.
    """
    name = text.strip().lower() or "auto"
    if name != "auto" and not re.fullmatch(r"cpu|cuda(:\d{1,3})?", name):
        raise ScarpError(f"DEVICE is '{text}'; choose auto, cpu, cuda, or cuda:1 for the second GPU.")
    if name == "cpu":
        reporter.info("Device: cpu, as asked.")
        return torch.device("cpu")
    device = torch.device("cuda:0" if name in ("auto", "cuda") else name)
    problem = why_not(device)
    if not problem:
        reporter.info(f"Device: {device} ({torch.cuda.get_device_name(device)}).")
        return device
    if name != "auto":
        raise ScarpError(f"DEVICE={name} cannot be used: {problem} {_INSTEAD}.")
    if gpu_present():
        reporter.warning(f"Device: cpu, although this machine seems to have an NVIDIA GPU: {problem}")
    else:
        reporter.info("Device: cpu, because there is no NVIDIA GPU.")
    return torch.device("cpu")


def why_not(device: torch.device) -> str:
    """Say in a sentence or two why a CUDA device cannot run and what would help; empty when it can.

    A device that is listed may still fail at the first kernel (driver too old, architecture not in this build,
    memory taken by others), so a convolution is run and its result compared with the CPU's.
    """
    if torch.version.cuda is None:
        return (
            f"the torch of the worker ({torch.__version__}) is built without CUDA. "
            "Run 'Set up runtime' (scarp:setupruntime) with DEVICE=cuda to get one that has it."
        )
    if not torch.cuda.is_available():
        return (
            f"torch {torch.__version__} finds no working NVIDIA driver. "
            f"Install one that supports CUDA {torch.version.cuda}, and check it with nvidia-smi."
        )
    count = torch.cuda.device_count()
    index = device.index or 0
    if index >= count:
        return f"there {'is 1 GPU' if count == 1 else f'are {count} GPUs'}, and numbering starts at cuda:0."
    try:
        image = torch.ones(1, 2, 8, 8)
        kernel = torch.ones(2, 2, 3, 3)
        expected = torch.nn.functional.conv2d(image, kernel)
        found = torch.nn.functional.conv2d(image.to(device), kernel.to(device)).cpu()
    except (RuntimeError, AssertionError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        return f"a test on it failed ({reason}). Update the NVIDIA driver, or free the GPU's memory."
    if not torch.equal(expected, found):
        return "a test on it gave a wrong result. Update the NVIDIA driver."
    return ""


def gpu_present() -> bool:
    """Whether the machine looks as if it had an NVIDIA GPU, whatever torch thinks of it."""
    return torch.cuda.is_available() or Path("/dev/nvidia0").exists() or Path("/proc/driver/nvidia/gpus").is_dir()


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an exception says that memory ran out, on a GPU or on the CPU."""
    if isinstance(error, (MemoryError, torch.cuda.OutOfMemoryError)):
        return True
    text = str(error).lower()
    return isinstance(error, RuntimeError) and (
        "out of memory" in text or "can't allocate memory" in text or "alloc_failed" in text
    )
