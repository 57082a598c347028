"""Bundles and their store: what is served is what was written."""

import json
from pathlib import Path

import pytest

from model import bundle
from model.errors import BundleError, BundleInvalid, NoBundle, SchemaMismatch
from model.store import BundleStore
from tests.support.factories import metadata, onnx_model, save_bundle


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    bundle.write(tmp_path / "1", metadata(), {"model.onnx": onnx_model(), "pipeline.joblib": b"x"})
    return tmp_path / "1"


def test_a_bundle_comes_back_as_it_was_written(folder: Path) -> None:
    found = bundle.read(folder)
    assert found.onnx == onnx_model()
    assert found.metadata.genres == metadata().genres
    assert found.metadata.typical_song == metadata().typical_song


@pytest.mark.parametrize("name", ["model.onnx", "pipeline.joblib"])
def test_a_changed_file_is_refused(folder: Path, name: str) -> None:
    (folder / name).write_bytes((folder / name).read_bytes() + b"!")
    with pytest.raises(BundleInvalid, match=name):
        bundle.read(folder)


def test_a_missing_file_is_refused(folder: Path) -> None:
    (folder / "model.onnx").unlink()
    with pytest.raises(BundleInvalid, match=r"model\.onnx"):
        bundle.read(folder)


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", "\x00", '{"features": 1}'])
def test_damaged_metadata_is_refused(folder: Path, text: str) -> None:
    (folder / bundle.METADATA).write_text(text)
    with pytest.raises(BundleInvalid):
        bundle.read(folder)


@pytest.mark.parametrize(
    "damage",
    [
        {"files": ["a"]},
        {"features": [["x"]]},
        {"genres": [1, 2]},
        {"genres": ["rock", "rock"]},
        {"genres": ["rock", "hip-hop", "polka"]},
        {"genres": []},
        {"close_margin": "x"},
        {"unsure_below": 3},
        {"typical_genres": {}},
        {"typical_song": None},
        {"typical_song": {"energy": "much"}},
        {"name": ""},
        {"surprise": 1},
    ],
    ids=str,
)
def test_metadata_that_could_not_be_served_is_refused(
    folder: Path, damage: dict[str, object]
) -> None:
    fields = json.loads((folder / bundle.METADATA).read_text())
    (folder / bundle.METADATA).write_text(json.dumps(fields | damage))
    with pytest.raises(BundleError):
        bundle.read(folder)


def test_metadata_nested_without_end_is_refused(folder: Path) -> None:
    (folder / bundle.METADATA).write_text("[" * 100_000)
    with pytest.raises(BundleInvalid):
        bundle.read(folder)


def test_what_is_not_served_may_be_left_out(folder: Path) -> None:
    (folder / "pipeline.joblib").unlink()
    assert bundle.read(folder).onnx == onnx_model()


@pytest.mark.parametrize("name", ["../secret", "/etc/hostname", "a/b"])
def test_a_bundle_cannot_name_files_outside_itself(folder: Path, name: str) -> None:
    fields = json.loads((folder / bundle.METADATA).read_text())
    fields["files"][name] = "0" * 64
    (folder / bundle.METADATA).write_text(json.dumps(fields))
    with pytest.raises(BundleInvalid, match="outside"):
        bundle.read(folder)


def test_a_bundle_without_a_model_is_refused(tmp_path: Path) -> None:
    bundle.write(tmp_path / "1", metadata(), {"notes.txt": b"x"})
    with pytest.raises(BundleInvalid, match=r"model\.onnx"):
        bundle.read(tmp_path / "1")


@pytest.mark.parametrize("features", [["loudness"], ["banjo"]])
def test_a_bundle_on_other_features_is_refused(folder: Path, features: list[str]) -> None:
    fields = json.loads((folder / bundle.METADATA).read_text())
    (folder / bundle.METADATA).write_text(json.dumps(fields | {"features": features}))
    with pytest.raises(SchemaMismatch):
        bundle.read(folder)


def test_the_store_serves_the_version_saved_last(tmp_path: Path) -> None:
    store = save_bundle(tmp_path)
    save_bundle(tmp_path, version="2")
    assert store.names() == ["tiny"]
    assert store.load("tiny").metadata.version == "2"
    assert store.load("tiny", "1").metadata.version == "1"


def test_saving_a_version_again_replaces_it_and_leaves_nothing_behind(tmp_path: Path) -> None:
    store = save_bundle(tmp_path)
    save_bundle(tmp_path, close_margin=0.2)
    assert store.load("tiny").metadata.close_margin == 0.2
    assert sorted(path.name for path in (tmp_path / "tiny").iterdir()) == ["1", "current"]


@pytest.mark.parametrize("name", ["none", "", "..", "../tiny", "tiny/1"])
def test_an_unknown_name_is_refused_with_those_that_exist(tmp_path: Path, name: str) -> None:
    store = save_bundle(tmp_path)
    with pytest.raises(NoBundle):
        store.load(name)
    with pytest.raises(NoBundle, match="there are: tiny"):
        store.load("none")


def test_a_pointer_to_nowhere_is_refused(tmp_path: Path) -> None:
    store = save_bundle(tmp_path)
    (tmp_path / "tiny" / "current").write_text("9\n")
    with pytest.raises(NoBundle):
        store.load("tiny")
    (tmp_path / "tiny" / "current").write_text("")
    with pytest.raises(BundleInvalid):
        BundleStore(tmp_path).load("tiny")
