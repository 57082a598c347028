"""Bundles of the tagger."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from model.bundle_files import METADATA
from model.errors import BundleError, BundleInvalid, NoBundle
from model.genres import STUDY, WIDE
from model.sound.networks import EMBEDDING_SIZE, Tagged
from model.sound.tag_rates import tag_rates
from model.sound.tagger_bundle import HEAD, LICENSE, TaggerStore, network_file
from model.store import SHIPPED as MODELS
from model.store import BundleStore
from tests.support.taggers import TAGS, head, head_metadata, metadata, networks, save_tagger


@pytest.fixture
def store(tmp_path: Path) -> TaggerStore:
    return save_tagger(tmp_path, with_head=True)


@pytest.fixture
def folder(store: TaggerStore) -> Path:
    return store.folder("musicnn") / store.current("musicnn")


def test_what_was_saved_is_loaded(store: TaggerStore) -> None:
    found = store.load()
    assert found.networks == networks()
    assert found.metadata.tags == TAGS
    assert found.metadata.version == store.current("musicnn")
    assert found.metadata.head == head_metadata()
    assert found.head
    assert found.head.weights.tolist() == head().weights.tolist()


def test_a_bundle_may_have_no_head(tmp_path: Path) -> None:
    found = save_tagger(tmp_path).load()
    assert found.head is None
    assert found.metadata.head is None


def test_the_version_is_a_digest_of_the_content(tmp_path: Path) -> None:
    files = {network_file(name): content for name, content in networks().items()}
    files[LICENSE] = b"all is permitted"
    store = TaggerStore(tmp_path)
    first = store.save(metadata(), files)
    assert store.save(metadata(), files) == first
    assert store.save(metadata(origin="elsewhere"), files).version != first.version
    assert store.save(metadata(), files | {LICENSE: b"nothing is"}).version != first.version
    assert len(store.versions("musicnn")) == 3


@pytest.mark.parametrize("name", ["msd.onnx", "mtt.onnx", LICENSE, HEAD])
def test_a_changed_file_is_invalid(store: TaggerStore, folder: Path, name: str) -> None:
    (folder / name).write_bytes((folder / name).read_bytes() + b"!")
    with pytest.raises(BundleInvalid, match=name):
        store.load()


@pytest.mark.parametrize("name", ["msd.onnx", "mtt.onnx", LICENSE, HEAD])
def test_a_missing_file_is_invalid(store: TaggerStore, folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(BundleInvalid, match=name):
        store.load()


def test_there_is_no_such_tagger(tmp_path: Path) -> None:
    with pytest.raises(NoBundle):
        TaggerStore(tmp_path).load()
    with pytest.raises(NoBundle):
        save_tagger(tmp_path).load(version="00000000")


@pytest.mark.parametrize(
    "damage",
    [
        {"tags": {}},
        {"tags": {"mtt": ["x"]}},
        {"tags": {"msd": ["rock", "rock", "pop"], "mtt": ["a", "b"]}},
        {"tags": {"msd": ["rock", 1, "pop"], "mtt": ["a", "b"]}},
        {"tags": {"../msd": ["rock"], "msd": ["a"]}},
        {"name": ""},
        {"license": None},
        {"files": {"msd.onnx": 1}},
        {"files": []},
        {"unknown": 1},
        {"head": {}},
        {"head": 1},
    ],
    ids=str,
)
def test_damaged_metadata_is_invalid(
    store: TaggerStore, folder: Path, damage: dict[str, object]
) -> None:
    fields = json.loads((folder / METADATA).read_text())
    (folder / METADATA).write_text(json.dumps(fields | damage))
    with pytest.raises(BundleInvalid):
        store.load()


@pytest.mark.parametrize(
    "damage",
    [
        {"genres": ["banjo", "rock", "pop"]},
        {"genres": []},
        {"genres": list(WIDE)},
        {"inputs": ["embedding"]},
        {"inputs": ["elsewhere"]},
        {"verdicts": {}},
        {"adds_only": "no"},
        {"exponents": {"sound": -1, "numbers": 1}},
        {"exponents": {"sound": "much", "numbers": 1}},
        {"exponents": {"sound": math.inf, "numbers": 1}},
        {"exponents": {"sound": 1}},
    ],
    ids=str,
)
def test_a_damaged_description_of_the_head_is_invalid(
    store: TaggerStore, folder: Path, damage: dict[str, object]
) -> None:
    fields = json.loads((folder / METADATA).read_text())
    fields["head"] |= damage
    (folder / METADATA).write_text(json.dumps(fields))
    with pytest.raises(BundleInvalid):
        store.load()


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", "\x00", "[" * 100_000, b"\xff\xfe"])
def test_other_content_is_no_metadata(store: TaggerStore, folder: Path, text: str | bytes) -> None:
    content = text.encode() if isinstance(text, str) else text
    (folder / METADATA).write_bytes(content)
    with pytest.raises(BundleInvalid):
        store.load()


@pytest.mark.parametrize(
    ("array", "value"),
    [
        ("weights", np.zeros((2, 3))),
        ("bias", np.full(len(STUDY), np.nan)),
        ("scale", np.zeros(len(TAGS["msd"]) + EMBEDDING_SIZE)),
        ("mean", np.array(["text"])),
        ("mean", None),
    ],
    ids=["shape", "finite", "scale", "text", "missing"],
)
def test_a_head_with_other_arrays_is_invalid(
    tmp_path: Path, array: str, value: np.ndarray[tuple[int, ...], np.dtype[np.float64]] | None
) -> None:
    names = ("weights", "bias", "mean", "scale")
    arrays = {name: getattr(head(), name) for name in names} | {array: value}
    kept = {name: one for name, one in arrays.items() if one is not None}
    np.savez(tmp_path / HEAD, allow_pickle=False, **kept)
    files = {network_file(name): content for name, content in networks().items()}
    files |= {LICENSE: b"", HEAD: (tmp_path / HEAD).read_bytes()}
    store = TaggerStore(tmp_path)
    saved = store.save(metadata(head=head_metadata()), files)
    with pytest.raises(BundleInvalid, match="head"):
        store.promote(saved.name, saved.version)
    assert store.names() == []


def test_the_head_says_how_probable_each_genre_is() -> None:
    tags = {"msd": {"rock": 0.1, "Hip-Hop": 0.9, "electronic": 0.3}, "mtt": {}}
    found = head().probabilities(Tagged(tags, np.zeros(EMBEDDING_SIZE, np.float32)))
    assert list(found) == ["hip-hop", "electronic", "rock"]
    assert sum(found.values()) == pytest.approx(1)
    assert found["hip-hop"] / found["rock"] == pytest.approx(np.exp(4 * 0.8), rel=1e-5)


def test_a_tagger_is_no_model_of_genres() -> None:
    assert "musicnn" not in BundleStore().names()
    assert not (MODELS / "musicnn").exists()


def test_names_lead_to_no_other_folder(tmp_path: Path) -> None:
    with pytest.raises(BundleError):
        TaggerStore(tmp_path / "taggers").load("../elsewhere")


def test_the_tagger_that_is_shipped_is_complete() -> None:
    found = TaggerStore().load()
    assert {name: set(tags) for name, tags in found.metadata.tags.items()} == {
        name: set(rates) for name, rates in tag_rates().items()
    }
    assert found.metadata.license == "ISC"
    assert {entry["name"] for entry in found.metadata.data} == {"msd", "mtt"}
