"""What a few local chips are worth: fine-tuning against training from scratch and against no training at all.

    .venv/runtime/bin/python tests/benchmarks/fine_tuning.py OUT_FOLDER PRETRAINED [--chips 50,20] [--rate 0.001]

PRETRAINED is a network trained on the Landslide4Sense chips in natural colours (resources/recipes/s2-rgb.json). 50, 20
and 10 chips of 64 px are drawn from columns 0 to 599 of Hokkaido, three times each; and all of these columns are taken.
Columns 640 to 899 are scored once, inside the interpreted area.
"""

from __future__ import annotations

import argparse
import csv
import random
import shutil
import sys
import time
from pathlib import Path
from typing import Any

import rasterio
from real_event import EVENT, SPLIT, areas
from scarp.core import card, run
from scarp.core.jobs import DetectJob, EvaluateJob, MakeChipsJob, TrainJob

SCENE: dict[str, Any] = {"bands": [str(EVENT / "post" / f"S2_post_B{number}.tif") for number in (4, 3, 2)]}
LANDSLIDES = f"{EVENT / 'inventory.gpkg'}|layername=landslides"
AUGMENT = "flips,rotations,scale,relief,jitter"
GAP = 40


def draw(chips: Path, count: int, seed: int, folder: Path) -> Path:
    """Copy ``count`` random chips to a folder of their own."""
    rows = list(csv.DictReader((chips / "manifest.csv").open(encoding="utf-8")))
    chosen = sorted(random.Random(seed).sample(range(len(rows)), count))
    shutil.rmtree(folder, ignore_errors=True)
    for part in ("image", "mask"):
        (folder / part).mkdir(parents=True)
    shutil.copy(chips / "manifest.json", folder)
    with (folder / "manifest.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        for index in chosen:
            writer.writerow(rows[index])
            for part in ("image", "mask"):
                shutil.copy(chips / rows[index][part], folder / rows[index][part])
    return folder


def score(checkpoint: str, east: str, folder: Path) -> float:
    """``f1_landslide`` of the east at the checkpoint's own threshold."""
    mask = str(folder / "mask.tif")
    run(DetectJob(**SCENE, checkpoint=checkpoint, mask=mask, min_area=0))
    return float(run(EvaluateJob(prediction=mask, reference=LANDSLIDES, area=east, resamples=0))["F1_LANDSLIDE"])


def main() -> None:
    """Print a line a training and a table at the end."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("pretrained")
    parser.add_argument("--chips", default="all,50,20,10")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--starts", default="fine-tuned,scratch")
    parser.add_argument("--rate", type=float, help="LEARNING_RATE of the fine-tuning")
    asked = parser.parse_args()
    folder = asked.folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "areas.gpkg").unlink(missing_ok=True)
    west, east = areas(folder, Path(SCENE["bands"][0]), SPLIT + GAP)
    pretrained = str(card.find(asked.pretrained))
    known = card.read(pretrained)
    table = {("none", "no"): [score(pretrained, east, folder)]}
    sys.stdout.write(f"no fine-tuning: {table['none', 'no'][0]:.3f}\n")
    run(MakeChipsJob(**SCENE, labels=LANDSLIDES, area=west, chip=64, context=32, folder=str(folder / "chips")))
    for count in asked.chips.split(","):
        for seed in range(asked.seeds):
            if count == "all":
                data: dict[str, Any] = {**SCENE, "labels": LANDSLIDES, "area": west}
            else:
                chips = draw(folder / "chips", int(count), seed, folder / f"chips_{count}_{seed}")
                data = {"dataset": str(chips), "epoch_chips": 64}
            for start in asked.starts.split(","):
                began = time.monotonic()
                job = TrainJob(
                    **data,
                    architecture=known.network,
                    features=",".join(known.features),
                    **({"init": pretrained, "learning_rate": asked.rate} if start == "fine-tuned" else {}),
                    epochs=20,
                    augment=AUGMENT,
                    seed=seed,
                    checkpoint=str(folder / f"{start}_{count}_{seed}.safetensors"),
                )
                try:
                    figure = score(run(job)["CHECKPOINT"], east, folder)
                except Exception as error:
                    sys.stdout.write(f"{count} chips, seed {seed}, {start}: {error}\n")
                    continue
                table.setdefault((start, count), []).append(figure)
                seconds = time.monotonic() - began
                sys.stdout.write(f"{count} chips, seed {seed}, {start}: f1_landslide {figure:.3f}, {seconds:.0f} s\n")
                sys.stdout.flush()
    for (start, count), figures in table.items():
        sys.stdout.write(f"{start:<12}{count:>4} chips  " + "  ".join(f"{figure:.3f}" for figure in figures) + "\n")


if __name__ == "__main__":
    with rasterio.Env():
        main()
