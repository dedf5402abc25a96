import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scarp.core import run
from scarp.core.errors import ScarpError
from scarp.core.jobs import KINDS, DetectJob, PolygonizeJob, TrainJob, from_json

names = st.text("abc/._ |é", min_size=1)


@given(bands=st.lists(names, min_size=1), mask=names, threshold=st.none() | st.floats(0, 1), vote=st.booleans())
def test_a_job_survives_json(bands, mask, threshold, vote):
    job = DetectJob(bands=bands, checkpoint="c", mask=mask, threshold=threshold, vote=vote)
    assert from_json(job.to_json()) == job
    assert "\n" not in job.to_json()


def test_every_kind_can_be_told_from_its_json():
    for kind, job_class in KINDS.items():
        assert json.loads(job_class().to_json())["job"] == kind


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not valid JSON"),
        ("[]", "Unknown job"),
        ('{"job": "detekt"}', "Known: buildbands"),
        ('{"job": "detect", "bandz": []}', "unknown bandz"),
        ('{"job": "detect", "bands": 3}', "wrong type"),
        ('{"job": "detect", "bands": ["a"], "checkpoint": "c", "mask": "m", "threshold": "high"}', "wrong type"),
        ('{"job": "detect", "bands": ["a"], "checkpoint": "c", "mask": "m", "event_date": "May"}', "year-month-day"),
        ('{"job": "detect", "bands": ["a"], "checkpoint": "c"}', "No output was asked for"),
        (
            '{"job": "detect", "bands": ["a"], "checkpoint": "c", "mask": "m", "extent": [0, 0, 0, 1]}',
            "EXTENT is empty",
        ),
        ('{"job": "train", "checkpoint": "c"}', "not neither"),
        ('{"job": "train", "checkpoint": "c", "dataset": "d", "chip": 100}', "multiple of 32"),
    ],
)
def test_a_job_that_is_wrong_says_why(text, words):
    with pytest.raises(ScarpError, match=words):
        from_json(text)


@pytest.mark.parametrize(
    "job",
    [
        DetectJob(bands=["a.tif"], checkpoint="c", mask="a.tif"),
        DetectJob(bands=["a.tif"], checkpoint="c", mask="b.tif", probability="./b.tif"),
        PolygonizeJob(probability="p.tif", mask="p.tif"),
        TrainJob(bands=["a.tif"], labels="l.gpkg|layername=x", checkpoint="k.safetensors", init="k.safetensors"),
    ],
)
def test_an_output_never_replaces_an_input_or_another_output(job, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ScarpError, match="is the same file as"):
        run(job)
    assert not list(tmp_path.iterdir())
