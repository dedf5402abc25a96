from __future__ import annotations

import numpy as np
import pyogrio
import pyproj
import pytest
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.crs import CRS
from scarp.core.errors import ScarpError
from scarp.core.scene.grid import Grid, Window
from scarp.core.scene.vectors import Polygons, open_polygons

GRID = Grid(CRS.from_epsg(32654), Affine(10, 0, 500000, 0, -10, 4700000), 100, 80)
SQUARE = shapely.box(500100, 4699700, 500200, 4699900)  # columns 10 to 20, rows 10 to 30


@pytest.fixture
def layer(tmp_path):
    def write(geometries, *, crs="EPSG:32654", kind="Unknown", path=None, name="layer"):
        path = path or tmp_path / "labels.gpkg"
        wkb = np.array([g and shapely.to_wkb(g) for g in geometries], dtype=object)
        pyogrio.raw.write(
            path, wkb, [], [], crs=crs, geometry_type=kind, layer=name, append=path.exists(), driver="GPKG"
        )
        return str(path)

    return write


def test_a_pixel_counts_when_its_centre_is_inside(layer):
    burnt = open_polygons(layer([SQUARE]), GRID).burn(GRID.window)
    expected = np.zeros(GRID.shape, bool)
    expected[10:30, 10:20] = True
    np.testing.assert_array_equal(burnt, expected)
    # 4 m less on each side leaves every centre inside, 6 m less does not.
    for inward, same in ((4, True), (6, False)):
        burnt = Polygons([SQUARE.buffer(-inward, join_style="mitre")], GRID).burn(GRID.window)
        assert (burnt == expected).all() == same


@given(st.integers(-20, 90), st.integers(-20, 110), st.integers(1, 60), st.integers(1, 60))
@settings(max_examples=40, deadline=None)
def test_any_window_is_a_slice_of_the_whole(row, col, height, width):
    polygons = Polygons([shapely.Point(500400, 4699600).buffer(213), SQUARE], GRID)
    wide, window = GRID.window.grow(100), Window(row, col, height, width)
    np.testing.assert_array_equal(polygons.burn(window), polygons.burn(wide)[window.slices(wide)])


def test_another_crs_is_reprojected(layer):
    to_degrees = pyproj.Transformer.from_crs(32654, 4326, always_xy=True).transform
    moved = shapely.transform(SQUARE, lambda p: np.column_stack(to_degrees(p[:, 0], p[:, 1])))
    polygons = open_polygons(layer([moved], crs="EPSG:4326"), GRID)
    np.testing.assert_array_equal(polygons.burn(GRID.window), Polygons([SQUARE], GRID).burn(GRID.window))


def test_invalid_polygons_are_repaired_and_said(layer, log):
    bow_tie = shapely.Polygon([(500300, 4699700), (500400, 4699900), (500400, 4699700), (500300, 4699900)])
    line = shapely.Polygon([(500300, 4699700), (500400, 4699900), (500300, 4699700), (500300, 4699700)])
    polygons = open_polygons(layer([bow_tie, SQUARE, line, shapely.Point(500000, 4700000)]), GRID, reporter=log)
    assert len(polygons) == 2
    assert all(g.is_valid for g in polygons.geometries)
    assert polygons.geometries[0].area == pytest.approx(100 * 200 / 2)
    assert "2 invalid polygons were repaired; 1 of them enclosed no area" in log.text("warning")
    assert "1 features are no polygons" in log.text("warning")


def test_one_of_several_layers_must_be_named(layer, tmp_path):
    path = layer([SQUARE], name="slides")
    layer([SQUARE.buffer(50)], name="area", path=tmp_path / "labels.gpkg")
    with pytest.raises(ScarpError, match=r"2 layers: slides, area\. Say which.*layername=slides"):
        open_polygons(path, GRID)
    assert open_polygons(f"{path}|layername=area", GRID).geometries[0].area > SQUARE.area


@pytest.mark.parametrize(
    ("geometries", "options", "message"),
    [
        ([], {}, "is empty"),
        ([None], {}, "is empty"),
        ([SQUARE], {"crs": None}, "has no CRS"),
        ([shapely.LineString([(500000, 4699900), (500100, 4699900)])], {}, "LineString features, no polygons"),
        ([shapely.box(0, 0, 10, 10)], {}, r"none of the 1 polygons.*lies in the scene"),
        ([shapely.Polygon([(500300, 4699700), (500400, 4699900), (500300, 4699700)])], {}, "encloses an area"),
    ],
)
def test_layers_that_cannot_be_used(layer, geometries, options, message):
    with pytest.raises(ScarpError, match=f"LABELS.*{message}"):
        open_polygons(layer(geometries, **options), GRID)


def test_files_that_are_no_layers(tmp_path, layer):
    with pytest.raises(ScarpError, match=r"AREA: the file .* does not exist"):
        open_polygons(str(tmp_path / "no.gpkg"), GRID, what="AREA")
    (tmp_path / "words.gpkg").write_text("words")
    with pytest.raises(ScarpError, match="cannot be read as a vector layer"):
        open_polygons(str(tmp_path / "words.gpkg"), GRID)
    with pytest.raises(ScarpError, match="cannot be read"):
        open_polygons(f"{layer([SQUARE])}|layername=other", GRID)


def test_an_empty_result_is_a_result_where_that_is_allowed(layer, tmp_path):
    assert not open_polygons(layer([]), GRID, allow_empty=True).burn(GRID.window).any()
    assert len(open_polygons(layer([shapely.box(0, 0, 9, 9)], path=tmp_path / "far.gpkg"), GRID, allow_empty=True)) == 1


def test_what_the_analyst_marked_as_wrong_is_no_landslide(tmp_path, log):
    path = str(tmp_path / "map.gpkg")
    shapes = [shapely.box(x, 4699700, x + 50, 4699800) for x in (500100, 500200, 500300, 500400)]

    def mark(*words):
        wkb = np.array([shapely.to_wkb(shape) for shape in shapes], dtype=object)
        fields = [np.arange(4.0), np.array(words, dtype=object)]
        pyogrio.raw.write(
            path, wkb, fields, ["area_m2", "reviewed"], crs="EPSG:32654", geometry_type="Polygon", driver="GPKG"
        )

    mark("right", " Wrong ", None, "unsure")
    for what, kept in (("LABELS", [0, 2, 3]), ("REFERENCE", [0, 2, 3]), ("AREA", [0, 1, 2, 3])):
        polygons = open_polygons(path, GRID, what=what, reporter=log)
        assert [shapes.index(shape) for shape in polygons.geometries] == kept
    assert "LABELS: 1 of 4 polygons are marked as wrong in the field 'reviewed' and were left out" in log.text("info")
    assert "1 polygons are marked as unsure" in log.text("warning")
    mark(*["wrong"] * 4)
    with pytest.raises(ScarpError, match=r"all 4 polygons .* marked as wrong"):
        open_polygons(path, GRID)
    assert len(open_polygons(path, GRID, what="REFERENCE", allow_empty=True)) == 0


def test_the_window_must_be_touched(layer):
    path = layer([SQUARE])
    assert len(open_polygons(path, GRID, Window(10, 10, 5, 5))) == 1
    with pytest.raises(ScarpError, match="lies in the scene"):
        open_polygons(path, GRID, Window(50, 50, 20, 20))


def test_the_real_inventory_covers_what_was_mapped(hokkaido, post, opened):
    scene = opened(bands=post)
    with pytest.raises(ScarpError, match="landslides, deposits, interpreted_area"):
        open_polygons(str(hokkaido / "inventory.gpkg"), scene.grid)
    labels = open_polygons(f"{hokkaido / 'inventory.gpkg'}|layername=landslides", scene.grid)
    assert labels.burn(scene.grid.window).mean() == pytest.approx(0.119, abs=0.003)
