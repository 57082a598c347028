"""Bundles and the local store."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from model import bundle
from model.bundle_files import METADATA
from model.errors import BundleError, BundleInvalid, NoBundle, SchemaMismatch
from model.genres import STUDY
from model.store import BundleStore
from model.verdicts import RIGHT, Verdict
from tests.support.factories import (
    PRIORS,
    metadata,
    onnx_model,
    save_bundle,
    save_full_bundle,
)

EVEN = dict.fromkeys(STUDY, 1 / 3)
LINEAGE: dict[str, object] = {
    "parent": "0", "base": "0", "rows_added": 512,
    "code_version": "1", "seed": 0, "data_sha256": "",
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    bundle.write(tmp_path / "1", metadata(), {"model.onnx": onnx_model(), "pipeline.joblib": b"x"})
    return tmp_path / "1"


def test_bundle_round_trip(folder: Path) -> None:
    found = bundle.read(folder)
    assert found.onnx == onnx_model()
    assert found.metadata.genres == metadata().genres
    assert found.metadata.typical_song == metadata().typical_song


PARTS = {"model.onnx": onnx_model(), "pipeline.joblib": b"x"}


def test_damaged_bundle_is_repaired_by_the_same_one(folder: Path) -> None:
    (folder / "model.onnx").write_bytes(b"!")
    bundle.write(folder, metadata(), PARTS)
    assert bundle.read(folder).onnx == onnx_model()
    assert [one.name for one in folder.parent.iterdir()] == ["1"]


def test_bundle_that_is_replaced_by_the_same_one_is_there_all_the_time(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, seen = Path.replace, []

    def look(self: Path, target: Path) -> Path:
        seen.append(bundle.read(folder).onnx)
        return real(self, target)

    monkeypatch.setattr(Path, "replace", look)
    bundle.write(folder, metadata(), PARTS)
    assert seen == [onnx_model()] * 3


@pytest.mark.parametrize("name", ["model.onnx", "pipeline.joblib"])
def test_changed_file_is_invalid(folder: Path, name: str) -> None:
    (folder / name).write_bytes((folder / name).read_bytes() + b"!")
    with pytest.raises(BundleInvalid, match=name):
        bundle.read(folder)


def test_missing_model_is_invalid(folder: Path) -> None:
    (folder / "model.onnx").unlink()
    with pytest.raises(BundleInvalid, match=r"model\.onnx"):
        bundle.read(folder)


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", "\x00", '{"features": 1}'])
def test_damaged_metadata_is_invalid(folder: Path, text: str) -> None:
    (folder / METADATA).write_text(text)
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
        {"close_margin": 0.1, "unsure_below": 0.4},
        {"verdicts": {}},
        {"verdicts": {"plain": {"threshold": 0.5}}},
        {"verdicts": {name: {"threshold": 3} for name in Verdict}},
        {"verdicts": {name: {"threshold": "x"} for name in Verdict}},
        {"verdicts": {name: {"threshold": None} for name in Verdict}},
        {"verdicts": {name: {"threshold": 0.5, "coverage": 2} for name in Verdict}},
        {"verdicts": {name: {"threshold": 0.5, "unknown": 0.5} for name in Verdict}},
        {"prior_temper": 2},
        {"priors": ["popular"]},
        {"priors": {"popular": EVEN}},
        {"priors": {"popular": EVEN, "tables": EVEN | {"polka": 0.0}}},
        {"priors": {"popular": EVEN, "tables": {"rock": 1, "hip-hop": 0, "electronic": 0}}},
        {"priors": {"popular": EVEN, "tables": dict.fromkeys(EVEN, 0.5)}},
        {"priors": {"popular": EVEN, "tables": dict.fromkeys(EVEN, "x")}},
        {"subgenres": [{"name": "bachata", "parent": "latin", "threshold": 0.5}]},
        {"subgenres": [{"name": "", "parent": "rock", "threshold": 0.5}]},
        {"subgenres": [{"name": "grunge", "parent": "rock", "threshold": 5}]},
        {"subgenres": [{"name": "grunge", "parent": "rock", "threshold": 0.5}]},
        {"typical_genres": {}},
        {"typical_song": None},
        {"typical_song": {"energy": "much"}},
        {"name": ""},
        {"unknown": 1},
        {"lineage": LINEAGE | {"votes_until": "yesterday"}},
        {"lineage": LINEAGE | {"votes_until": "2026-01-31T14:05:00"}},
        {"lineage": LINEAGE | {"votes_until": 7}},
        {"metrics": 1},
        {"metrics": {"measurements": [{"split": "test"}], "split": "", "selection": None}},
    ],
    ids=str,
)
def test_inconsistent_metadata_is_invalid(folder: Path, damage: dict[str, object]) -> None:
    fields = json.loads((folder / METADATA).read_text())
    (folder / METADATA).write_text(json.dumps(fields | damage))
    with pytest.raises(BundleError):
        bundle.read(folder)


def test_older_metadata_is_read_as_that_of_a_calibrated_model(folder: Path) -> None:
    fields = json.loads((folder / METADATA).read_text())
    for name in ("verdicts", "priors", "prior_temper", "subgenres"):
        del fields[name]
    older = fields | {"close_margin": 0.064, "unsure_below": 0.338}
    (folder / METADATA).write_text(json.dumps(older))
    found = bundle.read(folder).metadata
    thresholds = {name: figures.threshold for name, figures in found.verdicts.items()}
    assert thresholds == {"plain": RIGHT, "either": RIGHT, "unsure": 0}
    assert {figures.accuracy for figures in found.verdicts.values()} == {None}
    assert (dict(found.priors), found.subgenres) == ({}, ())


def test_lineage_without_the_time_of_the_newest_vote_is_read(folder: Path) -> None:
    fields = json.loads((folder / METADATA).read_text())
    (folder / METADATA).write_text(json.dumps(fields | {"lineage": LINEAGE}))
    older = bundle.read(folder).metadata.lineage
    assert older is not None
    assert (older.rows_added, older.newest_vote) == (512, None)
    newer = replace(older, votes_until="2026-01-31T15:05:00+01:00")
    assert newer.newest_vote == datetime(2026, 1, 31, 14, 5, tzinfo=UTC)


def test_deeply_nested_metadata_is_invalid(folder: Path) -> None:
    (folder / METADATA).write_text("[" * 100_000)
    with pytest.raises(BundleInvalid):
        bundle.read(folder)


def test_files_for_training_may_be_missing(folder: Path) -> None:
    (folder / "pipeline.joblib").unlink()
    assert bundle.read(folder).onnx == onnx_model()


@pytest.mark.parametrize("name", ["../secret", "/etc/hostname", "a/b"])
def test_files_outside_the_bundle_are_invalid(folder: Path, name: str) -> None:
    fields = json.loads((folder / METADATA).read_text())
    fields["files"][name] = "0" * 64
    (folder / METADATA).write_text(json.dumps(fields))
    with pytest.raises(BundleInvalid, match="outside"):
        bundle.read(folder)


def test_model_of_subgenres_is_read_and_must_be_there_if_it_is_listed(tmp_path: Path) -> None:
    store = save_full_bundle(tmp_path)
    assert store.load("full").subgenres == onnx_model(features=9)
    (tmp_path / "full" / "1" / "subgenres.onnx").unlink()
    with pytest.raises(BundleInvalid, match=r"subgenres\.onnx"):
        store.load("full")
    bundle.write(tmp_path / "2", store_metadata(tmp_path), {"model.onnx": onnx_model(features=9)})
    with pytest.raises(BundleInvalid, match=r"lists no subgenres\.onnx"):
        bundle.read(tmp_path / "2")


def store_metadata(root: Path) -> bundle.Metadata:
    """Return the metadata of the bundle with everything optional."""
    text = (root / "full" / "1" / METADATA).read_text(encoding="utf-8")
    return bundle.Metadata.from_json(text)


def test_optional_metadata_round_trip(tmp_path: Path) -> None:
    found = save_full_bundle(tmp_path).load("full").metadata
    assert found.priors == PRIORS
    assert found.prior_temper == 0.5
    assert [(column.name, column.parent) for column in found.subgenres] == [
        ("grunge", "rock"),
        ("trap", "hip-hop"),
        ("ambient", "electronic"),
    ]
    assert bundle.Metadata.from_json(found.to_json()) == found


def test_bundle_without_a_model_is_invalid(tmp_path: Path) -> None:
    bundle.write(tmp_path / "1", metadata(), {"notes.txt": b"x"})
    with pytest.raises(BundleInvalid, match=r"model\.onnx"):
        bundle.read(tmp_path / "1")


@pytest.mark.parametrize("features", [["loudness"], ["banjo"]])
def test_bundle_with_other_features_is_a_schema_mismatch(folder: Path, features: list[str]) -> None:
    fields = json.loads((folder / METADATA).read_text())
    (folder / METADATA).write_text(json.dumps(fields | {"features": features}))
    with pytest.raises(SchemaMismatch):
        bundle.read(folder)


def test_store_loads_the_promoted_version(tmp_path: Path) -> None:
    store = save_bundle(tmp_path)
    save_bundle(tmp_path, version="2")
    assert store.names() == ["tiny"]
    assert store.load("tiny").metadata.version == "2"
    assert store.load("tiny", "1").metadata.version == "1"


def test_saving_a_version_twice_replaces_it(tmp_path: Path) -> None:
    store = save_bundle(tmp_path)
    save_bundle(tmp_path, typical_song={"energy": 0.2})
    assert store.load("tiny").metadata.typical_song == {"energy": 0.2}
    assert sorted(path.name for path in (tmp_path / "tiny").iterdir()) == ["1", "current"]


@pytest.mark.parametrize("name", ["none", "", "..", "../tiny", "tiny/1"])
def test_unknown_name_is_an_error_with_the_known_ones(tmp_path: Path, name: str) -> None:
    store = save_bundle(tmp_path)
    with pytest.raises(NoBundle):
        store.load(name)
    with pytest.raises(NoBundle, match="there are: tiny"):
        store.load("none")


def test_pointer_to_a_missing_version_is_an_error(tmp_path: Path) -> None:
    store = save_bundle(tmp_path)
    (tmp_path / "tiny" / "current").write_text("9\n")
    with pytest.raises(NoBundle):
        store.load("tiny")
    (tmp_path / "tiny" / "current").write_text("")
    with pytest.raises(BundleInvalid):
        BundleStore(tmp_path).load("tiny")


def save(store: BundleStore, version: str) -> None:
    """Save a version without promoting it."""
    store.save(metadata(version=version), {"model.onnx": onnx_model()})


def test_saved_version_is_not_current_until_promoted(tmp_path: Path) -> None:
    store = save_bundle(tmp_path)
    save(store, "2")
    assert store.versions("tiny") == ["1", "2"]
    assert store.current("tiny") == "1"
    assert store.load("tiny", "2").metadata.version == "2"
    assert store.promote("tiny", "2").version == "2"
    assert store.current("tiny") == "2"
    assert store.promote("tiny", "1").version == "1"
    assert store.current("tiny") == "1"


def test_first_version_is_not_listed_until_promoted(tmp_path: Path) -> None:
    store = BundleStore(tmp_path)
    assert store.versions("tiny") == []
    save(store, "1")
    assert store.names() == []
    with pytest.raises(NoBundle):
        store.load("tiny")


@pytest.mark.parametrize("version", ["2", "", "..", "../tiny/1", "current"])
def test_promoting_an_unknown_version_is_an_error(tmp_path: Path, version: str) -> None:
    store = save_bundle(tmp_path)
    with pytest.raises(NoBundle, match="there are: 1"):
        store.promote("tiny", version)
    assert store.current("tiny") == "1"


def test_promoting_a_damaged_version_is_an_error(tmp_path: Path) -> None:
    store = save_bundle(tmp_path)
    save(store, "2")
    (tmp_path / "tiny" / "2" / "model.onnx").write_bytes(b"!")
    with pytest.raises(BundleInvalid, match="damaged"):
        store.promote("tiny", "2")
    assert store.current("tiny") == "1"


def test_promoting_a_version_of_another_model_is_an_error(tmp_path: Path) -> None:
    store = save_bundle(tmp_path)
    (tmp_path / "tiny" / "1").rename(tmp_path / "tiny" / "2")
    with pytest.raises(BundleInvalid, match="another model"):
        store.promote("tiny", "2")
