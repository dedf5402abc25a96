from __future__ import annotations

import inspect
import itertools

import cv2
import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from scarp.core import card as cards
from scarp.core import checkpoint, run
from scarp.core.chips import splits
from scarp.core.errors import Cancelled, ScarpError
from scarp.core.jobs import DescribeCheckpointJob
from scarp.core.reporter import Reporter
from scarp.core.training import trainer
from scarp.core.training.calibration import LogitHistogram
from scarp.core.training.data import open_data
from scarp.core.training.metrics import score
from scarp.core.training.state import state_path
from scarp.core.training.steps import Steps


def weights(path):
    return load_file(path)


def same(first, second):
    return first.keys() == second.keys() and all(torch.equal(first[name], second[name]) for name in first)


def test_own_split_keeps_its_gap_and_the_fold_is_the_papers(chips):
    with open_data(chips.job(fold=1), Reporter()) as data:
        number = {
            name: np.array([int(source[i].id.split("_")[1]) for i in range(len(source))])
            for name, source in (
                ("train", data.split.train(0)),
                ("again", data.split.train(1)),
                ("validation", data.split.validation),
                ("test", data.split.test),
            )
        }
    assert sorted(number["test"]) == list(range(49, 61))
    assert np.abs(number["train"][:, None] - number["validation"]).min() > data.split.facts["gap_ids"] > 0
    assert not set(number["train"]) & set(number["test"])
    assert set(number["train"]) == set(number["again"])
    assert list(number["train"]) != list(number["again"])


def test_the_test_part_is_read_once_at_the_end(chips, monkeypatch):
    read = []
    from scarp.core.chips.folder import ChipFolder

    plain = ChipFolder.__getitem__

    def spy(folder, index):
        read.append(folder.entries[index].number)
        return plain(folder, index)

    monkeypatch.setattr(ChipFolder, "__getitem__", spy)
    result = run(chips.job(fold=1))
    tested = [place for place, number in enumerate(read) if number >= 49]
    assert sorted(read[place] for place in tested) == list(range(49, 61))
    assert tested[0] >= len(read) - 12
    assert result["SPLIT"] == "test (fold 1)"


def test_a_small_validation_part_is_helped_out_by_the_training_chips(chips, monkeypatch):
    counted, fit = [], LogitHistogram.fit
    monkeypatch.setattr(LogitHistogram, "fit", lambda self: counted.append(sum(self.pixels)) or fit(self))
    found = []
    for few in (0, 1000):
        monkeypatch.setattr(splits, "FEW", few)
        job = chips.job(epoch_chips=100)  # shown more than once in an epoch, but counted once
        run(job)
        found.append(cards.read(job.checkpoint))
    facts = found[0].training
    assert counted[1] / counted[0] == (facts["validation_chips"] + facts["training_chips"]) / facts["validation_chips"]
    assert counted[2] / counted[0] == 60 / facts["validation_chips"]  # the second network, on all chips
    assert ["all 60 chips" in card.threshold_choice for card in found] == [False, True]


@pytest.mark.parametrize(
    ("few", "patience", "kept", "epochs"),
    [(0, 0, 2, 4), (1000, 0, 4, 4), (1000, 1, 2, 3)],
    ids=["many", "few", "patient"],
)
def test_where_few_chips_validate_the_last_epoch_is_kept_and_else_the_best(
    few, patience, kept, epochs, chips, monkeypatch
):
    monkeypatch.setattr(splits, "FEW", few)
    figures, weights = itertools.cycle([0.5, 0.5, 0.9, 0.9, 0.7, 0.7, 0.6, 0.6]), []  # two thresholds an epoch
    monkeypatch.setattr(trainer, "scores", lambda *_: {"f1_landslide": next(figures), "f1_macro": 0.0})
    finish = trainer.Trainer._finish

    def spy(self, *arguments):
        weights.append([value.clone() for value in self.scorer.model.state_dict().values()])
        finish(self, *arguments)

    monkeypatch.setattr(trainer.Trainer, "_finish", spy)
    job = chips.job(epochs=4, patience=patience, report=str(chips.out / "report.html"))
    run(job)
    said = (chips.out / "report.html").read_text(encoding="utf-8")
    assert ("the last one, since little validates" in said) == (kept == epochs)
    model, card = checkpoint.load(job.checkpoint)
    twice = kept == epochs  # a second network learns from all chips
    assert (card.training["best_epoch"], len(weights)) == (kept, epochs * (1 + twice))
    first = next(iter(model.state_dict().values()))
    numbers = range(1, len(weights) + 1)
    assert [torch.equal(first, epoch[0]) for epoch in weights] == [
        number == kept + epochs * twice for number in numbers
    ]


def test_the_threshold_may_be_chosen_on_chips_as_they_look_elsewhere(chips):
    cards_of = {}
    for calibrate in ("plain", "augmented"):
        job = chips.job(augment="flips,paste,jitter", calibrate=calibrate)
        run(job)
        cards_of[calibrate] = cards.read(job.checkpoint)
    plain, augmented = cards_of["plain"], cards_of["augmented"]
    assert "changed by flips, jitter as in another place" in augmented.threshold_choice
    assert "another place" not in plain.threshold_choice
    assert augmented.training["calibrate"] == "augmented"
    # The same network: only what was chosen afterwards differs.
    shift = [card.training["calibration_shift"] for card in (plain, augmented)]
    assert (plain.temperature, shift[0]) != (augmented.temperature, shift[1])
    name = next(iter(plain.metrics))
    assert plain.metrics[name]["auroc"] == pytest.approx(augmented.metrics[name]["auroc"], abs=1e-3)


def test_figures_are_those_of_an_independent_count(chips):
    job = chips.job(epochs=3, learning_rate=0.01, fold=1)
    result = run(job)
    model, card = checkpoint.load(job.checkpoint)
    with open_data(job, Reporter()) as data:
        source = data.split.test
        found = [source[i] for i in range(len(source))]
    mean, std = (np.array(values, np.float32)[:, None, None] for values in (card.mean, card.std))
    x = np.stack([(chip.bands - mean) / std for chip in found])
    with torch.no_grad():
        probability = (model(torch.from_numpy(x)).mask / card.temperature).softmax(1)[:, 1].numpy()
    expected = score(probability, np.stack([chip.label for chip in found]), None, card.threshold)
    assert result["F1_LANDSLIDE"] == pytest.approx(expected["f1_landslide"], abs=0.01)
    assert result["MIOU"] == pytest.approx(expected["miou"], abs=0.01)


def test_same_seed_same_weights_other_seed_other_weights(chips):
    found = []
    for seed in (1, 1, 2):
        run(chips.job(seed=seed))
        found.append(weights(chips.out / "net.safetensors"))
    assert same(found[0], found[1])
    assert not same(found[0], found[2])


@pytest.mark.parametrize("optimizer", ["adamw", "sgd", "nadam"])
def test_a_cancelled_training_is_resumed_to_the_same_weights(chips, optimizer):
    choice = {
        "architecture": "unet(widths=4-8,dropout=0.2)",
        "epochs": 3,
        "optimizer": optimizer,
        "schedule": "cosine" if optimizer == "adamw" else "plateau",
    }
    whole = chips.out / "whole.safetensors"
    run(chips.job(**choice, checkpoint=str(whole)))
    job, said = chips.job(**choice), []

    def log(level, text):
        said.append(text)

    texts = []
    with pytest.raises(Cancelled):
        run(job, lambda share, text: texts.append(text), lambda: any("Epoch 3 of 3, batch 2" in t for t in texts), log)
    left = sorted(path.name for path in chips.out.iterdir())
    assert left == ["net.safetensors", "net.state.safetensors", "whole.safetensors"]
    assert not checkpoint.load(job.checkpoint)[1].training["finished"]
    assert any("RESUME=" in text and "after epoch 2" in text for text in said)
    run(chips.job(**choice, resume=str(state_path(job.checkpoint))))
    assert same(weights(whole), weights(job.checkpoint))
    cards_ = [cards.read(path) for path in (whole, job.checkpoint)]
    assert cards_[0].metrics == cards_[1].metrics
    assert not state_path(job.checkpoint).exists()


def test_cancel_in_the_first_epoch_leaves_nothing(chips):
    texts = []
    with pytest.raises(Cancelled):
        run(chips.job(), lambda share, text: texts.append(text), lambda: any("batch 3" in text for text in texts))
    assert not chips.out.exists()


def test_cancel_is_answered_within_a_batch(chips):
    asked = []

    def cancelled():
        # The stack says where it is asked: the second time that a gradient asks is deep inside a batch.
        asked.append(any(frame.function == "backward" for frame in inspect.stack(0)))
        return sum(asked) >= 2

    with pytest.raises(Cancelled):
        run(chips.job(), cancelled=cancelled)
    assert sum(asked) == 2


@pytest.fixture
def stopped(chips):
    """A training that was cancelled in its second epoch."""
    texts = []
    job = chips.job()
    with pytest.raises(Cancelled):
        run(job, lambda share, text: texts.append(text), lambda: any("Epoch 2" in text for text in texts))
    return state_path(job.checkpoint)


def test_resume_goes_only_with_the_same_training(chips, stopped):
    with pytest.raises(ScarpError, match=r"EPOCHS was 2, is 9, LEARNING_RATE was None, is 0.1"):
        run(chips.job(epochs=9, learning_rate=0.1, resume=str(stopped)))
    with pytest.raises(ScarpError, match=r"no state of a training.*INIT"):
        run(chips.job(resume=str(chips.out / "net.safetensors")))
    (chips.root / "mask" / "mask_1.png").unlink()
    with pytest.raises(ScarpError, match="data are no longer those"):
        run(chips.job(resume=str(stopped)))
    (chips.out / "net.safetensors").unlink()
    with pytest.raises(ScarpError, match=r"net.safetensors.*not beside it"):
        run(chips.job(resume=str(stopped)))
    with pytest.raises(ScarpError, match="state of a training run, not a checkpoint"):
        cards.read(stopped)


def test_resume_to_another_checkpoint_keeps_the_best_of_before(chips, stopped):
    other = chips.out / "elsewhere" / "b.safetensors"
    run(chips.job(checkpoint=str(other), resume=str(stopped)))
    assert checkpoint.load(other)[1].training["finished"]


def test_a_training_that_goes_astray_says_so(chips, monkeypatch):
    monkeypatch.setattr(Steps, "gradients", lambda steps, batch, last: float("nan"))
    with pytest.raises(ScarpError, match="smaller LEARNING_RATE"):
        run(chips.job())
    assert not chips.out.exists()


@pytest.mark.parametrize("strewn", [False, True])
def test_a_network_that_learned_nothing_is_warned_about(chips, strewn):
    said, rng = [], np.random.default_rng(0)
    for path in sorted((chips.root / "mask").glob("*.png")) if strewn else ():
        cv2.imwrite(str(path), rng.permuted(cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)))
    run(chips.job(epochs=4), log=lambda level, text: said.append(text) if level == "warning" else None)
    assert any("hardly tells landslide from background" in text for text in said) == strewn


def test_when_memory_runs_out_batches_go_through_in_pieces(chips, monkeypatch):
    gradients, said = Steps.gradients, []

    def greedy(steps, batch, last):
        if steps.pieces < 4:
            raise torch.cuda.OutOfMemoryError("CUDA out of memory")
        return gradients(steps, batch, last)

    monkeypatch.setattr(Steps, "gradients", greedy)
    run(chips.job(epochs=1), log=lambda level, text: said.append((level, text)))
    assert [text.split(":")[1][:26] for _, text in said if "Out of memory" in text] == [
        " batches go through in 2 p",
        " batches go through in 4 p",
    ]


@pytest.mark.parametrize(("head", "loss"), [("multires", "focal_iou"), ("dual", "center"), ("single", "wce")])
def test_heads_and_losses_are_trained(chips, head, loss):
    assert run(chips.job(epochs=1, head=head, loss=loss))["F1_LANDSLIDE"] >= 0


def test_fine_tuning_takes_over_what_is_known(chips):
    base, tuned = (
        chips.out / "base.safetensors",
        chips.job(epochs=1, features="green,red,red_local", learning_rate=1e-9),
    )
    run(chips.job(checkpoint=str(base)))
    said = []
    tuned.init = str(base)
    run(tuned, log=lambda level, text: said.append((level, text)))
    before, after = weights(base), weights(tuned.checkpoint)
    first = next(name for name, tensor in before.items() if tensor.dim() == 4)
    assert torch.allclose(after[first][:, :2], before[first][:, [1, 0]], atol=1e-6)
    assert after[first][:, 2].abs().max() < 1e-6
    assert torch.allclose(after["heads.classify.weight"], before["heads.classify.weight"], atol=1e-6)
    warning = next(text for level, text in said if level == "warning" and "first layer" in text)
    for words in ("2 channels keep", "starting at 0: red_local", "no longer used: blue"):
        assert words in warning


def test_fine_tuning_needs_the_same_network_and_a_shared_channel(chips):
    base = chips.out / "base.safetensors"
    run(chips.job(epochs=1, checkpoint=str(base)))
    with pytest.raises(ScarpError, match="Set ARCHITECTURE=unet"):
        run(chips.job(architecture="raunet_small", init=str(base)))
    with pytest.raises(ScarpError, match=r"unet\(widths=4-8\), but unet\(widths=4-16\)"):
        run(chips.job(architecture="unet(widths=4-16)", init=str(base)))
    with pytest.raises(ScarpError, match="share some"):
        run(chips.job(features="gray,blur", init=str(base)))
    assert run(chips.job(epochs=1, architecture="unet", init=str(base)))["THRESHOLD"] >= 0


def test_describe(chips):
    job = chips.job(report=str(chips.out / "training.html"))
    trained = run(job)
    said = run(DescribeCheckpointJob(checkpoint=job.checkpoint, report=str(chips.out / "card.html")))
    for name in ("F1_LANDSLIDE", "MIOU", "THRESHOLD", "SPLIT"):
        assert said[name] == trained[name]
    assert (said["ARCHITECTURE"], said["FEATURES"]) == ("unet", "red,green,blue")
    page = (chips.out / "card.html").read_text(encoding="utf-8")
    for text in ("R, G, B", "validation (block of ids)", f"{said['PARAMETERS']:,} parameters", "focal_iou"):
        assert text in page
    with pytest.raises(ScarpError, match="no checkpoint"):
        run(DescribeCheckpointJob(checkpoint="nothing", report=str(chips.out / "other.html")))
    assert not (chips.out / "other.html").exists()


def test_real_landslide4sense_chips_train_with_23_bands(shared_data, tmp_path):
    job_values = {
        "dataset": str(shared_data / "landslide4sense-14band"),
        "architecture": "unet(widths=4-8)",
        "features": "bands23",
        "epochs": 1,
        "precision": "fp32",
        "checkpoint": str(tmp_path / "l4s.safetensors"),
    }
    from scarp.core.jobs import TrainJob

    run(TrainJob(**job_values))
    card = cards.read(job_values["checkpoint"])
    assert len(card.features) == 23
    assert (card.gsd, card.product, card.radiometry) == (10.0, "L1C", "dn")
    assert "Ghorbanzadeh" in card.training["attribution"]
