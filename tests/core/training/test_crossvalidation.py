from __future__ import annotations

import csv
import json
import statistics

import pytest
from scarp.core import card as cards
from scarp.core import run
from scarp.core.errors import Cancelled, ScarpError
from scarp.core.jobs import CrossValidateJob
from scarp.core.training.crossvalidation import folder_of


@pytest.fixture
def folds(chips):
    """A job that trains three tiny networks in a few seconds."""

    def job(**changes):
        training = chips.job(learning_rate=0.01, epochs=2)
        values = {name: value for name, value in json.loads(training.to_json()).items() if name != "job"}
        values.update(checkpoint="", folds=3, table=str(chips.out / "folds.csv"), report=str(chips.out / "folds.html"))
        return CrossValidateJob(**{**values, **changes})

    return job


def table(job):
    with open(job.table, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def without_seconds(rows):
    return [{name: value for name, value in row.items() if name != "seconds"} for row in rows]


def test_each_chip_is_tested_once_and_the_summary_is_that_of_the_folds(folds):
    job = folds()
    result = run(job)
    rows = table(job)
    assert [row["fold"] for row in rows] == ["1", "2", "3", "mean", "std", "pooled"]
    assert sum(int(row[name]) for row in rows[:3] for name in ("tp", "fp", "fn", "tn")) == 60 * 32 * 32
    f1 = [float(row["f1_landslide"]) for row in rows[:3]]
    assert float(rows[3]["f1_landslide"]) == pytest.approx(sum(f1) / 3, abs=1e-5)
    assert float(rows[4]["f1_landslide"]) == pytest.approx(statistics.pstdev(f1), abs=1e-5)
    tp, fp, fn = (sum(int(row[name]) for row in rows[:3]) for name in ("tp", "fp", "fn"))
    assert float(rows[5]["iou_landslide"]) == pytest.approx(tp / (tp + fp + fn), abs=1e-5)
    assert result["F1_LANDSLIDE"] == pytest.approx(sum(f1) / 3, abs=1e-5)
    assert result["F1_LANDSLIDE_STD"] == pytest.approx(statistics.pstdev(f1), abs=1e-5)
    page = (folder_of(job.table).parent / "folds.html").read_text(encoding="utf-8")
    assert "contiguous blocks with a gap" in page
    assert "fold_3.html" in page
    for number in (1, 2, 3):
        assert (folder_of(job.table) / f"fold_{number}.html").is_file()
        assert cards.read(folder_of(job.table) / f"fold_{number}.safetensors").training["finished"]


def test_a_cancelled_one_goes_on_where_it_stopped_and_gives_the_same_table(folds, chips):
    whole = folds(folds=2, table=str(chips.out / "whole.csv"), report="")
    run(whole)
    job, said = folds(folds=2, report=""), []
    texts = []
    with pytest.raises(Cancelled):
        run(job, lambda share, text: texts.append(text), lambda: any("Fold 2 of 2: Epoch 2" in t for t in texts))
    kept = folder_of(job.table)
    assert not (chips.out / "folds.csv").exists()
    assert sorted(path.name for path in kept.glob("*.safetensors")) == [
        "fold_1.safetensors", "fold_2.safetensors", "fold_2.state.safetensors"]  # fmt: skip
    before = (kept / "fold_1.safetensors").stat().st_mtime_ns
    run(job, log=lambda level, text: said.append(text))
    assert (kept / "fold_1.safetensors").stat().st_mtime_ns == before
    assert any("Fold 1 of 2: finished before" in text for text in said)
    assert any("Fold 2 of 2: Resuming after epoch 1" in text for text in said)
    assert without_seconds(table(job)) == without_seconds(table(whole))


def test_folds_one_by_one_make_the_whole(folds, chips):
    whole = folds(folds=2, table=str(chips.out / "whole.csv"), report="")
    run(whole)
    said = []
    run(folds(folds=2, fold=2), log=lambda level, text: said.append(text))
    assert [row["fold"] for row in table(folds())] == ["2", "mean", "std", "pooled"]
    assert any("still to be trained: 1" in text for text in said)
    run(folds(folds=2, fold=1))
    assert without_seconds(table(folds())) == without_seconds(table(whole))


def test_other_parameters_or_other_data_are_refused(folds, chips):
    job = folds(folds=2)
    run(job)
    with pytest.raises(ScarpError, match="EPOCHS was 2, is 3"):
        run(folds(folds=2, epochs=3))
    for number in range(1, 5):
        (chips.root / "image" / f"image_{number}.png").unlink()
        (chips.root / "mask" / f"mask_{number}.png").unlink()
    with pytest.raises(ScarpError, match="no longer those that fold 1"):
        run(job)


def test_what_cannot_be_trained_leaves_nothing(folds, chips):
    with pytest.raises(ScarpError, match="ARCHITECTURE"):
        run(folds(architecture="unet(widths=4-8,nonsense=3)"))
    assert not chips.out.exists()


def test_the_papers_folds_stand_beside_the_papers_figures(folds, chips):
    chips.root.rename(chips.root.with_name("landslide4sense"))
    job = folds(dataset=str(chips.root.with_name("landslide4sense")), fold_kind="paper", folds=5, epochs=1)
    run(job)
    assert [row["test"] for row in table(job)[:5]] == [f"test (fold {number})" for number in range(1, 6)]
    page = (chips.out / "folds.html").read_text(encoding="utf-8")
    assert not [text for text in ("0.8408", "0.0584", "arXiv 2312.16717") if text not in page]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"folds": 1}, "FOLDS is 1"),
        ({"fold_kind": "paper", "folds": 4}, "the paper has 5"),
        ({"fold": 4}, "FOLD is 4"),
        ({"split": "train=1-2, validate=3-4"}, "SPLIT is set"),
        ({"table": ""}, "TABLE"),
        ({"fold_kind": "random"}, "FOLD_KIND"),
    ],
)
def test_a_job_that_is_wrong_says_why(folds, changes, words):
    with pytest.raises(ScarpError, match=words):
        folds(**changes).check()
