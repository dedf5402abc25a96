"""Names of the networks. To add one: write its file, add its line."""

from __future__ import annotations

import inspect
from typing import Any, Callable

from .deeplabv3 import SMALL, DeepLabV3
from .efficientnetv2 import EfficientNetV2
from .mobilenetv3 import MobileNetV3
from .network import Network
from .raunet import RAUNet
from .resunet import ResUNet
from .scarpnet import ScarpNet
from .squeeze_unet import SqueezeUNet
from .unet import UNet
from .unetpp import UNetPlusPlus
from .vnet import VNet

_NETWORKS: dict[str, tuple[Callable[..., Network], dict[str, Any]]] = {
    "unet": (UNet, {}),
    "unet_se": (UNet, {"attention": "se"}),
    "unet_cbam": (UNet, {"attention": "cbam"}),
    "unet_triaxis": (UNet, {"attention": "triaxis"}),
    "unet_resconv": (RAUNet, {"attention": "none", "plain_stem": True, "bottleneck": True}),
    "raunet1": (RAUNet, {}),
    "raunet1_triaxis": (RAUNet, {"attention": "triaxis"}),
    "raunet2": (RAUNet, {"on_skip": True}),
    "raunet_small": (RAUNet, {"width": 40}),
    "resunet_small": (RAUNet, {"width": 40, "attention": "none", "plain_stem": True, "bottleneck": True}),
    "vnet_small": (VNet, {"width": 8, "down": (1, 2, 3, 3, 2), "up": (2, 3, 2, 1)}),
    "squeeze_unet_small": (SqueezeUNet, {}),
    "mobilenetv3_small": (MobileNetV3, {"size": "small"}),
    "deeplabv3_small": (DeepLabV3, SMALL),
    "deeplabv3": (DeepLabV3, {}),
    "mobilenetv3": (MobileNetV3, {}),
    "efficientnetv2": (EfficientNetV2, {}),
    "resunet": (ResUNet, {}),
    "unetpp": (UNetPlusPlus, {}),
    "unetpp_spatial": (UNetPlusPlus, {"attention": "spatial"}),
    "unetpp_contextual": (UNetPlusPlus, {"attention": "contextual"}),
    "unetpp_spatial_contextual": (UNetPlusPlus, {"attention": "spatial_contextual"}),
    "scarpnet": (ScarpNet, {}),
    "scarpnet_small": (ScarpNet, {"widths": (16, 32, 64, 128, 256)}),
}


def names() -> list[str]:
    """The networks that `create` knows."""
    return list(_NETWORKS)


def create(name: str, in_channels: int, head: str = "single", **options: Any) -> Network:
    """Build a network with random weights.

    Args:
        name: One of `names`.
        in_channels: Channels of the input.
        head: ``single``, ``dual`` (adds the presence of a landslide in the chip) or ``multires`` (adds logits at
            twice and half the resolution).
        **options: What the network's class takes by keyword; plain values that JSON can hold.

    Returns:
        A module whose ``forward(x [B, in_channels, H, W])`` returns an `Output` of logits.

    Raises:
        ValueError: There is no such network, head or option.
    """
    if name not in _NETWORKS:
        raise ValueError(f"There is no network '{name}'; choose one of {', '.join(_NETWORKS)}.")
    network, preset = _NETWORKS[name]
    parameters = inspect.signature(network).parameters.values()
    allowed = [parameter.name for parameter in parameters if parameter.kind is parameter.KEYWORD_ONLY]
    unknown = sorted(set(options) - set(allowed))
    if unknown:
        raise ValueError(f"'{name}' has no option {', '.join(unknown)}; it takes {', '.join(allowed) or 'none'}.")
    return network(in_channels, head, **{**preset, **options})
