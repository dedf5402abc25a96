"""How a checkpoint does on an event whose polygons it has not learned from: Hokkaido 2018, B02, B03, B04.

    .venv/runtime/bin/python tests/benchmarks/zero_shot.py OUT_FOLDER CHECKPOINT [CHECKPOINT ...] [--tta rotations]

For each checkpoint, at its own threshold: the figures on the whole interpreted area and on its columns 640 to 899, and
the share of the area that it calls landslide in the image from before the event, where there was none: false alarms.
``auprc`` of both images together says how well landslides are told from bare fields and snow, at any threshold.
OUT_FOLDER/NAME.json holds them as tools/ship_checkpoint.py takes them.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import rasterio
import rasterio.features
import shapely
from real_event import EVENT, areas
from scarp.core import card, run
from scarp.core.jobs import DetectJob, EvaluateJob
from scarp.core.training.metrics import Histogram

EAST = 640
BEFORE = "Hokkaido 2018, before the event"
BOTH = "Hokkaido 2018, both images"
FIGURES = (
    *("f1_landslide", "iou_landslide", "precision", "recall", "f1_macro", "miou", "accuracy"),
    *("auprc", "auroc", "ece", "object_precision", "object_recall", "object_f1"),
)


def bands(when: str) -> list[str]:
    """The bands of the image after (``post``) or before (``pre``) the event."""
    return [str(EVENT / when / f"S2_{when}_B{number}.tif") for number in (2, 3, 4)]


def inside(layer: str, source: rasterio.DatasetReader) -> np.ndarray:
    """Pixels of ``source`` whose centres lie in a layer of the inventory: bool [H, W]."""
    shapes = shapely.make_valid(shapely.from_wkb(pyogrio.raw.read(EVENT / "inventory.gpkg", layer=layer)[2]))
    return rasterio.features.geometry_mask(shapes, source.shape, source.transform, invert=True)


def auprc(after: str, before: str) -> float:
    """Of the interpreted area after the event, and of all of the image before it, where everything is background."""
    histogram = Histogram()
    for path in (after, before):
        with rasterio.open(path) as source:
            probability, known = source.read(1), source.dataset_mask() > 0
            if path == after:
                known &= inside("interpreted_area", source)
                histogram.add(probability, inside("landslides", source), known)
            else:
                histogram.add(probability, np.zeros(source.shape, bool), known)
    return histogram.scores()["auprc"]


def share(mask: str) -> float:
    """Share of the valid pixels that are landslide."""
    with rasterio.open(mask) as source:
        found = source.read(1)
    return float((found == 1).sum() / max((found != 255).sum(), 1))


def measure(checkpoint: Path, folder: Path, east: str, tta: str) -> dict[str, dict[str, Any]]:
    """Figures of one checkpoint, by what they are measured on."""
    known = card.read(checkpoint)
    probability, mask = str(folder / "probability.tif"), str(folder / "mask.tif")
    run(DetectJob(bands=bands("post"), checkpoint=str(checkpoint), probability=probability, mask=mask, tta=tta))
    places = {
        "Hokkaido 2018, no local training": f"{EVENT / 'inventory.gpkg'}|layername=interpreted_area",
        f"Hokkaido 2018, no local training, columns {EAST} on": east,
    }
    result: dict[str, dict[str, Any]] = {}
    for name, area in places.items():
        found = run(
            EvaluateJob(
                prediction=probability,
                threshold=known.threshold,
                reference=f"{EVENT / 'inventory.gpkg'}|layername=landslides",
                area=area,
            )
        )
        values = {figure: found[figure.upper()] for figure in FIGURES}
        result[name] = {"threshold": known.threshold, **{k: None if math.isnan(v) else v for k, v in values.items()}}
        result[name].update({f"f1_landslide_{end}": found[f"F1_LANDSLIDE_{end.upper()}"] for end in ("low", "high")})
    earlier = str(folder / "before.tif")
    run(DetectJob(bands=bands("pre"), checkpoint=str(checkpoint), probability=earlier, mask=mask, tta=tta))
    result[BEFORE] = {"threshold": known.threshold, "false_alarm_share": share(mask)}
    result[BOTH] = {"auprc": auprc(probability, earlier)}
    return result


def main() -> None:
    """Print a line a checkpoint and place."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("checkpoints", nargs="+")
    parser.add_argument("--tta", default="none")
    asked = parser.parse_args()
    folder = asked.folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "areas.gpkg").unlink(missing_ok=True)
    east = areas(folder, Path(bands("post")[0]), EAST)[1]
    found: dict[str, list[float]] = {}
    for name in asked.checkpoints:
        checkpoint = card.find(name)
        figures = measure(checkpoint, folder, east, asked.tta)
        shipped = {place: values for place, values in figures.items() if place not in (BEFORE, BOTH)}
        (folder / f"{checkpoint.stem}.json").write_text(json.dumps(shipped, indent=1), encoding="utf-8")
        for place, values in figures.items():
            numbers = {key: value for key, value in values.items() if isinstance(value, float)}
            text = ", ".join(f"{key} {value:.3f}" for key, value in numbers.items())
            sys.stdout.write(f"{checkpoint.stem}: {place}: {text}\n")
            first = next(name for name in ("f1_landslide", "false_alarm_share", "auprc") if name in numbers)
            found.setdefault(f"{place}: {first}", []).append(numbers[first])
        sys.stdout.flush()
    for place, values in found.items():
        spread = f", standard deviation {np.std(values, ddof=1):.3f}" if len(values) > 1 else ""
        sys.stdout.write(f"{place}: mean {np.mean(values):.3f}{spread}\n")


if __name__ == "__main__":
    main()
