"""One picture of a map: the image, the probability, and the outlines found and true."""

from __future__ import annotations

from collections.abc import Sequence
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
from rasterio.coords import BoundingBox

Layer = tuple[Path, str]


def _aspect(bounds: BoundingBox) -> float:
    """Height of a map unit over its width: degrees are narrower than high, metres are square."""
    degrees = abs(bounds.top) <= 90
    return 1 / np.cos(np.radians((bounds.top + bounds.bottom) / 2)) if degrees else 1.0


def _read(path: Path) -> np.ma.MaskedArray:
    with rasterio.open(path) as source:
        return source.read(1, masked=True)


def _outlines(path: Path, layer: str, *, merged: bool = False, **style: object) -> LineCollection:
    """The rings of all polygons of a layer, or of their union, as something to add to a panel."""
    geometries = shapely.from_wkb(pyogrio.raw.read(path, layer=layer)[2])
    if merged:
        geometries = shapely.union_all(shapely.make_valid(geometries))
    rings = shapely.get_rings(shapely.get_parts(geometries))
    return LineCollection([shapely.get_coordinates(ring) for ring in rings], **style)


def draw(
    colours: Sequence[Path],
    results: Path,
    true: Layer,
    test: Layer,
    picture: Path,
    *,
    test_title: str = "test area, never seen in training",
) -> None:
    """Write a picture of three panels, side by side when the scene is upright.

    Args:
        colours: The rasters of the red, the green and the blue band, DN, on one grid.
        results: Folder with ``probability.tif`` and ``landslides.gpkg``.
        true: File and layer of the true landslides, in the CRS of the bands.
        test: File and layer of the area that is scored, likewise.
        picture: The PNG to write.
        test_title: What that area is.
    """
    bands = [_read(path) for path in colours]
    brightest = max(np.percentile(band.compressed(), 98) for band in bands)
    image = np.clip(np.dstack([band.filled(0) for band in bands]) / brightest, 0, 1) ** 0.8
    with rasterio.open(colours[0]) as source:
        bounds = source.bounds
    extent = (bounds.left, bounds.right, bounds.bottom, bounds.top)
    upright = image.shape[0] >= image.shape[1]

    figure, panels = plt.subplots(
        *((1, 3) if upright else (3, 1)), figsize=(21, 8.5) if upright else (12, 18.6), layout="constrained"
    )
    for panel, title in zip(panels, ("Image", "Probability of landslide", "Found and true outlines")):
        panel.imshow(image, extent=extent, aspect=_aspect(bounds))
        panel.set_title(title, loc="left", fontweight="bold")
        panel.set_xticks([])
        panel.set_yticks([])
    shade = panels[1].imshow(
        _read(results / "probability.tif"), extent=extent, cmap="inferno", vmin=0, vmax=1, aspect=_aspect(bounds)
    )
    figure.colorbar(shade, ax=panels[1], shrink=0.7, label="probability")
    panels[2].add_collection(_outlines(*true, color="white", linewidth=0.9))
    panels[2].add_collection(_outlines(results / "landslides.gpkg", "landslides", color="#ff3b1f", linewidth=0.9))
    panels[2].add_collection(_outlines(*test, merged=True, color="cyan", linewidth=1.4, linestyle="--"))
    panels[2].set_xlim(*extent[:2])
    panels[2].set_ylim(*extent[2:])
    keys = [("white", "-", "true"), ("#ff3b1f", "-", "found"), ("cyan", "--", test_title)]
    panels[2].legend(handles=[Line2D([], [], color=c, linestyle=s, label=t) for c, s, t in keys], loc="lower left")
    figure.savefig(picture, dpi=90)
    plt.close(figure)
