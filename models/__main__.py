"""``python -m scarp.models``: a table of every network, its parameters and its cost."""

from __future__ import annotations

import sys

import torch
from torch.utils.flop_counter import FlopCounterMode

from . import count_parameters, create, names

BANDS, CHIP = 23, 128
# With 23 bands; the first with a single head, the others with multires heads (arXiv 2312.16717).
PUBLISHED = {
    "unet": "31.4 M",
    "unet_se": "31.6 M",
    "unet_cbam": "31.9 M",
    "unet_triaxis": "31.8 M",
    "unet_resconv": "24.4 M",
    "raunet1": "24.8 M",
    "raunet2": "24.8 M",
    "raunet_small": "2.6 M",
    "resunet_small": "2.6 M",
    "vnet_small": "2.6 M",
    "squeeze_unet_small": "2.6 M",
    "mobilenetv3_small": "2.6 M",
    "deeplabv3_small": "2.6 M",
}


def flops_per_pixel(name: str) -> float:
    """Floating-point operations (two a multiplication and addition) of one pixel of a chip, multires heads."""
    with torch.device("meta"):
        model = create(name, BANDS, "multires").eval()
        chip = torch.empty(1, BANDS, CHIP, CHIP)
    counter = FlopCounterMode(display=False)
    with counter, torch.no_grad():
        model(chip)
    return float(counter.get_total_flops()) / CHIP**2


def table() -> str:
    """A line for every network."""
    lines = [f"{'network':<28}{'single':>12}{'multires':>12}{'published':>11}{'MFLOP/px':>10}  stride  pools globally"]
    for name in names():
        with torch.device("meta"):
            single, multires = (create(name, BANDS, head) for head in ("single", "multires"))
        lines.append(
            f"{name:<28}{count_parameters(single):>12,}{count_parameters(multires):>12,}{PUBLISHED.get(name, '-'):>11}"
            f"{flops_per_pixel(name) / 1e6:>10.2f}{single.stride:>8}  {'yes' if single.pools_globally else 'no'}"
        )
    return "\n".join([*lines, f"Parameters with {BANDS} bands; cost with multires heads on chips of {CHIP} px.", ""])


if __name__ == "__main__":
    sys.stdout.write(table())
