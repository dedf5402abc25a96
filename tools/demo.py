"""Map the demonstration scene through real QGIS: generate, train on the west, map the east, evaluate, draw.

Then a real event with a checkpoint that comes with Scarp, where its data are there (``demo_event.py``). Every step is a
Processing algorithm run by ``qgis_process``, exactly as a user's script would run it.
"""

from __future__ import annotations

import time

import demo_event
from map_picture import draw
from through_qgis import ROOT, Qgis, say

DEMO = ROOT / "demo"
BANDS = ("B02", "B03", "B04", "B08", "B11", "B12")


def main() -> None:
    """Run the demonstration and leave its files in ``demo/``."""
    start = time.monotonic()
    say("Demonstration: landslides after an event, through qgis_process")
    qgis = Qgis(DEMO)

    scene = DEMO / "scene"
    made = qgis.run("demoscene", SEED=1, SIZE=1024, FOLDER=str(scene))
    rasters = {
        "BANDS": [str(next(scene.glob(f"*_{band}_*.tif"))) for band in BANDS],
        "DEM": made["DEM"],
        "VALID_MASK": str(scene / "SCL_20m.tif"),
    }
    labels = scene / "labels.gpkg"
    trained = qgis.run(
        "train",
        **rasters,
        LABELS=f"{labels}|layername=landslides",
        AREA=f"{labels}|layername=area_train",
        EPOCHS=40,
        CHECKPOINT=str(DEMO / "demo.safetensors"),
        REPORT=str(DEMO / "training.html"),
    )
    mapped = qgis.run(
        "detect",
        **rasters,
        CHECKPOINT=trained["CHECKPOINT"],
        PROBABILITY=str(DEMO / "probability.tif"),
        MASK=str(DEMO / "mask.tif"),
        POLYGONS=str(DEMO / "landslides.gpkg"),
        EVENT_DATE="2026-09-01",
    )
    figures = qgis.run(
        "evaluate",
        PREDICTION=mapped["PROBABILITY"],
        THRESHOLD=trained["THRESHOLD"],
        REFERENCE=f"{labels}|layername=landslides",
        AREA=f"{labels}|layername=area_test",
        ERROR_MAP=str(DEMO / "errors.tif"),
        REPORT=str(DEMO / "accuracy.html"),
    )
    colours = [next(scene.glob(f"*_{band}_*.tif")) for band in ("B04", "B03", "B02")]
    draw(colours, DEMO, (labels, "landslides"), (labels, "area_test"), DEMO / "demo.png")
    say("")
    say(f"  {mapped['COUNT']} landslides, {mapped['AREA_M2'] / 1e4:.1f} ha, on the whole scene")
    say(
        f"  east half, never seen in training: f1_landslide {figures['F1_LANDSLIDE']:.3f}, "
        f"iou_landslide {figures['IOU_LANDSLIDE']:.3f}, f1_macro {figures['F1_MACRO']:.3f}"
    )
    say(f"  {time.monotonic() - start:.0f} s in all. Picture: demo/demo.png")
    say("  Reports: demo/training.html, demo/accuracy.html")
    say("")
    demo_event.show(DEMO)


if __name__ == "__main__":
    main()
