"""One picture of the demonstration: the image, the probability, and the outlines found and true."""

from __future__ import annotations

from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import pyogrio.raw
import rasterio
import shapely
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D


def _read(path: Path) -> np.ma.MaskedArray:
    with rasterio.open(path) as source:
        return source.read(1, masked=True)


def _outlines(path: Path, layer: str, **style: object) -> LineCollection:
    """The rings of all polygons of a layer, as something to add to a panel."""
    geometries = shapely.from_wkb(pyogrio.raw.read(path, layer=layer)[2])
    rings = shapely.get_rings(shapely.get_parts(geometries))
    return LineCollection([shapely.get_coordinates(ring) for ring in rings], **style)


def draw(scene: Path, results: Path, picture: Path) -> None:
    """Write the picture of a mapped demonstration scene.

    Args:
        scene: Folder of ``scarp:demoscene``.
        results: Folder with ``probability.tif`` and ``landslides.gpkg``.
        picture: The PNG to write.
    """
    red, green, blue = (_read(next(scene.glob(f"*_{band}_*.tif"))).filled(0) for band in ("B04", "B03", "B02"))
    image = np.clip(np.dstack([red, green, blue]) / 3000.0, 0, 1) ** 0.7
    with rasterio.open(next(scene.glob("*_B04_*.tif"))) as source:
        bounds = source.bounds
    extent = (bounds.left, bounds.right, bounds.bottom, bounds.top)
    labels = scene / "labels.gpkg"

    figure, panels = plt.subplots(3, 1, figsize=(12, 18.6), layout="constrained")
    for panel, title in zip(panels, ("Image", "Probability of landslide", "Found and true outlines")):
        panel.imshow(image, extent=extent)
        panel.set_title(title, loc="left", fontweight="bold")
        panel.set_xticks([])
        panel.set_yticks([])
    shade = panels[1].imshow(_read(results / "probability.tif"), extent=extent, cmap="inferno", vmin=0, vmax=1)
    figure.colorbar(shade, ax=panels[1], shrink=0.7, label="probability")
    panels[2].add_collection(_outlines(labels, "landslides", color="white", linewidth=0.9))
    panels[2].add_collection(_outlines(results / "landslides.gpkg", "landslides", color="#ff3b1f", linewidth=0.9))
    panels[2].add_collection(_outlines(labels, "area_test", color="cyan", linewidth=1.4, linestyle="--"))
    panels[2].set_xlim(*extent[:2])
    panels[2].set_ylim(*extent[2:])
    keys = [("white", "-", "true"), ("#ff3b1f", "-", "found"), ("cyan", "--", "test area, never seen in training")]
    panels[2].legend(handles=[Line2D([], [], color=c, linestyle=s, label=t) for c, s, t in keys], loc="lower left")
    figure.savefig(picture, dpi=90)
    plt.close(figure)
