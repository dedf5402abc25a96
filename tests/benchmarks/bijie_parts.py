"""A network trained on Bijie, on its own test part: figures of the landslide chips, false alarms on the others.

    .venv/runtime/bin/python tests/benchmarks/bijie_parts.py JOB.json

JOB is the training job, or a list of them: those that keep a part for the test (FOLD or BLOCK) are judged, at the
checkpoint's own threshold. The published figures are those of chips with a landslide; a map of a country has mostly
chips without. Prints JSON as tools/ship_checkpoint.py takes it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch
from scarp.core import checkpoint
from scarp.core.inference.predictor import Predictor
from scarp.core.jobs import TrainJob
from scarp.core.reporter import Reporter
from scarp.core.training.batches import Preparation
from scarp.core.training.data import open_data
from scarp.core.training.metrics import score

QUIET = Reporter(log=lambda *line: None)
NAMES = (
    "f1_landslide",
    "iou_landslide",
    "precision",
    "recall",
    "f1_macro",
    "miou",
    "accuracy",
    "auprc",
    "auroc",
    "ece",
)


def judge(job: TrainJob) -> dict[str, dict[str, Any]]:
    """Figures of the test part's chips that hold a landslide, and the share of the others that is called one."""
    model, card = checkpoint.load(job.checkpoint)
    predictor = Predictor(model, card, torch.device("cpu"), precision="fp32", reporter=QUIET)
    with open_data(job, QUIET) as data:
        source = data.split.test
        if source is None:
            return {}
        preparation = Preparation(data.channels, data.mode)
        chips = [source[index] for index in range(len(source))]
        inputs = [predictor.standardise(preparation.features(c, source.names), c.valid) for c in chips]
        name = data.split.test_name
    probability = np.concatenate(
        [predictor.run(np.stack(inputs[i : i + 32])).probability for i in range(0, len(inputs), 32)]
    )
    label = np.stack([chip.label for chip in chips])
    holds = (label == 1).any(axis=(1, 2))
    found = score(probability[holds], label[holds], label[holds] != 255, card.threshold)
    alarms = probability[~holds] >= card.threshold
    figures = {key: found[key] for key in NAMES}
    result = {
        f"chips with landslides of the {name}": {"threshold": card.threshold, "chips": int(holds.sum()), **figures}
    }
    sys.stderr.write(
        f"{job.checkpoint}: {int((~holds).sum())} chips without landslide: {alarms.mean():.4f} of their area and "
        f"{alarms.any(axis=(1, 2)).mean():.3f} of the chips have false alarms\n"
    )
    return result


def main() -> None:
    """Judge each job's checkpoint."""
    jobs = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    for values in jobs if isinstance(jobs, list) else [jobs]:
        values.pop("job")
        job = TrainJob(**values)
        if (job.fold or job.block) and Path(job.checkpoint).is_file():
            sys.stdout.write(json.dumps(judge(job), indent=1) + "\n")


if __name__ == "__main__":
    main()
