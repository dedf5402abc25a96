from __future__ import annotations

import csv
import json
import shutil
from types import SimpleNamespace

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from affine import Affine
from scarp.core import run
from scarp.core.chips.cutting import lattice
from scarp.core.chips.folder import ChipFolder
from scarp.core.chips.leaks import leaks
from scarp.core.errors import Cancelled, ScarpError
from scarp.core.jobs import MakeChipsJob, TrainJob
from scarp.core.reporter import Reporter
from scarp.core.scene import Window, open_scene
from scarp.core.scene.vectors import open_polygons
from scarp.core.training.data import open_data

HEIGHT, WIDTH, SIZE = 264, 200, 10.0
CRS, ORIGIN = "EPSG:32654", (500_000.0, 4_700_000.0)


def polygons(path, rectangles, names=None):
    """Rectangles of (row, column, height, width) in pixels, with a text field ``event`` if ``names`` are given."""
    x, y = ORIGIN
    shapes = [
        shapely.box(x + c * SIZE, y - (r + h) * SIZE, x + (c + w) * SIZE, y - r * SIZE) for r, c, h, w in rectangles
    ]
    wkb = np.array([shapely.to_wkb(shape) for shape in shapes], object)
    columns = ([np.array(names, object)], ["event"]) if names else ([], [])
    pyogrio.raw.write(path, wkb, *columns, geometry_type="Polygon", crs=CRS)
    return str(path)


@pytest.fixture
def scene(tmp_path):
    """Two bands with a hole and with DN above 1000 of offset, a DEM, landslides, two regions, and a job."""
    rng = np.random.default_rng(3)
    transform = Affine(SIZE, 0, ORIGIN[0], 0, -SIZE, ORIGIN[1])
    slides = [(int(r), int(c), 9, 12) for r in range(5, HEIGHT - 20, 20) for c in rng.integers(5, WIDTH - 20, 3)]
    paths = []
    for number in (2, 4):
        pixels = rng.integers(1100, 4000, (HEIGHT, WIDTH)).astype(np.uint16)
        pixels[70:100, 40:90] = 0
        for row, col, height, width in slides:
            pixels[row : row + height, col : col + width] += 2500
        paths.append(str(tmp_path / f"scene_B0{number}.tif"))
        with rasterio.open(
            paths[-1], "w", driver="GTiff", width=WIDTH, height=HEIGHT, count=1, dtype="uint16", crs=CRS, nodata=0,
            transform=transform,
        ) as file:  # fmt: skip
            file.write(pixels, 1)
    dem = str(tmp_path / "dem.tif")
    with rasterio.open(
        dem, "w", driver="GTiff", width=WIDTH, height=HEIGHT, count=1, dtype="float32", crs=CRS, transform=transform
    ) as file:
        file.write(rng.normal(500, 30, (HEIGHT, WIDTH)).astype(np.float32), 1)
    labels = polygons(tmp_path / "labels.gpkg", slides)
    area = polygons(tmp_path / "area.gpkg", [(3, 2, 160, 190), (166, 2, 90, 150)], ["north's", "south"])

    def job(**changes):
        values = {
            "bands": paths, "radiometry": "dn_offset1000", "dem": dem, "labels": labels, "area": area, "chip": 32,
            "folder": str(tmp_path / "out" / "chips"),
        }  # fmt: skip
        return MakeChipsJob(**{**values, **changes})

    return SimpleNamespace(job=job, out=tmp_path / "out", folder=tmp_path / "out" / "chips", labels=labels, area=area)


def test_context_is_seen_and_not_scored(scene):
    plain, wide = scene.job(min_scored=0.0), scene.job(min_scored=0.0, context=16, folder=str(scene.out / "wide"))
    run(plain), run(wide)
    first, second = (ChipFolder(job.folder, Reporter()) for job in (plain, wide))
    assert (len(first), first.chip + 32) == (len(second), second.chip)
    with open_scene(wide, Reporter()) as source:
        for index, (one, other) in enumerate(zip(first.entries, second.entries)):
            chip = second[index]
            outer = Window(other.spot.row, other.spot.col, second.chip, second.chip)
            bands, valid = source.read(outer, second.names)
            np.testing.assert_allclose(chip.bands, bands, rtol=1e-6, atol=1e-6)
            assert np.array_equal(chip.valid, valid)
            inner = Window(one.spot.row, one.spot.col, first.chip, first.chip).slices(outer)
            assert np.array_equal(chip.label[inner], first[index].label)
            assert (chip.label != 255).sum() == (first[index].label != 255).sum()
    with pytest.raises(ScarpError, match="Choose a smaller CONTEXT"):
        run(scene.job(context=512))


def table(folder):
    with open(folder / "manifest.csv", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("changes", [{}, {"stride": 20}, {"chip": 64, "stride": 100, "area": ""}])
def test_chips_are_the_scene_itself(scene, changes):
    job = scene.job(min_scored=0.0, **changes)
    result = run(job)
    assert sorted(path.name for path in scene.folder.iterdir()) == ["image", "manifest.csv", "manifest.json", "mask"]
    folder = ChipFolder(job.folder, Reporter())
    assert len(folder) == result["CHIPS"] == len(table(scene.folder))
    assert folder.names == ("B02", "B04", "SLOPE", "DEM")
    assert (folder.gsd, folder.chip, folder.radiometry) == (10.0, job.chip, "dn_offset1000")
    scored = np.zeros((HEIGHT, WIDTH), int)
    with open_scene(job, Reporter()) as source:
        labels = open_polygons(job.labels, source.grid)
        area = open_polygons(job.area, source.grid) if job.area else None
        for index, entry in enumerate(folder.entries):
            chip = folder[index]
            window = Window(entry.spot.row, entry.spot.col, job.chip, job.chip)
            bands, valid = source.read(window, folder.names)
            slope = folder.names.index("SLOPE")
            others = [number for number in range(len(bands)) if number != slope]
            assert np.array_equal(chip.bands[others], bands[others])
            # Its last digit depends on where a window begins.
            np.testing.assert_allclose(chip.bands[slope], bands[slope], rtol=1e-6, atol=1e-6)
            assert np.array_equal(chip.valid, valid)
            counted = chip.label != 255
            assert np.array_equal(chip.label[counted] == 1, labels.burn(window)[counted])
            scored[window.slices(source.grid.window)] += counted
        whole = source.read(source.grid.window, folder.names)[1]
        inside = whole if area is None else whole & area.burn(source.grid.window)
    assert not scored[~inside].any()
    if not changes:
        assert np.array_equal(scored, inside)  # each pixel that counts is scored once
    with rasterio.open(scene.folder / "image" / "chip_000002.tif") as file:
        assert file.descriptions == folder.names
        assert (file.crs, file.nodata) == (CRS, -9999)
        row = table(scene.folder)[1]
        assert (file.transform.c, file.transform.f) == (
            ORIGIN[0] + 10 * int(row["column"]),
            ORIGIN[1] - 10 * int(row["row"]),
        )
    facts = json.loads((scene.folder / "manifest.json").read_text(encoding="utf-8"))
    assert facts["offset_subtracted"]
    assert facts["units"]["B02"].startswith("DN without offset")
    assert facts["record"]["job"] == "makechips"
    assert {"scarp", "rasterio"} <= set(facts["versions"])


def test_a_lattice_covers_a_window_and_scores_each_pixel_once():
    for height, width, stride in ((64, 100, 32), (33, 32, 32), (70, 95, 20), (100, 100, 48)):
        seen = np.zeros((height, width), int)
        for place in lattice(Window(5, 7, height, width), 32, stride):
            top, left = place.window.row - 5, place.window.col - 7
            assert 0 <= top <= height - 32
            assert 0 <= left <= width - 32
            seen[top + place.seen_rows : top + 32, left + place.seen_cols : left + 32] += 1
        if stride == 32:
            assert (seen == 1).all()
        elif stride < 32:
            assert (seen >= 1).all()


def test_small_shares_and_empty_chips_can_be_left_out(scene):
    every = run(scene.job(min_scored=0.0))
    assert run(scene.job(min_scored=0.5))["CHIPS"] < every["CHIPS"]
    assert all(float(row["scored_share"]) >= 0.5 for row in table(scene.folder))
    empty = every["CHIPS"] - every["CHIPS_WITH_LANDSLIDE"]
    assert empty > 3
    for share, expected in ((0.0, empty), (0.5, empty // 2), (1.0, 0)):
        found = run(scene.job(min_scored=0.0, skip_empty=share))
        assert found["CHIPS_WITH_LANDSLIDE"] == every["CHIPS_WITH_LANDSLIDE"]
        assert found["CHIPS"] - found["CHIPS_WITH_LANDSLIDE"] == expected


def test_regions_are_named_and_one_can_be_left_out(scene):
    run(scene.job(region_field="event"))
    regions = {row["region"] for row in table(scene.folder)}
    assert regions == {"north's", "south"}
    job = training(scene, region_field="region", test_region="south")
    with open_data(job, Reporter()) as data:
        split = data.split
        parts = [split.train(0), split.validation, split.test]
        south = {row["id"] for row in table(scene.folder) if row["region"] == "south"}
        assert {split.test[i].id for i in range(len(split.test))} == south
        assert not len(apart(parts, split.facts["gap_px"]))
        assert split.test_name == "test (region south)"
    for changes, words in (
        ({"region_field": "land", "test_region": "x"}, "the manifest has id, image, mask, row"),
        ({"region_field": "region", "test_region": "east"}, r"no chip lies in it.*north's, south"),
        ({"region_field": "scene", "test_region": "chips"}, "all chips lie in it"),
    ):
        with pytest.raises(ScarpError, match=words), open_data(training(scene, **changes), Reporter()):
            pass


def training(scene, **changes):
    values = {
        "dataset": str(scene.folder), "architecture": "unet(widths=4-8)", "features": "b02,b04", "epochs": 1,
        "batch": 8, "precision": "fp32", "device": "cpu", "checkpoint": str(scene.out / "net.safetensors"),
    }  # fmt: skip
    return TrainJob(**{**values, **changes})


def apart(parts, gap):
    """Pairs of chips in different parts that are nearer than the gap."""
    folder = parts[0]._source
    return leaks(folder.footprints, [np.array(part.indices) for part in parts], gap)


@pytest.mark.parametrize("stride", [32, 24])
def test_parts_of_a_folder_of_chips_lie_apart(scene, stride):
    run(scene.job(stride=stride))
    seen = []
    for block in (0, 1, 2, 3):
        job = training(scene, block=block, blocks=3)
        with open_data(job, Reporter()) as data:
            split = data.split
            parts = [split.train(0), split.validation, *([split.test] if block else [])]
            assert split.facts["gap_px"] >= 1
            assert not len(apart(parts, split.facts["gap_px"]))
            assert not len(apart(parts, 1))
            seen += split.test.indices if block else []
    assert sorted(seen) == list(range(len(ChipFolder(scene.folder, Reporter()))))


def test_a_split_by_hand_that_leaks_is_said(scene):
    run(scene.job())
    said = []
    job = training(scene, split="train=1-20, validate=21-40")
    with open_data(job, Reporter(log=lambda level, text: said.append((level, text)))) as data:
        assert data.split.facts["gap_px"] == 0
        assert len(apart([data.split.train(0), data.split.validation], 1))
    assert any(level == "warning" and "gap" in text and "0 px instead of 32" in text for level, text in said)


def test_chips_of_several_events_are_one_data_set(scene):
    for name in ("first", "second"):
        run(scene.job(folder=str(scene.out / "all" / name), region_field="event", scene=f"event {name}"))
    folder = ChipFolder(scene.out / "all", Reporter())
    one = ChipFolder(scene.out / "all" / "first", Reporter())
    assert len(folder) == 2 * len(one)
    assert folder.entries[0].id == "first/chip_000001"
    # The same grid is the same place, so its chips are on the same side of a split.
    assert len(set(folder.footprints.places)) == 1
    job = training(scene, dataset=str(scene.out / "all"), region_field="scene", test_region="event second")
    with pytest.raises(ScarpError, match="No chip is left to train on"), open_data(job, Reporter()):
        pass
    run(scene.job(folder=str(scene.out / "all" / "third"), chip=64))
    with pytest.raises(ScarpError, match=r"'first' \(32 px.*'third' \(64 px.*do not go together"):
        ChipFolder(scene.out / "all", Reporter())


def test_a_folder_is_trained_on(scene):
    run(scene.job())
    result = run(training(scene, features="auto", block=1))
    assert result["SPLIT"] == "test (block 1 of 5)"
    with pytest.raises(ScarpError, match=r"FOLD .* touch.*BLOCK"):
        run(training(scene, fold=1))


def test_a_manifest_that_does_not_fit_is_explained(scene):
    run(scene.job())
    chip = scene.folder / "image" / "chip_000003.tif"
    (scene.folder / "mask" / "chip_000005.tif").unlink()
    shutil.copy(scene.folder / "mask" / "chip_000004.tif", chip)
    text = (scene.folder / "manifest.csv").read_text(encoding="utf-8")
    lines = text.splitlines()
    lines[8] = lines[7]
    (scene.folder / "manifest.csv").write_text("\n".join(lines), encoding="utf-8")
    said = []
    folder = ChipFolder(scene.folder, Reporter(log=lambda level, text: said.append((level, text))))
    warning = next(text for level, text in said if level == "warning")
    for words in (
        "chip_000003.tif: bands landslide, but the manifest says B02, B04, SLOPE, DEM",
        "chip_000005: mask/chip_000005.tif is in the manifest but not in the folder",
        "chip_000007: the manifest has this id 2 times",
    ):
        assert words in warning
    assert len(folder.problems) == 4
    (scene.folder / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(ScarpError, match="cannot be read as a manifest"):
        ChipFolder(scene.folder, Reporter())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"chip": 40}, "multiple of 32"),
        ({"chip": 512}, "less than one chip of 512"),
        ({"region_field": "name"}, "REGION_FIELD is 'name', but AREA has event"),
        ({"region_field": "name", "area": ""}, "Give the polygons"),
        ({"min_scored": 1.0, "chip": 160}, "No chip of the scene can be used"),
    ],
)
def test_what_cannot_be_cut_is_refused_and_leaves_nothing(scene, changes, words):
    with pytest.raises(ScarpError, match=words):
        run(scene.job(**changes))
    assert not scene.out.exists()


def test_a_folder_appears_whole_or_not_at_all(scene):
    texts = []
    with pytest.raises(Cancelled):
        run(scene.job(), lambda share, text: texts.append(text), lambda: any("chip 9" in text for text in texts))
    assert not scene.out.exists()
    first = run(scene.job())["CHIPS"]
    texts.clear()
    with pytest.raises(Cancelled):
        run(scene.job(stride=20), lambda _, text: texts.append(text), lambda: any("chip 9" in text for text in texts))
    assert len(table(scene.folder)) == first  # as it was before
    assert [path.name for path in scene.out.iterdir()] == ["chips"]
    assert run(scene.job(stride=20))["CHIPS"] > first  # replaced
    (scene.folder / "thesis.docx").touch()
    with pytest.raises(ScarpError, match=r"holds other things \(thesis.docx\)"):
        run(scene.job())
    assert (scene.folder / "thesis.docx").exists()
    (scene.out / "mine").mkdir()
    (scene.out / "mine" / "image").mkdir()
    with pytest.raises(ScarpError, match="Choose a new folder"):
        run(scene.job(folder=str(scene.out / "mine")))
