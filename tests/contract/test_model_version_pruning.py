"""Contract of what a model store keeps of versions that are not needed any more."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from model.bundle import MODEL, Lineage
from model.bundle_files import METADATA
from model.errors import MoveRefused, StoreUnavailable
from model.lifecycle import State
from model.remote import RemoteStore
from model.store import BundleStore
from model.versions import Versions
from tests.contract.model_places import NAME, Place
from tests.support.factories import metadata, onnx_model, save_bundle

KEPT = 2

in_a_folder = pytest.mark.parametrize("place", ["folder"], indirect=True)
"""Marks tests of rules that do not depend on the kind of store."""

Add = Callable[..., None]


@pytest.fixture
def opened(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Versions:
    """Open the versions of an empty store, which keeps two that are not needed."""
    monkeypatch.setattr("model.version_pruning.KEPT", KEPT)
    return Versions(RemoteStore(place.url), save_bundle(tmp_path / "shipped", NAME, version="0"))


@pytest.fixture
def add(opened: Versions, made: Path) -> Add:
    """Return a function that adds a candidate."""

    def add_one(version: str, parent: str = "0", base: str = "0") -> None:
        lineage = Lineage(parent, base, 40, "0.2.0", 1, "f" * 64)
        described = metadata(NAME, version=version, lineage=lineage)
        BundleStore(made).save(described, {MODEL: onnx_model()})
        opened.add_candidate(NAME, version, made, by="retrain")

    return add_one


def reject(opened: Versions, add: Add, *versions: str) -> None:
    for version in versions:
        add(version)
        opened.reject(NAME, version, "retrain", ("It is worse.",))


def stored(place: Place) -> list[str]:
    return RemoteStore(place.url).versions(NAME)


def test_last_rejected_versions_are_kept_with_all_events(
    opened: Versions, add: Add, place: Place
) -> None:
    reject(opened, add, "1", "10", "11", "12")
    assert stored(place) == ["11", "12"]
    assert place.read(f"{NAME}/1/{MODEL}") is None
    assert opened.states(NAME) == {
        "0": State.ACTIVE, "11": State.REJECTED, "12": State.REJECTED,
    }  # fmt: skip
    assert [one.state for one in opened.history(NAME, "1")] == [State.CANDIDATE, State.REJECTED]
    with pytest.raises(MoveRefused, match="tiny 12 is there already"):
        add("12")
    add("1")  # a later training may make the same again
    assert opened.states(NAME)["1"] is State.CANDIDATE


@in_a_folder
def test_what_is_needed_is_kept(opened: Versions, add: Add, place: Place) -> None:
    add("base")
    opened.promote(NAME, "base", by="promote")
    add("parent", parent="base", base="base")
    opened.promote(NAME, "parent", by="promote")
    add("active", parent="parent", base="base")
    opened.promote(NAME, "active", by="promote")
    add("candidate", parent="active", base="base")
    reject(opened, add, "1", "2", "3", "4")
    assert stored(place) == ["3", "4", "active", "base", "candidate", "parent"]
    assert opened.rollback(NAME).version == "parent"


@in_a_folder
def test_version_that_a_rollback_returns_to_is_kept(
    opened: Versions, add: Add, place: Place
) -> None:
    for version in ("1", "2"):
        add(version)
        opened.promote(NAME, version, by="promote")
    reject(opened, add, "3", "4", "5", "6")
    assert stored(place) == ["1", "2", "5", "6"]
    assert opened.rollback(NAME).version == "1"


@in_a_folder
def test_parent_of_the_active_version_is_kept(opened: Versions, add: Add, place: Place) -> None:
    for version in ("1", "x", "2"):
        add(version, parent="1" if version == "2" else "0")
        opened.promote(NAME, version, by="promote")
    reject(opened, add, "3", "4", "5")
    assert stored(place) == ["1", "2", "4", "5", "x"]


@in_a_folder
def test_versions_without_events_are_kept(
    opened: Versions, add: Add, place: Place, made: Path
) -> None:
    for version in ("a", "b", "c"):
        save_bundle(made, NAME, version=version)
        opened.upload(NAME, version, made)
    reject(opened, add, "1", "2", "3")
    assert stored(place) == ["2", "3", "a", "b", "c"]


@in_a_folder
def test_events_are_kept_though_one_names_them_a_version(
    opened: Versions, add: Add, place: Place
) -> None:
    reject(opened, add, "1", "2", "3")
    event = {"name": NAME, "version": "events", "state": "rejected", "by": "x", "number": 0}
    folder = Path(place.url) / NAME / "events"
    at = "2026-02-01T00:00:00.000000+00:00"
    (folder / "x.json").write_text(json.dumps(event | {"at": at}), encoding="utf-8")
    reject(opened, add, "4")
    assert len(opened.history(NAME)) == 9


@in_a_folder
def test_rest_of_a_deletion_that_was_cut_off_is_deleted_later(
    opened: Versions, add: Add, place: Place
) -> None:
    reject(opened, add, "1", "2")
    (Path(place.url) / NAME / "1" / METADATA).unlink()
    reject(opened, add, "3")
    assert not (Path(place.url) / NAME / "1").exists()
    assert stored(place) == ["2", "3"]


@in_a_folder
def test_store_from_which_nothing_can_be_deleted_is_moved_all_the_same(
    opened: Versions, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise StoreUnavailable("it is read-only")

    reject(opened, add, "1", "2")
    monkeypatch.setattr(RemoteStore, "delete", fail)
    reject(opened, add, "3")
    add("4")
    opened.promote(NAME, "4", by="promote")
    assert opened.active(NAME) == "4"
    assert opened.states(NAME)["1"] is State.REJECTED
