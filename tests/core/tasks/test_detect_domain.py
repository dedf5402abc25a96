"""Detection tells whether the scene is like the training: in log, result, run record and a map."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
import rasterio
from scarp.core import checkpoint, run
from scarp.core.card import Card
from scarp.core.chips.chip import Chip
from scarp.core.jobs import BuildBandsJob, DetectJob
from scarp.core.reporter import Reporter
from scarp.core.training.domain import measure_domain
from scarp.models import create

NAMES = ("B02", "B03", "B04")


class OneChip(list):
    names, radiometry = NAMES, "dn"


@pytest.fixture
def network(tmp_path):
    """An untrained network whose card has seen dark, blue to red falling bands."""
    rng = np.random.default_rng(1)
    bands = rng.normal(1, 0.1, (3, 128, 128)) * np.array([900, 700, 450])[:, None, None]
    chips = OneChip([Chip(bands.astype(np.float32), np.zeros((128, 128), np.uint8), "", np.ones((128, 128), bool))])
    options = {"widths": [8, 16]}
    card = Card("unet", ["b02", "b04", "red_local"], [900, 450, 0.5], [90, 45, 0.2], options=options,
                bands_required=["B02", "B04"], seen=measure_domain(chips, ("B02", "B04"), Reporter()))  # fmt: skip
    path = tmp_path / "net.safetensors"
    checkpoint.save(path, create("unet", 3, **options), card)
    return path, bands


def write(path, bands, names):
    with rasterio.open(
        path, "w", driver="GTiff", count=len(bands), height=128, width=128, dtype="uint16", crs="EPSG:32654",
        transform=rasterio.Affine(10, 0, 5e5, 0, -10, 4.7e6),
    ) as file:  # fmt: skip
        file.write(bands.astype(np.uint16))
        file.descriptions = names
    return str(path)


def detect(tmp_path, path, bands):
    lines = []
    job = DetectJob(
        bands=[bands],
        radiometry="dn",
        checkpoint=str(path),
        device="cpu",
        precision="fp32",
        probability=str(tmp_path / "probability.tif"),
        domain=str(tmp_path / "domain.tif"),
    )
    result = run(job, log=lambda level, text: lines.append((level, text)))
    with rasterio.open(result["DOMAIN"]) as file:
        record = json.loads(file.tags()["SCARP_RUN"])
        return (
            result["DOMAIN_DISTANCE"],
            record["domain"],
            file.read(1),
            [t for level, t in lines if level == "warning"],
        )


def test_log_result_record_and_map_agree(network, tmp_path):
    path, bands = network
    distance, facts, cells, warnings = detect(tmp_path, path, write(tmp_path / "ok.tif", bands, NAMES))
    assert distance < 0.3
    assert not [text for text in warnings if "look like" in text]
    assert not facts["scene"]["warned"]
    assert cells.shape == (1, 1)
    assert cells[0, 0] == pytest.approx(distance, abs=0.05)

    wrong = write(tmp_path / "wrong.tif", bands, NAMES[::-1])
    distance, facts, cells, warnings = detect(tmp_path, path, wrong)
    assert distance > 1
    assert [text for text in warnings if "B02 and B04 were exchanged: check BAND_MAP" in text]
    assert facts["scene"]["warned"]
    assert "exchanged" in facts["scene"]["causes"][0]
    assert cells[0, 0] == pytest.approx(distance, abs=0.05)


def test_built_bands_are_compared_too_and_so_is_their_mode(network, tmp_path):
    path, bands = network
    built = str(tmp_path / "built.tif")
    wrong = write(tmp_path / "wrong.tif", bands, NAMES[::-1])
    run(BuildBandsJob(bands=[wrong], radiometry="dn", features="b02,b04,local", output=built))
    distance, _, _, warnings = detect(tmp_path, path, built)
    assert distance > 1
    assert not [text for text in warnings if "mode" in text]
    model, card = checkpoint.load(path)
    checkpoint.save(path, model, replace(card, mode="chip"))
    _, _, _, warnings = detect(tmp_path, path, built)
    assert [text for text in warnings if "built in mode 'scene', the checkpoint was trained in mode 'chip'" in text]
