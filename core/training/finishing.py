"""The end of a training: probabilities are calibrated, the threshold is chosen, and the best network is judged."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

from torch import nn

from ...models.network import Network
from ..card import Card
from ..chips.augment import Augmentation
from ..chips.splits import Split
from ..inference.predictor import Predictor
from ..reporter import Reporter
from .calibration import HIGHEST, LOWEST, LogitHistogram
from .chip_scores import MIN_PIXELS, ChipScores
from .chips_assessment import assess_chips
from .examples import Examples
from .metrics import Histogram
from .scoring import Scorer, scores

# Times that the validation part is seen, each time changed otherwise.
_ROUNDS = 4
# What may be given up of the figure for a lower threshold where a network is to map other places: it is less sure
# there. All of seven networks mapped another event better for it (f1_landslide by 0.003 to 0.055, 0.026 in the mean).
# Where the regions of the training data are mapped it costs as much: 0.03 in the mean of five folds.
_SLACK = 0.03
# An area under the ROC curve below which a network is not worth its name.
_CHANCE = 0.6


@dataclass(frozen=True)
class Result:
    """What is known of a trained network.

    Attributes:
        card: With temperature, threshold and figures.
        parts: Name of a part -> its scores; the validation part first, then the test part, if there is one.
        uncalibrated: Probabilities of the validation part before calibration.
    """

    card: Card
    parts: dict[str, ChipScores]
    uncalibrated: Histogram

    @property
    def split(self) -> str:
        """The part whose figures stand for the training: the test part, else the validation part."""
        return list(self.parts)[-1]


def assess_best(
    card: Card,
    model: nn.Module,
    scorer: Scorer,
    split: Split,
    reporter: Reporter,
    *,
    whole: bool,
    augmentation: Augmentation | None = None,
) -> Result:
    """Calibrate a network and choose its threshold on the validation part; judge it there and on the test part.

    Args:
        card: Of the network, as it was kept.
        model: The network; it is taken over (`Predictor`).
        scorer: Holds the same network. Its last layer is calibrated, as that of ``model``.
        split: The data; the test part is read once.
        reporter: Told the choices and how far it is.
        whole: Chips are scored wholly, so that figures of whole landslides mean something.
        augmentation: Calibration and threshold are chosen on chips that it has changed, and the threshold a little
            lower than is best there (`_SLACK`); None: on chips as they are.

    Where few chips validate (`Split.few_validate`), the training chips help to choose both.
    """
    logits = LogitHistogram()
    uncalibrated = scorer(split.validation, reporter, None if augmentation else logits)
    looked_at = [split.validation] if augmentation else []
    changed = f", its chips changed by {', '.join(augmentation.names)} as in another place," if augmentation else ""
    if split.few_validate:
        looked_at.append(split.trained or split.train(0))
        if split.whole:  # else the split is that of all chips, and its name says it
            changed += " and on the training chips, because it is small,"
    for source in looked_at:
        for number in range(_ROUNDS if augmentation else 1):
            scorer(source, reporter, logits, augmentation, (card.seed, number))
    calibration = logits.fit()
    temperature = calibration.temperature
    for network in (model, scorer.model):
        cast(Network, network).heads.shift(calibration.shift)
    threshold, f1_landslide = logits.best_threshold(calibration, _SLACK if augmentation else 0.0)
    chosen = f"The lowest threshold that costs at most {_SLACK:.0%} of" if augmentation else "The threshold with"
    card = replace(
        card,
        temperature=temperature,
        training={**card.training, "calibration_shift": calibration.shift},
        threshold=threshold,
        threshold_choice=(
            f"{chosen} the highest f1_landslide ({f1_landslide:.3f} with it) on the split '{split.name}'{changed} "
            "after calibration there; no test data were used."
        ),
    )
    if temperature in (LOWEST, HIGHEST):
        reporter.warning(
            f"The calibration is at its limit (temperature {temperature:g}): the validation part has too few errors, "
            "or too many, to tell what probabilities are worth. Take them with care."
        )
    predictor = Predictor(
        model, card, scorer.device, precision=scorer.precision, batch=scorer.loader.batch, reporter=reporter
    )
    sources = [(split.name, split.validation)]
    if split.test is not None:
        sources.append((split.test_name, split.test))
    parts: dict[str, ChipScores] = {}
    for number, (name, source) in enumerate(sources):
        part = reporter.part(number / len(sources), (number + 1) / len(sources))
        found = ChipScores(threshold, MIN_PIXELS if whole else None, Examples())
        parts[name] = assess_chips(source, card, predictor, found, part)
    metrics = {name: found.figures() for name, found in parts.items()}
    metrics[split.name]["ece_uncalibrated"] = uncalibrated.scores()["ece"]
    if metrics[split.name]["auroc"] < _CHANCE:
        reporter.warning(
            f"This network hardly tells landslide from background (auroc {metrics[split.name]['auroc']:.2f} on the "
            f"split '{split.name}'; chance is 0.5). Do not map with it. Look at the course of the training in its "
            "report: try a lower LEARNING_RATE if the loss did not fall, more EPOCHS if it still did, and check that "
            "labels and images lie on each other."
        )
    metrics[f"{split.name}, threshold 0.5"] = scores(parts[split.name].histogram, 0.5)
    reporter.info(
        f"Calibration: {calibration.shift:+.3f} is added to the logits of landslide, which are then divided by "
        f"{temperature:.3f}; ece on the split '{split.name}' "
        f"{metrics[split.name]['ece_uncalibrated']:.4f} before, {metrics[split.name]['ece']:.4f} after."
    )
    return Result(replace(card, metrics=metrics), parts, uncalibrated)
