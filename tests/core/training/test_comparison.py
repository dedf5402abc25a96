from __future__ import annotations

import csv
import json
import statistics
from pathlib import Path

import pytest
from scarp.core import run
from scarp.core.errors import Cancelled, ScarpError
from scarp.core.jobs import CompareJob, from_json
from scarp.core.training import published, steps
from scarp.core.training.comparison import folder_of

RECIPES = sorted((Path(__file__).resolve().parents[3] / "resources" / "recipes").glob("compare_*.json"))
NETWORKS = "unet(widths=4-8); vnet_small(width=2,down=1-1-1,up=1-1)"


@pytest.fixture
def grid(chips):
    """A job that compares two tiny networks on 24 chips of 60, tested on others."""
    for number in range(37, 61):
        for kind in ("image", "mask"):
            (chips.root / kind / f"{kind}_{number}.png").unlink()

    def job(**changes):
        training = chips.job(learning_rate=0.01, epochs=2, split="train=1-20, validate=21-28, test=29-36")
        values = {name: value for name, value in json.loads(training.to_json()).items() if name != "job"}
        values.update(checkpoint="", table=str(chips.out / "grid.csv"), report="")
        return CompareJob(**{**values, **changes})

    return job


def table(job):
    with open(job.table, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def without_seconds(rows):
    return [{name: value for name, value in row.items() if name != "seconds"} for row in rows]


def test_a_grid_that_was_stopped_goes_on_and_gives_the_same_table(grid, chips):
    choices = {"architecture": NETWORKS, "loss": "bce; focal_iou"}
    whole = grid(**choices, table=str(chips.out / "whole.csv"), report=str(chips.out / "whole.html"))
    assert run(whole)["TRAINED"] == 4
    rows = table(whole)
    assert [(row["network"][:4], row["loss"]) for row in rows] == [
        ("unet", "bce"), ("unet", "focal_iou"), ("vnet", "bce"), ("vnet", "focal_iou")]  # fmt: skip
    for row in rows:
        assert sum(int(row[name]) for name in ("tp", "fp", "fn", "tn")) == 8 * 32 * 32
        tp, fp, fn = (int(row[name]) for name in ("tp", "fp", "fn"))
        assert float(row["iou_landslide"]) == pytest.approx(tp / max(tp + fp + fn, 1), abs=1e-5)
        assert float(row["f1_landslide_low"]) <= float(row["f1_landslide"]) <= float(row["f1_landslide_high"])
        assert (row["epochs"], row["chips_shown"], row["channels"], row["problem"]) == ("2", "40", "3", "")
    page = (chips.out / "whole.html").read_text(encoding="utf-8")
    assert not [text for text in ("40 chips of 32 px in 2 epochs", "Ids chosen by hand") if text not in page]

    job, texts, said = grid(**choices), [], []
    with pytest.raises(Cancelled):
        run(job, lambda _, text: texts.append(text), lambda: any("bce-adamw-0: Epoch 2" in t for t in texts[-1:])
            and len([t for t in texts if "done" in t]) == 2)  # fmt: skip
    assert without_seconds(table(job)) == without_seconds(rows[:2])
    before = {path: path.stat().st_mtime_ns for path in folder_of(job.table).glob("unet*.safetensors")}
    assert len(before) == 2
    run(job, log=lambda level, text: said.append(text))
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert any("vnet" in text and "Resuming after epoch 1" in text for text in said)
    assert without_seconds(table(job)) == without_seconds(rows)
    assert not list(folder_of(job.table).glob("*.state.safetensors"))


def test_what_cannot_be_trained_has_its_reason_and_the_others_go_on(grid, chips, monkeypatch):
    real, warned = steps.Steps.add, []

    def add(self, batch, last):
        return float("nan") if type(self.model).__name__ == "VNet" else real(self, batch, last)

    monkeypatch.setattr(steps.Steps, "add", add)
    job = grid(architecture=f"unet(nonsense=3); {NETWORKS}", epochs=1, report=str(chips.out / "grid.html"))
    result = run(job, log=lambda level, text: warned.append(text) if level == "warning" else None)
    assert (result["TRAINED"], result["FAILED"]) == (1, 2)
    rows = table(job)
    assert "nonsense" in rows[0]["problem"]
    assert "The loss became nan" in rows[2]["problem"]
    assert [bool(row["f1_landslide"]) for row in rows] == [False, True, False]
    assert sum("left out" in text for text in warned) == 2
    assert "cannot be built" in (chips.out / "grid.html").read_text(encoding="utf-8")

    # The grid may grow: what is there stays, what failed is tried again.
    monkeypatch.undo()
    assert run(grid(architecture=NETWORKS, epochs=1, seeds=2))["TRAINED"] == 4
    rows = table(job)
    assert [row["seed"] for row in rows] == ["0", "1", "0", "1", "mean", "std", "mean", "std"]
    f1 = [float(row["f1_landslide"]) for row in rows[:2]]
    assert float(rows[4]["f1_landslide"]) == pytest.approx(statistics.fmean(f1), abs=1e-5)
    assert float(rows[5]["f1_landslide"]) == pytest.approx(statistics.pstdev(f1), abs=1e-5)
    with pytest.raises(ScarpError, match="EPOCHS was 1, is 2"):
        run(grid(architecture=NETWORKS))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"architecture": "unet; scarpnett"}, "'scarpnett'"),
        ({"loss": "bce; no"}, "no"),
        ({"optimizer": "adamw; lion"}, "'lion'"),
        ({"features": "rgb3; bands99"}, "bands99"),
        ({"features": "rgb3; bands23"}, "needs"),
        ({"split": "train=1-20, validate=21-28"}, "Nothing is kept for the test"),
        ({"loss": "bce; dice", "architecture": "unet; unetpp; resunet", "combine": "pairs"}, "LOSS has 2"),
    ],
)
def test_what_is_wrong_is_refused_before_anything_is_trained(grid, chips, changes, words):
    with pytest.raises(ScarpError, match=words):
        run(grid(**changes))
    assert not chips.out.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"head": "single; triple"}, "HEAD is 'triple'"),
        ({"loss": " ; "}, "LOSS is empty"),
        ({"loss": "bce; BCE"}, "asked for twice"),
        ({"checkpoint": "a.safetensors"}, "CHECKPOINT is set"),
        ({"table": ""}, "TABLE"),
        ({"seeds": 0}, "SEEDS is 0"),
        ({"dataset": "", "bands": ["a.tif"], "labels": "l.gpkg", "split": ""}, "Set BLOCK=1"),
    ],
)
def test_a_job_that_is_wrong_says_why(grid, changes, words):
    with pytest.raises(ScarpError, match=words):
        grid(**changes).check()


def test_files_are_called_as_what_was_asked_for(grid):
    long = "b02,b03,b04,b08,b11,ndvi,ndmi,gray,slope"
    cells = grid(architecture="unet; unet(widths=4-8)", features=f"auto; {long}, dem; {long},b12").cells()
    assert cells[0].name == "unet-single-auto-focal_iou-adamw-0"
    assert len({cell.name for cell in cells}) == 6
    assert all(set(cell.name) <= set("abcdefghijklmnopqrstuvwxyz0123456789_.=-") for cell in cells)


def test_a_scene_is_compared_on_its_block(scene):
    values = {name: value for name, value in json.loads(scene.job(epochs=1).to_json()).items() if name != "job"}
    values.update(
        checkpoint="", block=1, blocks=3, features="b02,b03; b02,b03,b04,gray", table=str(scene.out / "t.csv")
    )
    job = CompareJob(**values)
    run(job)
    assert [(row["channels"], row["problem"]) for row in table(job)] == [("2", ""), ("4", "")]
    assert len({int(row["tp"]) + int(row["fn"]) for row in table(job)}) == 1


def test_published_figures_stand_beside_ours(grid, chips):
    folder = chips.root.with_name("bijie")
    chips.root.rename(folder)
    page = chips.out / "p.html"
    run(grid(dataset=str(folder), architecture="unet", loss="bce", epochs=1, epoch_chips=4, report=str(page)))
    wanted = ["Hegde et al. 2025", "unetpp_spatial_contextual", "rgb4dem: 4 channels, with dem",
              "rgb3: 3 channels, no elevation", "not among these"]  # fmt: skip
    assert not [text for text in wanted if text not in page.read_text(encoding="utf-8")]
    rows = published.beside("landslide4sense-rgb", {"unet", "raunet1"}, {"optimizer"})
    assert {(row.topic, row.network) for row in rows} == {
        ("head", "unet"), ("network", "raunet1"), ("optimizer", "raunet1")}  # fmt: skip
    assert not published.beside("elsewhere", {"unet"})


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda path: path.stem)
def test_recipes_are_jobs(recipe):
    assert len(from_json(recipe.read_text(encoding="utf-8")).cells()) in (2, 6)
