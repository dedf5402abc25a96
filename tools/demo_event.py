"""A real event, mapped with a checkpoint that comes with Scarp, without any training: part of ``make demo``.

Hokkaido (Iburi earthquake, 6 September 2018), Sentinel-2 B02, B03, B04, judged inside the area that was interpreted.
"""

from __future__ import annotations

from pathlib import Path

from map_picture import draw
from scarp.core import card as cards
from through_qgis import ROOT, Qgis, say

EVENT = ROOT.parent / "shared" / "data" / "hokkaido2018"
CHECKPOINT = "s2-rgb"
FIGURES = ("f1_landslide", "iou_landslide", "precision", "recall", "f1_macro", "auprc", "ece")


def show(folder: Path) -> None:
    """Map and judge the event: files in ``folder/event``, a picture ``folder/event.png``; or say what is missing."""
    checkpoint = cards.SHIPPED / f"{CHECKPOINT}.safetensors"
    if not EVENT.is_dir():
        say("The real event is left out: its data (../shared/data/hokkaido2018) are not here.")
        return
    if not checkpoint.is_file():
        say(f"The real event is left out: the checkpoint '{CHECKPOINT}' does not come with this version.")
        return
    say(f"A real event (Hokkaido, 6 September 2018) with the checkpoint '{CHECKPOINT}', nothing trained on it")
    results = folder / "event"
    results.mkdir(parents=True, exist_ok=True)
    qgis = Qgis(results)
    bands = {number: EVENT / "post" / f"S2_post_B{number}.tif" for number in (2, 3, 4)}
    inventory = EVENT / "inventory.gpkg"
    mapped = qgis.run(
        "detect",
        BANDS=[str(path) for path in bands.values()],
        DEM=str(EVENT / "AW3D30_DSM.tif"),
        CHECKPOINT=CHECKPOINT,
        PROBABILITY=str(results / "probability.tif"),
        MASK=str(results / "mask.tif"),
        POLYGONS=str(results / "landslides.gpkg"),
        EVENT_DATE="2018-09-06",
    )
    figures = qgis.run(
        "evaluate",
        PREDICTION=mapped["PROBABILITY"],
        THRESHOLD=cards.read(checkpoint).threshold,
        REFERENCE=f"{inventory}|layername=landslides",
        AREA=f"{inventory}|layername=interpreted_area",
        ERROR_MAP=str(results / "errors.tif"),
        REPORT=str(results / "accuracy.html"),
    )
    draw(
        [bands[number] for number in (4, 3, 2)],
        results,
        (inventory, "landslides"),
        (inventory, "interpreted_area"),
        folder / "event.png",
        test_title="interpreted area, which is scored",
    )
    say("")
    say(f"  {mapped['COUNT']} landslides, {mapped['AREA_M2'] / 1e4:.1f} ha, on the whole scene")
    say("  interpreted area: " + ", ".join(f"{name} {figures[name.upper()]:.3f}" for name in FIGURES))
    say(f"  Picture: {folder.name}/event.png. Report: {folder.name}/event/accuracy.html")


if __name__ == "__main__":
    show(ROOT / "demo")
