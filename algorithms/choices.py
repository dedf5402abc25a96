"""Names that the toolbox offers and torch knows: a test compares them with the registries of the worker."""

from __future__ import annotations

ARCHITECTURES = (
    "scarpnet_small",
    "scarpnet",
    "unet",
    "unet_se",
    "unet_cbam",
    "unet_triaxis",
    "unet_resconv",
    "raunet1",
    "raunet1_triaxis",
    "raunet2",
    "raunet_small",
    "resunet_small",
    "vnet_small",
    "squeeze_unet_small",
    "mobilenetv3_small",
    "deeplabv3_small",
    "deeplabv3",
    "mobilenetv3",
    "efficientnetv2",
    "resunet",
    "unetpp",
    "unetpp_spatial",
    "unetpp_contextual",
    "unetpp_spatial_contextual",
)
LOSSES = (
    "focal_iou",
    "ce",
    "wce",
    "bce",
    "focal",
    "dice",
    "logcosh",
    "iou",
    "tversky",
    "lovasz",
    "boundary",
    "center",
    "ce_iou",
    "focal_iou_center",
    "focal_dice",
)
OPTIMIZERS = ("adamw", "adam", "nadam", "rmsprop", "adagrad", "sgd")
SCHEDULES = ("cosine", "steps", "one_cycle", "plateau", "constant")
