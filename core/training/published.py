"""Published accuracies to stand beside ours: every row with its network, loss, features, data and source.

A figure keeps the name that it has here (CONTRIBUTING.md, Figures): papers write "F1" for macro averages and for the
landslide class alike. Rows of one study share all choices that a row does not name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

#: Sources.
AIT = "Le et al. 2023, arXiv 2312.16717"
HEGDE = "Hegde et al. 2025, Scientific Reports"
L4S = "Landslide4Sense 2022 test leaderboard (Ghorbanzadeh et al. 2022)"
PRITHVI = "Prithvi-EO-2.0, Szwarcman et al. 2024"

#: Data.
FOLD1 = "Landslide4Sense, fold 1 of 5"
FIVE_FOLDS = "Landslide4Sense, mean of 5 folds"
BIJIE_TEST = "Bijie with DEM, 20 % test"
BIJIE_VALIDATION = "Bijie with DEM, validation"
L4S_TEST = "Landslide4Sense, test set of 2022"

_FOCAL_IOU = "focal_iou"


@dataclass(frozen=True)
class Row:
    """One published result.

    Attributes:
        topic: What its table varies: ``features``, ``loss``, ``head``, ``network``, ``optimizer``, ``postprocessing``,
            ``folds``, ``leaderboard``.
        network: Name in `scarp.models`, or the paper's where there is none. loss: name in our losses.
        features: Preset of ours, or the paper's words. data: One of the constants of this module.
        figures: Our name of a figure to its value. detail: What else sets the row apart. source: Where it stands.
    """

    topic: str
    network: str
    loss: str
    features: str
    data: str
    figures: dict[str, float]
    detail: str = ""
    source: str = AIT


def rows(topic: str | None = None, data: str | None = None, network: str | None = None) -> list[Row]:
    """The rows of a topic, of some data, of a network; None: of all."""
    return [
        row
        for row in ROWS
        if topic in (None, row.topic) and data in (None, row.data) and network in (None, row.network)
    ]


def comparable(data: str, network: str, folds_of_the_paper: bool) -> list[Row]:
    """The rows that may stand beside a cross-validation: of the same data set, and of the same network where there are.

    Args:
        data: What was trained on, as a card says it; the data set is recognised by its name.
        network: Name in `scarp.models`.
        folds_of_the_paper: The folds are those of the paper, so that single ones can be compared.
    """
    if _is_landslide4sense(data):
        found = rows("folds", FIVE_FOLDS)
        if folds_of_the_paper:
            found += [row for row in rows("folds") if row not in found] + rows("network", FOLD1, network)
        return found
    if _is_bijie(data):
        return rows("network", BIJIE_TEST, network) or rows("network", BIJIE_TEST)
    return []


def beside(data: str, networks: Collection[str], topics: Collection[str] = ()) -> list[Row]:
    """The rows that may stand beside a comparison of networks: of the same data set.

    Args:
        data: As in `comparable`.
        networks: Names in `scarp.models`. Bijie's rows are few and all stand there, the others are those of these.
        topics: What is compared, too: ``loss``, ``features``, ``optimizer``.
    """
    if _is_landslide4sense(data):
        topics = {"network", "head", *topics}
        return [row for row in rows(data=FOLD1) if row.topic in topics and row.network in networks]
    if _is_bijie(data):
        losses = rows("loss", BIJIE_VALIDATION) if "loss" in topics else []
        return rows("network", BIJIE_TEST) + [row for row in losses if row.network in networks]
    return []


def _is_landslide4sense(data: str) -> bool:
    return "landslide4sense" in data.lower() or "l4s" in data.lower()


def _is_bijie(data: str) -> bool:
    return "bijie" in data.lower()


def landslide_class(f1_macro: float, miou: float) -> tuple[float, float]:
    """``f1_landslide`` and ``iou_landslide`` behind a pair of macro figures of the same counts.

    IoU = F1 / (2 - F1) for each class, so that the two means fix both classes; the landslide class is the worse one.

    Returns:
        NaN where no pair of classes has such means.
    """
    # With s = (2 - a) + (2 - b) and p = (2 - a)(2 - b) for the F1 scores a and b: the sum of IoU is 2 s / p - 2.
    total = 4 - 2 * f1_macro
    product = 2 * total / (2 * miou + 2)
    root = total**2 - 4 * product
    if root < -1e-9:
        return float("nan"), float("nan")
    f1 = 2 - (total + max(root, 0.0) ** 0.5) / 2  # two equal classes: 0, or a rounding error below
    return f1, f1 / (2 - f1)


def _macro(f1: float, iou: float | None = None) -> dict[str, float]:
    return {"f1_macro": f1} if iou is None else {"f1_macro": f1, "miou": iou}


def _features() -> Iterator[Row]:
    for preset, f1, iou in (
        ("rgb9", 0.6357, 0.5671),
        ("bands14", 0.6905, 0.6114),
        ("bands17", 0.6939, 0.6122),
        ("bands21", 0.6983, 0.6097),
        ("bands23", 0.6996, 0.6176),
        ("bands25", 0.6991, 0.6164),
        ("bands26", 0.6854, 0.6065),
        ("edges22", 0.6463, 0.5761),
    ):
        yield Row("features", "unet", _FOCAL_IOU, preset, FOLD1, _macro(f1, iou))


def _losses() -> Iterator[Row]:
    for loss, f1, iou in (
        ("ce", 0.6783, 0.6001),
        ("focal", 0.6828, 0.6037),
        ("logcosh", 0.6773, 0.5995),
        ("iou", 0.6820, 0.6023),
        ("tversky", 0.6621, 0.5854),
        ("lovasz", 0.6461, 0.5737),
        ("boundary", 0.6013, 0.5492),
        ("center", 0.6561, 0.5821),
        ("focal_iou", 0.6905, 0.6114),
        ("ce_iou", 0.6861, 0.6052),
        ("focal_iou_center", 0.6842, 0.6045),
    ):
        yield Row("loss", "unet", loss, "bands14", FOLD1, _macro(f1, iou))


def _heads() -> Iterator[Row]:
    for head, f1, iou in (("dual", 0.6651, 0.5911), ("single", 0.6996, 0.6176), ("multires", 0.7045, 0.6219)):
        yield Row("head", "unet", _FOCAL_IOU, "bands23", FOLD1, _macro(f1, iou), f"head {head}")


def _networks() -> Iterator[Row]:
    for network, f1, iou in (
        ("unet_cbam", 0.7082, 0.6253),
        ("unet_se", 0.7126, 0.6286),
        ("unet_triaxis", 0.7145, 0.6305),
        ("unet_resconv", 0.7207, 0.6345),
        ("raunet1", 0.7242, 0.6388),
        ("raunet2", 0.7211, 0.6348),
        ("deeplabv3", 0.6830, 0.6049),
        ("efficientnetv2", 0.6451, 0.5727),
        ("mobilenetv3", 0.6026, 0.5472),
        ("vnet_small", 0.6662, 0.5893),
        ("squeeze_unet_small", 0.6744, 0.5967),
        ("deeplabv3_small", 0.6524, 0.5817),
        ("resunet_small", 0.6830, 0.6043),
        ("raunet_small", 0.6877, 0.6076),
    ):
        yield Row("network", network, _FOCAL_IOU, "bands23", FOLD1, _macro(f1, iou), "head multires")


def _optimizers() -> Iterator[Row]:
    for optimizer, f1 in (
        ("sgd", 0.5622),
        ("adagrad", 0.5779),
        ("rmsprop", 0.7125),
        ("adam", 0.7242),
        ("adamw", 0.7203),
        ("nadam", 0.6960),
    ):
        yield Row("optimizer", "raunet1", _FOCAL_IOU, "bands23", FOLD1, _macro(f1), f"optimizer {optimizer}")


def _postprocessing() -> Iterator[Row]:
    steps: list[tuple[str, float, float | None]] = [
        ("none", 0.7220, 0.6377),
        ("4 x 4 opening", 0.5561, 0.5120),
        ("4 x 4 closing", 0.4959, 0.5025),
        ("voting of three resolutions", 0.7215, 0.6363),
        ("mean of four angles", 0.7234, 0.6381),
        ("threshold 0.4", 0.7178, None),
        ("threshold 0.5", 0.7242, None),
        ("threshold 0.6", 0.7260, None),
        ("threshold 0.75", 0.7302, None),
        ("threshold 0.85", 0.7313, None),
        ("threshold 0.9", 0.7368, None),
        ("threshold 0.95", 0.7463, 0.6597),
        ("threshold 0.99", 0.7311, None),
        ("threshold and angles", 0.7344, 0.6492),
    ]
    for step, f1, iou in steps:
        yield Row("postprocessing", "raunet1", _FOCAL_IOU, "bands23", FOLD1, _macro(f1, iou), step)


#: Macro F1 of each of the paper's five folds at the threshold 0.5 (fold 1 is the last fifth of the files).
FOLDS = (0.7242, 0.8676, 0.8768, 0.8721, 0.8631)


def _folds() -> Iterator[Row]:
    for number, f1 in enumerate(FOLDS, 1):
        data = f"Landslide4Sense, fold {number} of 5"
        yield Row("folds", "raunet1", _FOCAL_IOU, "bands23", data, _macro(f1), "threshold 0.5")
    for features, figures, detail in (
        (
            "bands23",
            {"f1_macro": 0.8408, "f1_macro_std": 0.0584, "miou": 0.7607, "f1_landslide": 0.689, "iou_landslide": 0.536},
            "threshold 0.5; the landslide class follows from the pair of each fold",
        ),
        ("bands23", {"f1_macro": 0.8453, "f1_macro_std": 0.0497}, "thresholds chosen on each test fold"),
        ("sentinel21", {"f1_macro": 0.8128}, "threshold 0.5"),
    ):
        yield Row("folds", "raunet1", _FOCAL_IOU, features, FIVE_FOLDS, figures, detail)


def _bijie() -> Iterator[Row]:
    names = ("miou", "auroc", "precision", "recall", "f1_landslide", "accuracy")
    for network, loss, values in (
        ("unet", "bce", (0.50, 0.80, 0.94, 0.12, 0.21, 0.90)),
        ("resunet", "wce", (0.70, 0.94, 0.85, 0.53, 0.65, 0.94)),
        ("unetpp", "dice", (0.75, 0.87, 0.69, 0.77, 0.73, 0.94)),
        ("unetpp_spatial", "dice", (0.72, 0.82, 0.73, 0.65, 0.69, 0.94)),
        ("unetpp_contextual", "dice", (0.76, 0.90, 0.69, 0.79, 0.74, 0.94)),
        ("unetpp_spatial_contextual", "dice", (0.73, 0.93, 0.73, 0.65, 0.69, 0.94)),
    ):
        yield Row("network", network, loss, "rgb4dem", BIJIE_TEST, dict(zip(names, values)), source=HEGDE)
    for network, by_loss in (
        ("unet", (0.575, 0.572, 0.557, 0.508)),
        ("resunet", (0.770, 0.786, 0.776, 0.787)),
        ("unetpp", (0.770, 0.766, 0.774, 0.759)),
    ):
        for loss, miou in zip(("bce", "focal", "dice", "wce"), by_loss):
            yield Row("loss", network, loss, "rgb4dem", BIJIE_VALIDATION, {"miou": miou}, source=HEGDE)


def _leaderboard() -> Iterator[Row]:
    for place, f1 in (("winner", 0.745), ("third place", 0.735), ("baseline", 0.599)):
        yield Row("leaderboard", place, "", "bands14", L4S_TEST, {"f1_landslide": f1}, source=L4S)
    for detail, f1 in (("lowest", 0.607), ("highest", 0.654)):
        yield Row("leaderboard", "Prithvi-EO-2.0", "", "", L4S_TEST, {"f1_landslide": f1}, detail, PRITHVI)


#: Every row.
ROWS: tuple[Row, ...] = (
    *_features(),
    *_losses(),
    *_heads(),
    *_networks(),
    *_optimizers(),
    *_postprocessing(),
    *_folds(),
    *_bijie(),
    *_leaderboard(),
)
