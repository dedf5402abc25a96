"""Verification from files to files."""

from __future__ import annotations

import json

import numpy as np
import pyogrio
import pytest
import shapely
from rasterio.crs import CRS
from safetensors.numpy import load_file
from scarp.core.errors import Cancelled, ScarpError
from scarp.core.jobs import VerifyJob
from scarp.core.products.fields import FIELDS
from scarp.core.products.geopackage import PolygonLayer
from scarp.core.products.verifier.table import ATTRIBUTES
from scarp.core.reporter import Reporter
from scarp.core.tasks import perform

QUIET = Reporter(log=lambda *line: None)
COUNT = 120


def write_layer(path, shapes, kinds, columns, layer="landslides"):
    written = PolygonLayer(path, layer, CRS.from_epsg(32654).to_wkt(), kinds)
    written.append(np.array(shapes, object), columns)
    return str(path)


def boxes(seed=0):
    """Squares of 40 m over 4 x 3 km, drawn by chance."""
    rng = np.random.default_rng(seed)
    x, y = 500_000 + rng.uniform(0, 4000, COUNT).round(), 4_700_000 + rng.uniform(0, 3000, COUNT).round()
    return [shapely.MultiPolygon([shapely.box(a, b, a + 40, b + 40)]) for a, b in zip(x, y)]


def columns(seed=0):
    """Steep polygons are right. No vegetation index is known."""
    rng = np.random.default_rng(seed + 100)
    values = {name: rng.uniform(1, 2, COUNT) for name in ATTRIBUTES}
    values["slope_mean"] = rng.uniform(0, 40, COUNT)
    values["ndvi_mean"] = np.full(COUNT, np.nan)
    values["elev_range"][::7] = np.nan
    values["touches_edge"] = rng.random(COUNT) < 0.2
    right = values["slope_mean"] + rng.normal(0, 3, COUNT) > 20
    reviewed = np.where(right, "right", "wrong").astype(object)
    reviewed[80:] = None
    reviewed[79] = "unsure"
    values["id"] = np.arange(1, COUNT + 1)
    values["event_date"] = np.full(COUNT, np.datetime64("2018-09-06"))
    values["reviewed"] = reviewed
    return values, right


KINDS = {name: field.kind for name, field in FIELDS.items()}


@pytest.fixture
def polygons(tmp_path):
    return write_layer(tmp_path / "landslides.gpkg", boxes(), KINDS, columns()[0])


def job(polygons, folder, **changes):
    outputs = {"output": str(folder / "checked.gpkg"), "model": str(folder / "v.safetensors")}
    return VerifyJob(polygons=polygons, trees=30, **{**outputs, **changes})


def read(path):
    meta, _, wkb, values = pyogrio.raw.read(path, layer="landslides")
    return dict(zip(meta["fields"], values)), shapely.from_wkb(wkb), meta


def test_what_is_marked_decides_and_the_rest_is_scored(polygons, tmp_path):
    folder = tmp_path / "new"
    result = perform(job(polygons, folder, report=str(folder / "r.html")), QUIET)
    found, shapes, _ = read(result["OUTPUT"])
    before, shapes_before, _ = read(polygons)
    _, right = columns()
    assert list(found) == [*KINDS, "verified", "verdict", "verdict_by"]
    for name in KINDS:
        np.testing.assert_array_equal(found[name], before[name])
        assert found[name].dtype == before[name].dtype
    assert shapely.equals_exact(shapes, shapes_before).all()
    marked = np.arange(COUNT) < 79
    np.testing.assert_array_equal(found["verdict_by"] == "analyst", marked)
    np.testing.assert_array_equal(found["verdict"][marked] == "right", right[marked])
    rest = found["verified"][~marked] >= 0.5
    assert (rest == right[~marked]).mean() > 0.8
    # What was learned from is judged by others, or it would always agree with its mark.
    assert ((found["verified"][marked] >= 0.5) != right[marked]).any()
    assert result["MARKED"] == 79
    assert result["RIGHT"] + result["WRONG"] + result["UNSURE"] == result["COUNT"] == COUNT
    assert 0.8 < result["AUROC"] < 1
    assert sorted(path.name for path in folder.iterdir()) == ["checked.gpkg", "r.html", "v.safetensors"]
    page = (folder / "r.html").read_text(encoding="utf-8")
    assert "square blocks" in page
    assert page.count("data:image/png") == 2


def test_the_layer_has_style_record_and_value_lists(polygons, tmp_path):
    result = perform(job(polygons, tmp_path / "out"), QUIET)
    info = pyogrio.read_info(result["OUTPUT"], layer="landslides")
    record = json.loads(info["layer_metadata"]["SCARP_RUN"])
    assert (record["job"], record["marks"]["by"]) == ("verify", "analyst")
    assert record["inputs"] == {"polygons": polygons}
    styles = pyogrio.raw.read(result["OUTPUT"], layer="layer_styles")
    assert any("categorizedSymbol" in str(column[0]) for column in styles[3])


def test_a_verifier_works_elsewhere(polygons, tmp_path):
    made = perform(job(polygons, tmp_path / "a"), QUIET)
    assert set(load_file(made["MODEL"])) >= {"feature", "threshold", "left", "right", "value"}
    values, right = columns(seed=7)
    del values["reviewed"]
    kinds = {name: kind for name, kind in KINDS.items() if name != "reviewed"}
    other = write_layer(tmp_path / "other.gpkg", boxes(7), kinds, values)
    result = perform(job(other, tmp_path / "b", verifier=made["MODEL"], model=""), QUIET)
    found, _, _ = read(result["OUTPUT"])
    assert ((found["verified"] >= 0.5) == right).mean() > 0.8
    assert (result["MARKED"], set(found["verdict_by"])) == (0, {"verifier"})
    assert np.isnan(result["AUROC"])


def test_a_reference_judges_inside_its_area(polygons, tmp_path):
    _, right = columns()
    shapes = np.array(boxes(), object)
    kinds = {"name": "object"}
    # The reference covers the western half of each right polygon.
    covers = [
        shapely.MultiPolygon([shapely.box(*(shape.bounds + np.array([0, 0, -20, 0])))]) for shape in shapes[right]
    ]
    reference = write_layer(tmp_path / "ref.gpkg", covers, kinds, {}, "true")
    west = shapely.MultiPolygon([shapely.box(499_000, 4_690_000, 502_500, 4_710_000)])
    area = write_layer(tmp_path / "area.gpkg", [west], kinds, {}, "area")
    result = perform(job(polygons, tmp_path / "out", reference=reference, area=area), QUIET)
    found, _, _ = read(result["OUTPUT"])
    inside = shapely.get_x(shapely.centroid(shapes)) <= 502_500
    np.testing.assert_array_equal(found["verdict_by"] == "reference", inside)
    np.testing.assert_array_equal(found["verdict"][inside] == "right", right[inside])
    strict = perform(job(polygons, tmp_path / "strict", reference=reference, area=area, share=0.49), QUIET)
    assert strict["MARKED"] == inside.sum()
    with pytest.raises(ScarpError, match="0 polygons are marked as right"):
        perform(job(polygons, tmp_path / "none", reference=reference, area=area, share=0.6), QUIET)


def test_the_same_again_gives_the_same(polygons, tmp_path):
    first, second, third = (
        read(perform(job(polygons, tmp_path / str(i), seed=seed), QUIET)["OUTPUT"])[0]["verified"]
        for i, seed in enumerate((4, 4, 5))
    )
    np.testing.assert_array_equal(first, second)
    assert np.abs(first - third).max() > 0


def test_an_earlier_verdict_is_replaced(polygons, tmp_path):
    once = perform(job(polygons, tmp_path / "a"), QUIET)["OUTPUT"]
    found, _, _ = read(perform(job(once, tmp_path / "b", seed=1), QUIET)["OUTPUT"])
    assert list(found) == [*KINDS, "verified", "verdict", "verdict_by"]


def test_one_block_gives_no_figures_and_says_so(polygons, tmp_path):
    said = []
    reporter = Reporter(log=lambda level, text: said.append((level, text)))
    result = perform(job(polygons, tmp_path / "a", block=1e6, report=str(tmp_path / "r.html")), reporter)
    assert np.isnan(result["AUROC"])
    assert any(level == "warning" and "one block" in text for level, text in said)
    assert np.isnan(read(result["OUTPUT"])[0]["verified"][0])
    assert "nothing could be left out" in (tmp_path / "r.html").read_text(encoding="utf-8")


def unmarked(values):
    values["reviewed"][11:] = None


def older(values):
    for name in ("length_m", "prob_std"):
        del values[name]


@pytest.mark.parametrize(
    ("spoil", "changes", "message"),
    [
        (unmarked, {}, r"\d+ polygons are marked as right and \d+ as wrong; at least 10 of each"),
        (older, {}, r"lacks the attributes length_m, prob_std .*scarp:polygonize"),
        (None, {"field": "checked"}, "no field 'checked'"),
        (None, {"attributes": "slope_mean,scene"}, "scene holds no numbers"),
        (None, {"attributes": "ndvi_mean"}, "No judged polygon has a value of any of ndvi_mean"),
        (None, {"polygons": "missing.gpkg"}, "POLYGONS: the file 'missing.gpkg' does not exist"),
        (None, {"verifier": "missing.safetensors", "model": ""}, "VERIFIER: there is no file"),
        (None, {"verifier": "v.safetensors"}, "MODEL is what was learned"),
        (None, {"output": "o.shp"}, "GeoPackage"),
        (None, {"area": "a.gpkg"}, "AREA says where the REFERENCE is complete"),
        (None, {"output": "", "model": ""}, "No output was asked for"),
    ],
)
def test_bad_input_leaves_no_file(tmp_path, monkeypatch, spoil, changes, message):
    monkeypatch.chdir(tmp_path)
    values, _ = columns()
    if spoil:
        spoil(values)
    kinds = {name: kind for name, kind in KINDS.items() if name in values or name not in ATTRIBUTES}
    polygons = write_layer(tmp_path / "landslides.gpkg", boxes(), kinds, values)
    with pytest.raises(ScarpError, match=message):
        perform(
            VerifyJob(**{"polygons": polygons, "output": "out/o.gpkg", "model": "out/v.safetensors", **changes}), QUIET
        )
    assert [path.name for path in tmp_path.iterdir()] == ["landslides.gpkg"]


def test_older_polygons_do_with_chosen_attributes(tmp_path):
    values, _ = columns()
    older(values)
    kinds = {name: kind for name, kind in KINDS.items() if name in values}
    polygons = write_layer(tmp_path / "old.gpkg", boxes(), kinds, values)
    assert perform(job(polygons, tmp_path / "out", attributes="slope_mean, area_m2"), QUIET)["AUROC"] > 0.8


def test_cancel_leaves_no_file(polygons, tmp_path):
    asked = iter(range(1000))
    with pytest.raises(Cancelled):
        perform(job(polygons, tmp_path / "out"), Reporter(cancelled=lambda: next(asked) > 20))
    assert not (tmp_path / "out").exists()
