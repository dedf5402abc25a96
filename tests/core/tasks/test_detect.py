"""Detection from files to files, on generated scenes and on the real event."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyogrio
import pytest
import rasterio
import torch
from rasterio.transform import from_origin
from scarp.core import checkpoint
from scarp.core.card import Card
from scarp.core.chips.files import L4S_NAMES, read_h5_image, read_h5_mask
from scarp.core.errors import Cancelled, ScarpError
from scarp.core.features.reader import FeatureReader
from scarp.core.jobs import DetectJob, PolygonizeJob, SceneInputs
from scarp.core.products.probability import Probability
from scarp.core.reporter import Reporter
from scarp.core.scene import Window, open_scene
from scarp.core.scene.vectors import open_polygons
from scarp.core.tasks import perform
from scarp.models import create

QUIET = Reporter(log=lambda *line: None)
RGB = ("B02", "B03", "B04")


def write_stack(path, bands, names, crs="EPSG:32654", transform=None, nodata=0):
    transform = transform or from_origin(500000, 4740000, 10, 10)
    profile = {"driver": "GTiff", "count": len(bands), "height": bands.shape[1], "width": bands.shape[2]}
    with rasterio.open(path, "w", dtype="uint16", crs=crs, transform=transform, nodata=nodata, **profile) as raster:
        raster.write(bands.astype("uint16"))
        raster.descriptions = names
    return str(path)


def write_checkpoint(path, features, bands, example, labels=None, head="single", steps=6, **changes):
    """A small U-Net, trained for a moment on ``example`` [C, H, W]; without labels, to find what is bright."""
    torch.manual_seed(5)
    rng = np.random.default_rng(5)
    options = {"widths": [8, 16, 32, 32, 32]}
    net = create("unet", len(features), head=head, **options)
    mean, std = example.mean((1, 2)), example.std((1, 2)) + 1e-6
    x = torch.from_numpy(((example - mean[:, None, None]) / std[:, None, None]).astype(np.float32))
    labels = example[0] > np.quantile(example[0], 0.8) if labels is None else labels
    y = torch.from_numpy(labels.astype(np.int64))
    optimizer = torch.optim.AdamW(net.parameters(), 5e-3)
    size = min(128, *x.shape[1:])
    for _ in range(steps):
        corners = [[int(rng.integers(length - size + 1)) for length in x.shape[1:]] for _ in range(2)]
        logits = net(torch.stack([x[:, r : r + size, c : c + size] for r, c in corners])).mask
        target = torch.stack([y[r : r + size, c : c + size] for r, c in corners])
        loss = torch.nn.functional.cross_entropy(logits, target, torch.tensor([1.0, 3.0]))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    card = Card(
        architecture="unet",
        features=list(features),
        mean=mean.tolist(),
        std=std.tolist(),
        options=options,
        head=head,
        bands_required=list(bands),
        **changes,
    )
    checkpoint.save(path, net, card)
    return str(path)


@pytest.fixture(scope="module")
def scene_and_network(tmp_path_factory):
    """A stack of three bands, 150 x 210 px, with nodata in the north-west corner."""
    rng = np.random.default_rng(0)
    coarse = np.kron(rng.integers(300, 3000, (3, 15, 21)), np.ones((10, 10)))
    bands = coarse + rng.integers(0, 200, coarse.shape)
    bands[:, :20, :30] = 0
    folder, bands = tmp_path_factory.mktemp("inputs"), bands.astype(np.float32)
    network = write_checkpoint(folder / "small.safetensors", ["b02", "b03", "b04"], RGB, bands)
    return write_stack(folder / "event.tif", bands, RGB), bands, network


@pytest.fixture
def scene(scene_and_network):
    return scene_and_network[:2]


@pytest.fixture
def network(scene_and_network):
    return scene_and_network[2]


def job(scene, network, folder, *wanted, **changes):
    suffix = {"polygons": ".gpkg"}
    outputs = {name: str(folder / f"{name}{suffix.get(name, '.tif')}") for name in wanted}
    settings = {"radiometry": "dn", "device": "cpu", "precision": "fp32", "min_area": 0.0}
    return DetectJob(bands=[scene[0]], checkpoint=network, **{**settings, **outputs, **changes})


def read(path):
    with rasterio.open(path) as raster:
        return raster.read(1)


def test_nodata_reaches_probability_and_mask_and_nothing_else_is_lost(scene, network, tmp_path):
    folder = tmp_path / "new" / "folder"
    result = perform(job(scene, network, folder, "probability", "mask", "polygons"), QUIET)
    probability, mask = read(result["PROBABILITY"]), read(result["MASK"])
    invalid = (scene[1] == 0).all(0)
    np.testing.assert_array_equal(probability == -9999, invalid)
    np.testing.assert_array_equal(mask == 255, invalid)
    assert ((probability[~invalid] >= 0) & (probability[~invalid] <= 1)).all()
    np.testing.assert_array_equal(mask[~invalid] == 1, probability[~invalid] >= 0.5)
    assert result["AREA_M2"] == pytest.approx((mask == 1).sum() * 100, rel=1e-2)
    assert 0 < result["COUNT"] == pyogrio.read_info(result["POLYGONS"], layer="landslides")["features"]
    with Probability(result["PROBABILITY"]) as raster:
        assert raster.record["threshold"] == 0.5
        assert raster.record["checkpoint"]["name"] == "small.safetensors"
    assert sorted(path.name for path in folder.iterdir()) == ["mask.tif", "polygons.gpkg", "probability.tif"]


def test_the_extent_cuts_the_map_and_changes_nothing_else(scene, network, tmp_path):
    whole = read(perform(job(scene, network, tmp_path, "probability"), QUIET)["PROBABILITY"])
    extent = [500000 + 10 * 37, 4740000 - 10 * 141, 500000 + 10 * 198, 4740000 - 10 * 11]
    part = perform(job(scene, network, tmp_path / "part", "probability", extent=extent), QUIET)["PROBABILITY"]
    np.testing.assert_allclose(read(part), whole[11:141, 37:198], atol=1e-5)
    with rasterio.open(part) as raster:
        assert tuple(raster.bounds) == tuple(extent)


def test_only_what_is_asked_for_is_left_behind(scene, network, tmp_path):
    result = perform(job(scene, network, tmp_path / "out", "uncertainty", tta="rotations"), QUIET)
    spread = read(result["UNCERTAINTY"])
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["uncertainty.tif"]
    assert 0 < spread[spread >= 0].max() <= 0.5
    assert set(result) == {"UNCERTAINTY", "COUNT", "AREA_M2", "SECONDS", "DOMAIN_DISTANCE"}


def test_presence_comes_from_a_dual_head(scene, tmp_path):
    dual = write_checkpoint(tmp_path / "dual.safetensors", ["b02", "b03", "b04"], RGB, scene[1], head="dual")
    presence = read(perform(job(scene, dual, tmp_path, "presence"), QUIET)["PRESENCE"])
    assert ((presence >= 0) & (presence <= 1) | (presence == -9999)).all()


@pytest.mark.parametrize("share", [0.0, 0.3, 0.91, 0.94])
def test_cancel_leaves_no_file(scene, network, tmp_path, share):
    reached = []
    reporter = Reporter(
        lambda done, text: reached.append(done), lambda: any(done >= share for done in reached), lambda *line: None
    )
    with pytest.raises(Cancelled):
        perform(job(scene, network, tmp_path / "out", "probability", "mask", "polygons"), reporter)
    assert not (tmp_path / "out").exists()


def test_a_file_that_ends_in_the_middle_leaves_no_file(scene, network, tmp_path):
    whole, broken = Path(scene[0]), tmp_path / "broken.tif"
    broken.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    with pytest.raises(ScarpError, match=r"broken\.tif"):
        perform(job((str(broken),), network, tmp_path / "out", "probability"), QUIET)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"vote": True}, "VOTE .* HEAD=multires"),
        ({"presence": "presence.tif"}, "PRESENCE .* HEAD=dual"),
        ({"uncertainty": "spread.tif"}, "UNCERTAINTY .* TTA=rotations"),
        ({"tile": 200}, "multiple of 32"),
        ({"mask": "mask.png"}, r"\.tif"),
        ({"checkpoint": "nothing"}, "no checkpoint 'nothing'"),
        ({"event_date": "6 Sept"}, "such as 2018-09-06"),
        ({"device": "gpu"}, "choose auto, cpu, cuda"),
    ],
)
def test_what_cannot_be_done_is_refused_before_any_work(scene, network, tmp_path, changes, message):
    folder = tmp_path / "out"
    changes = {key: str(folder / value) if "." in str(value) else value for key, value in changes.items()}
    pixels = []
    reporter = Reporter(lambda share, text: pixels.append(share), log=lambda *line: None)
    with pytest.raises(ScarpError, match=message):
        perform(job(scene, changes.pop("checkpoint", network), folder, "probability", **changes), reporter)
    assert not folder.exists()
    assert not pixels


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a GPU")
def test_cuda_without_a_gpu(scene, network, tmp_path):
    with pytest.raises(ScarpError, match=r"DEVICE=cuda cannot be used: .* DEVICE=cpu"):
        perform(job(scene, network, tmp_path / "out", "mask", device="cuda"), QUIET)
    assert not (tmp_path / "out").exists()


def test_bands_that_the_checkpoint_needs_are_listed(scene, tmp_path):
    names = ["b08", "slope"]
    other = write_checkpoint(
        tmp_path / "nir.safetensors", names, ["B08", "SLOPE"], np.random.default_rng(0).random((2, 64, 64))
    )
    with pytest.raises(ScarpError, match="Missing in the scene: B08, SLOPE"):
        perform(job(scene, other, tmp_path / "out", "mask"), QUIET)


@pytest.mark.parametrize(("height", "width"), [(31, 200), (200, 2)])
def test_a_scene_too_small_to_see_anything_is_refused(network, tmp_path, height, width):
    tiny = write_stack(tmp_path / "tiny.tif", np.full((3, height, width), 900), RGB)
    with pytest.raises(ScarpError, match=f"{width} x {height} pixels; at least 32 x 32"):
        perform(job((tiny,), network, tmp_path / "out", "mask"), QUIET)


def test_a_scene_smaller_than_a_chip_is_mapped_with_a_warning(network, tmp_path):
    said = []
    rng = np.random.default_rng(1)
    small = write_stack(tmp_path / "small.tif", rng.integers(300, 3000, (3, 40, 50)), RGB)
    reporter = Reporter(log=lambda level, text: said.append((level, text)))
    result = perform(job((small,), network, tmp_path, "probability"), reporter)
    assert (read(result["PROBABILITY"]) >= 0).all()
    assert [text for level, text in said if level == "warning" and "mirrored" in text]


def test_a_scene_without_a_valid_pixel_is_an_error(network, tmp_path):
    empty = write_stack(tmp_path / "empty.tif", np.zeros((3, 64, 64)), RGB)
    with pytest.raises(ScarpError, match="No pixel is valid"):
        perform(job((empty,), network, tmp_path / "out", "mask"), QUIET)
    assert not (tmp_path / "out").exists()


def invariant(first, second, threshold=0.5):
    """Invariant 2 of the design: 99.9 % of the pixels within 0.03, at most 5e-4 of the mask flipped."""
    valid = first >= 0
    mask = first[valid] >= threshold
    assert 0.02 < mask.mean() < 0.98, "the map says nothing: the test would prove nothing"
    assert np.mean(np.abs(first - second)[valid] <= 0.03) >= 0.999
    assert np.mean(mask != (second[valid] >= threshold)) <= 5e-4


def maps(make, tiles):
    return [read(perform(make(tile), QUIET)["PROBABILITY"]) for tile in tiles]


def test_tile_size_and_extent_are_invisible_on_the_real_event(shared_data, tmp_path):
    event = shared_data / "hokkaido2018"
    inputs = {
        "bands": [str(path) for path in sorted((event / "post").glob("*.tif"))],
        "dem": str(event / "AW3D30_DSM.tif"),
    }
    channels = ["b02", "b03", "b04", "red_local", "slope", "dem"]
    with open_scene(SceneInputs(**inputs), QUIET) as opened:
        transform = opened.grid.transform
        window = Window(200, 250, 400, 400)
        example, _ = FeatureReader(opened, channels).read(window)
        inventory = open_polygons(f"{event / 'inventory.gpkg'}|layername=landslides", opened.grid, opened.window)
        labels = inventory.burn(window)
    network = write_checkpoint(
        tmp_path / "n.safetensors", channels, [*RGB, "SLOPE", "DEM"], example, labels, gsd=9.0, steps=80
    )

    def extent(row, col, height, width):
        (west, north), (east, south) = transform * (col, row), transform * (col + width, row + height)
        return [west, south, east, north]

    def make(tile, window=(250, 250, 400, 400)):
        return DetectJob(
            **inputs,
            checkpoint=network,
            device="cpu",
            precision="fp32",
            tile=tile,
            extent=extent(*window),
            probability=str(tmp_path / f"{tile}.tif"),
        )

    small, middle, chosen = maps(make, (128, 320, 512))
    invariant(small, middle)
    invariant(small, chosen)
    shifted = read(perform(make(128, (311, 278, 300, 333)), QUIET)["PROBABILITY"])
    np.testing.assert_allclose(shifted, small[61:361, 28:361], atol=1e-5)


def test_tile_size_is_invisible_on_a_real_strip_of_14_bands(shared_data, tmp_path):
    """Three chips that touch each other; they have no georeference, so the strip is given one."""
    folder = shared_data / "landslide4sense-14band"
    strip = np.concatenate([read_h5_image(folder / "img" / f"image_{n}.h5") for n in (1, 2, 3)], 2)
    labels = np.concatenate([read_h5_mask(folder / "mask" / f"mask_{n}.h5") for n in (1, 2, 3)], 1)
    scene = write_stack(tmp_path / "strip.tif", strip, L4S_NAMES, nodata=None)
    channels = [name.lower() for name in L4S_NAMES]
    network = write_checkpoint(tmp_path / "n.safetensors", channels, L4S_NAMES, strip, labels, steps=60)

    def make(tile):
        return job((scene,), network, tmp_path, "probability", tile=tile)

    small, middle, chosen = maps(make, (128, 288, 512))
    invariant(small, middle)
    invariant(small, chosen)


def test_the_options_of_polygonising_give_the_same_from_the_scene_as_from_its_probability(scene, network, tmp_path):
    options = {"grow_threshold": 0.4, "morphology": "closing", "fill_holes": 900.0, "split": "shape", "smooth": True}
    mapped = perform(job(scene, network, tmp_path / "a", "probability", "mask", "polygons", **options), QUIET)
    again = perform(
        PolygonizeJob(
            probability=mapped["PROBABILITY"],
            mask=str(tmp_path / "m.tif"),
            polygons=str(tmp_path / "p.gpkg"),
            **{"threshold": 0.5, "min_area": 0.0, **options},
        ),
        QUIET,
    )
    assert again["COUNT"] == mapped["COUNT"] > 0
    assert again["AREA_M2"] == pytest.approx(mapped["AREA_M2"])
    np.testing.assert_array_equal(read(again["MASK"]), read(mapped["MASK"]))
    with pytest.raises(ScarpError, match=r"GROW_THRESHOLD is 0\.9, above the threshold of 0\.5"):
        perform(job(scene, network, tmp_path / "b", "mask", grow_threshold=0.9), QUIET)
