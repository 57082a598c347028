"""The tagger's bundle is made of converted networks, and its card of figures."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from model.sound.tagger_bundle import TaggerStore
from tests.support.taggers import TAGS, head, networks, save_tagger
from training.sound.card import CARD, card, read_figures
from training.sound.publish import DESCRIPTION, publish

CHANGED: dict[str, Any] = {"license": "MIT"}


def converted(folder: Path, networks: dict[str, bytes], **fields: Any) -> Path:
    """Write what the conversion writes."""
    folder.mkdir()
    for name, content in networks.items():
        (folder / f"{name}.onnx").write_bytes(content)
    (folder / "LICENSE.md").write_text("all is permitted")
    description = {
        "origin": "invented",
        "license": "ISC",
        "tags": TAGS,
        "data": [{"name": "msd", "source": "invented", "license": "none"}],
        "libraries": {"onnx": "1"},
    }
    (folder / DESCRIPTION).write_text(json.dumps(description | fields))
    return folder


def same_but_renamed(network: bytes) -> bytes:
    model = onnx.load_from_string(network)
    model.graph.name = "another name"
    return bytes(model.SerializeToString())


def other(network: bytes, by: float) -> bytes:
    model = onnx.load_from_string(network)
    for weights in model.graph.initializer:
        values = numpy_helper.to_array(weights) + np.float32(by)
        weights.CopyFrom(numpy_helper.from_array(values, weights.name))
    return bytes(model.SerializeToString())


def test_converted_networks_become_the_current_bundle(tmp_path: Path) -> None:
    store = TaggerStore(tmp_path / "taggers")
    made = publish(converted(tmp_path / "converted", networks()), store)
    found = store.load()
    assert found.metadata == made
    assert found.networks == networks()
    assert found.metadata.tags == TAGS


def test_networks_that_compute_the_same_are_not_replaced(tmp_path: Path) -> None:
    store = save_tagger(tmp_path / "taggers", with_head=True)
    before = store.current("musicnn")
    again = {name: same_but_renamed(content) for name, content in networks().items()}
    assert again != networks()
    made = publish(converted(tmp_path / "converted", again), store)
    found = store.load()
    assert (found.networks, made.version) == (networks(), before)
    assert found.head
    assert found.head.weights.tolist() == head().weights.tolist()


def test_a_new_description_is_a_new_version_of_the_same_networks(tmp_path: Path) -> None:
    store = save_tagger(tmp_path / "taggers", with_head=True)
    before = store.current("musicnn")
    made = publish(converted(tmp_path / "converted", networks(), **CHANGED), store)
    assert made.version != before
    assert made.license == "MIT"
    assert store.load().head


def test_other_networks_are_a_new_version_without_the_head(tmp_path: Path) -> None:
    store = save_tagger(tmp_path / "taggers", with_head=True)
    changed = {name: other(content, by=0.01) for name, content in networks().items()}
    made = publish(converted(tmp_path / "converted", changed), store)
    found = store.load()
    assert found.networks == changed
    assert (found.head, made.head) == (None, None)


def test_the_card_is_that_of_the_bundle_and_the_figures() -> None:
    assert CARD.read_text(encoding="utf-8") == card(TaggerStore().load(), read_figures())


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            {"all": {"sounds": 3, "right": 0.51234}},
            "|  | sounds | right |\n| --- | --- | --- |\n| all | 3 | 0.5123 |",
        ),
        (
            [{"file": "a.ogg", "key": None}, {"file": "b.ogg", "key": "C major"}],
            "| b.ogg | C major |",
        ),
        ({"all_rates": 0.1}, "| all rates | 0.1 |"),
        ("as said", "### two words\n\nas said"),
        ([], "### two words\n\nnone"),
    ],
)
def test_figures_of_every_form_are_in_the_card(content: Any, expected: str) -> None:
    text = card(TaggerStore().load(), {"some_file": {"two_words": content}})
    assert "## Some file\n" in text
    assert expected in text


def test_what_a_file_of_figures_is_about_comes_first() -> None:
    text = card(TaggerStore().load(), {"file": {"shares": {"a": 1}, "about": "Of 3 clips."}})
    assert "## File\n\nOf 3 clips.\n\n### shares" in text
    assert "### about" not in text


def test_the_card_says_where_the_networks_are_from_and_what_is_not_told() -> None:
    text = card(TaggerStore().load(), {})
    for words in ("ISC", "CC BY-NC-SA", "non-commercial", "latin, reggae", "Not measured yet"):
        assert words in text


def test_a_head_that_is_kept_keeps_what_it_was_fitted_on(tmp_path: Path) -> None:
    of_head = {"name": "head", "source": "clips", "license": "not known"}
    given = {"name": "msd", "source": "invented", "license": "none"}
    store = save_tagger(tmp_path / "taggers", with_head=True, data=(given, of_head))
    publish(converted(tmp_path / "converted", networks()), store)
    assert store.load().head is not None
    assert store.load().metadata.data == (given, of_head)
