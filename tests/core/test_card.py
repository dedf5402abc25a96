from __future__ import annotations

import json
import struct
import zipfile

import pytest
from scarp.core import card as cards
from scarp.core.card import Card
from scarp.core.errors import ScarpError
from scarp.core.reporter import Reporter
from scarp.core.training import architecture


def make(**changes):
    values = {
        "architecture": "unet",
        "features": ["b04", "slope"],
        "mean": [500.0, 12.0],
        "std": [100.0, 9.0],
        "bands_required": ["B04", "SLOPE"],
        "threshold": 0.4,
    }
    return Card(**{**values, **changes})


def write(path, header, body=b""):
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + body)
    return path


def with_card(path, text):
    return write(
        path, {"__metadata__": {"scarp": text}, "w": {"dtype": "U8", "shape": [3], "data_offsets": [0, 3]}}, b"abc"
    )


def test_a_card_comes_back_as_it_was_and_undefined_figures_are_null(tmp_path):
    card = make(metrics={"validation": {"f1_landslide": 0.5, "auroc": float("nan")}}, options={"widths": [8, 16]})
    path = with_card(tmp_path / "a.safetensors", card.to_json())
    read = cards.read(path)
    assert read.metrics == {"validation": {"f1_landslide": 0.5, "auroc": None}}
    assert read.options == {"widths": [8, 16]}
    assert (read.features, read.mean, read.threshold) == (card.features, card.mean, card.threshold)


@pytest.mark.parametrize("text", ["unet", "unet(widths=16-32-64, dropout=0.1)", "scarpnet_small(context=1-1)"])
def test_the_network_reads_as_a_training_takes_it(text):
    name, options = architecture.parse(text)
    assert architecture.parse(make(architecture=name, options=options).network) == (name, options)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"just some text, longer than a header would be\n" * 9, "text file"),
        (b"\x80\x02}q\x00(X\x05\x00\x00\x00stateq", "pickled"),
        (b"", "text file|cut off"),
        (b"\x10\x00\x00\x00\x00\x00\x00\x00{}", "cut off"),
        (bytes(range(128, 256)), "no checkpoint"),
    ],
)
def test_what_is_no_checkpoint_is_called_by_its_name(tmp_path, content, words):
    path = tmp_path / "model.safetensors"
    path.write_bytes(content)
    with pytest.raises(ScarpError, match=words):
        cards.read(path)


def test_a_pickled_pt_is_refused(tmp_path):
    path = tmp_path / "model.pt"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("model/data.pkl", b"\x80\x02.")
    with pytest.raises(ScarpError, match="pickled PyTorch file"):
        cards.read(path)


@pytest.mark.parametrize("cut", [1, 3, 40])
def test_every_cut_is_noticed_without_reading_the_tensors(tmp_path, cut):
    path = with_card(tmp_path / "a.safetensors", make().to_json())
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(ScarpError, match=r"not whole|cut off|damaged"):
        cards.read(path)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"format_version": 2}, "format version 2"),
        ({"mean": [1.0]}, "differ in number"),
        ({"std": [0.0, 1.0]}, "not positive"),
        ({"features": []}, "no features"),
        ({"mode": "tile"}, "mode is 'tile'"),
        ({"chip": 100}, "multiple of 32"),
        ({"threshold": 1.5}, "threshold"),
        ({"mean": [None, 1.0]}, "not finite"),
        ({"about": ["for", "whom"]}, "no text"),
        ({"limits": "snow"}, "no list of sentences"),
        ({"limits": ["snow", 3]}, "no list of sentences"),
    ],
)
def test_a_card_that_contradicts_itself_is_refused(tmp_path, changes, words):
    text = json.dumps({**json.loads(make().to_json()), **changes})
    with pytest.raises(ScarpError, match=words):
        cards.read(with_card(tmp_path / "a.safetensors", text))


def test_a_card_may_say_what_it_is_for_and_older_ones_say_nothing(tmp_path):
    said = []
    reporter = Reporter(log=lambda level, text: said.append(text))
    card = make(about="Finds landslides.", limits=["Not on snow.", "Not at night."])
    read = cards.read(with_card(tmp_path / "a.safetensors", card.to_json()))
    cards.introduce(read, reporter, limits=1)
    assert said == ["Finds landslides.", "Limit: Not on snow."]
    old = {key: value for key, value in json.loads(card.to_json()).items() if key not in ("about", "limits")}
    read = cards.read(with_card(tmp_path / "b.safetensors", json.dumps(old)))
    cards.introduce(read, reporter)
    assert (read.about, read.limits, len(said)) == ("", [], 2)


@pytest.mark.parametrize("text", ["[]", "{", "{}", '{"format_version": 1}'])
def test_a_damaged_card_is_refused(tmp_path, text):
    with pytest.raises(ScarpError, match="card of checkpoint"):
        cards.read(with_card(tmp_path / "a.safetensors", text))


def test_other_safetensors_and_states_are_told_apart(tmp_path):
    with pytest.raises(ScarpError, match="without a Scarp card"):
        cards.read(write(tmp_path / "a.safetensors", {}))
    with pytest.raises(ScarpError, match="RESUME"):
        cards.read(write(tmp_path / "b.safetensors", {"__metadata__": {"scarp_state": "{}"}}))


def test_find_takes_paths_and_shipped_names(tmp_path, monkeypatch):
    monkeypatch.setattr(cards, "SHIPPED", tmp_path)
    shipped = with_card(tmp_path / "small.safetensors", make().to_json())
    assert cards.find("small") == shipped
    assert cards.is_shipped(shipped)
    assert not cards.is_shipped(tmp_path / "folder" / "small.safetensors")
    assert cards.find(str(shipped)) == shipped
    for name in ("large", "", "../small"):
        with pytest.raises(ScarpError, match="small"):
            cards.find(name)


def test_find_takes_names_of_the_users_folder_and_a_shipped_one_goes_first(tmp_path, monkeypatch):
    monkeypatch.setattr(cards, "SHIPPED", tmp_path / "shipped")
    monkeypatch.setattr(cards, "data_folder", lambda: tmp_path / "data")
    folders = (cards.SHIPPED, cards.user_folder())
    for folder in folders:
        folder.mkdir(parents=True)
    own = with_card(folders[1] / "own.safetensors", make().to_json())
    both = [with_card(folder / "both.safetensors", make().to_json()) for folder in folders]
    with_card(folders[1] / ".new.part.safetensors", "")
    assert cards.find("own") == own
    assert cards.find("both") == both[0]
    assert cards.named() == [both[0], both[1], own]
    with pytest.raises(ScarpError, match="there are: both, own"):
        cards.find("new")


def test_a_scene_without_the_bands_is_refused_with_all_that_is_missing():
    card = make(features=["b04", "b08", "slope"], bands_required=["B04", "B08", "SLOPE"])
    with pytest.raises(ScarpError, match="Missing in the scene: B08, SLOPE"):
        cards.check_scene(card, ("B04", "B03"), 10.0, Reporter())
    with pytest.raises(ScarpError, match="Missing in the scene: slope"):
        cards.check_scene(card, ("b04", "b08", "ndvi"), 10.0, Reporter())
    cards.check_scene(card, ("b04", "b08", "slope"), 10.0, Reporter())


@pytest.mark.parametrize(
    ("gsd", "outcome"),
    [(10, "fine"), (14.9, "fine"), (15.1, "warned"), (39, "warned"), (41, "refused"), (6, "warned"), (2.4, "refused")],
)
def test_the_ground_sampling_distance_is_compared(gsd, outcome):
    said = []
    reporter = Reporter(log=lambda level, text: said.append(level))
    if outcome == "refused":
        with pytest.raises(ScarpError, match="Set RESOLUTION to 10"):
            cards.check_scene(make(), ("B04", "SLOPE"), gsd, reporter)
    else:
        cards.check_scene(make(), ("B04", "SLOPE"), gsd, reporter)
        assert said == (["warning"] if outcome == "warned" else [])


def test_a_scene_without_pre_event_image_passes_where_the_training_often_had_none():
    change = ["b04", "change_b04", "change_valid"]
    card = make(features=change, mean=[1.0] * 3, std=[1.0] * 3, bands_required=["B04"],
                bands_optional=["PRE_B04", "PRE_VALID"])  # fmt: skip
    said = []
    reporter = Reporter(log=lambda level, text: said.append((level, text)))
    cards.check_scene(card, ("B04", "PRE_B04", "PRE_VALID"), 10.0, reporter)
    assert not said
    for names in (("B04",), ("b04",)):
        assert cards.absent(card, names) == cards.unknown_before(card, names) == change[1:]
    cards.check_scene(card, ("B04",), 10.0, reporter)
    assert [level for level, _ in said] == ["warning"]
    assert "change is taken as unknown everywhere" in said[0][1]
    with pytest.raises(ScarpError, match="lacks PRE_B04"):
        cards.check_scene(card, ("B04", "PRE_B03", "PRE_VALID"), 10.0, reporter)
    needing = make(features=change, mean=[1.0] * 3, std=[1.0] * 3, bands_required=["B04", "PRE_B04", "PRE_VALID"])
    with pytest.raises(ScarpError, match="PRE_B04, PRE_VALID"):
        cards.check_scene(needing, ("B04",), 10.0, reporter)
