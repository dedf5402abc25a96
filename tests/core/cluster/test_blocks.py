"""A detection in blocks, without a cluster: the division, the equality with a single run, and what is kept."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import rasterio
from hypothesis import given
from hypothesis import strategies as st
from scarp.core import run
from scarp.core.cluster import blocks
from scarp.core.cluster.batch import Batch, Options
from scarp.core.cluster.engine import Here
from scarp.core.cluster.listing import Listed
from scarp.core.inference.lattice import Axis
from scarp.core.products.probability import Probability
from scarp.core.reporter import Reporter


def in_blocks(job, count, **options):
    said = []
    reporter = Reporter(log=lambda level, text: said.append(text))
    with Here() as engine:
        listed = [Listed("job", Path("job.json"), job)]
        (outcome,) = Batch(listed, engine, Options(blocks=count, **options), reporter, lambda _: None).run()
    return outcome, said


@given(
    length=st.integers(64, 3000),
    steps=st.integers(2, 8),
    shared=st.integers(1, 7),
    count=st.integers(1, 40),
    part=st.tuples(st.floats(0, 1), st.floats(0, 1)),
)
def test_blocks_cover_every_row_once_and_share_one_row_of_tiles(length, steps, shared, count, part):
    overlap = 32 * min(shared, steps - 1)
    axis = Axis(length, 32 * steps, overlap, -(-overlap // 64) * 32)
    low = int(min(part) * (length - 1))
    high = max(low + 1, int(max(part) * length))
    rows = blocks.divide(axis, low, high, count)
    assert rows[0][0] == low
    assert rows[-1][1] == high
    assert all(above[1] == below[0] for above, below in zip(rows, rows[1:]))
    assert all(start < end for start, end in rows)
    assert len(rows) <= count
    if overlap <= axis.tile // 2:
        computed = sum(len(axis.touching(*block)) for block in rows)
        assert computed - len(axis.touching(low, high)) <= 2 * (len(rows) - 1)


@pytest.mark.parametrize("count", [3, 100])
def test_a_job_in_blocks_is_the_job_in_one_go(job, with_outputs, tmp_path, assert_same, count):
    mine = with_outputs(job, tmp_path, "probability", "mask", "polygons")
    outcome, said = in_blocks(mine, count)
    assert outcome.state == "done", outcome.message
    assert_same(mine)
    assert outcome.result["COUNT"] > 100
    with Probability(mine.probability) as raster:
        assert raster.record["blocks"] == min(count, 9)
        assert raster.record["parameters"]["tile"] == 96
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mask.tif", "polygons.gpkg", "probability.tif"]
    assert sum("Tiles of" in text for text in said) == 1  # not once a block
    again, _ = in_blocks(mine, count)
    assert again.state == "skipped"


def test_extent_and_spread_and_no_probability_asked_for(job, with_outputs, tmp_path):
    corner = [500000 + 10 * 37, 4740000 - 10 * 480, 500000 + 10 * 391, 4740000 - 10 * 11]
    part = with_outputs(replace(job, extent=corner, tta="rotations"), tmp_path, "mask", "uncertainty")
    outcome, _ = in_blocks(part, 4)
    assert outcome.state == "done", outcome.message
    whole = replace(part, mask=str(tmp_path / "m.tif"), uncertainty=str(tmp_path / "u.tif"))
    run(whole, log=lambda *_: None)
    for mine, theirs in ((part.mask, whole.mask), (part.uncertainty, whole.uncertainty)):
        with rasterio.open(mine) as one, rasterio.open(theirs) as two:
            assert one.transform == two.transform
            np.testing.assert_array_equal(one.read(1), two.read(1))


def test_blocks_of_a_run_that_failed_are_kept_and_those_of_another_are_not(job, with_outputs, tmp_path, monkeypatch):
    mine = with_outputs(job, tmp_path, "probability", "mask", "polygons")
    mapped, real = [], blocks.map_block

    def fails_once(job, plan, number, reporter):
        if number == 2 and not mapped.count("failed"):
            mapped.append("failed")
            raise OSError(28, "No space left on device", "/somewhere")
        answer = real(job, plan, number, reporter)
        mapped.append((number, answer["kept"]))
        return answer

    monkeypatch.setattr(blocks, "map_block", fails_once)
    outcome, _ = in_blocks(mine, 3)
    assert outcome.state == "failed"
    assert "no space left" in outcome.message
    assert ".probability.blocks', is kept" in outcome.message
    assert sorted(path.name for path in tmp_path.iterdir()) == [".probability.blocks"]
    assert mapped == [(0, False), (1, False), "failed"]
    mapped[:] = ["failed"]
    assert in_blocks(mine, 3)[0].state == "done"
    assert mapped[1:] == [(0, True), (1, True), (2, False)]

    # Other blocks lie in the way: of another scene, by their key.
    folder = tmp_path / ".probability.blocks"
    folder.mkdir()
    with rasterio.open(mine.probability) as raster:
        profile = {**raster.profile, "height": 128}
    for number in range(3):
        with rasterio.open(folder / f"block-{number:04}-probability.tif", "w", **profile) as raster:
            raster.update_tags(**{blocks.BLOCK_TAG: "of another job"})
    mapped[:] = ["failed"]
    assert in_blocks(mine, 3, again=True)[0].state == "done"
    assert mapped[1:] == [(0, False), (1, False), (2, False)]


def test_all_nodata_is_refused_as_in_one_go_and_a_block_of_it_is_not(job, inputs, with_outputs, tmp_path):
    empty = [500000, 4740000 - 10 * 40, 500000 + 10 * 60, 4740000]  # the corner without data
    outcome, _ = in_blocks(with_outputs(replace(job, extent=empty), tmp_path, "mask"), 2)
    assert outcome.state == "failed"
    assert "No pixel is valid" in outcome.message
    tall = [500000, 4740000 - 10 * 200, 500000 + 10 * 60, 4740000]
    outcome, _ = in_blocks(with_outputs(replace(job, extent=tall), tmp_path, "mask"), 4)
    assert outcome.state == "done", outcome.message


def test_precision_is_fixed_and_said(job, with_outputs, tmp_path):
    mine = with_outputs(replace(job, precision="auto"), tmp_path, "probability")
    said = []
    plan = blocks.make_plan(mine, 3, "", Reporter(log=lambda level, text: said.append(text)))
    assert plan.precision == "fp32"
    assert any("PRECISION=auto is fp32" in text for text in said)
    assert plan.fixed(mine).precision == "fp32"
    assert json.loads(json.dumps(plan.__dict__)) == plan.__dict__


def test_an_output_in_an_object_store_needs_a_folder(job):
    remote = replace(job, probability="/vsis3/bucket/p.tif")
    outcome, _ = in_blocks(remote, 3)
    assert outcome.state == "failed"
    assert "--folder" in outcome.message
