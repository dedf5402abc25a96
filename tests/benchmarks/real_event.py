"""A real event, through qgis_process: train on the west, map all of it, score the east.

    .venv/runtime/bin/python tests/benchmarks/real_event.py OUT_FOLDER [ARCHITECTURE] [--pre]

Hokkaido (Iburi earthquake, 6 September 2018), Sentinel-2 B02, B03, B04 and the AW3D30 DSM. Trained on the polygons of
columns 0 to 599 with the defaults of scarp:train; columns 600 to 899 are scored once, inside the interpreted area.
With --pre the network is given the image from before the event as well, of which a third is missing.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
import pyogrio.raw
import rasterio
import shapely

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

from map_picture import draw  # noqa: E402
from through_qgis import Qgis, say  # noqa: E402

EVENT = ROOT.parent / "shared" / "data" / "hokkaido2018"
SPLIT = 600


def areas(folder: Path, reference: Path, east_from: int = SPLIT) -> tuple[str, str]:
    """Write the interpreted area west of column `SPLIT` and from column ``east_from`` on; return the two sources."""
    meta, _, wkb, _ = pyogrio.raw.read(EVENT / "inventory.gpkg", layer="interpreted_area")
    area = shapely.union_all(shapely.make_valid(shapely.from_wkb(wkb)))
    with rasterio.open(reference) as source:
        left, bottom, right, top = source.bounds
        west_end, east_start = ((source.transform * (column, 0))[0] for column in (SPLIT, east_from))
        if rasterio.crs.CRS.from_user_input(meta["crs"]) != source.crs:
            sys.exit("The interpreted area is not in the CRS of the bands.")
    path = folder / "areas.gpkg"
    for layer, box in (("west", (left, bottom, west_end, top)), ("east", (east_start, bottom, right, top))):
        part = shapely.to_wkb(np.array([shapely.intersection(area, shapely.box(*box))]))
        pyogrio.raw.write(
            path,
            part,
            [],
            [],
            layer=layer,
            driver="GPKG",
            crs=meta["crs"],
            geometry_type="Unknown",
            append=path.exists(),
        )
    return f"{path}|layername=west", f"{path}|layername=east"


def main() -> None:
    """Train, map, score, and leave everything in the folder given."""
    if not EVENT.is_dir():
        sys.exit(f"The real event is not here ({EVENT}).")
    given = [argument for argument in sys.argv[1:] if argument != "--pre"]
    folder = Path(given[0]).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "areas.gpkg").unlink(missing_ok=True)
    qgis = Qgis(folder)
    bands = [str(EVENT / "post" / f"S2_post_B{number}.tif") for number in (2, 3, 4)]
    scene = {"BANDS": bands, "DEM": str(EVENT / "AW3D30_DSM.tif")}
    if "--pre" in sys.argv:
        scene["PRE_BANDS"] = [str(EVENT / "pre" / f"S2_pre_B{number}.tif") for number in (2, 3, 4)]
    west, east = areas(folder, Path(bands[0]))
    landslides = f"{EVENT / 'inventory.gpkg'}|layername=landslides"
    start = time.monotonic()
    trained = qgis.run(
        "train",
        **scene,
        LABELS=landslides,
        AREA=west,
        **({"ARCHITECTURE": given[1]} if len(given) > 1 else {}),
        CHECKPOINT=str(folder / "event.safetensors"),
        REPORT=str(folder / "training.html"),
    )
    say(f"  trained in {(time.monotonic() - start) / 60:.1f} minutes; validation block: {trained}")
    mapped = qgis.run(
        "detect",
        **scene,
        CHECKPOINT=trained["CHECKPOINT"],
        PROBABILITY=str(folder / "probability.tif"),
        MASK=str(folder / "mask.tif"),
        POLYGONS=str(folder / "landslides.gpkg"),
        EVENT_DATE="2018-09-06",
    )
    say(f"  mapped: {mapped}")
    figures = qgis.run(
        "evaluate",
        PREDICTION=mapped["PROBABILITY"],
        THRESHOLD=trained["THRESHOLD"],
        REFERENCE=landslides,
        AREA=east,
        ERROR_MAP=str(folder / "errors.tif"),
        REPORT=str(folder / "accuracy.html"),
    )
    colours = [EVENT / "post" / f"S2_post_B{number}.tif" for number in (4, 3, 2)]
    draw(
        colours, folder, (EVENT / "inventory.gpkg", "landslides"), (folder / "areas.gpkg", "east"), folder / "event.png"
    )
    for name, value in sorted(figures.items()):
        if isinstance(value, (int, float)):
            say(f"  {name.lower():<18}{value:.4f}")


if __name__ == "__main__":
    main()
