"""``python -m scarp.models [--speed]``: a table of every network, its parameters, its cost and its speed here."""

from __future__ import annotations

import argparse
import sys

import torch
from torch.utils.flop_counter import FlopCounterMode

from . import count_parameters, create, names, speed

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


def row(name: str) -> str:
    """Parameters and cost of a network."""
    with torch.device("meta"):
        single, multires = (create(name, BANDS, head) for head in ("single", "multires"))
    return (
        f"{name:<28}{count_parameters(single):>12,}{count_parameters(multires):>12,}{PUBLISHED.get(name, '-'):>11}"
        f"{flops_per_pixel(name) / 1e6:>10.2f}{single.stride:>8}{'yes' if single.pools_globally else 'no':>7}"
    )


def main(arguments: list[str]) -> None:
    """Print the table, line by line."""
    parser = argparse.ArgumentParser(prog="python -m scarp.models", description=__doc__)
    parser.add_argument("--speed", action="store_true", help="measure forward and training speed (minutes)")
    parser.add_argument("--device", default="cpu", help="where to measure: cpu, cuda (default: %(default)s)")
    parser.add_argument("names", nargs="*", metavar="NETWORK", help="only these (default: all)")
    options = parser.parse_args(arguments)
    unknown = sorted(set(options.names) - set(names()))
    if unknown:
        parser.error(f"there is no network {', '.join(unknown)}; choose among {', '.join(names())}")
    device = torch.device(options.device)
    precisions = speed.precisions(device) if options.speed else ()
    header = f"{'network':<28}{'single':>12}{'multires':>12}{'published':>11}{'MFLOP/px':>10}{'stride':>8}{'pools':>7}"
    header += "".join(f"{f'map {name}':>10}{f'train {name}':>12}" for name in precisions)
    sys.stdout.write(header + "\n")
    for name in options.names or names():
        figures = [speed.measure(name, BANDS, CHIP, device, precision) for precision in precisions]
        line = row(name) + "".join(f"{forward:>10.3f}{training:>12.3f}" for forward, training in figures)
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    sys.stdout.write(
        f"Parameters with {BANDS} bands; cost with multires heads on chips of {CHIP} px; pools: over the whole tile.\n"
    )
    if precisions:
        sys.stdout.write(
            f"Speeds in million pixels a second, single head, batches of {speed.BATCH}: {speed.describe(device)}.\n"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
