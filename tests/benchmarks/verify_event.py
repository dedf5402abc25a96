"""A real event, through qgis_process: does a verifier that has learned in the west make the map of the east better?

    .venv/runtime/bin/python tests/benchmarks/verify_event.py CHECKPOINT OUT_FOLDER [THRESHOLD ...]

The checkpoint is one that real_event.py has trained on the columns 0 to 599 of Hokkaido. The scene is mapped; the
polygons of the west are judged by the inventory, and a verifier learns from them; those of the east that it holds for
wrong are taken away. The east is scored before and after, inside the interpreted area, at each THRESHOLD of the map
(default: the checkpoint's).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
from real_event import EVENT, ROOT, areas

sys.path.insert(0, str(ROOT / "tools"))

from through_qgis import Qgis, say

KEPT = (0.0, 0.35, 0.5)
FIGURES = ("F1_LANDSLIDE", "IOU_LANDSLIDE", "PRECISION", "RECALL", "OBJECT_PRECISION", "OBJECT_RECALL", "OBJECT_F1")

LEARNED = ("MARKED", "AUROC", "POLYGON_PRECISION", "POLYGON_RECALL")


def keep(source: str, target: Path, least: float) -> int:
    """Write what the reference has judged or the verifier gives ``least``; return how many polygons are taken away."""
    meta, _, wkb, columns = pyogrio.raw.read(source, layer="landslides")
    found = dict(zip(meta["fields"], columns))
    kept = (found["verdict_by"] != "verifier") | (found["verified"] >= least)
    target.unlink(missing_ok=True)
    pyogrio.raw.write(
        target, wkb[kept], [], [], layer="landslides", driver="GPKG", crs=meta["crs"], geometry_type="MultiPolygon"
    )
    return int(np.sum(~kept))


def run(qgis: Qgis, scene: dict[str, Any], checkpoint: str, folder: Path, threshold: float | None) -> None:
    """Map, verify and score at one threshold of the map."""
    west, east = areas(folder, Path(scene["BANDS"][0]))
    landslides = f"{EVENT / 'inventory.gpkg'}|layername=landslides"
    mapped = qgis.run(
        "detect",
        **scene,
        CHECKPOINT=checkpoint,
        **({} if threshold is None else {"THRESHOLD": threshold}),
        POLYGONS=str(folder / "landslides.gpkg"),
    )
    verified = qgis.run(
        "verify",
        POLYGONS=mapped["POLYGONS"],
        REFERENCE=landslides,
        AREA=west,
        OUTPUT=str(folder / "verified.gpkg"),
        MODEL=str(folder / "verifier.safetensors"),
        REPORT=str(folder / "verifier.html"),
    )
    say(f"  map threshold {threshold or 'of the checkpoint'}: {mapped['COUNT']} polygons")
    say("  verifier, blocks left out in the west: " + " ".join(f"{name} {verified[name]:.3f}" for name in LEARNED))
    for least in KEPT:
        kept = folder / f"kept_{least:g}.gpkg"
        removed = keep(verified["OUTPUT"], kept, least)
        figures = qgis.run("evaluate", PREDICTION=str(kept), REFERENCE=landslides, AREA=east, MIN_AREA=400)
        texts = " ".join(f"{name.lower()} {figures[name]:.4f}" for name in FIGURES)
        say(f"  kept from {least:<5g} ({removed:4d} taken away): {texts}")


def main() -> None:
    """Run at each threshold; everything stays in the folder given."""
    if not EVENT.is_dir():
        sys.exit(f"The real event is not here ({EVENT}).")
    checkpoint, folder = str(Path(sys.argv[1]).absolute()), Path(sys.argv[2]).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    qgis = Qgis(folder)
    scene = {
        "BANDS": [str(EVENT / "post" / f"S2_post_B{number}.tif") for number in (2, 3, 4)],
        "DEM": str(EVENT / "AW3D30_DSM.tif"),
    }
    for threshold in map(float, sys.argv[3:]) if sys.argv[3:] else [None]:
        (folder / "areas.gpkg").unlink(missing_ok=True)
        run(qgis, scene, checkpoint, folder, threshold)


if __name__ == "__main__":
    main()
