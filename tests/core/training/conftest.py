"""Small data to train on in a second: a scene with polygons, and a folder of chips."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from affine import Affine
from scarp.core.jobs import TrainJob

HEIGHT, WIDTH, SIZE = 288, 160, 10.0
CRS = "EPSG:32654"
ORIGIN = (500_000.0, 4_700_000.0)


@pytest.fixture
def polygons(tmp_path):
    """Writes rectangles of (row, column, height, width), in pixels of the scene, as a GeoPackage."""

    def write(name, rectangles):
        x, y = ORIGIN
        shapes = [
            shapely.box(x + c * SIZE, y - (r + h) * SIZE, x + (c + w) * SIZE, y - r * SIZE) for r, c, h, w in rectangles
        ]
        wkb = np.array([shapely.to_wkb(shape) for shape in shapes], object)
        pyogrio.raw.write(tmp_path / name, wkb, [], [], geometry_type="Polygon", crs=CRS)
        return str(tmp_path / name)

    return write


@pytest.fixture
def scene(tmp_path, polygons):
    """Three bands with bright landslides, their polygons, and a job that trains on them in a second or two."""
    rng = np.random.default_rng(3)
    slides = [(int(r), int(c)) for r in range(10, HEIGHT - 20, 24) for c in rng.integers(5, WIDTH - 20, 2)]
    bands = rng.normal(900, 60, (3, HEIGHT, WIDTH))
    truth = np.zeros((HEIGHT, WIDTH), bool)
    for row, col in slides:
        truth[row : row + 9, col : col + 12] = True
    bands[:, truth] += 700
    paths = []
    for number, band in zip((2, 3, 4), bands):
        path = tmp_path / f"scene_B0{number}.tif"
        with rasterio.open(
            path, "w", driver="GTiff", width=WIDTH, height=HEIGHT, count=1, dtype="uint16", crs=CRS, nodata=0,
            transform=Affine(SIZE, 0, ORIGIN[0], 0, -SIZE, ORIGIN[1]),
        ) as file:  # fmt: skip
            file.write(np.rint(band).astype(np.uint16), 1)
        paths.append(str(path))
    labels = polygons("labels.gpkg", [(r, c, 9, 12) for r, c in slides])

    def job(**changes):
        values = {
            "bands": paths,
            "radiometry": "dn",
            "labels": labels,
            "architecture": "unet(widths=4-8)",
            "features": "b02,b03,b04,gray",
            "epochs": 2,
            "batch": 8,
            "chip": 32,
            "precision": "fp32",
            "device": "cpu",
            "checkpoint": str(tmp_path / "out" / "net.safetensors"),
        }
        return TrainJob(**{**values, **changes})

    return SimpleNamespace(job=job, truth=truth, folder=tmp_path, bands=paths, labels=labels, out=tmp_path / "out")


@pytest.fixture
def chips(tmp_path):
    """A folder of RGB chips with bright landslides, and a job that trains on them."""
    rng = np.random.default_rng(5)
    root = tmp_path / "chips"
    for kind in ("image", "mask"):
        (root / kind).mkdir(parents=True)
    for number in range(1, 61):
        image, mask = rng.integers(40, 90, (32, 32, 3)), np.zeros((32, 32), np.uint8)
        row, col = rng.integers(0, 22, 2)
        mask[row : row + 9, col : col + 9] = 255
        image[mask > 0] += 120
        cv2.imwrite(str(root / "image" / f"image_{number}.png"), image.astype(np.uint8))
        cv2.imwrite(str(root / "mask" / f"mask_{number}.png"), mask)

    def job(**changes):
        values = {
            "dataset": str(root),
            "architecture": "unet(widths=4-8)",
            "features": "rgb3",
            "epochs": 2,
            "batch": 8,
            "precision": "fp32",
            "device": "cpu",
            "checkpoint": str(tmp_path / "out" / "net.safetensors"),
        }
        return TrainJob(**{**values, **changes})

    return SimpleNamespace(job=job, root=root, out=Path(tmp_path / "out"))
