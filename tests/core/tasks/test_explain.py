"""Explanations from files to files."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest
import rasterio
import torch
from rasterio.transform import from_origin
from scarp.core import checkpoint
from scarp.core.card import Card
from scarp.core.errors import Cancelled, ScarpError
from scarp.core.jobs import ExplainJob
from scarp.core.reporter import Reporter
from scarp.core.tasks import perform
from scarp.models import create

QUIET = Reporter(log=lambda *line: None)
FEATURES = ["b02", "b03", "b04", "gray"]


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    """A stack of three bands, 100 x 130 px, with nodata in the north-west corner."""
    rng = np.random.default_rng(0)
    bands = np.kron(rng.integers(300, 3000, (3, 10, 13)), np.ones((10, 10))) + rng.integers(0, 200, (3, 100, 130))
    bands[:, :20, :30] = 0
    path = tmp_path_factory.mktemp("scene") / "event.tif"
    profile = {"driver": "GTiff", "count": 3, "height": 100, "width": 130, "dtype": "uint16", "nodata": 0}
    place = {"crs": "EPSG:32654", "transform": from_origin(500000, 4740000, 10, 10)}
    with rasterio.open(path, "w", **profile, **place) as raster:
        raster.write(bands.astype("uint16"))
        raster.descriptions = ("B02", "B03", "B04")
    return str(path)


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    torch.manual_seed(3)
    net = create("unet", 4, widths=[8, 16])
    card = Card(
        architecture="unet",
        features=FEATURES,
        mean=[1650.0] * 4,
        std=[800.0] * 4,
        options={"widths": [8, 16]},
        bands_required=["B02", "B03", "B04"],
        chip=64,
    )
    path = tmp_path_factory.mktemp("net") / "small.safetensors"
    checkpoint.save(path, net, card)
    return str(path)


def job(scene, network, folder, **changes):
    settings = {"radiometry": "dn", "device": "cpu", "stage": "full", "tile": 64, "overlap": 0.5, "sample": 3}
    outputs = {"output": str(folder / "cam.tif")}
    return ExplainJob(bands=[scene], checkpoint=network, **{**settings, **outputs, **changes})


def read(path):
    with rasterio.open(path) as raster:
        return raster.read(1), raster.bounds, json.loads(raster.tags()["SCARP_RUN"])


def test_heat_report_and_table(scene, network, tmp_path):
    folder = tmp_path / "new"
    outputs = {"report": str(folder / "why.html"), "table": str(folder / "bands.csv")}
    result = perform(job(scene, network, folder, **outputs), QUIET)
    heat, _, record = read(result["OUTPUT"])
    invalid = np.zeros((100, 130), bool)
    invalid[:20, :30] = True
    np.testing.assert_array_equal(heat == -9999, invalid)
    assert heat[~invalid].min() >= 0
    assert heat.max() == pytest.approx(1)
    assert (record["job"], record["stage"], record["checkpoint"]["name"]) == (
        "explain",
        "full (8 channels, 1 px)",
        "small.safetensors",
    )
    assert record["largest_heat"] > 0
    with open(result["TABLE"], encoding="utf-8") as file:
        rows = {row["group"]: row for row in csv.DictReader(file)}
    assert set(rows) == {"all", "visible", "brightness"}
    assert rows["visible"]["channels"] == "b02 b03 b04"
    inside = float(rows["all"]["inside"]) - float(rows["visible"]["inside"])
    assert float(rows["visible"]["drop_inside"]) == pytest.approx(inside, abs=2e-6)
    assert float(rows["all"]["drop_inside"]) == 0
    page = (folder / "why.html").read_text(encoding="utf-8")
    assert "brightness" in page
    assert page.count("data:image/png") == 2
    assert sorted(path.name for path in folder.iterdir()) == ["bands.csv", "cam.tif", "why.html"]


def test_the_extent_is_the_grid_of_the_heat(scene, network, tmp_path):
    extent = [500300, 4739300, 501000, 4739900]
    result = perform(job(scene, network, tmp_path, extent=extent), QUIET)
    heat, bounds, _ = read(result["OUTPUT"])
    assert tuple(bounds) == tuple(map(float, extent))
    assert heat.max() == pytest.approx(1)  # one scale: that of the extent
    assert set(result) == {"OUTPUT", "PIXELS", "SECONDS"}


def test_channels_one_by_one(scene, network, tmp_path):
    table = str(tmp_path / "bands.csv")
    perform(job(scene, network, tmp_path, table=table, occlude="channels"), QUIET)
    with open(table, encoding="utf-8") as file:
        assert {row["group"] for row in csv.DictReader(file)} == {"all", *FEATURES}


def test_where_nothing_is_mapped_it_says_so(scene, network, tmp_path):
    said = []
    reporter = Reporter(log=lambda level, text: said.append(text))
    table = str(tmp_path / "bands.csv")
    result = perform(job(scene, network, tmp_path, threshold=1.0, table=table), reporter)
    assert result["PIXELS"] == 0
    assert any("No pixel reaches the threshold of 1" in text for text in said)
    with open(table, encoding="utf-8") as file:
        row = next(csv.DictReader(file))
    assert (row["inside"], row["pixels_inside"]) == ("", "0")
    assert float(row["outside"]) > 0


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"stage": "middle"}, r"choose deep, full, or the number .*1: down\.0"),
        ({"stage": "7"}, "STAGE is '7'"),
        ({"output": "cam.png"}, r"\.tif"),
        ({"table": "bands.txt"}, r"\.csv"),
        ({"tile": 100}, "multiple of 32"),
        ({"checkpoint": "nothing"}, "no checkpoint 'nothing'"),
        ({"occlude": "pixels"}, "choose one of groups, channels"),
    ],
)
def test_what_cannot_be_done_is_refused(scene, network, tmp_path, changes, message):
    folder = tmp_path / "out"
    changes = {key: str(folder / value) if key in ("output", "table") else value for key, value in changes.items()}
    with pytest.raises(ScarpError, match=message):
        perform(job(scene, changes.pop("checkpoint", network), folder, **changes), QUIET)
    assert not folder.exists()


@pytest.mark.parametrize("share", [0.05, 0.55, 0.8])
def test_cancel_leaves_no_file(scene, network, tmp_path, share):
    reached = []
    reporter = Reporter(
        lambda done, text: reached.append(done), lambda: any(done >= share for done in reached), lambda *line: None
    )
    with pytest.raises(Cancelled):
        perform(job(scene, network, tmp_path / "out", table=str(tmp_path / "out" / "bands.csv")), reporter)
    assert not (tmp_path / "out").exists()
