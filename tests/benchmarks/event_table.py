"""What a verifier and a pre-event image are worth on a real event, three seeds each.

    .venv/runtime/bin/python tests/benchmarks/event_table.py OUT_FOLDER [ARCHITECTURE]

Hokkaido (Iburi earthquake, 6 September 2018). A network is trained on the polygons of columns 0 to 599, with the bands
of after the event alone and with those of before it as well, of which a third is missing. The scene is mapped; the
polygons of the west are judged by the inventory, a verifier learns from them, and those of the east that it holds for
wrong are taken away. Columns 600 to 899 are scored once, inside the interpreted area, by the polygons that are left.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import rasterio
from real_event import EVENT, areas
from scarp.core import run
from scarp.core.jobs import DetectJob, EvaluateJob, TrainJob, VerifyJob

LANDSLIDES = f"{EVENT / 'inventory.gpkg'}|layername=landslides"
FIGURES = ("F1_LANDSLIDE", "IOU_LANDSLIDE", "PRECISION", "RECALL", "OBJECT_F1")
SEEDS = range(3)


def without_wrong(source: str, target: Path) -> int:
    """Write the polygons that the verifier has not called wrong; return how many it has."""
    meta, _, wkb, columns = pyogrio.raw.read(source, layer="landslides")
    found = dict(zip(meta["fields"], columns))
    wrong = (found["verdict_by"] == "verifier") & (found["verdict"] == "wrong")
    target.unlink(missing_ok=True)
    pyogrio.raw.write(
        target, wkb[~wrong], [], [], layer="landslides", driver="GPKG", crs=meta["crs"], geometry_type="MultiPolygon"
    )
    return int(wrong.sum())


def score(polygons: str, area: str) -> list[float]:
    """`FIGURES` of a polygon layer in the east."""
    figures = run(EvaluateJob(prediction=polygons, reference=LANDSLIDES, area=area, min_area=400, resamples=0))
    return [float(figures[name]) for name in FIGURES]


def main() -> None:
    """Print a line a seed and variant, and the means at the end."""
    if not EVENT.is_dir():
        sys.exit(f"The real event is not here ({EVENT}).")
    folder = Path(sys.argv[1]).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "areas.gpkg").unlink(missing_ok=True)
    architecture = sys.argv[2] if len(sys.argv) > 2 else "unet(widths=16-32-64-128-256)"
    post: dict[str, Any] = {
        "bands": [str(EVENT / "post" / f"S2_post_B{number}.tif") for number in (2, 3, 4)],
        "dem": str(EVENT / "AW3D30_DSM.tif"),
    }
    both = {**post, "pre_bands": [str(EVENT / "pre" / f"S2_pre_B{number}.tif") for number in (2, 3, 4)]}
    west, east = areas(folder, Path(post["bands"][0]))
    table: dict[str, list[list[float]]] = {}
    for seed in SEEDS:
        for name, scene in (("plain", post), ("pre-event", both)):
            began, stem = time.monotonic(), folder / f"{name}_{seed}"
            checkpoint = run(
                TrainJob(
                    **scene,
                    labels=LANDSLIDES,
                    area=west,
                    architecture=architecture,
                    seed=seed,
                    checkpoint=f"{stem}.safetensors",
                )
            )["CHECKPOINT"]
            minutes = (time.monotonic() - began) / 60
            mapped = run(DetectJob(**scene, checkpoint=checkpoint, polygons=f"{stem}.gpkg"))["POLYGONS"]
            verified = run(VerifyJob(polygons=mapped, reference=LANDSLIDES, area=west, output=f"{stem}_verified.gpkg"))[
                "OUTPUT"
            ]
            wrong = without_wrong(verified, kept := folder / f"{name}_{seed}_kept.gpkg")
            for variant, polygons in ((name, mapped), (f"{name}, verifier", str(kept))):
                table.setdefault(variant, []).append(figures := score(polygons, east))
                texts = "  ".join(f"{key.lower()} {value:.3f}" for key, value in zip(FIGURES, figures))
                sys.stdout.write(f"seed {seed}  {variant:<20} {texts}\n")
            sys.stdout.write(f"        trained in {minutes:.1f} minutes, {wrong} polygons called wrong\n")
            sys.stdout.flush()
    for variant, rows in table.items():
        texts = [
            f"{key.lower()} {statistics.mean(column):.3f} ({np.ptp(column):.3f})"
            for key, column in zip(FIGURES, zip(*rows))
        ]
        sys.stdout.write(f"{variant:<20} {'  '.join(texts)}\n")


if __name__ == "__main__":
    with rasterio.Env():
        main()
